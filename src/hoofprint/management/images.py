"""Pictures in the records: kept, copied and forgotten with what they belong to, and served."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from hoofprint.errors import NotFound
from hoofprint.management.pictures import FAVICON, LOGO, Form, Picture
from hoofprint.management.transactions import Transactions
from hoofprint.model.looks import FILES as NAMES
from hoofprint.records.ids import ID_LENGTH, is_text_of
from hoofprint.records.moments import moment
from hoofprint.records.tables import ImageRecord
from hoofprint.records.tables.themes import TAG_LENGTH

PATH = "/image"
FILES: Mapping[str, Form] = {name: FAVICON if name == "favicon" else LOGO for name in NAMES}
"""The files of a theme, by the names of the settings that hold their addresses."""
PORTRAIT_NAME = "picture"
MEDIA_TYPES = {"png": "image/png", "webp": "image/webp"}
NAME_PARTS = 3


class Owner(NamedTuple):
    """What a picture belongs to: a theme, a domain or a person; the others are empty."""

    theme_id: str | None = None
    domain_id: str | None = None
    user_id: str | None = None

    @property
    def id(self) -> str:
        """Its id."""
        return self.theme_id or self.domain_id or self.user_id or ""


class Served(NamedTuple):
    """A picture as it is sent; `tag` is another one for another content."""

    content: bytes
    media_type: str
    tag: str


class Images:
    """Finds pictures by their addresses."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def read(self, owner_id: str, file: str) -> Served:
        """The picture at `/image/{owner_id}/{file}`. Raises NotFound, also for an older content."""
        parts = file.split(".")
        fits = is_text_of(owner_id, ID_LENGTH) and len(parts) == NAME_PARTS
        if not fits or not file.isascii() or "\0" in file:
            raise NotFound
        name, tag, form = parts

        def work(session: Session) -> ImageRecord | None:
            ids = (ImageRecord.theme_id, ImageRecord.domain_id, ImageRecord.user_id)
            of = or_(*(column == owner_id for column in ids))
            return session.scalar(select(ImageRecord).filter_by(name=name, tag=tag).where(of))

        found = await self._transactions.read(work)
        if found is None or found.format != form:
            raise NotFound
        return Served(found.content, MEDIA_TYPES[form], found.tag)


def keep_image(session: Session, owner: Owner, name: str, picture: Picture, now: float) -> str:
    """The address of a picture, which replaces the one that its owner had under the name."""
    tag = hashlib.sha256(picture.content).hexdigest()[:TAG_LENGTH]
    record = session.scalar(select(ImageRecord).where(_of(owner), ImageRecord.name == name))
    if record is None:
        record = ImageRecord(**owner._asdict(), name=name, def_time=moment(now))
        session.add(record)
    record.mod_time = moment(now)
    record.tag, record.format, record.content = tag, picture.format, picture.content
    return address(owner, name, tag, picture.format)


def copy_images(
    session: Session, source: Owner, target: Owner, names: Iterable[str], now: float
) -> dict[str, str]:
    """The addresses of copies of some of an owner's pictures for another one, by their names."""
    wanted = select(ImageRecord).where(_of(source), ImageRecord.name.in_(list(names)))
    return {
        one.name: keep_image(session, target, one.name, Picture(one.content, one.format), now)
        for one in session.scalars(wanted).all()
    }


def forget_image(session: Session, owner: Owner, name: str) -> None:
    """Remove a picture. Raises NotFound."""
    found = session.scalar(select(ImageRecord).where(_of(owner), ImageRecord.name == name))
    if found is None:
        raise NotFound
    session.delete(found)


def address(owner: Owner, name: str, tag: str, form: str) -> str:
    """The path under which every host of this instance serves a picture."""
    return f"{PATH}/{owner.id}/{name}.{tag}.{form}"


def _of(owner: Owner) -> ColumnElement[bool]:
    if owner.theme_id is not None:
        return ImageRecord.theme_id == owner.theme_id
    if owner.domain_id is not None:
        return ImageRecord.domain_id == owner.domain_id
    return ImageRecord.user_id == owner.user_id
