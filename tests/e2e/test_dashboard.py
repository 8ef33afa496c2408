"""A real browser opens dashboards: their numbers are those of the API, and nothing goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .programs import needs, needs_package
from .server import Account, Instance, command, opened
from .test_browser import SIZES, browse

pytestmark = pytest.mark.xdist_group("e2e")


@pytest.fixture(scope="module")
def board(
    tmp_path_factory: pytest.TempPathFactory, furnished: tuple[Path, Account]
) -> Iterator[Instance]:
    """An instance with a public dashboard that nobody visited."""
    for program in ("node", "chromium"):
        needs(program)
    needs_package("playwright-core")
    with opened(tmp_path_factory.mktemp("board"), *furnished) as instance:
        new = ("--hostname", "empty.example", "--subdomain", "empty", "--public")
        command(instance.data, "domain", "create", *new)
        instance.start(base_host="localhost")
        yield instance


def test_a_dashboard_is_whole_in_every_size_and_scheme(board: Instance) -> None:
    """Nothing is refused by its policy, no address of others is asked for, nothing overflows."""
    address = f"http://empty.localhost:{board.port}/"
    visits = [
        {"url": address, "width": w, "height": h, "scheme": scheme, "steps": [["sent", "country"]]}
        for w, h in SIZES.values()
        for scheme in ("light", "dark")
    ]
    for visit, answer in zip(visits, browse(*visits), strict=True):
        assert answer["errors"] == []
        assert answer["title"] == "empty.example"
        assert answer["wide"] <= visit["width"]
        asked = [one.split(" ")[1] for one in answer["asked"]]
        assert all(one.startswith((address, "data:")) for one in asked)
        assert {one.split("?")[0].rpartition("/")[2] for one in asked if "/api/" in one} == {
            *("total", "visitor", "page", "referrer", "country")
        }
