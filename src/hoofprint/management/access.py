"""Who may do what: the one table of rights, and the answers it gives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from sqlalchemy.orm import Session

from hoofprint.errors import Forbidden, Invalid, NotFound, Unauthenticated
from hoofprint.management.directory import Directory, KnownLogin
from hoofprint.management.reach import reached_by, reached_organization
from hoofprint.model.domain import Domain
from hoofprint.model.principal import Principal, Scope
from hoofprint.model.role import Role
from hoofprint.records.tables import DomainRecord, OrganizationRecord, UserRecord

BEARER = "bearer "


class Action(StrEnum):
    """What somebody may want to do with a domain."""

    READ_STATISTICS = "read statistics"
    READ_DOMAIN = "read a domain"
    READ_SETTINGS = "read what belongs to a domain"
    READ_AUDIT = "read who changed what of a domain"
    CHANGE_SETTINGS = "change a domain and what belongs to it"
    DELETE_STATISTICS = "delete statistics"
    READ_GOALS = "read the goals and funnels of a domain"
    CHANGE_GOALS = "change the goals and funnels of a domain"
    READ_VIEWS = "read one's own views of a domain"
    CHANGE_VIEWS = "change one's own views of a domain"
    CHANGE_CLIENTS = "change the clients of a domain"
    DELETE_DOMAIN = "delete a domain"
    CREATE_DOMAINS = "create domains"
    READ_OWN_CLIENTS = "read the clients of one's own account"
    CHANGE_OWN_CLIENTS = "change the clients of one's own account"
    READ_BILLING = "read what is billed"
    READ_IMPORTS = "read the import of a domain"
    CHANGE_IMPORTS = "import statistics into a domain"
    CONNECT_GOOGLE = "connect a domain to a Google account"
    CHANGE_PREFERENCES = "change how one's own dashboards look"
    READ_MEMBERS = "read who belongs to a domain; a viewer reads what it is itself"
    CHANGE_MEMBERS = "change and remove the members of a domain"
    LEAVE_DOMAIN = "no longer be a member of a domain"
    INVITE = "invite people to a domain, and take that back"
    READ_INVITATIONS = "read who is invited to a domain"
    READ_OWN_INVITATIONS = "read what one is invited to"
    ANSWER_INVITATIONS = "accept and refuse invitations"
    TRANSFER_DOMAIN = "offer a domain to another owner, and take that back"
    ANSWER_TRANSFERS = "accept and refuse domains that one is offered"
    READ_ORGANIZATIONS = "read organizations and their domains"
    CREATE_ORGANIZATIONS = "create organizations"
    CHANGE_ORGANIZATION = "rename and delete an organization"
    CHANGE_ORGANIZATION_DOMAINS = "add domains to an organization, and remove them"
    CHANGE_AUTO_JOIN = "change which e-mail hosts join an organization"
    READ_ORGANIZATION_MEMBERS = "read who belongs to an organization; a viewer reads its own role"
    CHANGE_ORGANIZATION_MEMBERS = "change and remove the members of an organization"
    LEAVE_ORGANIZATION = "no longer be a member of an organization"
    INVITE_TO_ORGANIZATION = "invite people to an organization, and take that back"
    READ_ORGANIZATION_INVITATIONS = "read who is invited to an organization"
    READ_THEMES = "read themes"
    READ_DOMAIN_THEMES = "read the themes that a domain may have"
    CHANGE_THEMES = "create, change and delete themes"
    DELETE_THEME_FILES = "remove a file from how one domain looks"
    CHANGE_ORGANIZATION_THEME = "choose the theme of an organization's new domains"
    CHANGE_PICTURE = "change one's own picture"
    READ_ACCOUNT = "read one's own account and where it is logged in"
    CHANGE_ACCOUNT = "change one's own account, its password and its logins"
    READ_OUTBOX = "read the mails that were not sent"


class Right(Struct, frozen=True):
    """What an action asks for: a scope of the client and a role of whom it stands for.

    Without a `scope` every client may; `or_scope` is as good. `person`: only a client that stands
    for a user. `login`: only that user itself, logged in; `operator`: if it operates the instance.
    `link`: an access link is enough. `public`: a public domain asks for nothing.
    """

    scope: Scope | None
    mode: str = "r"
    role: Role = Role.VIEWER
    or_scope: Scope | None = None
    person: bool = False
    login: bool = False
    operator: bool = False
    link: bool = False
    public: bool = False

    def granted_to(self, principal: Principal) -> bool:
        """Whether a client may do it, whatever its role."""
        stands = principal.user_id is not None or not self.person
        if self.login and principal.login_id is None:
            return False
        scopes = [scope for scope in (self.scope, self.or_scope) if scope is not None]
        return stands and (not scopes or any(principal.may(one, self.mode) for one in scopes))


RIGHTS: Mapping[Action, Right] = {
    Action.READ_STATISTICS: Right(Scope.STATISTICS, link=True, public=True),
    Action.READ_DOMAIN: Right(None, link=True, public=True),
    Action.READ_SETTINGS: Right(Scope.DOMAINS, role=Role.ADMIN),
    Action.READ_AUDIT: Right(Scope.DOMAINS, role=Role.ADMIN),
    Action.CHANGE_SETTINGS: Right(Scope.DOMAINS, "w", Role.ADMIN),
    Action.DELETE_STATISTICS: Right(Scope.DOMAINS, "w", Role.ADMIN),
    Action.READ_GOALS: Right(Scope.DOMAINS),
    Action.CHANGE_GOALS: Right(Scope.DOMAINS, "w", Role.ADMIN),
    Action.READ_VIEWS: Right(Scope.DOMAINS),
    Action.CHANGE_VIEWS: Right(Scope.DOMAINS, "w"),
    Action.CHANGE_CLIENTS: Right(Scope.DOMAINS, "w", Role.ADMIN, person=True),
    Action.DELETE_DOMAIN: Right(Scope.DOMAINS, "w", Role.ADMIN, person=True),
    Action.CREATE_DOMAINS: Right(Scope.DOMAINS, "w", person=True),
    Action.READ_OWN_CLIENTS: Right(Scope.DOMAINS, person=True),
    Action.CHANGE_OWN_CLIENTS: Right(Scope.DOMAINS, "w", person=True),
    Action.READ_BILLING: Right(Scope.BILLING, or_scope=Scope.STATISTICS),
    Action.READ_IMPORTS: Right(Scope.DOMAINS, role=Role.ADMIN),
    Action.CHANGE_IMPORTS: Right(Scope.DOMAINS, "w", Role.ADMIN),
    Action.CONNECT_GOOGLE: Right(Scope.DOMAINS, "w", Role.ADMIN),
    Action.CHANGE_PREFERENCES: Right(Scope.DOMAINS, "w", person=True),
    Action.READ_MEMBERS: Right(Scope.DOMAINS),
    Action.CHANGE_MEMBERS: Right(Scope.DOMAINS, "w", Role.ADMIN),
    Action.LEAVE_DOMAIN: Right(Scope.DOMAINS, "w", person=True),
    Action.INVITE: Right(Scope.DOMAINS, "w", Role.ADMIN, person=True),
    Action.READ_INVITATIONS: Right(Scope.DOMAINS, role=Role.ADMIN),
    Action.READ_OWN_INVITATIONS: Right(Scope.DOMAINS, person=True),
    Action.ANSWER_INVITATIONS: Right(Scope.DOMAINS, "w", person=True),
    Action.TRANSFER_DOMAIN: Right(Scope.DOMAINS, "w", Role.OWNER, person=True),
    Action.ANSWER_TRANSFERS: Right(Scope.DOMAINS, "w", person=True),
    Action.READ_ORGANIZATIONS: Right(Scope.ORGANIZATIONS, person=True),
    Action.CREATE_ORGANIZATIONS: Right(Scope.ORGANIZATIONS, "w", person=True),
    Action.CHANGE_ORGANIZATION: Right(Scope.ORGANIZATIONS, "w", Role.OWNER, person=True),
    Action.CHANGE_ORGANIZATION_DOMAINS: Right(Scope.ORGANIZATIONS, "w", Role.ADMIN, person=True),
    Action.CHANGE_AUTO_JOIN: Right(Scope.ORGANIZATIONS, "w", Role.ADMIN, person=True),
    Action.READ_ORGANIZATION_MEMBERS: Right(
        Scope.DOMAINS, or_scope=Scope.ORGANIZATIONS, person=True
    ),
    Action.CHANGE_ORGANIZATION_MEMBERS: Right(
        Scope.DOMAINS, "w", Role.ADMIN, Scope.ORGANIZATIONS, person=True
    ),
    Action.LEAVE_ORGANIZATION: Right(Scope.DOMAINS, "w", or_scope=Scope.ORGANIZATIONS, person=True),
    Action.INVITE_TO_ORGANIZATION: Right(
        Scope.DOMAINS, "w", Role.ADMIN, Scope.ORGANIZATIONS, person=True
    ),
    Action.READ_ORGANIZATION_INVITATIONS: Right(
        Scope.DOMAINS, "r", Role.ADMIN, Scope.ORGANIZATIONS, person=True
    ),
    Action.READ_THEMES: Right(Scope.THEMES),
    Action.READ_DOMAIN_THEMES: Right(Scope.THEMES, role=Role.ADMIN),
    Action.CHANGE_THEMES: Right(Scope.THEMES, "w", Role.ADMIN),
    Action.DELETE_THEME_FILES: Right(Scope.THEMES, "w", Role.ADMIN, Scope.DOMAINS),
    Action.CHANGE_ORGANIZATION_THEME: Right(Scope.ORGANIZATIONS, "w", Role.ADMIN, person=True),
    Action.CHANGE_PICTURE: Right(Scope.DOMAINS, "w", person=True),
    Action.READ_ACCOUNT: Right(None, login=True),
    Action.CHANGE_ACCOUNT: Right(None, login=True),
    Action.READ_OUTBOX: Right(None, login=True, operator=True),
}


class Asker(Struct, frozen=True):
    """Who asks for a domain: the client, its role on the domain, whether an access link opens it.

    `linked` is None without a link that is valid, False when it opens another domain.
    """

    principal: Principal | None = None
    role: Role | None = None
    linked: bool | None = None


def check(action: Action, asker: Asker, public: bool) -> Role:
    """The role in which somebody may do it.

    Raises Unauthenticated without credentials, Forbidden without the scope or the role, NotFound
    when the domain is none of the caller's business; in this order, so that nothing is told to
    strangers.
    """
    right = RIGHTS[action]
    principal, role = asker.principal, asker.role
    scoped = principal is not None and right.granted_to(principal)
    if role is not None and scoped and role.reaches(right.role):
        return role
    if (right.link and asker.linked) or (right.public and public):
        return Role.VIEWER
    if principal is None and asker.linked is None:
        raise Unauthenticated
    if principal is not None and (not scoped or role is not None):
        raise Forbidden
    raise NotFound


def permitted(session: Session, action: Action, caller: Principal, domain_id: str) -> DomainRecord:
    """The domain with an id, if the caller may do it there. Raises Forbidden or NotFound.

    No access link opens what this is asked for, and no domain is public in it.
    """
    record, role = reached_by(session, caller, domain_id) or (None, None)
    check(action, Asker(caller, role), public=False)
    if record is None:
        raise NotFound
    return record


def permitted_organization(
    session: Session, action: Action, caller: Principal, organization_id: str
) -> OrganizationRecord:
    """The organization with an id, if the caller may do it there. Raises Forbidden or NotFound."""
    record, role = reached_organization(session, caller, organization_id) or (None, None)
    check(action, Asker(caller, role), public=False)
    if record is None:
        raise NotFound
    return record


def permitted_user(session: Session, action: Action, caller: Principal) -> UserRecord:
    """Whom a client stands for, if it may do it for its user. Raises Forbidden."""
    user = session.get(UserRecord, caller.user_id) if caller.user_id else None
    right = RIGHTS[action]
    if user is None or not right.granted_to(caller) or (right.operator and not user.operator):
        raise Forbidden
    return user


class Credentials(Struct, frozen=True):
    """What a request shows of who sent it: its `Authorization` header, else a login's token."""

    authorization: str | None = None
    login: str = ""


