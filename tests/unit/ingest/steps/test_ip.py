"""The visitor's address in one form (`rules.md` 1.5)."""

from __future__ import annotations

import pytest

from hoofprint.ingest.steps.ip import STEP

from .sample import asked, done


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8.8.8.8", "8.8.8.8"),
        ("8.8.8.8:1234", "8.8.8.8"),
        ("10.0.0.1, 8.8.8.8", "8.8.8.8"),
        ("::ffff:8.8.8.8", "8.8.8.8"),
        ("[2001:4860:4860:0:0:0:0:8888]:443", "2001:4860:4860::8888"),
        ("192.168.1.1", "192.168.1.1"),
        ("unknown", ""),
        ("", ""),
        (None, ""),
        ("x" * 5000, ""),
    ],
)
def test_ports_lists_and_spellings_of_an_address_come_to_one_form(
    text: str | None, expected: str
) -> None:
    assert done(STEP, asked(ip=text)) == {"ip": expected}
