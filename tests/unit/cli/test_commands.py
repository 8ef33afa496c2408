from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hoofprint.model.principal import Scope
from hoofprint.testing.archives import plausible_archive

from .conftest import PASSWORD, Terminal


def test_an_empty_data_directory_needs_no_further_step(terminal: Terminal) -> None:
    ada = terminal.user("Ada@Example.com")
    assert ada["email"] == "ada@example.com"
    domain = terminal.domain("--subdomain", "mine", "--display-name", "Mine", "--public")
    assert domain["user_id"] == ada["id"]
    assert (domain["subdomain"], domain["display_name"], domain["public"]) == ("mine", "Mine", True)
    client = terminal.one("client", "create", "--domain", domain["id"], "--type", "oauth")
    assert (len(client["client_id"]), len(client["client_secret"])) == (32, 64)
    assert client["domain_id"] == domain["id"]
    assert "access_key" not in client
    assert terminal.data.stat().st_mode & 0o777 == 0o700


def test_no_answer_holds_a_password(terminal: Terminal) -> None:
    assert "password" not in json.dumps(terminal.user())


def test_a_password_may_be_piped_in(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\nmore\n"))
    assert terminal.one("user", "create", "--email", "ada@example.com")["id"]
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    code, lines = terminal.fails("user", "create", "--email", "bob@example.com")
    assert (code, lines) == (2, ["password: must have at least 10 characters"])


def test_an_access_key_is_printed_under_both_names(terminal: Terminal) -> None:
    terminal.user()
    domain = terminal.domain()
    client = terminal.one("client", "create", "--domain", domain["id"], "--type", "token")
    assert client["access_key"].startswith("pa_")
    assert client["client_secret"] == client["access_key"]
    assert client["type"] == "token"


def test_scopes_are_given_one_by_one(terminal: Terminal) -> None:
    terminal.user()
    given = ["--scope", "domains=rw", "--scope", "statistics=rw", "--description", "Agency"]
    client = terminal.one("client", "create", "--user", "ADA@example.com", *given)
    scopes = {scope: client[f"scope_{scope}"] for scope in Scope}
    assert {name: mode for name, mode in scopes.items() if mode} == {
        "domains": "w",
        "statistics": "r",
    }
    assert client["description"] == "Agency"
    assert client["domain_id"] is None


def test_an_oauth_client_gets_the_usual_scopes(terminal: Terminal) -> None:
    terminal.user()
    client = terminal.one("client", "create", "--user", "ada@example.com")
    scopes = {scope.value: client[f"scope_{scope}"] for scope in Scope}
    assert scopes == {
        "hit": "w",
        "event": "w",
        "session": "w",
        "statistics": "r",
        "domains": "r",
        "organizations": "",
        "themes": "",
        "billing": "",
    }


def test_everything_is_listed_as_json_lines(terminal: Terminal) -> None:
    ada, bob = terminal.user(), terminal.user("bob@example.com")
    domain = terminal.domain("--owner", "bob@example.com")
    client = terminal.one("client", "create", "--domain", domain["id"])
    assert terminal.lines("user", "list") == [ada, bob]
    assert terminal.lines("domain", "list") == [domain]
    assert terminal.lines("domain", "list", "--owner", "bob@example.com") == [domain]
    assert terminal.lines("domain", "list", "--owner", "ada@example.com") == []
    del client["client_secret"]
    assert terminal.lines("client", "list") == [client]
    assert terminal.lines("client", "list", "--domain", domain["id"]) == [client]
    assert terminal.lines("client", "list", "--user", "bob@example.com") == []


def test_an_owner_is_needed_when_there_are_several_users(terminal: Terminal) -> None:
    arguments = ("domain", "create", "--hostname", "example.com")
    code, lines = terminal.fails(*arguments)
    assert (code, lines) == (2, ["owner: there is no account yet: create a user first"])
    terminal.user()
    terminal.user("bob@example.com")
    code, lines = terminal.fails(*arguments)
    assert (code, lines) == (2, ["owner: is required, because there are several accounts"])
    assert terminal.domain("--owner", "bob@example.com")["timezone"] == "UTC"


def test_every_failing_field_has_its_line(terminal: Terminal) -> None:
    terminal.user()
    code, lines = terminal.fails("user", "create", "--email", "nobody", "--password", "short")
    assert code == 2
    assert [line.split(":")[0] for line in lines] == ["email", "password"]
    code, lines = terminal.fails(
        "user", "create", "--email", "ADA@example.com", "--password", PASSWORD
    )
    assert (code, lines) == (2, ["email: is taken"])
    code, lines = terminal.fails("domain", "create", "--hostname", "a b", "--timezone", "Mars")
    assert code == 2
    assert [line.split(":")[0] for line in lines] == ["hostname", "timezone"]
    code, lines = terminal.fails("client", "create", "--domain", "nonsense")
    assert (code, lines) == (2, ["domain: is unknown"])


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("user", "create"),
        ("domain", "create", "--timezone", "UTC"),
        ("client", "create"),
        ("client", "create", "--domain", "x", "--user", "y"),
        ("client", "create", "--user", "ada@example.com", "--type", "cookie"),
        ("client", "create", "--user", "ada@example.com", "--scope", "hit"),
        ("client", "create", "--user", "ada@example.com", "--scope", "cookies=rw"),
        ("client", "create", "--user", "ada@example.com", "--type", "token", "--scope", "themes=r"),
        ("serve", "--port", "70000"),
        ("serve", "--nonsense"),
    ],
)
def test_bad_input_is_one_line_and_code_2(terminal: Terminal, arguments: tuple[str, ...]) -> None:
    terminal.user()
    code, lines = terminal.fails(*arguments)
    assert code == 2
    assert len(lines) == 1


