"""What can be changed about a domain one by one (`api.md`, Managing Domains and Traffic Alerts)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid
from hoofprint.management.access import Action, permitted
from hoofprint.management.domains import WRONG_HOSTNAME, WRONG_TIMEZONE, known_timezone
from hoofprint.management.hostnames import read_hostname
from hoofprint.management.resource import Field, Kind, Sent, Values
from hoofprint.management.subdomains import WRONG_SUBDOMAIN, is_taken, read_subdomain
from hoofprint.management.transactions import Transactions
from hoofprint.model.principal import Principal
from hoofprint.records.ids import new_code
from hoofprint.records.moments import moment
from hoofprint.records.tables import AlertRecord
from hoofprint.records.tables.domains import ACTIVE_SECONDS
from hoofprint.records.tables.record import HOSTNAME_LENGTH

DAY_SECONDS = 86_400
LONGEST_METADATA = 64 * 1024
MOST_VISITORS = 10**9
MOST_DAYS = 365


class Setting(Struct, frozen=True):
    """One thing about a domain that a request changes.

    `apply` makes the change and returns what may be answered; it raises Invalid. The domain's id is
    sent as `named_by`. `answer` are the names of what is answered, if anything is.
    """

    name: str
    path: str
    summary: str
    apply: Callable[[Sent], dict[str, Any] | None]
    fields: tuple[Field, ...] = ()
    method: str = "POST"
    named_by: str = "domain_id"
    answer: tuple[str, ...] = ()
    tag: str = "Domains"


class DomainSettings:
    """Changes settings for clients; what is changed counts at once."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def change(
        self, setting: Setting, caller: Principal, domain_id: str, values: Values
    ) -> dict[str, Any] | None:
        """What is answered. Raises Forbidden, NotFound or Invalid."""

        def work(session: Session) -> dict[str, Any] | None:
            domain = permitted(session, Action.CHANGE_SETTINGS, caller, domain_id)
            now = self._transactions.clock()
            answer = setting.apply(Sent(session, domain, values, now))
            domain.mod_time = moment(now)
            return answer if setting.answer else None

        return await self._transactions.write(work)


def alert_of(session: Session, domain_id: str, kind: str, now: float) -> AlertRecord:
    """A domain's alert, which is made where there is none yet."""
    found = session.scalar(select(AlertRecord).filter_by(domain_id=domain_id, kind=kind))
    if found is None:
        at = moment(now)
        found = AlertRecord(domain_id=domain_id, kind=kind, def_time=at, mod_time=at)
        session.add(found)
        session.flush()
    return found


def active_seconds(sent: int) -> int:
    """How long visitors count as active; 0 is the usual time."""
    return sent or ACTIVE_SECONDS


def _hostname(sent: Sent) -> None:
    hostname = read_hostname(sent.values["hostname"])
    if hostname is None:
        raise Invalid({"hostname": WRONG_HOSTNAME})
    sent.domain.hostname = hostname


def _subdomain(sent: Sent) -> None:
    subdomain = read_subdomain(sent.values["subdomain"])
    if subdomain is None:
        raise Invalid({"subdomain": WRONG_SUBDOMAIN})
    if subdomain != sent.domain.subdomain and is_taken(sent.session, subdomain):
        raise Invalid({"subdomain": "is taken"})
    sent.domain.subdomain = subdomain


def _timezone(sent: Sent) -> None:
    timezone = sent.values["timezone"]
    if not known_timezone(timezone):
        raise Invalid({"timezone": WRONG_TIMEZONE})
    sent.domain.timezone = timezone


def _active(sent: Sent) -> None:
    sent.domain.active_visitors_seconds = active_seconds(sent.values["time"])


def _metadata(sent: Sent) -> None:
    sent.domain.notes = sent.values["metadata"]


def _new_code(sent: Sent) -> dict[str, Any]:
    sent.domain.identification_code = new_code()
    return {"identification_code": sent.domain.identification_code}


def _toggle(attribute: str) -> Callable[[Sent], dict[str, Any]]:
    def toggle(sent: Sent) -> dict[str, Any]:
        setattr(sent.domain, attribute, not getattr(sent.domain, attribute))
        return {"domain_id": sent.domain.id}

    return toggle


def _switch(kind: str) -> Callable[[Sent], None]:
    def switch(sent: Sent) -> None:
        alert = alert_of(sent.session, sent.domain.id, kind, sent.now)
        alert.enabled = not alert.enabled
        alert.mod_time = moment(sent.now)

    return switch


def _threshold(kind: str) -> Callable[[Sent], None]:
    def configure(sent: Sent) -> None:
        alert = alert_of(sent.session, sent.domain.id, kind, sent.now)
        alert.threshold = sent.values["threshold"]
        alert.mod_time = moment(sent.now)

    return configure


def _number(name: str, most: int, about: str) -> Field:
    return Field(name, Kind.WHOLE, about, required=True, least=1, most=most)


SETTINGS: tuple[Setting, ...] = (
    Setting(
        *("reset_code", "/api/v1/domain", "Replace the identification code", _new_code),
        method="PUT",
        named_by="id",
        answer=("identification_code",),
    ),
    Setting(
        *("hostname", "/api/v1/domain/hostname", "Change the hostname", _hostname),
        fields=(Field("hostname", required=True, longest=HOSTNAME_LENGTH),),
    ),
    Setting(
        *("subdomain", "/api/v1/domain/subdomain", "Change the subdomain", _subdomain),
        fields=(Field("subdomain", required=True),),
    ),
    Setting(
        *("toggle_public", "/api/v1/domain/public", "Make a domain public, or private again"),
        _toggle("public"),
        answer=("domain_id",),
    ),
    Setting(
        *("toggle_scripts", "/api/v1/domain/scripts", "Refuse what scripts send, or take it again"),
        _toggle("disable_scripts"),
    ),
    Setting(
        *("toggle_title", "/api/v1/domain/title", "Group pages by title, too, or no longer"),
        _toggle("group_by_title"),
    ),
    Setting(
        *("active", "/api/v1/domain/active", "Change how long visitors count as active", _active),
        fields=(Field("time", Kind.WHOLE, "Seconds; 0 is the usual time.", most=DAY_SECONDS),),
    ),
    Setting(
        *("timezone", "/api/v1/domain/timezone", "Change the time zone", _timezone),
        fields=(Field("timezone", required=True),),
    ),
    Setting(
        *("metadata", "/api/v1/domain/metadata", "Replace the metadata", _metadata),
        fields=(Field("metadata", Kind.OBJECT, longest=LONGEST_METADATA),),
    ),
    Setting(
        *("spike_toggle", "/api/v1/traffic/spike", "Switch spike notifications on or off"),
        _switch("spike"),
        method="PUT",
        tag="Traffic spikes",
    ),
    Setting(
        *("spike_threshold", "/api/v1/traffic/spike", "Configure spike notifications"),
        _threshold("spike"),
        fields=(_number("threshold", MOST_VISITORS, "Visitors that are active at once."),),
        tag="Traffic spikes",
    ),
    Setting(
        *("warning_toggle", "/api/v1/traffic/warning", "Switch traffic warnings on or off"),
        _switch("warning"),
        method="PUT",
        tag="Traffic warnings",
    ),
    Setting(
        *("warning_threshold", "/api/v1/traffic/warning", "Configure traffic warnings"),
        _threshold("warning"),
        fields=(_number("threshold", MOST_DAYS, "Days without any traffic."),),
        tag="Traffic warnings",
    ),
)
