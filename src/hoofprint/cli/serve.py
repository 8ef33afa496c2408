"""`hoofprint serve`: the server."""

from __future__ import annotations

import click

from hoofprint.cli.common import data_dir_option
from hoofprint.settings import read_settings


@click.command()
@click.option("--host", help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port to listen on.")
@data_dir_option
def serve(host: str | None, port: int | None, data_dir: str | None) -> None:
    """Serve until SIGTERM or SIGINT; what was accepted is counted before it ends."""
    settings = read_settings({"host": host, "port": port, "data_dir": data_dir})
    from hoofprint.serving import run

    run(settings)
