"""What the logs show, and what they never do."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from hoofprint.api.logs import configure, outline
from hoofprint.settings import Settings


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_json_logs_are_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure(Settings(log_format="json"))
    structlog.get_logger("x").info("stored", rows=5)
    logging.getLogger("uvicorn.error").warning("from a library")
    first, second = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (first["event"], first["rows"], first["level"]) == ("stored", 5, "info")
    assert (second["event"], second["level"]) == ("from a library", "warning")
    assert first["timestamp"].endswith("Z")


def test_console_logs_are_lines_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    configure(Settings(log_format="console"))
    structlog.get_logger("x").warning("careful", part="store")
    shown = capsys.readouterr().err
    assert "careful" in shown
    assert "part=store" in shown


def test_the_level_is_the_settings(capsys: pytest.CaptureFixture[str]) -> None:
    configure(Settings(log_level="error"))
    structlog.get_logger("x").warning("hidden")
    assert capsys.readouterr().err == ""


def test_accesses_are_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    configure(Settings(log_level="debug"))
    logging.getLogger("uvicorn.access").info('81.2.69.142 - "GET /hit?url=secret"')
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_traceback_shows_no_values_of_variables(
    style: str, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(Settings(log_format="json" if style == "json" else "console"))

    def fail(ip: str) -> None:
        raise ZeroDivisionError(len(ip))

    address = f"81.2.69.{100 + 42}"  # not to be found in the source line that a traceback quotes
    try:
        fail(address)
    except ZeroDivisionError:
        structlog.get_logger("x").exception("crashed")
    shown = capsys.readouterr().err
    assert "ZeroDivisionError" in shown
    assert address not in shown


def test_an_outline_has_types_and_places_but_no_messages() -> None:
    try:
        try:
            int("81.2.69.142")
        except ValueError as cause:
            raise KeyError("Mozilla/5.0") from cause
    except KeyError as error:
        shown = outline(error)
    assert shown["type"] == "KeyError"
    assert "ValueError" in shown["traceback"]
    assert "test_logs.py" in shown["traceback"]
    assert "invalid literal" not in shown["traceback"]