Seen = Callable[[KnownLogin], Awaitable[None]]
"""Is told that a login was used."""


async def _unnoted(login: KnownLogin) -> None:
    del login


class Access:
    """Finds out who asks and whether they may; `seen` is told of every login that is used."""

    def __init__(self, directory: Directory, seen: Seen = _unnoted) -> None:
        self._directory = directory
        self._seen = seen

    async def caller(self, shown: Credentials) -> Principal | None:
        """Who asks; None without credentials, with an empty token, or with a login that has ended.

        Raises Unauthenticated for credentials that are wrong, expired or of another kind.
        """
        text = (shown.authorization or "").strip()
        if not text and shown.login:
            return await self._logged_in(shown.login)
        if not text or text.lower() == BEARER.strip():
            return None
        if not text.lower().startswith(BEARER):
            raise Unauthenticated
        bearer = text[len(BEARER) :].strip()
        return self._directory.cached_principal(bearer) or await self._directory.principal(bearer)

    async def known_caller(self, shown: Credentials) -> Principal:
        """Who asks. Raises Unauthenticated without credentials, too."""
        caller = await self.caller(shown)
        if caller is None:
            raise Unauthenticated
        return caller

    async def statistics_domain(
        self, pairs: Sequence[tuple[str, str]], shown: Credentials
    ) -> Domain:
        """The domain whose statistics a request may read, named by `id`; `access` is a link's code.

        Raises Unauthenticated, Forbidden, NotFound, or Invalid without an `id`.
        """
        principal = await self.caller(shown)
        domain_id = first_value(pairs, "id")
        if not domain_id:
            raise Invalid({"id": "is required"})
        domain = await self._directory.domain_by_id(domain_id)
        asker = await self._asker(principal, domain_id, first_value(pairs, "access"))
        check(Action.READ_STATISTICS, asker, domain is not None and domain.public)
        if domain is None:
            raise NotFound
        return domain

    async def _logged_in(self, token: str) -> Principal | None:
        login = await self._directory.login(token)
        if login is None:
            return None
        await self._seen(login)
        return login.principal

    async def _asker(self, principal: Principal | None, domain_id: str, code: str) -> Asker:
        role = None if principal is None else await self._directory.role(principal, domain_id)
        linked = await self._directory.linked_domain_id(code) if code else None
        return Asker(principal, role, None if linked is None else linked == domain_id)


def first_value(pairs: Sequence[tuple[str, str]], name: str) -> str:
    """The first value of a parameter that is set."""
    return next((value.strip() for key, value in pairs if key == name and value.strip()), "")
