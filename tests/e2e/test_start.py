"""A server that cannot start ends at once, says why, and leaves alone what others use."""

from __future__ import annotations

import socket
import subprocess

import pytest

from .server import PROGRAM, Instance, environment, free_port

pytestmark = pytest.mark.xdist_group("e2e")


def test_a_taken_port_ends_the_start(instance: Instance) -> None:
    with socket.create_server(("127.0.0.1", instance.port)):
        instance.spawn()
        assert instance.ended() == 1
    assert (
        f"{instance.port} can't be listened on: Address already in use" in instance.log.read_text()
    )


def test_a_second_server_on_the_same_data_is_refused(running: Instance) -> None:
    second = subprocess.run(
        [PROGRAM, "serve", "--data-dir", running.data, "--port", str(free_port())],
        capture_output=True,
        text=True,
        check=False,
        env=environment({}),
        cwd=running.data.parent,
        timeout=60,
    )
    assert second.returncode == 1
    assert f"is in use by the process {running.pid};" in second.stderr
    running.hit("/still/served")
