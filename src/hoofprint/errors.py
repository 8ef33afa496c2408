"""Every error Hoofprint raises on purpose, as one tree.

    HoofprintError
    ├── SettingsError         a setting is unknown, malformed or contradictory
    ├── Invalid               input of a caller is wrong; names every failing field
    ├── Unauthenticated       credentials are missing, wrong or expired
    ├── Forbidden             the caller is known but may not do this
    ├── NotFound              the object does not exist, or the caller may not know that it does
    │   └── UnknownHost       no dashboard is served under the host of a request
    ├── TooLarge              the request body is larger than allowed
    ├── TooManyRequests       a rate limit was hit; says when to come back
    ├── HungUp                the caller went away before its turn came
    ├── Unavailable           a part is not ready; the caller may retry
    │   ├── SpoolFull         the spool's disk took nothing: nothing was accepted
    │   ├── TooBusy           so many questions are asked that this one's turn did not come
    │   └── DnsFailed         the DNS could not be asked, or did not answer in time
    ├── SpoolCorrupt          a spool segment fails its checksum where it may not
    ├── MailNotSent           the mail server did not take a mail; it may be tried again
    │   └── MailRefused       it never will
    └── StoreError            the fact store refused a statement
        ├── QueryTooLarge     a question needs more memory than a question may take
        └── QueryTooSlow      a question needs more time than a question may take

Only `api/errors.py` knows which status code and body each one becomes.
"""

from __future__ import annotations

from collections.abc import Mapping


class HoofprintError(Exception):
    """The root of everything raised on purpose."""


class SettingsError(HoofprintError):
    """A setting is unknown, malformed or contradictory; the text names it."""


class Invalid(HoofprintError):
    """The caller's input is wrong.

    `fields` maps each failing field to what is wrong with it; `messages` holds what belongs to no
    single field.
    """

    def __init__(self, fields: Mapping[str, str] | None = None, *messages: str) -> None:
        self.fields = dict(fields or {})
        self.messages = messages
        super().__init__("; ".join([*(f"{k}: {v}" for k, v in self.fields.items()), *messages]))


class Unauthenticated(HoofprintError):
    """Credentials are missing, wrong or expired."""


class Forbidden(HoofprintError):
    """The caller is known but may not do this."""


class NotFound(HoofprintError):
    """The object does not exist, or the caller may not know that it does."""


class UnknownHost(NotFound):
    """No dashboard is served under the host of a request, nor is it the instance's own."""


class TooLarge(HoofprintError):
    """The request body is larger than allowed."""


class TooManyRequests(HoofprintError):
    """A rate limit was hit; `retry_after` says in how many seconds to come back.

    `limit` is how often it would have been fine.
    """

    def __init__(self, retry_after: int, limit: int) -> None:
        self.retry_after = retry_after
        self.limit = limit
        super().__init__(f"too many requests, retry in {retry_after} s")


class HungUp(HoofprintError):
    """The caller went away before its turn came: nobody waits for an answer."""


class Unavailable(HoofprintError):
    """A part of the server is not ready; the caller may retry after so many seconds."""

    retry_after = 1


class SpoolFull(Unavailable):
    """The spool could not write: nothing of the request was accepted."""


class TooBusy(Unavailable):
    """So many questions are asked at once that the turn of this one did not come."""

    retry_after = 5


class DnsFailed(Unavailable):
    """The DNS could not be asked, or did not answer in time."""

    retry_after = 60


class SpoolCorrupt(HoofprintError):
    """A spool segment fails its checksum at a place where a torn write is no explanation."""


class MailNotSent(HoofprintError):
    """The mail server did not take a mail, or could not be reached; it may be tried again."""


class MailRefused(MailNotSent):
    """The mail server will never take this mail."""


class StoreError(HoofprintError):
    """The fact store refused a statement."""


class QueryTooLarge(StoreError):
    """A question needs more memory than one question may take."""


class QueryTooSlow(StoreError):
    """A question needs more time than one question may take, at least right now."""

    retry_after = 30