def test_a_wrong_setting_is_bad_input(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOFPRINT_NONSENSE", "1")
    code, lines = terminal.fails("user", "list")
    assert (code, lines) == (2, ["environment: unknown setting nonsense"])


def test_a_failure_is_one_line_and_code_1(terminal: Terminal) -> None:
    terminal.data.mkdir(parents=True)
    (terminal.data / "records.sqlite3").write_bytes(b"not a database" * 1000)
    code, lines = terminal.fails("user", "list")
    assert code == 1
    assert len(lines) == 1
    assert "not a database" in lines[0]


def test_settings_come_from_the_environment_too(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOFPRINT_DATABASE_URL", f"sqlite:///{tmp_path}/elsewhere.sqlite3")
    terminal.user()
    assert (tmp_path / "elsewhere.sqlite3").exists()
    assert not terminal.data.exists()


def test_serve_hands_its_flags_over(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Any] = []

    class Serving:
        run = staticmethod(served.append)

    monkeypatch.setitem(sys.modules, "hoofprint.serving", Serving)
    assert terminal.lines("serve", "--host", "192.0.2.7", "--port", "0") == []
    (settings,) = served
    assert (settings.host, settings.port) == ("192.0.2.7", 0)
    assert settings.data_path == terminal.data


def test_commands_on_records_load_neither_the_store_nor_the_server(terminal: Terminal) -> None:
    terminal.user()
    program = (
        "import sys; from hoofprint.cli.main import run;"
        f"run(['user', 'list', '--data-dir', {str(terminal.data)!r}]);"
        "heavy = {'chdb', 'litestar', 'uvicorn', 'alembic'} & set(sys.modules);"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_an_archive_is_left_for_a_server_to_import(terminal: Terminal, tmp_path: Path) -> None:
    terminal.user()
    domain = terminal.domain()
    file = tmp_path / "export.zip"
    file.write_bytes(plausible_archive(date(2023, 6, 1), 2).data)
    begun = terminal.one("import", "plausible", str(file))
    assert (begun["domain_id"], begun["type"], begun["state"]) == (
        domain["id"],
        "plausible",
        "waiting",
    )
    [kept] = (terminal.data / "uploads").iterdir()
    assert kept.read_bytes() == file.read_bytes()
    code, said = terminal.fails("import", "plausible", str(file), "--domain", domain["id"])
    assert (code, said) == (2, ["domain: has an import that is not finished yet"])
    code, said = terminal.fails("import", "fathom", str(file))
    assert code == 2
    assert said[0].startswith("has none of the files site.csv")
    assert terminal.fails("import", "plausible", str(file), "--domain", "unknown000")[0] == 2
    assert len(list((terminal.data / "uploads").iterdir())) == 1
