"""Reports by attributes of the visit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .asked import Asked
from .counting import (
    HOSTS,
    SHARES,
    Counted,
    Counts,
    Row,
    counted,
    found_by_search,
    groups,
    in_order,
)


def share(*names: str, fields: Sequence[str] = (), exact: bool = False) -> Callable[..., list[Row]]:
    """A report by attributes of the visit; a search looks at the first."""

    def report(asked: Asked) -> list[Row]:
        facts, everything, by_page = counted(asked, *names)
        rows = [
            Counts(asked, some, everything, by_page=by_page).row(*SHARES)
            | dict(zip(fields or names, key, strict=True))
            for key, some in groups(facts, lambda f: tuple(f.text[n] for n in names)).items()
            if found_by_search(asked, key[0], exact=exact)
        ]
        return in_order(asked, rows, "visitors", fields or names)

    return report


def hostname(asked: Asked) -> list[Row]:
    facts, everything, by_page = counted(asked, "hostname")
    rows = [
        {"hostname": name} | Counts(asked, some, everything, by_page=by_page).row(*HOSTS)
        for (name,), some in groups(facts, lambda f: (f.text["hostname"],)).items()
        if found_by_search(asked, name)
    ]
    return in_order(asked, rows, "visitors", ["hostname"])


def place(*names: str) -> Callable[..., list[Row]]:
    def report(asked: Asked) -> list[Row]:
        def key(fact: Counted) -> tuple[str, ...]:
            return tuple(fact.text[n] if fact.text["city"] else "" for n in names)

        fields = ("country_code", *names[1:])
        facts, everything, by_page = counted(asked, *names, "city")
        rows = [
            Counts(asked, some, everything, by_page=by_page).row(*SHARES)
            | dict(zip(fields, place, strict=True))
            for place, some in groups(facts, key).items()
            if found_by_search(asked, place[-1])
        ]
        return in_order(asked, rows, "visitors", fields)

    return report


def referrer(asked: Asked) -> list[Row]:
    narrow = bool({"referrer", "referrer_name"} & set(asked.params))
    facts, everything, by_page = counted(asked, "referrer", "referrer_name")

    def key(fact: Counted) -> tuple[str, ...]:
        name = fact.text["referrer_name"]
        return (name, fact.text["referrer"]) if narrow else (name,)

    metrics = ("visitors", "sessions", "relative_visitors", "bounces", "bounce_rate")
    rows = [
        {
            "referrer": max(f.text["referrer"] for f in some),
            "referrer_name": some[0].text["referrer_name"],
            "referrer_icon": "",
        }
        | Counts(asked, some, everything, by_page=by_page).row(*metrics)
        for some in groups(facts, key).values()
        if found_by_search(asked, some[0].text["referrer_name"])
    ]
    return in_order(asked, rows, "visitors", ["referrer_name", "referrer"])
