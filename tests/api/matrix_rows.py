"""The rows of the access matrix: a new operation is a line here, else a test fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pyotp import TOTP

from hoofprint.api.demo import PAGES
from hoofprint.api.statistics import PREFIX
from hoofprint.dashboard.board import PATH as BOARD
from hoofprint.management.access import Action, Right
from hoofprint.model.principal import Scope
from hoofprint.model.role import Role
from hoofprint.query.report import Report
from hoofprint.query.reports import REPORTS
from hoofprint.testing.archives import fathom_archive, plausible_archive
from hoofprint.tracker.build import BUILDS

from .matrix_row import API, Demand, Row, open_row, row
from .matrix_tenants import PICTURE
from .matrix_things import (
    ALTERNATIVE,
    CLIENT,
    CLIENT_ID,
    CODE,
    CUSTOM,
    DOMAIN,
    DOMAIN_THEME,
    EMAIL,
    FACTOR,
    FILTER,
    FUNNEL,
    GOAL,
    HOST,
    HOSTNAME,
    IMAGE,
    IMAGE_OWNER,
    INVITATION,
    INVITED,
    LINK,
    LOGIN,
    MEMBER,
    OFFER,
    OFFERED,
    ORGANIZATION,
    ORGANIZATION_INVITATION,
    ORGANIZATION_MEMBER,
    ORGANIZATION_VIEWERS_PLACE,
    OWN_CLIENT,
    OWN_THEME,
    PASSWORD,
    REPORT,
    SECRET,
    SIBLING,
    STEPS,
    STRANGE,
    SUBDOMAIN,
    THEME,
    URL,
    VIEW,
    VIEWERS_PLACE,
    WEBHOOK,
    Place,
    Sent,
)
from .test_statistics import NEEDED
from .world import NOW

A = Action
AT_DOMAIN: Sent = {"domain_id": DOMAIN}
DAYS = {"from": "2026-05-03", "to": "2026-05-04"}
NEW_DOMAIN = {"hostname": "new.example", "timezone": "UTC"}
WHOLE_GOAL = {"domain_id": DOMAIN, "name": "Another", "event_name": "Buy"}
WHOLE_FUNNEL = {"domain_id": DOMAIN, "name": "Another", "steps": STEPS}
WHOLE_WEBHOOK = {"domain_id": DOMAIN, "event": "Read", "endpoint": "https://hook.example/2"}
WHOLE_FILTER = {"domain_id": DOMAIN, "type": "country", "filter": "de"}
NEW_CLIENT = {"type": "oauth", "scope_domains": "r"}
INVITE = {"emails": ["new@matrix.example"]}

DOMAINS = (
    row("GET", "/domain", A.READ_DOMAIN),
    row("GET", "/domain", A.READ_DOMAIN, query={"id": DOMAIN}),
    row("GET", "/domain", A.READ_DOMAIN, query={"subdomain": SUBDOMAIN}),
    row("GET", "/domain", A.READ_DOMAIN, query={"domain": HOSTNAME}),
    row("POST", "/domain", A.CREATE_DOMAINS, json=NEW_DOMAIN),
    row(
        *("POST", "/domain", Demand(A.CREATE_DOMAINS)),
        Demand(A.CHANGE_ORGANIZATION_DOMAINS, Place.ORGANIZATION, otherwise=400),
        json={**NEW_DOMAIN, "organization_id": ORGANIZATION},
    ),
    row("PUT", "/domain", A.CHANGE_SETTINGS, json={"id": DOMAIN}),
    row("DELETE", "/domain", A.DELETE_DOMAIN, query={"id": DOMAIN}),
    row("POST", "/domain/hostname", A.CHANGE_SETTINGS, json={**AT_DOMAIN, "hostname": "b.example"}),
    row("POST", "/domain/subdomain", A.CHANGE_SETTINGS, json={**AT_DOMAIN, "subdomain": "renamed"}),
    row("POST", "/domain/public", A.CHANGE_SETTINGS, json=AT_DOMAIN),
    row("POST", "/domain/scripts", A.CHANGE_SETTINGS, json=AT_DOMAIN),
    row("POST", "/domain/title", A.CHANGE_SETTINGS, json=AT_DOMAIN),
    row("POST", "/domain/active", A.CHANGE_SETTINGS, json={**AT_DOMAIN, "time": 9}),
    row("POST", "/domain/timezone", A.CHANGE_SETTINGS, json={**AT_DOMAIN, "timezone": "UTC"}),
    row("POST", "/domain/metadata", A.CHANGE_SETTINGS, json={**AT_DOMAIN, "metadata": {"a": 1}}),
    row("PUT", "/traffic/spike", A.CHANGE_SETTINGS, json=AT_DOMAIN),
    row("POST", "/traffic/spike", A.CHANGE_SETTINGS, json={**AT_DOMAIN, "threshold": 8}),
    row("PUT", "/traffic/warning", A.CHANGE_SETTINGS, json=AT_DOMAIN),
    row("POST", "/traffic/warning", A.CHANGE_SETTINGS, json={**AT_DOMAIN, "threshold": 8}),
    row("PUT", "/domain/owner", A.TRANSFER_DOMAIN, json={**AT_DOMAIN, "email": "x" + EMAIL}),
    row("POST", "/domain/owner", A.ANSWER_TRANSFERS, json={"domain_id": OFFERED}),
    row("DELETE", "/domain/owner", A.TRANSFER_DOMAIN, query={"domain_id": OFFER}),
    row("DELETE", "/domain/owner", A.ANSWER_TRANSFERS, query={"domain_id": OFFERED}),
    row("GET", "/audit", A.READ_AUDIT, query=AT_DOMAIN),
)
OF_DOMAINS = (
    row("GET", "/domain/link", A.READ_SETTINGS, query=AT_DOMAIN),
    row("POST", "/domain/link", A.CHANGE_SETTINGS, json=AT_DOMAIN),
    row("PUT", "/domain/link", A.CHANGE_SETTINGS, json={"id": LINK, "description": "x"}),
    row("DELETE", "/domain/link", A.CHANGE_SETTINGS, query={"id": LINK}),
    row("GET", "/domain/alternative", A.READ_SETTINGS, query=AT_DOMAIN),
    row("POST", "/domain/alternative", A.CHANGE_SETTINGS, json={**AT_DOMAIN, "hostname": "c.de"}),
    row(
        *("PUT", "/domain/alternative", A.CHANGE_SETTINGS),
        json={"id": ALTERNATIVE, "hostname": "d.example"},
    ),
    row("DELETE", "/domain/alternative", A.CHANGE_SETTINGS, query={"id": ALTERNATIVE}),
    row("GET", "/domain/snippet", A.READ_SETTINGS, query={**AT_DOMAIN, "type": "event"}),
    row("POST", "/domain/snippet", A.CHANGE_SETTINGS, json={**AT_DOMAIN, "type": "session"}),
    row("GET", "/webhook", A.READ_SETTINGS, query=AT_DOMAIN),
    row("POST", "/webhook", A.CHANGE_SETTINGS, json=WHOLE_WEBHOOK),
    row("POST", "/webhook", A.CHANGE_SETTINGS, json={"id": WEBHOOK, **WHOLE_WEBHOOK}),
    row("DELETE", "/webhook", A.CHANGE_SETTINGS, query={"id": WEBHOOK}),
    row("GET", "/filter", A.READ_SETTINGS, query=AT_DOMAIN),
    row("POST", "/filter", A.CHANGE_SETTINGS, json=WHOLE_FILTER),
    row("POST", "/filter", A.CHANGE_SETTINGS, json={"id": FILTER, **WHOLE_FILTER}),
    row("DELETE", "/filter", A.CHANGE_SETTINGS, query={"id": FILTER}),
    row("GET", "/report", A.READ_SETTINGS, query={"id": DOMAIN}),
    row("POST", "/report", A.CHANGE_SETTINGS, json={**AT_DOMAIN, "emails": ["b@c.example"]}),
    row("PUT", "/report", A.CHANGE_SETTINGS, json={"id": REPORT, "interval": 4}),
    row("DELETE", "/report", A.CHANGE_SETTINGS, query={"id": REPORT}),
    row("GET", "/view", A.READ_VIEWS, query=AT_DOMAIN),
    row("POST", "/view", A.CHANGE_VIEWS, json={**AT_DOMAIN, "name": "Mine"}),
    row("POST", "/view", A.CHANGE_VIEWS, json={"id": VIEW, "name": "Renamed"}),
    row("DELETE", "/view", A.CHANGE_VIEWS, query={"id": VIEW}),
    row("GET", "/goal", A.READ_GOALS, query={"id": DOMAIN}),
    row("POST", "/goal", A.CHANGE_GOALS, json=WHOLE_GOAL),
    row("PUT", "/goal", A.CHANGE_GOALS, json={"id": GOAL, **WHOLE_GOAL}),
    row("DELETE", "/goal", A.CHANGE_GOALS, query={"id": GOAL}),
    row("POST", "/goal/regex", A.READ_GOALS, json={"regex": "^/", "sample": "/"}),
    row("GET", "/funnel", A.READ_GOALS, query={"id": DOMAIN}),
    row("POST", "/funnel", A.CHANGE_GOALS, json=WHOLE_FUNNEL),
    row("POST", "/funnel", A.CHANGE_GOALS, json={"id": FUNNEL, **WHOLE_FUNNEL}),
    row("DELETE", "/funnel", A.CHANGE_GOALS, query={"id": FUNNEL}),
    row("GET", "/client", A.READ_SETTINGS, query={"id": DOMAIN}),
    row("POST", "/client", A.CHANGE_CLIENTS, json={**AT_DOMAIN, **NEW_CLIENT}),
    row("POST", "/client", A.CHANGE_CLIENTS, json={"id": CLIENT, "description": "x"}),
    row("DELETE", "/client", A.CHANGE_CLIENTS, query={"id": CLIENT}),
)
OF_ACCOUNTS = (
    row("GET", "/client", A.READ_OWN_CLIENTS),
    row("POST", "/client", A.CHANGE_OWN_CLIENTS, json=NEW_CLIENT),
    row("POST", "/client", A.CHANGE_OWN_CLIENTS, json={"id": OWN_CLIENT, "description": "x"}),
    row("DELETE", "/client", A.CHANGE_OWN_CLIENTS, query={"id": OWN_CLIENT}),
    row("POST", "/user/favorite", A.CHANGE_PREFERENCES, json={"id": DOMAIN}),
    row("POST", "/user/pin", A.CHANGE_PREFERENCES, json={"id": DOMAIN}),
    row("POST", "/user/active", A.CHANGE_PREFERENCES),
    row("POST", "/user/fullwidth", A.CHANGE_PREFERENCES),
    row("GET", "/billing", A.READ_BILLING),
)
PROOF = {"password": PASSWORD}
OF_PEOPLE = (
    row("GET", "/account", A.READ_ACCOUNT),
    row("PUT", "/account", A.CHANGE_ACCOUNT, json={"full_name": "Ada"}),
    row(
        *("PUT", "/account/password", A.CHANGE_ACCOUNT),
        json={"old_password": PASSWORD, "password": "another horse"},
    ),
    row("PUT", "/account/email", A.CHANGE_ACCOUNT, json={**PROOF, "email": EMAIL}),
    row(
        *("DELETE", "/account", Demand(A.CHANGE_ACCOUNT)),
        Demand(Right(None), Place.FREE, otherwise=400),
        json=PROOF,
    ),
    # Whoever is not logged in needs not be logged out.
    row("POST", "/account/logout", Demand(Right(None), otherwise=200)),
    row("POST", "/account/totp", A.CHANGE_ACCOUNT, json=PROOF),
    row("PUT", "/account/totp", A.CHANGE_ACCOUNT, json={"code": TOTP(FACTOR).at(int(NOW))}),
    row("DELETE", "/account/totp", A.CHANGE_ACCOUNT, json=PROOF),
    row("GET", "/account/logins", A.READ_ACCOUNT),
    row("DELETE", "/account/logins", A.CHANGE_ACCOUNT, query={"id": LOGIN}),
    row("DELETE", "/account/logins/others", A.CHANGE_ACCOUNT),
    row("GET", "/account/outbox", A.READ_OUTBOX),
)
CHANGE_MEMBER = Demand(A.CHANGE_MEMBERS, Place.DOMAIN, A.CHANGE_ORGANIZATION_MEMBERS)
CHANGE_ORGANIZATIONS = Demand(A.CHANGE_ORGANIZATION_MEMBERS, Place.ORGANIZATION, A.CHANGE_MEMBERS)
INVITING = Demand(A.INVITE, Place.DOMAIN, A.INVITE_TO_ORGANIZATION)
INVITING_THERE = Demand(A.INVITE_TO_ORGANIZATION, Place.ORGANIZATION, A.INVITE)
IN_ORGANIZATION: Sent = {"organization_id": ORGANIZATION}
OF_TEAMS = (
    row(
        *("GET", "/member", Demand(A.READ_MEMBERS, Place.DOMAIN, A.READ_ORGANIZATION_MEMBERS)),
        query={"id": DOMAIN},
    ),
    row(
        "GET",
        "/member",
        Demand(A.READ_ORGANIZATION_MEMBERS, Place.ORGANIZATION, A.READ_MEMBERS),
        query=IN_ORGANIZATION,
    ),
    row("POST", "/member", INVITING, json={"id": DOMAIN, **INVITE}),
    row("POST", "/member", INVITING_THERE, json={**IN_ORGANIZATION, **INVITE}),
    row("PUT", "/member", CHANGE_MEMBER, json={"id": MEMBER, "role": "Admin"}),
    row("PUT", "/member", CHANGE_ORGANIZATIONS, json={"id": ORGANIZATION_MEMBER, "role": "Admin"}),
    row("DELETE", "/member", CHANGE_MEMBER, query={"id": MEMBER}),
    row("DELETE", "/member", CHANGE_ORGANIZATIONS, query={"id": ORGANIZATION_MEMBER}),
    row(
        "DELETE",
        "/member",
        Demand(
            *(A.CHANGE_MEMBERS, Place.DOMAIN, A.CHANGE_ORGANIZATION_MEMBERS),
            *("viewer", A.LEAVE_DOMAIN),
        ),
        query={"id": VIEWERS_PLACE},
    ),
    row(
        "DELETE",
        "/member",
        Demand(
            *(A.CHANGE_ORGANIZATION_MEMBERS, Place.ORGANIZATION, A.CHANGE_MEMBERS),
            *("organization viewer", A.LEAVE_ORGANIZATION),
        ),
        query={"id": ORGANIZATION_VIEWERS_PLACE},
    ),
    row("GET", "/invitation", A.READ_OWN_INVITATIONS),
    row(
        *("GET", "/invitation"),
        Demand(A.READ_INVITATIONS, Place.DOMAIN, A.READ_ORGANIZATION_INVITATIONS),
        query=AT_DOMAIN,
    ),
    row(
        *("GET", "/invitation"),
        Demand(A.READ_ORGANIZATION_INVITATIONS, Place.ORGANIZATION, A.READ_INVITATIONS),
        query=IN_ORGANIZATION,
    ),
    row("POST", "/invitation", A.ANSWER_INVITATIONS, json={"id": INVITED}),
    row("DELETE", "/invitation", A.ANSWER_INVITATIONS, json={"id": INVITED}),
    row("DELETE", "/invitation", INVITING, json={"id": INVITATION, **AT_DOMAIN}),
    row(
        *("DELETE", "/invitation", INVITING_THERE),
        query={"id": ORGANIZATION_INVITATION, **IN_ORGANIZATION},
    ),
)
ORGANIZATION_ID: Sent = {"id": ORGANIZATION}
ADDING = A.CHANGE_ORGANIZATION_DOMAINS
OF_ORGANIZATIONS = (
    row("GET", "/organization", A.READ_ORGANIZATIONS),
    row("POST", "/organization", A.CREATE_ORGANIZATIONS, json={"name": "New"}),
    row("PUT", "/organization", A.CHANGE_ORGANIZATION, json={**ORGANIZATION_ID, "name": "Other"}),
    row("DELETE", "/organization", A.CHANGE_ORGANIZATION, query=ORGANIZATION_ID),
    row(
        *("DELETE", "/organization", A.CHANGE_ORGANIZATION, Demand(A.DELETE_DOMAIN)),
        query={**ORGANIZATION_ID, "delete_domains": "true"},
    ),
    row("GET", "/organization/domain", A.READ_ORGANIZATIONS, query=ORGANIZATION_ID),
    row(
        *("POST", "/organization/domain", ADDING, Demand(ADDING, Place.DOMAIN)),
        json={**ORGANIZATION_ID, **AT_DOMAIN},
    ),
    row("DELETE", "/organization/domain", ADDING, query={**ORGANIZATION_ID, **AT_DOMAIN}),
    row(
        *("POST", "/organization/autojoin", A.CHANGE_AUTO_JOIN),
        json={**ORGANIZATION_ID, "auto_join": ["e.example"]},
    ),
    row(
        *("DELETE", "/organization/autojoin", A.CHANGE_AUTO_JOIN),
        query={**ORGANIZATION_ID, "auto_join": HOST},
    ),
)
NEW_THEME = Demand(*(A.CHANGE_THEMES, Place.NEW_THEME), otherwise=400, only=(SIBLING, STRANGE))
ANY_THEME: Sent = {"theme_id": THEME}
OF_THEMES = (
    row("GET", "/theme", A.READ_THEMES),
    row("GET", "/theme", A.READ_THEMES, query={"include_organizations": "true"}),
    row("GET", "/theme", A.READ_THEMES, query=IN_ORGANIZATION),
    row("GET", "/theme", A.READ_DOMAIN_THEMES, query={"subdomain": SUBDOMAIN}),
    row("GET", "/theme", A.READ_DOMAIN_THEMES, query={"domain": CUSTOM}),
    row("POST", "/theme", A.CHANGE_THEMES, json={"name": "New"}),
    row("POST", "/theme", NEW_THEME, json={"name": "New", **IN_ORGANIZATION}),
    row("POST", "/theme", A.CHANGE_THEMES, json={"name": "New", **AT_DOMAIN}),
    row(
        *("POST", "/theme", Demand(A.CHANGE_THEMES), Demand(A.READ_THEMES, Place.THEME)),
        json={"copy_id": THEME},
    ),
    row("POST", "/theme", A.CHANGE_THEMES, json={"id": THEME, "name": "Other"}),
    row("POST", "/theme", A.CHANGE_THEMES, json={"id": OWN_THEME, "name": "Other"}),
    row("POST", "/theme", A.CHANGE_THEMES, json={"id": DOMAIN_THEME, "name": "Other"}),
    row("DELETE", "/theme", A.CHANGE_THEMES, query={"id": THEME}),
    row("DELETE", "/theme/file", A.CHANGE_THEMES, query={**ANY_THEME, "file": "logo_light"}),
    row("DELETE", "/theme/file", A.DELETE_THEME_FILES, query={**AT_DOMAIN, "file": "logo_light"}),
    row("PUT", "/domain/theme", A.CHANGE_SETTINGS, json={**AT_DOMAIN, **ANY_THEME}),
    row("POST", "/domain/theme", A.CHANGE_SETTINGS, json={**AT_DOMAIN, "settings": {"a": "b"}}),
    row(
        *("PUT", "/organization/theme", A.CHANGE_ORGANIZATION_THEME),
        json={**IN_ORGANIZATION, **ANY_THEME},
    ),
    replace(row("POST", "/user/picture", A.CHANGE_PICTURE), files={"file": PICTURE}),
    row("DELETE", "/user/picture", Demand(A.CHANGE_PICTURE, Place.PICTURE)),
    row("POST", "/domain/custom", A.CHANGE_SETTINGS, json={**AT_DOMAIN, "hostname": ""}),
)
DASHBOARDS = (
    replace(
        open_row("GET", "/"),
        # A page that says to everybody that it is private.
        demands=(Demand(Right(None, link=True, public=True), Place.DOMAIN, otherwise=403),),
        headers={"host": CUSTOM},
        guests=True,
    ),
    open_row("GET", f"{API}/domain/custom", query={"domain": CUSTOM}),
    open_row(
        "GET",
        "/image/{owner_id:str}/{file:str}",
        None,
        None,
        {"owner_id": IMAGE_OWNER, "file": IMAGE},
    ),
    *(
        open_row("GET", f"{BOARD}/{name}")
        for name in ("theme.css", "dashboard.css", "dashboard.js")
    ),
)
JOBS = ("/import", "/google/import/job")
DAY = date(2026, 1, 1)
OF_IMPORTS = (
    *(row("GET", path, A.READ_IMPORTS, query=AT_DOMAIN) for path in JOBS),
    *(row("DELETE", path, A.CHANGE_IMPORTS, query=AT_DOMAIN) for path in JOBS),
    *(
        replace(
            row("POST", f"/import/{kind}", Demand(A.CHANGE_IMPORTS, Place.DOMAIN)),
            fields={"domain": DOMAIN},
            files={"file": exported.data},
        )
        for kind, exported in (
            ("plausible", plausible_archive(DAY, 1)),
            ("fathom", fathom_archive(DAY, 1)),
        )
    ),
    row("POST", "/google/import", A.CHANGE_IMPORTS, json={**AT_DOMAIN, "property": "1", **DAYS}),
    # There is no Google here.
    replace(row("GET", "/google/import/profile", A.READ_IMPORTS, query=AT_DOMAIN), answer=400),
    replace(row("GET", "/google/connect", A.CONNECT_GOOGLE, query=AT_DOMAIN), answer=400),
    row("DELETE", "/google/connect", A.CONNECT_GOOGLE, query=AT_DOMAIN),
)


def _statistics(report: Report) -> Row:
    values: Sent = {**NEEDED, "funnel_id": FUNNEL}
    needed = {name: values[name] for name in (*report.needs, *report.single)}
    route = PREFIX.removeprefix(API) + report.route
    return row("GET", route, A.READ_STATISTICS, query={"id": DOMAIN, **DAYS, **needed})


STATISTICS = (
    *(_statistics(report) for report in REPORTS),
    row(
        *("GET", "/statistics", A.READ_STATISTICS),
        query={"id": DOMAIN, **DAYS, "pages": "true", "conversion_goals": "true"},
    ),
    row("DELETE", "/statistics", A.DELETE_STATISTICS, json={"id": DOMAIN, **DAYS}),
    row("GET", "/statistics/deletion", A.READ_SETTINGS, query={"id": DOMAIN}),
)
VISITOR = {"ip": "81.2.69.142", "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
HIT = {"url": URL, **VISITOR}
COLLECTION = tuple(
    replace(
        row(
            "POST",
            f"/{scope}{many}",
            Demand(Right(scope, "w")),
            # Whose page it is, is found out by its address: there is no domain to be forbidden.
            Demand(Right(scope, "w", Role.ADMIN), Place.SITE, otherwise=400),
            json=sent if not many else [{**sent, "time": "2026-05-04T13:00:00Z"}],
        ),
        programs=True,
    )
    for scope, sent in (
        (Scope.HIT, HIT),
        (Scope.EVENT, {**HIT, "event_name": "Buy"}),
        (Scope.SESSION, HIT),
    )
    for many in ("", "/batch")
)
OPEN = (
    open_row("POST", f"{API}/token", json={"client_id": CLIENT_ID, "client_secret": SECRET}),
    open_row("GET", "/hit", query={"code": CODE, "url": URL}),
    open_row("POST", "/event", json={"identification_code": CODE, "url": URL, "event_name": "Buy"}),
    open_row("POST", "/session", query={"code": CODE, "url": URL}),
    *(open_row("GET", f"/{name}") for name in BUILDS),
    *(open_row("GET", page.path) for page in PAGES),
    *(open_row("GET", path) for path in ("/health/live", "/health/ready", "/metrics")),
    *(open_row("GET", path) for path in ("/schema", "/schema/openapi.json")),
    open_row("GET", f"{API}/openapi.json"),
)
ROWS = (
    *(*DOMAINS, *OF_DOMAINS, *OF_ACCOUNTS, *OF_PEOPLE, *OF_TEAMS, *OF_ORGANIZATIONS),
    *(*OF_THEMES, *DASHBOARDS, *OF_IMPORTS, *STATISTICS, *COLLECTION, *OPEN),
)
