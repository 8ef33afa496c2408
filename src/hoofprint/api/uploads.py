"""Bodies with files: a form of pictures and of JSON in its part `data`, read within limits."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import NamedTuple

from litestar.datastructures import State
from multipart import (
    MultipartError,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

from hoofprint.api.body import Body, read_body_of
from hoofprint.api.callers import Asked
from hoofprint.errors import Invalid, TooLarge
from hoofprint.management.pictures import (
    MOST_BYTES,
    TOO_LARGE,
    Form,
    Picture,
    Unreadable,
    clean,
)

FORM = "multipart/form-data"
DATA = "data"
MOST_PARTS = 16
MOST_DATA_BYTES = 512 * 1024
MOST_DECODING = 2
"""So many pictures are decoded at once."""


class Upload(NamedTuple):
    """What was sent: its fields, which know what is wrong with the files, and the pictures."""

    body: Body
    pictures: dict[str, Picture]


async def read_upload(request: Asked, state: State, forms: Mapping[str, Form]) -> Upload:
    """The fields of a form and its pictures, by the names in `forms`; or of JSON without files.

    A part without content counts as not there. Raises Invalid when it can't be read, TooLarge.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind.lower() != FORM:
        return Upload(read_body_of(await _whole(request)), {})
    parts = await _parts(request, options.get("boundary", ""), {DATA, *forms})
    body = read_body_of(bytes(parts.pop(DATA, b"")))
    pictures: dict[str, Picture] = {}
    decoding: asyncio.Semaphore = state["decoding"]
    for name, content in parts.items():
        if not content:
            continue
        if len(content) > MOST_BYTES:
            body.wrong[name] = TOO_LARGE
            continue
        try:
            async with decoding:
                pictures[name] = await asyncio.to_thread(clean, bytes(content), forms[name])
        except Unreadable as error:
            body.wrong[name] = str(error)
    return Upload(body, pictures)


async def _whole(request: Asked) -> bytes:
    """A body without files."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MOST_DATA_BYTES:
            raise TooLarge
    return bytes(content)


async def _parts(request: Asked, boundary: str, wanted: Collection[str]) -> dict[str, bytearray]:
    """The contents of the wanted parts.

    The whole body is refused as soon as more of it came than it may have.
    """
    most = (len(wanted) - 1) * MOST_BYTES + MOST_DATA_BYTES
    total = 0
    try:
        parts = _Parts(boundary, wanted)
        async for chunk in request.stream():
            total += len(chunk)
            if total > most:
                raise TooLarge
            parts.read(chunk)
        parts.end()
    except ParserLimitReached:
        raise Invalid(
            {}, f"a form may have at most {MOST_PARTS} parts, with short headers"
        ) from None
    except (MultipartError, UnicodeError, LookupError):
        raise Invalid({}, "the form can't be read as multipart/form-data") from None
    if len(parts.found.get(DATA, b"")) > MOST_DATA_BYTES:
        raise TooLarge
    return parts.found


class _Parts:
    """The wanted parts of a form while it comes in; a file keeps a byte more than it may have."""

    def __init__(self, boundary: str, wanted: Collection[str]) -> None:
        self.found: dict[str, bytearray] = {}
        self._wanted = wanted
        self._parser = PushMultipartParser(boundary, max_segment_count=MOST_PARTS)
        self._open: bytearray | None = None

    def read(self, chunk: bytes) -> None:
        for event in self._parser.parse(chunk):
            if event is None:
                self._open = None
            elif not isinstance(event, bytes | bytearray):
                if event.name in self._wanted:
                    self._open = self.found[event.name] = bytearray()
            elif self._open is not None:
                self._open += event[: MOST_BYTES + 1 - len(self._open)]

    def end(self) -> None:
        """Raises MultipartError when something is missing."""
        self._parser.close()
