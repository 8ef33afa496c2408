"""Themes: whose they are, who may have to do with them, and how domains come to look."""

from __future__ import annotations

from typing import Any

import pytest

from hoofprint.records.engine import Records
from hoofprint.records.tables import DomainRecord, ImageRecord, OrganizationRecord, ThemeRecord

from .pictures import picture
from .test_resources import DOCUMENTED
from .theming import FILE, OF_DOMAIN, OF_ORGANIZATION, THEME, Studio

UNKNOWN = "A" * 10


def test_a_theme_lives_from_its_creation_to_its_end(studio: Studio) -> None:
    settings = {"primary_color": "#1d4ed8", "anything": "at all"}
    made = studio.theme(settings=settings)
    assert list(made) == list(DOCUMENTED["POST", THEME]["response"])
    assert (made["settings"], made["is_default"]) == (settings, False)
    assert made["organization_id"] is None
    assert studio.listed() == [made["id"]]
    renamed = studio.theme(id=made["id"], name="Other")
    assert (renamed["name"], renamed["settings"]) == ("Other", settings)
    changed = studio.theme(id=made["id"], name="", settings={"border_radius": "4px"})
    assert (changed["name"], changed["settings"]) == ("Other", {"border_radius": "4px"})
    assert studio.send("DELETE", f"{THEME}?id={made['id']}").content == b""
    assert studio.listed() == []
    assert studio.send("DELETE", f"{THEME}?id={made['id']}").status_code == 404


def test_a_theme_belongs_to_a_person_an_organization_or_whom_a_domain_belongs_to(
    studio: Studio, records: Records
) -> None:
    mine = studio.theme()
    ours = studio.theme(organization_id=studio.organization_id)
    of_own, of_shared = (studio.theme(domain_id=one) for one in (studio.own_id, studio.shared_id))
    assert ours["user_id"] is None
    assert ours["organization_id"] == of_shared["organization_id"] == studio.organization_id
    assert of_own["user_id"] == mine["user_id"]
    own = [mine["id"], of_own["id"]]
    shared = [ours["id"], of_shared["id"]]
    assert sorted(studio.listed()) == sorted(own)
    assert sorted(studio.listed("?include_organizations=true")) == sorted(own + shared)
    assert sorted(studio.listed(f"?organization_id={studio.organization_id}")) == sorted(shared)
    assert sorted(studio.listed("?include_organizations=", "head")) == []
    assert sorted(studio.listed("?include_organizations=1", "viewer")) == sorted(shared)

    def name(session: Any) -> str:
        domain = session.get_one(DomainRecord, studio.own_id)
        domain.custom_domain = f"stats.{domain.hostname}"
        return str(domain.subdomain)

    subdomain = records.write(name)
    by_domain = studio.listed(f"?domain=STATS.{studio.domain(studio.own_id)['hostname']}")
    assert sorted(studio.listed(f"?subdomain={subdomain}")) == sorted(by_domain) == sorted(own)
    both = studio.listed(f"?subdomain={studio.domain(studio.shared_id)['subdomain']}")
    assert sorted(both) == sorted(own + shared)
    assert sorted(studio.listed(who="client")) == sorted(own)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("nobody", (401, 401, 401, 401)),
        ("key", (403, 403, 403, 403)),
        ("other_scopes", (403, 403, 403, 403)),
        ("reading", (200, 200, 403, 403)),
        ("reading_client", (200, 200, 403, 403)),
        ("client", (200, 200, 200, 403)),
        ("sibling", (200, 404, 200, 403)),
        ("owner", (200, 200, 200, 200)),
        ("helper", (200, 200, 200, 404)),
        ("head", (200, 404, 200, 404)),
        ("stranger", (200, 404, 200, 404)),
    ],
)
def test_who_may_do_what_with_the_themes_of_a_person(
    studio: Studio, who: str, expected: tuple[int, int, int, int]
) -> None:
    """A domain's clients read what it may have and change only what was made for it."""
    lists, reads_domain, creates, changes = expected
    theme = studio.theme()
    image = studio.upload(THEME, {"id": theme["id"]}, logo_light=picture())
    assert image.status_code == 200
    subdomain = studio.domain(studio.own_id)["subdomain"]
    assert studio.send("GET", THEME, who=who).status_code == lists
    assert studio.send("GET", f"{THEME}?subdomain={subdomain}", who=who).status_code == reads_domain
    assert studio.send("POST", THEME, {"name": "New"}, who).status_code == creates
    copied = studio.send("POST", THEME, {"copy_id": theme["id"]}, who).status_code
    sees = who in {"owner", "client", "sibling"}
    assert copied == (creates if creates != 200 or sees else 404)
    changed = {"id": theme["id"], "name": "Other"}
    assert studio.send("POST", THEME, changed, who).status_code == changes
    file = f"{FILE}?theme_id={theme['id']}&file=logo_light"
    assert studio.send("DELETE", file, who=who).status_code == changes
    assert studio.send("DELETE", f"{THEME}?id={theme['id']}", who=who).status_code == changes
    assert (theme["id"] in studio.listed()) is (changes != 200)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("nobody", (401, 401, 401, 401)),
        ("reading", (200, 403, 403, 403)),
        ("other_scopes", (403, 403, 403, 200)),
        ("client", (404, 404, 404, 403)),
        ("sibling", (404, 404, 403, 403)),
        ("head", (200, 200, 200, 200)),
        ("admin", (200, 200, 200, 200)),
        ("viewer", (200, 403, 403, 403)),
        ("helper", (404, 404, 404, 404)),
        ("stranger", (404, 404, 404, 404)),
    ],
)
def test_who_may_do_what_with_the_themes_of_an_organization(
    studio: Studio, who: str, expected: tuple[int, int, int, int]
) -> None:
    lists, creates, changes, default = expected
    here = {"organization_id": studio.organization_id}
    theme = studio.theme("head", **here)
    query = f"{THEME}?organization_id={studio.organization_id}"
    assert studio.send("GET", query, who=who).status_code == lists
    if who not in {"client", "sibling"}:
        assert studio.send("POST", THEME, {"name": "New"} | here, who).status_code == creates
    chosen = studio.send("PUT", OF_ORGANIZATION, here | {"theme_id": theme["id"]}, who)
    assert chosen.status_code == default
    changed = {"id": theme["id"], "name": "Other"}
    assert studio.send("POST", THEME, changed, who).status_code == changes
    assert studio.send("DELETE", f"{THEME}?id={theme['id']}", who=who).status_code == changes


