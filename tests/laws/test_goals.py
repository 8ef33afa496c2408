"""Law 1 for goals: each is a filter, and the question's filters apply too."""

from __future__ import annotations

from hypothesis import given, note
from hypothesis import strategies as st

from hoofprint.management.patterns import regex_of
from hoofprint.model.arrival import Arrival
from hoofprint.model.goal import Goal

from .reference.goals import goals
from .site import MakeSite, shared_store
from .test_sums import without
from .traffic import Params, questions, traffic

PATTERNS = ("/", "/a", "/*", "/b/**", "/**", "^/b", "/A*")


def defined() -> st.SearchStrategy[list[Goal]]:
    """Goals with a path pattern, an event or both."""
    pattern = st.sampled_from(PATTERNS).map(regex_of)
    tags = st.dictionaries(st.sampled_from(["k", "price"]), st.sampled_from(["", "x", "1"]))
    by_path = st.builds(
        lambda regex, pairs: {"pattern": regex, "tags": tuple(pairs.items())}, pattern, tags
    )
    by_event = st.builds(
        lambda name, regex, key, value, pairs: {
            "event": name,
            "pattern": regex,
            "meta_key": key,
            "meta_value": value if key else "",
            "tags": tuple(pairs.items()),
        },
        st.sampled_from(["Buy", "Sign up", "none"]),
        st.one_of(st.just(""), pattern),
        st.sampled_from(["", "k", "price"]),
        st.sampled_from(["", "x", "1"]),
        tags,
    )
    return st.lists(st.one_of(by_path, by_event), max_size=4).map(
        lambda found: [
            Goal(name=f"{'ADa'[n % 3]}{n}", shown={"id": n}, **fields)
            for n, fields in enumerate(found)
        ]
    )


@shared_store
@given(
    arrivals=traffic(30),
    asked=questions(),
    made=defined(),
    sort=st.sampled_from(["", "name", "views", "cr"]),
)
def test_goals_equal_the_reference(
    sites: MakeSite, arrivals: list[Arrival], asked: Params, made: list[Goal], sort: str
) -> None:
    site = sites(arrivals)
    params = without(asked, "pattern")
    params += [("sort", sort)] if sort else []
    note(f"{params} {made}")
    found = site.ask("/goals", params, goals=tuple(made))
    assert found == goals(site.asked(params), made)
