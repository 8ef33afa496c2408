"""Programs that a test needs and a machine may not have."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

NODE_DIRECTORY = Path(__file__).with_name("node")


def needs(program: str) -> str:
    """The path of a program. Without it the test is skipped, or fails where all is required."""
    found = shutil.which(program)
    if found is None:
        _missing(f"{program} is not installed")
    return found


def needs_package(name: str) -> Path:
    """`needs` for a package of `tests/e2e/node`; the directory to run Node.js in."""
    if not (NODE_DIRECTORY / "node_modules" / name).is_dir():
        _missing(f"the npm package {name} is not installed: make test installs it where npm is")
    return NODE_DIRECTORY


def _missing(what: str) -> NoReturn:
    if os.environ.get("REQUIRE_ALL_TESTS") == "1":
        pytest.fail(f"{what}, and REQUIRE_ALL_TESTS is set")
    pytest.skip(what)