def test_a_domains_client_changes_what_was_made_for_its_domain(studio: Studio) -> None:
    made = studio.theme("client")
    assert made["user_id"] == studio.domain(studio.own_id)["user_id"]
    assert studio.theme("client", id=made["id"], name="Other")["name"] == "Other"
    assert studio.theme("helper", id=made["id"], name="Again")["name"] == "Again"
    assert studio.send("POST", THEME, {"id": made["id"]}, "sibling").status_code == 403
    other = {"name": "x", "domain_id": studio.shared_id}
    assert studio.send("POST", THEME, other, "client").status_code == 404
    assert studio.send("DELETE", f"{THEME}?id={made['id']}", who="client").status_code == 200


def test_a_copy_has_the_settings_and_files_of_its_own(studio: Studio) -> None:
    data = {"name": "First", "settings": {"a": "1", "b": "2"}}
    first = studio.upload(THEME, data, logo_dark=picture()).json()
    copy = studio.theme(name="", copy_id=first["id"], organization_id=studio.organization_id)
    assert copy["name"] == "First"
    assert copy["organization_id"] == studio.organization_id
    assert {**copy["settings"], "logo_dark": ""} == {"a": "1", "b": "2", "logo_dark": ""}
    assert copy["settings"]["logo_dark"].startswith(f"/image/{copy['id']}/logo_dark.")
    other = studio.theme(name="Other", copy_id=first["id"], settings={"b": "3"})
    assert (other["name"], set(other["settings"])) == ("Other", {"b", "logo_dark"})
    studio.send("DELETE", f"{THEME}?id={first['id']}")
    assert studio.send("GET", copy["settings"]["logo_dark"], who="").status_code == 200
    assert studio.send("GET", first["settings"]["logo_dark"], who="").status_code == 404


