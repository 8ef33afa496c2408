"""Pictures that people upload, decoded and encoded anew: nothing of the file itself is served."""

from __future__ import annotations

import struct
import warnings
import zlib
from io import BytesIO

from msgspec import Struct
from PIL import Image, ImageOps

MOST_BYTES = 1_000_000
"""So large may a file be."""
MOST_PIXELS = 16_000_000
"""So many pixels may it become; more are refused before they are decoded."""
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "ICO")
SVG_STARTS = (b"<svg", b"<?xml", b"<!doctype", b"<!--")
BOM = b"\xef\xbb\xbf"
TAKEN = "PNG, JPEG, WebP, GIF or ICO"
IS_SVG = f"is an SVG, which may hold scripts: send {TAKEN}"
NO_PICTURE = f"is no picture that can be read: send {TAKEN}"
TOO_LARGE = f"must have at most {MOST_BYTES} bytes"
TOO_MANY = f"must have at most {MOST_PIXELS} pixels"

# Pillow looks at the size before it decodes anything, at that of a picture inside an ICO, too; its
# warning is a refusal here.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
BROKEN = (
    *(OSError, EOFError, SyntaxError, ValueError, TypeError, IndexError, KeyError, AttributeError),
    *(OverflowError, MemoryError, RuntimeError, NotImplementedError, struct.error, zlib.error),
)
"""What Pillow raises for files that are broken or made to break it."""


class Unreadable(ValueError):
    """A file is no picture that is taken; the text says why."""


class Form(Struct, frozen=True):
    """What a picture becomes: at most so many pixels wide and high, or exactly with `filled`."""

    width: int
    height: int
    square: bool = False
    filled: bool = False
    format: str = "png"


LOGO = Form(800, 400)
FAVICON = Form(192, 192, square=True)
PORTRAIT = Form(256, 256, filled=True, format="webp")


class Picture(Struct, frozen=True):
    """A picture that was made here; `format` is what the name of its file ends with."""

    content: bytes
    format: str


def clean(content: bytes, form: Form) -> Picture:
    """The picture in a file in the form that it is wanted in; it blocks for up to a second.

    Of several frames the first counts; metadata is left out. Raises Unreadable.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(TOO_LARGE)
    start = content.removeprefix(BOM).lstrip()[:16].lower()
    if start.startswith(SVG_STARTS):
        raise Unreadable(IS_SVG)
    try:
        return Picture(_encoded(_fitted(_decoded(content), form), form), form.format)
    except BOMBS:
        raise Unreadable(TOO_MANY) from None
    except BROKEN:
        raise Unreadable(NO_PICTURE) from None


def _decoded(content: bytes) -> Image.Image:
    with Image.open(BytesIO(content), formats=FORMATS) as opened:
        opened.load()
        return ImageOps.exif_transpose(opened).convert("RGBA")


def _fitted(picture: Image.Image, form: Form) -> Image.Image:
    size = (form.width, form.height)
    if form.filled:
        return ImageOps.fit(picture, size)
    picture.thumbnail(size)
    if not form.square:
        return picture
    side = max(picture.size)
    return ImageOps.pad(picture, (side, side), color=(0, 0, 0, 0))


def _encoded(picture: Image.Image, form: Form) -> bytes:
    """The bytes of a new file that holds the pixels and nothing else."""
    bare = Image.new("RGBA", picture.size)
    bare.paste(picture)
    written = BytesIO()
    if form.format == "png":
        bare.save(written, "PNG", optimize=True)
    else:
        bare.save(written, "WEBP", quality=85, method=4)
    return written.getvalue()
