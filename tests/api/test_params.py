"""Query parameters become a question: each rule of the reader by itself (`rules.md` 2.1, 2.3)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import parse_qsl

import pytest

from hoofprint.api.params import FILTERS, read_question
from hoofprint.model.domain import Domain
from hoofprint.query.operators import Condition
from hoofprint.query.question import CustomMetric, Question, Scale

BERLIN = Domain("domain0001", "example.com", "Europe/Berlin")
NOW = 1_777_900_000
"""2026-05-04 13:06:40 UTC, 15:06:40 in Berlin."""
MAY = "from=2026-05-03&to=2026-05-04&"


def read(query: str, *, at_any_time: bool = False) -> tuple[Question, dict[str, str]]:
    pairs = parse_qsl(query, keep_blank_values=True)
    return read_question(pairs, BERLIN, NOW, at_any_time=at_any_time)


def good(query: str) -> Question:
    question, wrong = read(query)
    assert wrong == {}
    return question


def bad(query: str) -> set[str]:
    return set(read(query)[1])


def span(query: str) -> tuple[str, str]:
    """The period in UTC, its end not included."""
    period = good(query).period
    begin, end = (datetime.fromtimestamp(s, UTC) for s in (period.start, period.end))
    return f"{begin:%m-%d %H:%M:%S}", f"{end:%m-%d %H:%M:%S}"


def test_days_are_whole_days_of_the_domain() -> None:
    assert span(MAY) == ("05-02 22:00:00", "05-04 22:00:00")
    period = good(MAY).period
    assert (period.first_day, period.last_day) == (date(2026, 5, 3), date(2026, 5, 4))
    assert period.timezone == "Europe/Berlin"


def test_tz_replaces_the_domains_time_zone() -> None:
    assert span(MAY + "tz=UTC") == ("05-03 00:00:00", "05-05 00:00:00")
    assert span(MAY + "tz=Asia/Kolkata") == ("05-02 18:30:00", "05-04 18:30:00")


def test_days_on_which_the_clocks_change_have_23_and_25_hours() -> None:
    assert span("from=2026-03-29&to=2026-03-29") == ("03-28 23:00:00", "03-29 22:00:00")
    assert span("from=2026-10-25&to=2026-10-25") == ("10-24 22:00:00", "10-25 23:00:00")


def test_reversed_dates_are_swapped() -> None:
    assert good("from=2026-05-04&to=2026-05-03").period == good(MAY).period


@pytest.mark.parametrize(
    "text", ["2026-05-03T23:59:59Z", "2026-05-03T00:00:00.000+02:00", "2026-05-03 12:00:00"]
)
def test_of_a_full_timestamp_the_date_as_written_counts(text: str) -> None:
    question, wrong = read_question([("from", text), ("to", "2026-05-04")], BERLIN, NOW)
    assert wrong == {}
    assert question.period == good(MAY).period


@pytest.mark.parametrize(
    "text", ["2026-5-3", "2026-02-30", "20260503", "x", "2026-05-03Tx", "2026-05-031"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    assert bad(f"from={text}&to={text}") == {"from", "to"}


def test_both_dates_are_required_except_where_the_period_is_optional() -> None:
    assert bad("") == {"from", "to"}
    assert bad("from=2026-05-03") == {"to"}
    question, wrong = read("", at_any_time=True)
    assert wrong == {}
    assert question.period == good("from=2026-05-04&to=2026-05-04").period
    assert set(read("from=2026-05-03", at_any_time=True)[1]) == {"to"}


def test_times_cut_a_single_day_and_to_time_has_its_whole_minute() -> None:
    day = "from=2026-05-04&to=2026-05-04&"
    assert span(day + "from_time=08:30&to_time=09:00") == ("05-04 06:30:00", "05-04 07:01:00")
    assert span(day + "from_time=09:00&to_time=08:30") == ("05-04 06:30:00", "05-04 07:01:00")
    assert span(day + "from_time=08:30") == ("05-04 06:30:00", "05-04 22:00:00")
    assert span(day + "to_time=08:30") == ("05-03 22:00:00", "05-04 06:31:00")
    assert span(day + "to_time=23:59") == ("05-03 22:00:00", "05-04 22:00:00")
    assert good(MAY + "from_time=08:30&to_time=09:00").period == good(MAY).period
    assert bad(day + "from_time=24:00&to_time=12:60") == {"from_time", "to_time"}


def test_start_is_the_last_seconds_whatever_the_dates() -> None:
    for dates in ("", MAY, "from=nonsense&"):
        assert span(dates + "start=60") == ("05-04 13:05:41", "05-04 13:06:41")
    assert good("start=3600").recent == 3600
    assert good(MAY + "start=0").recent == 0


@pytest.mark.parametrize("text", ["3601", "-1", "1.5", "x", "9" * 30])
def test_a_wrong_start_is_the_only_complaint(text: str) -> None:
    assert bad(f"start={text}") == {"start"}


@pytest.mark.parametrize("name", ["path", "path[]", "path[0]", "path[17]"])
def test_values_are_repeated_in_three_spellings(name: str) -> None:
    question = good(f"{MAY}{name}=/a&path=/b&path[]=/c")
    assert question.condition("path") == Condition(equal=("/a", "/b", "/c"))


def test_the_first_character_is_the_operator() -> None:
    question = good(MAY + "path=/a&path=!/b&path=~C&path=^D&path=~!x&path=!null&path=null")
    assert question.condition("path") == Condition(
        equal=("/a", ""), unequal=("/b", ""), contains=("C", "!x"), lacks=("D",)
    )


def test_an_operator_without_a_text_asks_for_nothing_unless_it_is_unequal() -> None:
    assert good(MAY + "path=~&path=^").condition("path") is None
    assert good(MAY + "path=!").condition("path") == Condition(unequal=("",))


def test_null_inside_of_a_text_is_plain() -> None:
    assert good(MAY + "path=~null").condition("path") == Condition(contains=("null",))


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_every_filter_is_read_and_an_empty_one_is_unset(name: str) -> None:
    assert good(f"{MAY}{name}=desktop").conditions == {name: Condition(equal=("desktop",))}
    assert good(f"{MAY}{name}=&{name}[]=%20").conditions == {}
    assert not good(f"{MAY}{name}=").is_filtered


def test_values_are_brought_into_the_form_that_is_stored() -> None:
    question = good(MAY + "country=DE&language=!EN&hostname=Example.COM&os=Windows&city=~NEW")
    assert question.conditions == {
        "country": Condition(equal=("de",)),
        "language": Condition(unequal=("en",)),
        "hostname": Condition(equal=("example.com",)),
        "os": Condition(equal=("Windows",)),
        "city": Condition(contains=("NEW",)),
    }


def test_a_platform_is_desktop_mobile_or_unknown() -> None:
    question = good(MAY + "platform=Desktop&platform=mobile&platform=!unknown&platform=tv")
    assert question.condition("platform") == Condition(
        equal=("desktop", "mobile", ""), unequal=("",)
    )


def test_tags_and_metadata_are_read_by_key() -> None:
    question = good(
        MAY + "tag_author=John&tag_author=!Jane&tag_a_b=1&tag_=x&meta_plan=~pro&meta_=x"
    )
    assert question.tags == {
        "author": Condition(equal=("John",), unequal=("Jane",)),
        "a_b": Condition(equal=("1",)),
    }
    assert question.metadata == {"plan": Condition(contains=("pro",))}
    assert good(MAY + "tag=author").conditions == {"tag": Condition(equal=("author",))}


def test_patterns_are_wanted_or_with_an_exclamation_mark_refused() -> None:
    question = good(MAY + r"pattern=^/a&pattern=!(?i)/b\d&pattern=~x")
    assert question.pattern == Condition(equal=("^/a", "~x"), unequal=(r"(?i)/b\d",))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("(", "missing ): ("),
        ("![", "missing ]: ["),
        ("(?=a)", "invalid perl operator: (?="),
        (r"\1", r"invalid escape sequence: \1"),
        ("a**", "bad repetition operator: **"),
    ],
)
def test_of_a_broken_pattern_is_said_what_re2_says(text: str, reason: str) -> None:
    _, wrong = read_question([("pattern", text), ("start", "1")], BERLIN, NOW)
    assert wrong == {"pattern": f"is not a regular expression (RE2): {reason}"}


def test_a_pattern_is_not_endless() -> None:
    for text in ("a" * 2001, "a\0"):
        assert set(read_question([("pattern", text), ("start", "1")], BERLIN, NOW)[1]) == {
            "pattern"
        }


def test_visitor_and_session_count_only_together() -> None:
    assert good(MAY + "visitor_id=18446744073709551615&session_id=7").session == (2**64 - 1, 7)
    for query in ("visitor_id=5", "session_id=7", "visitor_id=5&session_id="):
        assert good(MAY + query).session is None
    assert bad(MAY + "visitor_id=18446744073709551616&session_id=-7") == {
        "visitor_id",
        "session_id",
    }


def test_a_custom_metric_needs_key_and_type() -> None:
    assert good(
        MAY + "custom_metric_key=a&custom_metric_type=Integer"
    ).custom_metric == CustomMetric("a", integer=True)
    assert good(MAY + "custom_metric_key=a&custom_metric_type=float").custom_metric == CustomMetric(
        "a", integer=False
    )
    assert good(MAY + "custom_metric_key=a").custom_metric is None
    assert good(MAY + "custom_metric_type=float").custom_metric is None
    assert bad(MAY + "custom_metric_type=text") == {"custom_metric_type"}


@pytest.mark.parametrize(
    ("text", "limit"),
    [("", 100), ("0", 100), ("1", 1), ("100", 100), ("101", 100), ("9" * 20, 100)],
)
def test_a_limit_is_at_most_and_by_default_100(text: str, limit: int) -> None:
    assert good(f"{MAY}limit={text}").limit == limit


def test_limit_and_offset_are_whole_numbers() -> None:
    assert good(MAY + "offset=30").offset == 30
    assert good(MAY + "offset=").offset == 0
    for text in ("-1", "1.0", "x", "1e3", "+1"):
        assert bad(f"{MAY}limit={text.replace('+', '%2B')}&offset={text.replace('+', '%2B')}") == {
            "limit",
            "offset",
        }


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("", Scale.DAY),
        ("WEEK", Scale.WEEK),
        ("month", Scale.MONTH),
        ("year", Scale.YEAR),
        ("x", Scale.DAY),
    ],
)
def test_an_unknown_scale_is_day(text: str, scale: Scale) -> None:
    assert good(f"{MAY}scale={text}").scale is scale


def test_a_direction_is_asc_or_desc() -> None:
    given = {text: good(f"{MAY}direction={text}").ascending for text in ("", "asc", "DESC")}
    assert given == {"": None, "asc": True, "DESC": False}
    assert bad(MAY + "direction=up") == {"direction"}


def test_search_and_sort_are_trimmed() -> None:
    question = good(MAY + "search=%20Home%20&sort=%20Visitors")
    assert (question.search, question.sort) == ("Home", "visitors")


@pytest.mark.parametrize(
    ("text", "flag"),
    [("true", True), ("1", True), ("TRUE", True), ("false", False), ("0", False), ("", False)],
)
def test_flags(text: str, flag: bool) -> None:
    question = good(f"{MAY}include_avg_time_on_page={text}&include_title={text}")
    assert (question.with_time_on_page, question.with_title) == (flag, flag)


def test_unknown_parameters_are_ignored() -> None:
    assert good(MAY + "colour=red&filter[a]=b&[]=1&=2") == good(MAY)


def test_everything_wrong_is_named_at_once() -> None:
    wrong = bad(
        "to=x&tz=x&pattern=(&direction=x&limit=x&offset=x&visitor_id=x&custom_metric_type=x"
    )
    assert wrong == {
        *("from", "to", "tz", "pattern", "direction", "limit", "offset"),
        *("visitor_id", "custom_metric_type"),
    }