def test_a_domains_own_settings_come_beside_those_of_its_base_theme(studio: Studio) -> None:
    settings = {"primary_color": "#fff", "x": "1"}
    theme = studio.theme(settings=settings)
    chosen = {"domain_id": studio.own_id, "theme_id": theme["id"]}
    answer = studio.send("PUT", OF_DOMAIN, chosen, "client")
    assert (answer.status_code, answer.json()) == (200, settings)
    data = {"domain_id": studio.own_id, "settings": {"x": "2"}}
    own = studio.upload(OF_DOMAIN, data, favicon=picture()).json()
    assert own == studio.domain(studio.own_id)
    assert (own["theme_id"], own["theme"]) == (theme["id"], settings)
    favicon = own["theme_settings"]["favicon"]
    assert own["theme_settings"] == {"x": "2", "favicon": favicon}
    assert favicon.startswith(f"/image/{studio.own_id}/favicon.")
    assert studio.domain(studio.own_id) == own
    [listed] = [d for d in studio.send("GET", "/api/v1/domain").json() if d["id"] == studio.own_id]
    assert listed == own
    kept = studio.upload(OF_DOMAIN, {"domain_id": studio.own_id}).json()
    assert kept["theme_settings"] == own["theme_settings"]
    gone = f"{FILE}?domain_id={studio.own_id}&file=favicon"
    assert studio.send("DELETE", gone, who="reading_client").status_code == 403
    assert studio.send("DELETE", gone, who="sibling").status_code == 404
    assert studio.send("DELETE", gone, who="client").status_code == 200
    assert studio.send("DELETE", gone).status_code == 404
    assert studio.domain(studio.own_id)["theme_settings"] == {"x": "2"}
    none = {"domain_id": studio.own_id, "theme_id": None}
    assert studio.send("PUT", OF_DOMAIN, none).json() == {}
    assert studio.domain(studio.own_id)["theme_id"] is None


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("nobody", 401),
        ("key", 403),
        ("reading", 403),
        ("other_scopes", 200),
        ("client", 200),
        ("owner", 200),
        ("helper", 200),
        ("sibling", 404),
        ("head", 404),
        ("stranger", 404),
    ],
)
def test_who_may_change_how_a_domain_looks(studio: Studio, who: str, status: int) -> None:
    theme = studio.theme()
    chosen = {"domain_id": studio.own_id, "theme_id": theme["id"]}
    assert studio.send("PUT", OF_DOMAIN, chosen, who).status_code == status
    data = {"domain_id": studio.own_id, "settings": {}}
    assert studio.upload(OF_DOMAIN, data, who).status_code == status
    assert studio.send("POST", OF_DOMAIN, data, who).status_code == status


def test_a_domain_has_only_themes_of_its_owner_or_organization(
    studio: Studio, records: Records
) -> None:
    """A theme that stays behind when a domain moves no longer counts for it."""
    strange, ours = studio.theme("stranger"), studio.theme(organization_id=studio.organization_id)
    for theme_id in (strange["id"], ours["id"], UNKNOWN, "x"):
        wrong = {"domain_id": studio.own_id, "theme_id": theme_id}
        assert studio.send("PUT", OF_DOMAIN, wrong).status_code == 404
    for theme_id in (strange["id"], studio.theme()["id"], UNKNOWN):
        wrong = {"organization_id": studio.organization_id, "theme_id": theme_id}
        assert studio.send("PUT", OF_ORGANIZATION, wrong, "head").status_code == 404
    chosen = {"domain_id": studio.shared_id, "theme_id": ours["id"]}
    assert studio.send("PUT", OF_DOMAIN, chosen).status_code == 200

    def move(session: Any) -> None:
        session.get_one(DomainRecord, studio.shared_id).organization_id = None

    records.write(move)
    moved = studio.domain(studio.shared_id)
    assert (moved["theme_id"], moved["theme"]) == (None, {})


