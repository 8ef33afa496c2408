"""Custom domains: a TXT record proves them, one dashboard has each, anybody may ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from hoofprint.errors import DnsFailed
from hoofprint.management.custom_domains import CustomDomains, Proof
from hoofprint.management.transactions import Transactions
from hoofprint.records.engine import Records

from .conftest import PROOF
from .theming import Studio
from .world import NOW, World

PATH = "/api/v1/domain/custom"


class Zone:
    """A DNS that holds what it is told; `down` lets it fail."""

    def __init__(self) -> None:
        self.records: dict[str, list[str]] = {}
        self.asked: list[str] = []
        self.down = False

    async def __call__(self, name: str) -> Sequence[str]:
        self.asked.append(name)
        if self.down:
            raise DnsFailed(name)
        return self.records.get(name, [])


@pytest.fixture(scope="module")
def one_zone() -> Zone:
    return Zone()


@pytest.fixture(scope="module")
def asking(gallery: World, records: Records, one_zone: Zone) -> World:
    """The gallery with a zone of its own."""
    services = gallery.services
    transactions = Transactions(records, lambda: NOW, services.directory.forget)
    custom = CustomDomains(transactions, one_zone, PROOF, services.hosts)
    return gallery.but(custom_domains=custom)


@pytest.fixture
def zone(one_zone: Zone) -> Zone:
    """The zone, empty and well."""
    one_zone.records, one_zone.asked, one_zone.down = {}, [], False
    return one_zone


@pytest.fixture
def registry(studio: Studio, asking: World, zone: Zone) -> Studio:
    """The studio before that instance."""
    assert not zone.records
    return studio.but(asking)


def name_of(studio: Studio) -> str:
    """A hostname that no other test wants."""
    return f"stats.{studio.domain(studio.own_id)['hostname']}"


def prove(zone: Zone, domain_id: str, hostname: str) -> None:
    zone.records[f"_hoofprint.{hostname}"] = ["v=spf1 -all", PROOF.value(domain_id, hostname)]


def status(studio: Studio, domain: str) -> int:
    """What anybody is told."""
    answer = studio.world.send("GET", f"{PATH}?domain={domain}")
    return int(answer.status_code)


def test_a_custom_domain_lives_from_its_proof_to_its_end(registry: Studio, zone: Zone) -> None:
    """The refusal without the record says exactly which one is missing."""
    hostname = name_of(registry)
    wanted = {"domain_id": registry.own_id, "hostname": f" {hostname.upper()}. "}
    wrong = registry.refused(registry.send("POST", PATH, wanted))
    value = PROOF.value(registry.own_id, hostname)
    said = f'needs a TXT record at _hoofprint.{hostname} with the value "{value}" first'
    assert wrong == {"hostname": said}
    assert status(registry, hostname) == 404
    zone.records[f"_hoofprint.{hostname}"] = [value + "x", value[:-1]]
    assert registry.send("POST", PATH, wanted).status_code == 400
    prove(zone, registry.own_id, hostname)
    answer = registry.send("POST", PATH, wanted)
    assert (answer.status_code, answer.content) == (200, b"")
    assert registry.domain(registry.own_id)["custom_domain"] == hostname
    found = registry.send("GET", f"/api/v1/domain?domain={hostname}").json()
    assert found["id"] == registry.own_id
    assert status(registry, hostname) == 200
    zone.down = True
    assert registry.send("POST", PATH, wanted).status_code == 200
    gone = {"domain_id": registry.own_id, "hostname": ""}
    assert registry.send("POST", PATH, gone).status_code == 200
    assert registry.domain(registry.own_id)["custom_domain"] is None
    assert status(registry, hostname) == 404


def test_a_record_of_another_domain_hostname_or_instance_proves_nothing(
    registry: Studio, zone: Zone
) -> None:
    hostname = name_of(registry)
    name = f"_hoofprint.{hostname}"
    values = [
        PROOF.value(registry.shared_id, hostname),
        PROOF.value(registry.own_id, f"other.{hostname}"),
        Proof(b"another secret").value(registry.own_id, hostname),
        "",
    ]
    zone.records[name] = values
    wanted = {"domain_id": registry.own_id, "hostname": hostname}
    assert set(registry.refused(registry.send("POST", PATH, wanted))) == {"hostname"}
    assert zone.asked == [name]


def test_a_custom_domain_is_of_one_dashboard_only(registry: Studio, zone: Zone) -> None:
    hostname = name_of(registry)
    for domain_id in (registry.own_id, registry.shared_id):
        prove(zone, domain_id, hostname)
        zone.records[f"_hoofprint.{hostname}"].append(PROOF.value(registry.own_id, hostname))
    wanted = {"domain_id": registry.own_id, "hostname": hostname}
    assert registry.send("POST", PATH, wanted).status_code == 200
    other = registry.send("POST", PATH, wanted | {"domain_id": registry.shared_id})
    assert registry.refused(other) == {"hostname": "is the custom domain of another dashboard"}


def test_when_the_dns_does_not_answer_the_refusal_says_so(registry: Studio, zone: Zone) -> None:
    zone.down = True
    wanted = {"domain_id": registry.own_id, "hostname": name_of(registry)}
    answer = registry.send("POST", PATH, wanted)
    assert answer.status_code == 503
    assert "DNS" in answer.json()["error"][0]
    assert answer.headers["retry-after"] == "60"


@pytest.mark.parametrize(
    "hostname",
    [
        *("https://a.example", "a b", "a..example", "x" * 254, "localhost", "intranet"),
        *("10.0.0.1", "1.2.3", "::1", "stats.example", "STATS.example.", "boards.stats.example"),
        "any.boards.stats.example",
    ],
)
def test_what_can_be_no_custom_domain_is_refused_and_named(
    registry: Studio, zone: Zone, hostname: str
) -> None:
    wanted = {"domain_id": registry.own_id, "hostname": hostname}
    assert set(registry.refused(registry.send("POST", PATH, wanted))) == {"hostname"}
    assert zone.asked == []


def test_every_field_that_is_wrong_is_named(registry: Studio) -> None:
    wrong = registry.refused(registry.send("POST", PATH, {"hostname": 1}))
    assert set(wrong) == {"domain_id", "hostname"}
    assert set(registry.refused(registry.world.send("GET", PATH))) == {"domain"}


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        *(("nobody", 401), ("key", 403), ("reading", 403), ("client", 200), ("helper", 200)),
        *(("other_scopes", 200), ("sibling", 404), ("head", 404), ("stranger", 404)),
    ],
)
def test_who_may_change_it(registry: Studio, zone: Zone, who: str, expected: int) -> None:
    hostname = name_of(registry)
    prove(zone, registry.own_id, hostname)
    wanted = {"domain_id": registry.own_id, "hostname": hostname}
    assert registry.send("POST", PATH, wanted, who).status_code == expected
    assert bool(zone.asked) is (expected == 200)


def test_anybody_may_ask_whether_a_dashboard_is_served(registry: Studio) -> None:
    """Subdomains of the base host exist, too; the instance itself is no dashboard."""
    subdomain = registry.domain(registry.own_id)["subdomain"]
    assert status(registry, f"{subdomain}.boards.stats.example") == 200
    assert status(registry, f"{subdomain.upper()}.Boards.stats.example.") == 200
    for other in (
        *("nobody.boards.stats.example", f"a.{subdomain}.boards.stats.example", subdomain),
        *("boards.stats.example", "stats.example", "10.0.0.1", "a%00b", "*", "x" * 300),
    ):
        assert status(registry, other) == 404


def test_what_is_changed_counts_at_once(registry: Studio, zone: Zone) -> None:
    hostname = name_of(registry)
    assert status(registry, hostname) == 404
    prove(zone, registry.own_id, hostname)
    wanted: Any = {"domain_id": registry.own_id, "hostname": hostname}
    registry.send("POST", PATH, wanted)
    assert status(registry, hostname) == 200
