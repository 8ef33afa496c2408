"""Writes small MMDB files: real files for the real reader, of records that a test chooses."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Node = list[Any]
_MAP, _TEXT, _UINT16, _UINT32, _UINT64, _ARRAY = 7, 2, 5, 6, 9, 11
_UINTS = {"build_epoch": _UINT64, "node_count": _UINT32}


def write(path: Path, version: int, records: Mapping[str, Mapping[str, Any]]) -> Path:
    """A file of addresses of one IP version; `records` are by network."""
    root: Node = [None, None]
    data = b""
    for network, record in records.items():
        _insert(root, network, version, len(data))
        data += _encoded(record)
    nodes = _numbered(root)
    count = len(nodes)
    numbers = {id(node): number for number, node in enumerate(nodes)}
    tree = b"".join(_number(side, numbers, count) for node in nodes for side in node)
    about = {
        "binary_format_major_version": 2,
        "binary_format_minor_version": 0,
        "build_epoch": 1,
        "database_type": "Test",
        "description": {"en": "test"},
        "ip_version": version,
        "languages": ["en"],
        "node_count": count,
        "record_size": 32,
    }
    path.write_bytes(tree + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + _encoded(about))
    return path


def _insert(root: Node, network: str, version: int, offset: int) -> None:
    net = ipaddress.ip_network(network)
    assert net.version == version
    bits = f"{int(net.network_address):0{net.max_prefixlen}b}"[: net.prefixlen]
    node = root
    for bit in bits[:-1]:
        if node[int(bit)] is None:
            node[int(bit)] = [None, None]
        node = node[int(bit)]
    node[int(bits[-1])] = offset


def _numbered(root: Node) -> list[Node]:
    nodes = [root]
    for node in nodes:
        nodes += [side for side in node if isinstance(side, list)]
    return nodes


def _number(side: Node | int | None, numbers: Mapping[int, int], count: int) -> bytes:
    if side is None:
        number = count
    elif isinstance(side, list):
        number = numbers[id(side)]
    else:
        number = count + 16 + side
    return number.to_bytes(4, "big")


def _encoded(value: object, name: str = "") -> bytes:
    if isinstance(value, Mapping):
        pairs = (_encoded(key) + _encoded(item, key) for key, item in value.items())
        return _control(_MAP, len(value)) + b"".join(pairs)
    if isinstance(value, list):
        return _control(_ARRAY, len(value)) + b"".join(_encoded(item) for item in value)
    if isinstance(value, str):
        text = value.encode()
        return _control(_TEXT, len(text)) + text
    assert isinstance(value, int)
    number = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return _control(_UINTS.get(name, _UINT16), len(number)) + number


def _control(kind: int, size: int) -> bytes:
    length = min(29, size)
    more = b"" if size < 29 else bytes([size - 29])
    assert size < 29 + 256
    if kind > _MAP:
        return bytes([length, kind - 7]) + more
    return bytes([(kind << 5) | length]) + more