def test_new_domains_have_the_default_theme_of_their_organization(studio: Studio) -> None:
    here = {"organization_id": studio.organization_id}
    theme, other = (studio.theme(settings={"n": n}, **here) for n in "12")
    assert studio.send("PUT", OF_ORGANIZATION, here | {"theme_id": theme["id"]}).status_code == 200

    def new(**fields: Any) -> Any:
        sent = {"hostname": "new.example", "timezone": "UTC"} | fields
        return studio.send("POST", "/api/v1/domain", sent)

    made = new(**here).json()
    assert (made["theme_id"], made["theme"]) == (theme["id"], {"n": "1"})
    assert new(**here, theme_id=other["id"]).json()["theme"] == {"n": "2"}
    assert new().json()["theme_id"] is None
    mine = studio.theme()
    assert new(theme_id=mine["id"]).json()["theme_id"] == mine["id"]
    for wrong in (theme["id"], studio.theme("stranger")["id"], UNKNOWN):
        assert studio.refused(new(theme_id=wrong)) == {"theme_id": "is unknown"}
    shown = studio.send("GET", f"{THEME}?organization_id={studio.organization_id}").json()
    assert [(one["id"], one["is_default"]) for one in shown] == [
        (one, one == theme["id"]) for one in (t["id"] for t in shown)
    ]
    counted = studio.send("GET", "/api/v1/organization").json()
    assert counted[0]["themes"] == 2
    studio.send("DELETE", f"{THEME}?id={theme['id']}")
    assert new(**here).json()["theme_id"] is None
    assert studio.send("PUT", OF_ORGANIZATION, here | {"theme_id": other["id"]}).content == b""
    assert studio.send("PUT", OF_ORGANIZATION, here | {"theme_id": None}).status_code == 200
    assert new(**here).json()["theme_id"] is None


def test_a_deleted_theme_leaves_its_settings_to_its_domains_if_that_is_wanted(
    studio: Studio, records: Records
) -> None:
    settings = {"a": "theme", "b": "theme"}
    logos: Any = {"logo_light": picture(), "logo_dark": picture(size=(10, 10))}
    theme = studio.upload(THEME, {"name": "x", "settings": settings}, **logos).json()
    copy = studio.theme(copy_id=theme["id"])
    for domain_id in (studio.own_id, studio.shared_id):
        studio.send("PUT", OF_DOMAIN, {"domain_id": domain_id, "theme_id": theme["id"]})
    own = studio.upload(
        OF_DOMAIN, {"domain_id": studio.own_id, "settings": {"b": "own"}}, logo_dark=picture()
    ).json()["theme_settings"]
    assert studio.send("DELETE", f"{THEME}?id={theme['id']}&keep_settings=true").status_code == 200
    left = studio.domain(studio.own_id)
    assert (left["theme_id"], left["theme"]) == (None, {})
    kept = left["theme_settings"]
    assert kept == {**own, "a": "theme", "logo_light": kept["logo_light"]}
    assert kept["logo_light"].startswith(f"/image/{studio.own_id}/")
    assert studio.send("GET", kept["logo_light"], who="").status_code == 200
    assert set(studio.domain(studio.shared_id)["theme_settings"]) == {*settings, *logos}

    studio.send("PUT", OF_DOMAIN, {"domain_id": studio.own_id, "theme_id": copy["id"]})
    assert studio.send("DELETE", f"{THEME}?id={copy['id']}&keep_settings=").status_code == 200
    assert studio.domain(studio.own_id)["theme_settings"] == kept

    def left_over(session: Any) -> list[Any]:
        of = ImageRecord.theme_id.in_([theme["id"], copy["id"]])
        return list(session.query(ImageRecord).filter(of))

    assert records.read(left_over) == []


