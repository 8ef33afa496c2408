"""Files to upload, made while the tests run, and the forms that hold them."""

from __future__ import annotations

import json
import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

BOUNDARY = "a-boundary"
FORM = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'


def picture(form: str = "PNG", size: tuple[int, int] = (40, 20), **saved: Any) -> bytes:
    """A red picture in a format."""
    made = Image.new("P" if form == "GIF" else "RGB", size, "red" if form != "GIF" else 1)
    written = BytesIO()
    made.save(written, form, **saved)
    return written.getvalue()


def bomb(side: int) -> bytes:
    """A small PNG that says it has so many pixels each way, with nothing in it."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    zeros = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zeros) + chunk(b"IEND", b"")
    )


def form(data: Any = None, **files: bytes) -> bytes:
    """A multipart body with JSON as `data` and files."""
    parts = [] if data is None else [_part('name="data"', json.dumps(data).encode())]
    parts += [_part(f'name="{k}"; filename="{k}.x"', content) for k, content in files.items()]
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def _part(named: str, content: bytes) -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {named}\r\n\r\n"
    return head.encode() + content + b"\r\n"
