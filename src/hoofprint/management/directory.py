"""What collection and statistics ask about clients and domains, cached for a few seconds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload

from hoofprint.errors import Unauthenticated
from hoofprint.management.cache import SIZE, Cache, in_thread
from hoofprint.management.clients import hash_secret, login_principal, principal_of
from hoofprint.management.domains import measured
from hoofprint.management.hostnames import HostIndex
from hoofprint.management.hosts import Named
from hoofprint.management.reach import domains_of, has_ended, link_with, reached_by
from hoofprint.management.tokens import Claims, Tokens
from hoofprint.model.dashboard import Dashboard
from hoofprint.model.domain import Domain
from hoofprint.model.principal import Principal
from hoofprint.model.role import Role
from hoofprint.records.engine import Records
from hoofprint.records.ids import (
    CODE_LENGTH,
    ID_LENGTH,
    SECRET_LENGTH,
    is_access_key,
    is_text_of,
)
from hoofprint.records.tables import ClientRecord, ClientType, DomainRecord, LoginRecord

TTL_SECONDS = 5.0
IDLE_SECONDS = 7 * 86_400.0
"""A login that is not seen for so long has ended."""
LONGEST_BEARER = 2048
HOSTNAMES = (selectinload(DomainRecord.hostnames),)

K = TypeVar("K")
T = TypeVar("T")


class KnownLogin(NamedTuple):
    """A browser in which somebody is logged in; `seen` and `ends` in Unix seconds."""

    principal: Principal
    seen: float
    ends: float


class _Link(NamedTuple):
    domain_id: str
    valid_until: datetime | None


class Directory:
    """Cached reads over the records; no answer is older than `ttl` seconds.

    What was not found is looked up again after a second. A fresh answer costs dict look-ups only:
    the signature of a token is checked once, its client's record every `ttl` seconds.
    """

    def __init__(
        self,
        records: Records,
        clock: Callable[[], float],
        tokens: Tokens,
        ttl: float = TTL_SECONDS,
    ) -> None:
        self._caches: list[Cache[Any, Any]] = []

        def cache(load: Callable[[Session, K], T | None]) -> Cache[K, T]:
            def look_up(key: K) -> T | None:
                return records.read(lambda s: load(s, key))

            made: Cache[K, T] = Cache(in_thread(look_up), clock, ttl)
            self._caches.append(made)
            return made

        self._clock = clock
        self._tokens = tokens
        self._claims: dict[str, Claims] = {}
        self._clients = cache(_client)
        self._keys = cache(_key)
        self._domains = cache(_domain)
        self._codes = cache(_domain_by_code)
        self._users = cache(_hosts_of_user)
        self._links = cache(_link)
        self._roles = cache(_role)
        self._dashboards = cache(_dashboard)
        self._logins = cache(_login)

    async def principal(self, bearer: str) -> Principal:
        """Whose access key or token this is. Raises Unauthenticated if nobody's, or expired."""
        if is_access_key(bearer):
            found = await self._keys.get(bearer)
        else:
            claims = self._read(bearer)
            found = await self._clients.get(claims.client_id)
        if found is None:
            raise Unauthenticated
        return found

    def cached_principal(self, bearer: str) -> Principal | None:
        """The same if a fresh answer is at hand."""
        claims = self._claims.get(bearer)
        if claims is None:
            return self._keys.fresh(bearer)
        return self._clients.fresh(claims.client_id) if self._clock() < claims.expires else None

    async def domain_by_id(self, domain_id: str) -> Domain | None:
        """The domain with an id."""
        return await self._domains.get(domain_id) if is_text_of(domain_id, ID_LENGTH) else None

    def cached_domain(self, domain_id: str) -> Domain | None:
        """The same if a fresh answer is at hand."""
        return self._domains.fresh(domain_id)

    async def domain_by_code(self, identification_code: str) -> Domain | None:
        """The domain with an identification code."""
        if not is_text_of(identification_code, CODE_LENGTH):
            return None
        return await self._codes.get(identification_code)

    def cached_domain_by_code(self, code: str) -> Domain | None:
        """The same if a fresh answer is at hand."""
        return self._codes.fresh(code)

    async def domain_for_user(self, user_id: str, hostname: str) -> Domain | None:
        """The domain of a user (an owner or admin) that a page on `hostname` belongs to."""
        index = await self._users.get(user_id)
        return None if index is None else index.find(hostname)

    async def role(self, principal: Principal, domain_id: str) -> Role | None:
        """What a caller may be on a domain; None if it may not know of it."""
        if principal.user_id is None:
            return Role.ADMIN if principal.domain_id == domain_id else None
        if not is_text_of(domain_id, ID_LENGTH):
            return None
        return await self._roles.get((principal.user_id, domain_id))

    async def linked_domain_id(self, code: str) -> str | None:
        """The id of the domain that an access link opens; None if there is none or it ended."""
        link = await self._links.get(code) if is_text_of(code, CODE_LENGTH) else None
        if link is None or has_ended(link.valid_until, self._clock()):
            return None
        return link.domain_id

    async def dashboard(self, name: Named) -> Dashboard | None:
        """The dashboard that is served under a subdomain or a custom domain."""
        return await self._dashboards.get(name)

    async def login(self, token: str) -> KnownLogin | None:
        """The login with a token; None if there is none, or it has ended."""
        known = await self._logins.get(token) if is_text_of(token, SECRET_LENGTH) else None
        if known is None or self._clock() >= min(known.ends, known.seen + IDLE_SECONDS):
            return None
        return known

    def forget(self) -> None:
        """Look everything up anew: the records were changed here, and that counts at once.

        What another process changes counts when an answer has become old.
        """
        for cache in self._caches:
            cache.clear()

    def _read(self, bearer: str) -> Claims:
        """What a token says. The signature is checked the first time only."""
        now = self._clock()
        claims = self._claims.get(bearer)
        if claims is None:
            if len(bearer) > LONGEST_BEARER:
                raise Unauthenticated
            claims = self._tokens.verify(bearer, now)
            while len(self._claims) >= SIZE:
                del self._claims[next(iter(self._claims))]
            self._claims[bearer] = claims
        if claims.expires <= now:
            raise Unauthenticated
        return claims


