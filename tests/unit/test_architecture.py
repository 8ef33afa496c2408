"""The rules that keep the code as ARCHITECTURE.md draws it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "hoofprint"
PACKAGE = "hoofprint"
MOST_LINES = 500

# What the modules of a package may import of ours; "" stands for the modules beside the packages.
CORE = {"model", "errors", "settings"}
MAY_IMPORT: dict[str, set[str]] = {
    "model": set(),
    "errors": set(),
    "settings": {"errors"},
    "ingest": {"model", "errors"},
    "sessions": {"model", "errors"},
    "query": {"model", "errors"},
    "spool": CORE,
    "store": CORE | {"sessions", "spool", "query"},
    "mail": CORE,
    "records": CORE | {"sessions"},
    "management": CORE | {"records", "mail"},
    "jobs": CORE | {"sessions", "spool", "management", "records", "mail"},
    "tracker": CORE,
    "dashboard": CORE,
    "resolver": CORE,
    "testing": CORE | {"ingest"},
    "importing": CORE | {"ingest", "jobs", "management", "records", "store"},
    "api": CORE
    | {"ingest", "query", "store", "management", "records", "spool", "tracker"}
    | {"dashboard"},
    "pages": CORE | {"api", "management", "records"},
    "bootstrap": CORE
    | {"api", "importing", "ingest", "jobs", "mail", "management", "pages", "records"}
    | {"resolver", "sessions", "spool", "store"},
    "serving": CORE | {"api", "bootstrap", "ingest", "management"},
    "cli": CORE
    | {"bootstrap", "importing", "ingest", "management", "records", "serving", "spool", "store"}
    | {"testing"},
}
# Third-party packages that only these of ours may import.
ONLY_IN: dict[str, set[str]] = {
    "chdb": {"store"},
    "clickhouse_connect": {"store"},
    "litestar": {"api", "pages"},
    "jinja2": {"pages"},
    "markupsafe": {"pages"},
    "pyotp": {"management"},
    "segno": {"management"},
    "sqlalchemy": {"records", "management"},
    "alembic": {"records"},
    "uvicorn": {"serving", "api"},
    "click": {"cli"},
    "httpx": {"jobs"},
    "dns": {"resolver"},
    "PIL": {"management"},
    "multipart": {"api"},
}
# A pure package looks at nothing but its arguments.
PURE = ("model", "sessions", "query")
IMPURE = {"os", "time", "socket", "random", "secrets", "threading", "asyncio", "subprocess"}
LONG_FILES: dict[str, str] = {}
"""Files past the limit, each with its reason."""


def sources() -> list[Path]:
    return sorted(p for p in SOURCE.rglob("*.py") if "__pycache__" not in p.parts)


def part_of(path: Path) -> str:
    first = path.relative_to(SOURCE).parts[0]
    return first.removesuffix(".py")


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: imports are absolute"
            found.add(node.module)
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return found


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_point_one_way(path: Path) -> None:
    own = part_of(path)
    if own == "__init__":
        return
    allowed = MAY_IMPORT[own] | {own}
    for name in imports_of(path):
        parts = name.split(".")
        if parts[0] == PACKAGE and len(parts) > 1 and (SOURCE / parts[1]).with_suffix("").name:
            exists = (SOURCE / parts[1]).is_dir() or (SOURCE / f"{parts[1]}.py").exists()
            assert not exists or parts[1] in allowed, f"{own} may not import {parts[1]}"
        owners = ONLY_IN.get(parts[0])
        assert owners is None or own in owners, f"{parts[0]} belongs to {owners}, not to {own}"


@pytest.mark.parametrize("path", [p for p in sources() if part_of(p) in PURE], ids=str)
def test_a_pure_package_touches_no_clock_disk_or_network(path: Path) -> None:
    assert not imports_of(path) & IMPURE


@pytest.mark.parametrize("path", [*sources(), *sorted((ROOT / "tests").rglob("*.py"))], ids=str)
def test_files_stay_small(path: Path) -> None:
    lines = len(path.read_text().splitlines())
    name = str(path.relative_to(ROOT))
    assert lines <= MOST_LINES or name in LONG_FILES, f"{name} has {lines} lines"


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_module_says_in_its_first_line_what_it_is(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text()))
    assert docstring, f"{path} has no docstring"
    assert docstring.splitlines()[0].endswith((".", ":")), docstring.splitlines()[0]


NAMED = re.compile(r"(?<![\w/.])[a-z_]+(?:/[a-z_]+)*(?:/|\.py)(?![\w/*])")
"""A module or a package, as the text of ARCHITECTURE.md writes it below `src/hoofprint`."""
BESIDE_THE_SOURCE = {"src/hoofprint/", "tests/", "bench/", "unit/", "contracts/", "laws/", "e2e/"}


@pytest.mark.parametrize(
    "name", sorted(set(NAMED.findall((ROOT / "ARCHITECTURE.md").read_text())) - BESIDE_THE_SOURCE)
)
def test_what_the_architecture_names_exists(name: str) -> None:
    assert (SOURCE / name).exists() or (ROOT / name).exists()


def test_the_architecture_names_every_package() -> None:
    named = set(NAMED.findall((ROOT / "ARCHITECTURE.md").read_text()))
    packages = {f"{path.parent.name}/" for path in SOURCE.glob("*/__init__.py")}
    assert packages <= named
