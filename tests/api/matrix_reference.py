"""What the access table means for a row and a principal, worked out without the code's own check.

`clients.md` sections 2 and 3: 401 without credentials or with wrong ones, 403 for who is known but
may not, 404 for who has no business there.
"""

from __future__ import annotations

from collections.abc import Mapping

from hoofprint.management.access import Right
from hoofprint.model.role import Role

from .matrix_principals import Opens, Who
from .matrix_row import Demand, Row, right_of
from .matrix_things import ITSELF, OPERATOR, SIBLING, STRANGE, STRANGER, Place

OK, WHO, MAY_NOT, UNKNOWN = 200, 401, 403, 404
RANKS = {Role.OWNER: 3, Role.ADMIN: 2, Role.VIEWER: 1}
OWNER, ADMIN, VIEWER = Role.OWNER, Role.ADMIN, Role.VIEWER
DOMAIN: Mapping[str, Role] = {
    "owner": OWNER,
    "chief": ADMIN,
    "admin": ADMIN,
    "viewer": VIEWER,
    "organization admin": ADMIN,
    "organization viewer": VIEWER,
    "raised": ADMIN,
    "lowered": VIEWER,
    ITSELF: ADMIN,
}
ORGANIZATION: Mapping[str, Role] = {
    "owner": ADMIN,
    "chief": OWNER,
    "organization admin": ADMIN,
    "organization viewer": VIEWER,
    "raised": VIEWER,
    "lowered": ADMIN,
}
SEATS: Mapping[Place, Mapping[str, Role]] = {
    Place.DOMAIN: DOMAIN,
    Place.ORGANIZATION: ORGANIZATION,
    Place.ACCOUNT: {"owner": OWNER},
    Place.VIEW: {"owner": OWNER, ITSELF: OWNER},
    Place.INVITED: {"owner": OWNER},
    Place.OFFER: {"owner": OWNER},
    Place.OFFERED: {"owner": OWNER},
    Place.THEME: {**ORGANIZATION, ITSELF: VIEWER},
    Place.NEW_THEME: {**ORGANIZATION, ITSELF: ADMIN},
    Place.DOMAIN_THEME: {**DOMAIN, "lowered": ADMIN},
    Place.OWN_THEME: {"owner": OWNER, **dict.fromkeys((ITSELF, SIBLING), VIEWER)},
    Place.LOGIN: {"owner": OWNER},
    Place.FREE: {"viewer": OWNER, "organization admin": ADMIN, OPERATOR: OWNER},
    Place.PICTURE: {"owner": OWNER, STRANGER: OWNER},
    Place.SITE: {
        "owner": OWNER,
        **dict.fromkeys(("chief", "admin", "organization admin", "raised"), ADMIN),
        **dict.fromkeys((ITSELF, SIBLING, STRANGE), ADMIN),
    },
}
"""What everybody is in which place (`clients.md` section 2): a domain's role overrides its
organization's, whose owner administers the domain; a domain's own client administers it. Views
and accounts are personal, where a domain's client stands for the owner. Whoever only views a
domain sends it nothing, and a domain's client sends to its own, whatever page it is. It reads the
themes that its domain may have, and administers those that were made for it (ADR 29)."""


def expected(row: Row, who: Who, *, public: bool = False) -> int:
    """The status of a valid request of the row by somebody; `public`: the domain is."""
    if not row.demands:
        return OK
    if row.guests:
        who = Who(who.name, opens=who.opens)
    if row.programs and who.login:
        who = Who(who.name)
    if who.wrong:
        return WHO
    if who.foreign and row.changes:
        return MAY_NOT
    for demand in row.demands:
        status = _answered(demand, who, public and demand.place is Place.DOMAIN)
        if status != OK:
            return status
    return OK


def _answered(demand: Demand, who: Who, public: bool) -> int:
    own = demand.seats is not None and demand.seat == who.seat
    right = right_of(demand.seats if own and demand.seats is not None else demand.what)
    if demand.place is not None:
        role = SEATS[demand.place].get(who.seat)
        opened = who.opens is Opens.HERE
    else:  # about the caller's own things, or about those of the link that is sent
        role = None if right.link and who.code else OWNER
        opened = who.opens is not Opens.NOTHING
    if role and _granted(right, who) and RANKS[role] >= RANKS[right.role]:
        return OK
    if (right.link and opened) or (right.public and public):
        return OK
    if demand.otherwise and (not demand.only or who.seat in demand.only):
        return demand.otherwise
    if who.scopes is None:
        return UNKNOWN if right.link and who.opens is not Opens.NOTHING else WHO
    granted = _granted(right, who)
    if role is None and demand.or_else is not None:
        granted = granted or _granted(right_of(demand.or_else), who)
    return UNKNOWN if granted and role is None else MAY_NOT


def _granted(right: Right, who: Who) -> bool:
    """Whether a client may do such things at all: w includes r."""
    if who.scopes is None or (right.person and not who.person):
        return False
    if (right.login and not who.login) or (right.operator and who.seat != OPERATOR):
        return False
    wanted = [scope for scope in (right.scope, right.or_scope) if scope]
    good = {right.mode, "w"}
    return not wanted or any(who.scopes.get(scope) in good for scope in wanted)
