"""Plans that count; that their numbers are right is proved by the laws."""

from __future__ import annotations

import pytest

from hoofprint.query.counting import Carried, Key, count_by
from hoofprint.query.filters import Base
from hoofprint.query.plan import Call, Column, Number
from hoofprint.store.sql import write

from .asking import question

OS = Key("key_os", Column("os"))
CITY = Key("key_city", Column("city"), many=True)
HOUR = Key("hour", Call("toHour", (Column("time"),)), number=True)


def sql(*keys: Key, names: tuple[str, ...], base: Base, tags: bool = False) -> str:
    asked = question({"tag_author": "x"} if tags else {})
    return write(count_by(keys, names, base, asked, Number(1)))[0]


def test_distinct_visitors_are_counted_by_day_and_added_up() -> None:
    written = sql(names=("visitors",), base=Base.SESSIONS)
    assert written == (
        "SELECT sum(part_visitors) AS visitors FROM"
        " (SELECT uniqExact(visitor_id) AS part_visitors FROM sessions FINAL WHERE 1 GROUP BY day)"
    )


def test_texts_are_grouped_by_one_number_for_each_day() -> None:
    written = sql(OS, names=("visitors",), base=Base.SESSIONS)
    assert "any(os) AS key_os" in written
    assert "GROUP BY bitXor(cityHash64(os), toUInt16(day))" in written
    assert written.endswith(" GROUP BY key_os")


def test_several_texts_are_one_number() -> None:
    written = sql(OS, CITY, names=("sessions",), base=Base.SESSIONS)
    assert "GROUP BY (multiply(cityHash64(os), 1) + multiply(cityHash64(city), 3))" in written


def test_texts_with_many_values_are_not_split_by_day() -> None:
    assert "day" not in sql(CITY, names=("visitors",), base=Base.SESSIONS)


def test_numbers_are_grouped_by_as_they_are() -> None:
    written = sql(HOUR, names=("visitors",), base=Base.SESSIONS)
    assert "toHour(time) AS hour" in written
    assert "GROUP BY hour, day)" in written


@pytest.mark.parametrize("names", [("sessions",), ("views", "bounces")])
def test_what_is_not_distinct_is_not_split_by_day(names: tuple[str, ...]) -> None:
    assert "day" not in sql(OS, names=names, base=Base.SESSIONS)


def test_bounces_of_pages_are_read_from_the_sessions() -> None:
    written = sql(HOUR, names=("views", "bounces"), base=Base.PAGE_VIEWS)
    assert written.count("UNION ALL") == 2
    assert "entry_path AS path" in written
    assert "(reload = 1)" in written


def test_bounces_under_a_filter_on_tags_are_looked_up_for_each_page_view() -> None:
    """Sessions do not know the tags of their page views."""
    written = sql(HOUR, names=("views", "bounces"), base=Base.PAGE_VIEWS, tags=True)
    assert "UNION ALL" not in written
    assert "uniqExactIf(" in written


def test_what_is_carried_is_the_same_of_the_parts_as_of_the_whole() -> None:
    plan = count_by(
        (OS,),
        ("views",),
        Base.SESSIONS,
        question(),
        Number(1),
        [Carried("url", Column("referrer"))],
    )
    written = write(plan)[0]
    assert "max(part_url) AS url" in written
    assert "max(referrer) AS part_url" in written
