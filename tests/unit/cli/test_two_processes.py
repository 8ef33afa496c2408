from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hoofprint.management.directory import Directory
from hoofprint.management.exchange import Exchange
from hoofprint.management.signing import signing_key
from hoofprint.management.tokens import Tokens
from hoofprint.records.engine import open_records


def hoofprint(data: Path, *arguments: str) -> Any:
    """What the command prints, run as an operator would."""
    command = [sys.executable, "-c", "from hoofprint.cli.main import main; main()"]
    done = subprocess.run(
        [*command, *arguments, "--data-dir", str(data)], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_a_running_process_sees_what_the_command_line_creates(
    tmp_path: Path, empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOFPRINT_DATABASE_URL", empty_database)
    now = [1_700_000_000.0]
    records = open_records(empty_database)
    records.upgrade()
    tokens = Tokens(signing_key(tmp_path))
    directory = Directory(records, lambda: now[0], tokens)
    exchange = Exchange(records, tokens, lambda: now[0])

    # A reader whose transaction is still open must not hold the other process up.
    def while_reading(_: object) -> tuple[Any, Any, Any]:
        hoofprint(
            tmp_path, "user", "create", "--email", "a@example.com", "--password", "correct horse"
        )
        domain = hoofprint(tmp_path, "domain", "create", "--hostname", "example.com")
        oauth = hoofprint(tmp_path, "client", "create", "--domain", domain["id"])
        key = hoofprint(tmp_path, "client", "create", "--domain", domain["id"], "--type", "token")
        return domain, oauth, key

    domain, oauth, key = records.read(while_reading)
    found = asyncio.run(directory.domain_by_code(domain["identification_code"]))
    assert found is not None
    assert found.id == domain["id"]
    token = asyncio.run(exchange.exchange(oauth["client_id"], oauth["client_secret"]))
    for bearer in (token.access_token, key["access_key"]):
        assert asyncio.run(directory.principal(bearer)).domain_id == domain["id"]
    records.close()
