"""The spool's unit on disk: one request's records in a checksummed frame.

    length   u32   bytes of the payload
    checksum u32   CRC-32 of everything after this field
    first    u64   position of the first record
    count    u32   records in the payload
    payload        MessagePack list of arrivals and drops

A frame holds all records of a request, so a batch is on disk as a whole or not at all.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from zlib import crc32

import msgspec
from msgspec import Struct

from hoofprint.model.arrival import Arrival, Dropped

Record = Arrival | Dropped

_HEADER = struct.Struct("<IIQI")
_CHECKED = struct.Struct("<QI")
_LENGTHS = struct.Struct("<II")
HEADER_BYTES = _HEADER.size
_HIGH_OFFSET = _LENGTHS.size + 4

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Record]).decode


class Frame(Struct, frozen=True, gc=False):
    """A frame found in a segment: `first` is its first record's position, `end` its last byte's."""

    first: int
    count: int
    start: int
    end: int


def encode_payload(records: Sequence[Record]) -> bytes:
    """The payload of a frame."""
    return _encode(records)


def decode_payload(payload: bytes | memoryview) -> list[Record]:
    """The records of a payload. Raises msgspec.DecodeError if it is not one."""
    return _decode(payload)


def encode_frame(first: int, count: int, payload: bytes) -> bytes:
    """A frame around a payload, ready to be appended."""
    checked = _CHECKED.pack(first, count)
    checksum = crc32(payload, crc32(checked))
    return _LENGTHS.pack(len(payload), checksum) + checked + payload


def scan(data: bytes | memoryview, offset: int = 0) -> Iterator[Frame]:
    """The whole frames in `data` from `offset` on, up to the first that is torn or corrupt."""
    view = memoryview(data)
    size = len(view)
    while offset + HEADER_BYTES <= size:
        length, checksum, first, count = _HEADER.unpack_from(view, offset)
        end = offset + HEADER_BYTES + length
        if count == 0 or end > size or crc32(view[offset + 8 : end]) != checksum:
            return
        yield Frame(first, count, offset, end)
        offset = end


def resync(data: bytes | memoryview, offset: int, position: int) -> Frame | None:
    """The first whole frame behind a damaged stretch that begins at `offset`.

    `position` is the one that the damaged frame had: the frame looked for comes after it.
    """
    data = bytes(data)
    for high in (position >> 32, (position >> 32) + 1):  # the upper half of `first`, found by bytes
        sought = high.to_bytes(4, "little")
        at = data.find(sought, offset + 1 + _HIGH_OFFSET)
        while at >= 0:
            frame = next(scan(data, at - _HIGH_OFFSET), None)
            if frame is not None and frame.first > position:
                return frame
            at = data.find(sought, at + 1)
    return None
