"""`hoofprint import`: statistics of other products, out of the archives that they export."""

from __future__ import annotations

import time
from pathlib import Path

import click

from hoofprint.cli.common import data_dir_option, opened_records, print_json
from hoofprint.settings import read_settings


@click.command("import")
@click.argument("kind", metavar="PRODUCT", type=click.Choice(["plausible", "fathom"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--domain", "domain_id", metavar="ID", help="May be left out if there is one domain.")
@data_dir_option
def import_(kind: str, file: Path, domain_id: str | None, data_dir: str | None) -> None:
    """Import an archive of PRODUCT (plausible or fathom) and print the import as JSON.

    A running server carries it out within seconds, or the next one that starts; a mail tells the
    owner how it has ended.
    """
    from hoofprint.importing import keep_archive
    from hoofprint.management.domains import domain_named
    from hoofprint.management.imports import WantedImport, begin_import, wire_import
    from hoofprint.records.tables import UserRecord

    settings = read_settings({"data_dir": data_dir})
    with opened_records(data_dir) as records:
        domain = records.read(lambda session: domain_named(session, domain_id))
        wanted = WantedImport(kind, keep_archive(settings, file, kind))
        try:
            begun = records.write(
                lambda session: begin_import(
                    session,
                    domain,
                    wanted,
                    session.get_one(UserRecord, domain.user_id),
                    time.time(),
                )
            )
        except BaseException:
            (settings.data_path / "uploads" / wanted.file).unlink(missing_ok=True)
            raise
    print_json(wire_import(begun))
