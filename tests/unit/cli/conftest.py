"""A terminal on a data directory of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hoofprint.cli.main import run

PASSWORD = "correct horse"


class Terminal:
    """Runs commands on one data directory and reads what they print."""

    def __init__(self, data: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.data = data
        self._capture = capture
        self.error: list[str] = []

    def lines(self, *arguments: str) -> list[Any]:
        code = run([*arguments, "--data-dir", str(self.data)])
        output, error = self._capture.readouterr()
        assert (code, error) == (0, "")
        return [json.loads(line) for line in output.splitlines()]

    def one(self, *arguments: str) -> Any:
        (line,) = self.lines(*arguments)
        return line

    def fails(self, *arguments: str) -> tuple[int, list[str]]:
        code = run([*arguments, "--data-dir", str(self.data)])
        output, error = self._capture.readouterr()
        assert output == ""
        return code, error.splitlines()

    def user(self, email: str = "ada@example.com") -> Any:
        return self.one("user", "create", "--email", email, "--password", PASSWORD)

    def domain(self, *more: str) -> Any:
        return self.one("domain", "create", "--hostname", "example.com", "--timezone", "UTC", *more)


@pytest.fixture
def terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(tmp_path / "deep" / "data", capsys)