def _client(session: Session, client_id: str) -> Principal | None:
    wanted = (
        ClientRecord.client_id == client_id,
        ClientRecord.type == ClientType.OAUTH.value,
    )
    record = session.scalar(select(ClientRecord).where(*wanted))
    return None if record is None else principal_of(record)


def _key(session: Session, key: str) -> Principal | None:
    wanted = (
        ClientRecord.secret_hash == hash_secret(key),
        ClientRecord.type == ClientType.TOKEN.value,
    )
    record = session.scalar(select(ClientRecord).where(*wanted))
    return None if record is None else principal_of(record)


def _domain(session: Session, domain_id: str) -> Domain | None:
    return _one_domain(session, DomainRecord.id == domain_id)


def _domain_by_code(session: Session, code: str) -> Domain | None:
    return _one_domain(session, DomainRecord.identification_code == code)


def _one_domain(session: Session, wanted: ColumnElement[bool]) -> Domain | None:
    record = session.scalar(select(DomainRecord).where(wanted).options(*HOSTNAMES))
    return None if record is None else measured(record)


def _hosts_of_user(session: Session, user_id: str) -> HostIndex:
    """What a user may write into: a viewer's domains are not among them."""
    caller = Principal(client_id="", scopes={}, user_id=user_id)
    reached = domains_of(session, caller, load=HOSTNAMES)
    return HostIndex(measured(r.record) for r in reached if r.role.reaches(Role.ADMIN))


def _login(session: Session, token: str) -> KnownLogin | None:
    wanted = select(LoginRecord).where(LoginRecord.token_hash == hash_secret(token))
    record = session.scalar(wanted)
    if record is None:
        return None
    seen, ends = record.seen.timestamp(), record.ends.timestamp()
    return KnownLogin(login_principal(record), seen, ends)


def _role(session: Session, key: tuple[str, str]) -> Role | None:
    user_id, domain_id = key
    caller = Principal(client_id="", scopes={}, user_id=user_id)
    reached = reached_by(session, caller, domain_id)
    return None if reached is None else reached.role


def _link(session: Session, code: str) -> _Link | None:
    record = link_with(session, code)
    return None if record is None else _Link(record.domain_id, record.valid_until)


def _dashboard(session: Session, name: Named) -> Dashboard | None:
    column = DomainRecord.custom_domain if name.custom else DomainRecord.subdomain
    record = session.scalar(select(DomainRecord).where(column == name.text))
    if record is None:
        return None
    base = record.base_theme
    return Dashboard(
        domain_id=record.id,
        name=record.display_name or record.hostname,
        timezone=record.timezone,
        public=record.public,
        settings=({} if base is None else base.settings) | record.theme_settings,
    )
