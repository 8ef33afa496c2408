from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hoofprint.errors import SettingsError
from hoofprint.settings import Settings, read_settings

EXAMPLE = Path(__file__).parents[2] / "hoofprint.example.toml"
SETTING = re.compile(r"^# ([a-z_]+) = (.+)$", re.MULTILINE)


def example() -> dict[str, Any]:
    """The settings of the example file as if nothing were commented out."""
    text = "\n".join(f"{name} = {value}" for name, value in SETTING.findall(EXAMPLE.read_text()))
    return tomllib.loads(text)


def test_the_example_file_shows_every_setting_and_no_other() -> None:
    assert set(example()) == set(Settings.__struct_fields__)


def test_the_example_file_shows_the_defaults() -> None:
    shown = example()
    # Where the geo files are depends on the Python environment; the text says so.
    assert shown.pop("geo_dir") == ""
    defaults = msgspec.to_builtins(Settings())
    assert shown == {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in defaults.items()
        if name != "geo_dir"
    }


def test_the_example_file_decides_nothing_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "hoofprint.toml").write_text(EXAMPLE.read_text())
    assert read_settings({}, {}, tmp_path) == Settings()


def test_every_setting_of_the_example_file_is_explained() -> None:
    """Above each block of settings stands a comment that is not itself a setting."""
    for block in EXAMPLE.read_text().split("\n\n"):
        lines = block.splitlines()
        if any(SETTING.match(line) for line in lines):
            assert not SETTING.match(lines[0]), block


def test_flags_beat_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    (tmp_path / "hoofprint.toml").write_text('host = "file"\nport = 1\nlog_level = "error"\n')
    environ = {"HOOFPRINT_HOST": "environment", "HOOFPRINT_PORT": "2", "HOME": "/"}
    settings = read_settings({"port": 3, "data_dir": None}, environ, tmp_path)
    assert (settings.port, settings.host, settings.log_level) == (3, "environment", "error")
    assert settings.data_dir == Settings().data_dir


def test_another_file_may_be_named(tmp_path: Path) -> None:
    path = tmp_path / "other.toml"
    path.write_text("port = 1234\n")
    environ = {"HOOFPRINT_CONFIG": str(path)}
    assert read_settings({}, environ, tmp_path).port == 1234
    path.unlink()
    with pytest.raises(SettingsError, match=r"other\.toml"):
        read_settings({}, environ, tmp_path)


@pytest.mark.parametrize("source", ["file", "environment", "flags"])
def test_unknown_settings_are_refused_wherever_they_come_from(tmp_path: Path, source: str) -> None:
    if source == "file":
        (tmp_path / "hoofprint.toml").write_text("prot = 1\n")
    environ = {"HOOFPRINT_PROT": "1"} if source == "environment" else {}
    flags = {"prot": 1} if source == "flags" else {}
    with pytest.raises(SettingsError, match="unknown setting prot"):
        read_settings(flags, environ, tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "70000"),
        ("PORT", "many"),
        ("DURABILITY", "maybe"),
        ("LOG_LEVEL", "loud"),
        ("FLUSH_SECONDS", "0"),
        ("MAX_BATCH_ITEMS", "999"),
        ("KEY_RETENTION_MINUTES", "29"),
    ],
)
def test_an_unusable_value_names_its_setting(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name.lower()):
        read_settings({}, {f"HOOFPRINT_{name}": value}, tmp_path)


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hoofprint.toml").write_text("port: 1\n")
    with pytest.raises(SettingsError, match=r"hoofprint\.toml"):
        read_settings({}, {}, tmp_path)


def test_a_list_is_separated_by_commas_in_the_environment(tmp_path: Path) -> None:
    environ = {"HOOFPRINT_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8,"}
    assert read_settings({}, environ, tmp_path).trusted_proxies == ("127.0.0.1", "10.0.0.0/8")
