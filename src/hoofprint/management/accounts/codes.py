"""Codes that work once: in the links of mails, for the first account, between two steps of a login.

A code is random, so that nobody can guess it; the records hold its SHA-256 only.
"""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid
from hoofprint.management.clients import hash_secret
from hoofprint.records.ids import CODE_LENGTH, is_text_of, new_code
from hoofprint.records.moments import moment
from hoofprint.records.tables import CodeKind, CodeRecord

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
LIFETIMES = {
    CodeKind.SETUP: 365 * DAY,
    CodeKind.CONFIRM: DAY,
    CodeKind.EMAIL: DAY,
    CodeKind.RESET: HOUR,
    CodeKind.SECOND: 5 * MINUTE,
}
"""So long each of them works, in seconds; one for the first account ends with the next start."""
USELESS = "is wrong, too old, or was used already"


def give(session: Session, kind: CodeKind, user_id: str | None, now: float, email: str = "") -> str:
    """A new code. Earlier ones of the kind work no longer, so that only the last mail counts.

    Between two steps of a login there may be several: one for each browser.
    """
    if kind is not CodeKind.SECOND:
        forget(session, user_id, kind)
    code = new_code()
    session.add(
        CodeRecord(
            def_time=moment(now),
            mod_time=moment(now),
            user_id=user_id,
            kind=kind.value,
            code_hash=hash_secret(code),
            email=email,
            ends=moment(now + LIFETIMES[kind]),
        )
    )
    return code


def find(session: Session, code: str, now: float, *kinds: CodeKind) -> CodeRecord:
    """A code of one of these kinds that still works; whoever uses it deletes it.

    Nobody else can use it until the transaction ends. Raises Invalid.
    """
    found = None
    if is_text_of(code, CODE_LENGTH):
        wanted = select(CodeRecord).where(
            CodeRecord.code_hash == hash_secret(code),
            CodeRecord.kind.in_([kind.value for kind in kinds]),
            CodeRecord.ends > moment(now),
        )
        found = session.scalar(wanted.with_for_update())
    if found is None:
        raise Invalid({"code": USELESS})
    return found


def forget(session: Session, user_id: str | None, *kinds: CodeKind) -> None:
    """End an account's codes of these kinds, or of all kinds."""
    mine = delete(CodeRecord).where(CodeRecord.user_id == user_id)
    if kinds:
        mine = mine.where(CodeRecord.kind.in_([kind.value for kind in kinds]))
    session.execute(mine)