def test_what_belongs_to_an_owner_ends_with_it(studio: Studio, records: Records) -> None:
    """Themes and their pictures end with the organization, a domain's pictures with the domain."""
    here = {"organization_id": studio.organization_id}
    theme = studio.upload(THEME, {"name": "x"} | here, favicon=picture()).json()
    own = studio.theme(domain_id=studio.own_id)

    def end(session: Any) -> tuple[int, Any]:
        session.delete(session.get_one(OrganizationRecord, studio.organization_id))
        session.delete(session.get_one(DomainRecord, studio.own_id))
        session.flush()
        found = session.query(ImageRecord).filter_by(theme_id=theme["id"]).count()
        return found, session.get(ThemeRecord, own["id"])

    found, kept = records.write(end)
    assert found == 0
    assert studio.listed() == [own["id"]]
    assert kept is not None


def test_every_field_that_is_wrong_is_named(studio: Studio) -> None:
    wrong = {"id": 1, "copy_id": [], "domain_id": {}, "organization_id": True, "name": 5}
    answer = studio.upload(THEME, wrong | {"settings": {"a": 1, "b": "x" * 1001}}, favicon=b"no")
    named = {*wrong, "settings.a", "settings.b", "favicon"}
    assert set(studio.refused(answer)) == named
    assert set(studio.refused(studio.send("POST", THEME, {}))) == {"name"}
    assert set(studio.refused(studio.send("POST", THEME, {"name": "x" * 201}))) == {"name"}
    assert set(studio.refused(studio.send("DELETE", THEME))) == {"id"}
    bad = studio.send("DELETE", f"{THEME}?keep_settings=maybe")
    assert set(studio.refused(bad)) == {"id", "keep_settings"}
    assert set(studio.refused(studio.send("GET", f"{THEME}?include_organizations=x"))) == {
        "include_organizations"
    }
    assert set(studio.refused(studio.send("DELETE", FILE))) == {"theme_id", "file"}
    both = f"{FILE}?theme_id={UNKNOWN}&domain_id={UNKNOWN}&file=logo"
    assert set(studio.refused(studio.send("DELETE", both))) == {"domain_id", "file"}
    assert set(studio.refused(studio.send("PUT", OF_DOMAIN, {"theme_id": 1}))) == {
        "domain_id",
        "theme_id",
    }
    assert set(studio.refused(studio.send("PUT", OF_ORGANIZATION, {}))) == {"organization_id"}
    assert set(studio.refused(studio.send("POST", OF_DOMAIN, {"settings": []} | {}))) == {
        "domain_id"
    }
    elsewhere = {"name": "x", "domain_id": studio.own_id, "organization_id": studio.organization_id}
    assert set(studio.refused(studio.send("POST", THEME, elsewhere))) == {"organization_id"}


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ({"primary_color": "red;}body{display:none"}, {"settings.primary_color"}),
        ({"text_color_dark": "expression(1)"}, {"settings.text_color_dark"}),
        ({"border_radius": "100px"}, {"settings.border_radius"}),
        ({"n" * 101: "x"}, {"settings." + "n" * 100}),
        ({str(n): "x" for n in range(201)}, {"settings"}),
        ({"a": ["x"], "b": {}, "c": 1.5, "d": False}, {f"settings.{n}" for n in "abcd"}),
        ("text", {"settings"}),
    ],
)
def test_settings_that_cannot_be_are_refused_and_named(
    studio: Studio, settings: Any, wrong: set[str]
) -> None:
    sent = {"name": "x", "settings": settings}
    assert set(studio.refused(studio.send("POST", THEME, sent))) == wrong
    assert studio.listed() == []


def test_settings_of_any_name_are_kept_and_paths_of_files_come_from_files_only(
    studio: Studio,
) -> None:
    sent = {
        "Ünknown key": "<b>\"';",
        "none": None,
        "empty": "",
        "logo_light": "https://evil.example",
    }
    sent |= {"primary_color": "hsl(224, 76%, 48%)", "text_color": "rgb(0 0 0 / 50%)"}
    made = studio.theme(settings=sent)
    assert set(made["settings"]) == {"Ünknown key", "primary_color", "text_color"}
    assert made["settings"]["Ünknown key"] == sent["Ünknown key"]
    studio.upload(THEME, {"id": made["id"]}, logo_light=picture())
    again = studio.theme(id=made["id"], settings={"logo_light": "https://evil.example"})
    assert again["settings"]["logo_light"].startswith("/image/")
