"""Uploads: what is taken is made anew, what is too large or no picture is refused and named."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from hoofprint.api.uploads import MOST_DATA_BYTES, MOST_PARTS
from hoofprint.management.pictures import MOST_BYTES

from .pictures import BOUNDARY, FORM, SVG, bomb, form, picture
from .theming import OF_DOMAIN, THEME, Studio

PICTURE = "/api/v1/user/picture"


def served(studio: Studio, path: str) -> Any:
    answer = studio.send("GET", path, who="")
    assert answer.status_code == 200
    return answer


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def test_a_picture_never_changes_under_its_address(studio: Studio) -> None:
    """It is served with a tag, for ever, as a picture and nothing else, under every host."""
    made = studio.upload(THEME, {"name": "x"}, logo_light=picture()).json()
    path = made["settings"]["logo_light"]
    answer = served(studio, path)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "immutable" in answer.headers["cache-control"]
    etag = answer.headers["etag"]
    again = studio.world.send("GET", path, headers={"if-none-match": etag, "host": "x.example"})
    assert (again.status_code, again.content) == (304, b"")
    other = studio.upload(THEME, {"id": made["id"]}, logo_light=picture(size=(9, 9))).json()
    assert other["settings"]["logo_light"] != path
    for gone in (
        path,
        path.replace("logo_light", "logo_dark"),
        f"{path}x",
        f"/image/{made['id']}/a",
    ):
        assert studio.send("GET", gone, who="").status_code == 404


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "ICO"])
def test_what_a_file_is_is_seen_from_its_content(studio: Studio, kind: str) -> None:
    """A logo becomes a PNG, a favicon a square one, whatever they were called."""
    sent = picture(kind, size=(64, 32))
    logos = studio.upload(THEME, {"name": "x"}, logo_dark=sent, favicon=sent).json()["settings"]
    logo, icon = (opened(served(studio, logos[name]).content) for name in ("logo_dark", "favicon"))
    assert logo.format == icon.format == "PNG"
    assert icon.size[0] == icon.size[1]
    assert logo.size == (64, 32) or kind == "ICO"


def test_large_pictures_become_smaller_and_small_ones_do_not_grow(studio: Studio) -> None:
    large, small = picture(size=(3000, 600)), picture(size=(20, 10))
    data = {"name": "x"}
    made = studio.upload(THEME, data, logo_light=large, logo_dark=small, favicon=large).json()
    sizes = {
        name: opened(served(studio, path).content).size for name, path in made["settings"].items()
    }
    assert sizes == {"logo_light": (800, 160), "logo_dark": (20, 10), "favicon": (192, 192)}


def test_of_an_animated_picture_the_first_frame_is_kept(studio: Studio) -> None:
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "blue")]
    for kind in ("GIF", "WEBP", "PNG"):
        written = BytesIO()
        frames[0].save(written, kind, save_all=True, append_images=frames[1:], lossless=True)
        made = studio.upload(THEME, {"name": "x"}, logo_light=written.getvalue()).json()
        kept = opened(served(studio, made["settings"]["logo_light"]).content)
        assert getattr(kept, "n_frames", 1) == 1
        assert kept.convert("RGB").getpixel((5, 5)) == (255, 0, 0)


def test_nothing_but_the_pixels_is_kept(studio: Studio) -> None:
    """A photograph is turned as its metadata says, and the place where it was taken is gone."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "taken at home"
    sent = picture("JPEG", (40, 20), exif=exif, comment=b"a comment") + b"<script>at the end"
    made = studio.upload(THEME, {"name": "x"}, logo_light=sent).json()
    kept = served(studio, made["settings"]["logo_light"]).content
    assert opened(kept).size == (20, 40)
    assert opened(kept).info == {}
    for hidden in (b"home", b"comment", b"script"):
        assert hidden in sent
        assert hidden not in kept


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (SVG, "SVG"),
        (b"\xef\xbb\xbf \n<svg onload=alert(1)>", "SVG"),
        (b"<!DOCTYPE svg>", "SVG"),
        (b"GIF89a", "no picture"),
        (b"<html>", "no picture"),
        (b"%PDF-1.4", "no picture"),
        (picture()[:60], "no picture"),
        (b"BM" + b"\0" * 60, "no picture"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * MOST_BYTES, "at most 1000000 bytes"),
        (bomb(5000), "pixels"),
        (bomb(100_000), "pixels"),
        (bomb(2**31 - 1), "pixels"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_picture_or_too_large_is_refused_and_named(
    studio: Studio, content: bytes, said: str
) -> None:
    wrong = studio.refused(studio.upload(THEME, {"name": "x"}, favicon=content))
    assert list(wrong) == ["favicon"]
    assert said in wrong["favicon"]
    assert studio.listed() == []


def test_broken_pictures_never_break_the_server(studio: Studio) -> None:
    """Every kind of picture with bytes of it changed is taken or refused."""
    for kind in ("PNG", "JPEG", "WEBP", "GIF", "ICO"):
        whole = picture(kind)
        for at in range(0, len(whole), max(1, len(whole) // 12)):
            broken = bytearray(whole)
            broken[at : at + 4] = b"\xff\x00\xfe\x7f"
            answer = studio.upload(THEME, {"name": "x"}, favicon=bytes(broken))
            assert answer.status_code in {200, 400}, (kind, at)


def test_a_form_that_is_too_large_is_refused_while_it_comes_in(studio: Studio) -> None:
    files: Any = dict.fromkeys(("logo_light", "logo_dark", "favicon", "more"), b"x" * 990_000)
    assert studio.upload(THEME, {"name": "x"}, **files).status_code == 413
    assert studio.upload(THEME, {"name": "x" * MOST_DATA_BYTES}).status_code == 413
    assert studio.send("POST", THEME, {"name": "x" * MOST_DATA_BYTES}).status_code == 413


def test_a_form_that_cannot_be_read_is_refused(studio: Studio) -> None:
    def status(content: bytes, **headers: str) -> int:
        bearer = studio.bearers["owner"]
        answer = studio.world.send("POST", THEME, content, headers=FORM | headers, bearer=bearer)
        if answer.status_code == 400:
            assert list(answer.json()) == ["validation", "error", "context"]
        return answer.status_code

    whole = form({"name": "x"}, logo_light=picture())
    assert status(whole) == 200
    assert status(b"") == 400
    assert status(whole[:-30]) == 400
    assert status(b"no form at all") == 400
    assert status(whole, **{"content-type": "multipart/form-data"}) == 400
    assert status(whole, **{"content-type": "multipart/form-data; boundary=other"}) == 400
    assert status(form("no object")) == 400
    assert status(whole.replace(b'{"name"', b'{"name')) == 400
    many: Any = {f"f{n}": b"" for n in range(MOST_PARTS)}
    assert status(form({"name": "x"}, **many)) == 400
    long = whole.replace(b"\r\n\r\n", b"\r\nX: " + b"y" * 9000 + b"\r\n\r\n", 1)
    assert status(long) == 400


def test_unknown_parts_and_empty_files_count_as_not_there(studio: Studio) -> None:
    made = studio.upload(THEME, {"name": "x"}, logo_light=b"", other=picture()).json()
    assert made["settings"] == {}
    chunks = form({"name": "y"}, favicon=picture())
    parts = [chunks[at : at + 7] for at in range(0, len(chunks), 7)]
    bearer = studio.bearers["owner"]
    sent = studio.world.send("POST", THEME, parts, headers=FORM, bearer=bearer).json()
    assert (sent["name"], list(sent["settings"])) == ("y", ["favicon"])
    assert BOUNDARY not in str(sent)


def test_ones_own_picture_is_shown_with_ones_memberships(studio: Studio) -> None:
    def shown(who: str) -> str:
        query = f"/api/v1/member?id={studio.own_id}"
        found = studio.send("GET", query).json()
        [picture_of] = [
            one["user"]["picture"] for one in found if one["user"]["email"].startswith(who)
        ]
        return str(picture_of)

    assert shown("helper") == ""
    path = studio.upload(PICTURE, None, "helper", file=picture(size=(300, 900))).json()["picture"]
    assert shown("helper") == path
    kept = served(studio, path)
    assert kept.headers["content-type"] == "image/webp"
    assert opened(kept.content).size == (256, 256)
    assert shown("owner") == ""
    assert studio.send("DELETE", PICTURE, who="helper").content == b""
    assert shown("helper") == ""
    assert studio.send("GET", path, who="").status_code == 404
    assert studio.send("DELETE", PICTURE, who="helper").status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("nobody", 401), ("key", 403), ("reading", 403), ("client", 403)]
)
def test_only_people_have_pictures(studio: Studio, who: str, status: int) -> None:
    assert studio.upload(PICTURE, None, who, file=picture()).status_code == status
    assert studio.send("DELETE", PICTURE, who=who).status_code == status


def test_a_picture_of_oneself_must_be_there(studio: Studio) -> None:
    assert studio.refused(studio.upload(PICTURE, {})) == {"file": "is required"}
    assert set(studio.refused(studio.upload(PICTURE, {}, file=SVG))) == {"file"}
    assert studio.refused(studio.send("POST", PICTURE, {})) == {"file": "is required"}
    wrong = {"domain_id": 1, "settings": {"a": 1}}
    named = {"domain_id", "settings.a", "logo_light"}
    assert set(studio.refused(studio.upload(OF_DOMAIN, wrong, logo_light=SVG))) == named
