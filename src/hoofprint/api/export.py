"""`GET /api/v1/statistics`: a choice of statistics as CSV files in a zip (`api.md`, Exporting)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import structlog
from litestar import Request, get
from litestar.datastructures import State
from litestar.openapi.spec import Parameter, Reference
from litestar.types import ASGIApp

from hoofprint.api import asking
from hoofprint.api.archive import Table, archive
from hoofprint.api.asgi import Header, Message, Receive, Scope, Send
from hoofprint.api.body import NO, YES
from hoofprint.api.callers import credentials
from hoofprint.api.logs import outline
from hoofprint.api.operation import ZIP, described, parameter_ref, query
from hoofprint.api.parameters import ASKED, DATES, FILTERING, METRIC, PARAMETERS, SCALE, START
from hoofprint.api.params import bare_name
from hoofprint.api.services import Services
from hoofprint.api.statistics import PREFIX, read_asked
from hoofprint.errors import HoofprintError, HungUp, Invalid
from hoofprint.query.answer import whole_answer
from hoofprint.query.plan import Select
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report
from hoofprint.query.reports import REPORTS

Pairs = Sequence[tuple[str, str]]
Step = Callable[[asking.Receive], Awaitable[bytes | None]]

ROWS = 10_000
"""So many rows of a statistic are in memory at once."""
CUT = frozenset({"limit", "offset"})
"""Parameters that don't count here: an export has all rows."""

log = structlog.get_logger(__name__)


def _file_names() -> dict[str, str]:
    """The name of each report's file, by route: its parameter's.

    Where that chooses several, the last part of the route tells them apart.
    """
    sharing = Counter(report.export for report in REPORTS)
    return {
        r.route: r.export if sharing[r.export] == 1 else f"{r.export}_{r.route.rpartition('/')[2]}"
        for r in REPORTS
        if r.export
    }


FILES: Mapping[str, str] = _file_names()
EXPORTS = frozenset(report.export for report in REPORTS if report.export)


def _described() -> list[Parameter | Reference]:
    """The choices and the parameters of the question; some names are both (`read_choice`)."""
    asked = (*ASKED, *DATES, START, *FILTERING, SCALE, *METRIC)
    either = {"type": ["boolean", "array"], "items": {"type": "string"}}
    return [
        *(parameter_ref(p.name, required=p.name == "id") for p in asked if p.name not in EXPORTS),
        *(
            query(
                name,
                f"`true` or `1` chooses the statistic{_else(name)}.",
                either if name in PARAMETERS else {"type": "boolean"},
            )
            for name in sorted(EXPORTS)
        ),
    ]


def _else(name: str) -> str:
    return "; other values but `false` and `0` are the filter" if name in PARAMETERS else ""


@get(
    PREFIX,
    summary="Export statistics as CSV files in a zip",
    operation_id="statistics_export",
    tags=["Statistics"],
    media_type=ZIP,
    operation_class=described(
        answer={"type": "string", "format": "binary"},
        parameters=_described(),
        refusals=(400, 401, 403, 404, 503),
        media_type=ZIP,
        open_to_all=True,
    ),
)
async def export_statistics(request: Request[Any, Any, State], state: State) -> ASGIApp:
    """One file for each chosen statistic, with the rows of its endpoint without any limit.

    What is wrong with the question, and a store that fails at once, is answered as an error. Later
    an error ends the connection in the middle of the answer.
    """
    services: Services = state["services"]
    chosen, pairs = read_choice(list(request.query_params.multi_items()))
    question = await read_asked(chosen, pairs, credentials(request), services)
    if not chosen:
        raise Invalid({}, f"nothing is chosen: set one of {', '.join(sorted(EXPORTS))} to true")
    work = _Work(chosen, question)

    async def step(receive: asking.Receive) -> bytes | None:
        """The next piece. Other questions get their turn in between."""
        return await services.asking.run(work.go_on, receive)

    return download(await step(request.receive) or b"", step, _headers(question))


def read_choice(pairs: Pairs) -> tuple[list[Report], list[tuple[str, str]]]:
    """The reports that the parameters choose, and the other parameters: the question.

    Some names choose a statistic and are filters, too (`country`): `true`, `1`, `false` and `0` are
    a choice, everything else is a filter.
    """
    chosen: set[str] = set()
    question: list[tuple[str, str]] = []
    for name, value in pairs:
        bare, said = bare_name(name), value.strip().lower()
        if bare in EXPORTS and said in YES:
            chosen.add(bare)
        elif bare not in CUT and not (bare in EXPORTS and said in NO):
            question.append((name, value))
    return [report for report in REPORTS if report.export in chosen], question


class _Work:
    """An archive in the making, which goes on whenever it is its turn."""

    def __init__(self, chosen: Sequence[Report], question: Question) -> None:
        self._ask: Ask
        tables = (
            Table(
                FILES[report.route], whole_answer(report, question, self._answer, ROWS), report.wire
            )
            for report in chosen
        )
        zone = ZoneInfo(question.period.timezone)
        self._pieces = archive(tables, datetime.fromtimestamp(question.now, zone))

    def go_on(self, ask: Ask) -> bytes | None:
        """The next piece, None behind the last one."""
        self._ask = ask
        return next(self._pieces, None)

    def _answer(self, plan: Select) -> list[list[Any]]:
        return self._ask(plan)


def _headers(question: Question) -> list[Header]:
    period = question.period
    name = f"{question.domain.hostname}_{period.first_day}_{period.last_day}.zip"
    return [
        (b"content-type", b"application/zip"),
        (b"content-disposition", f'attachment; filename="{name}"'.encode()),
    ]


def download(first: bytes, step: Step, headers: Sequence[Header]) -> ASGIApp:
    """An answer that is made while it is sent: the first piece, then what `step` gives up to None.

    It ends without being complete, which makes the server break the connection, when a step fails;
    and it ends when the client has gone.
    """

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        gone = asyncio.ensure_future(_hung_up(receive))

        async def hung_up() -> Mapping[str, object]:
            return await asyncio.shield(gone)

        try:
            await send({"type": "http.response.start", "status": 200, "headers": list(headers)})
            piece: bytes | None = first
            while piece is not None and not gone.done():
                if piece:
                    await send(_body(piece, more=True))
                piece = await step(hung_up)
            if gone.done():
                log.info("download given up by the client")
            else:
                await send(_body(b"", more=False))
        except HungUp:
            log.info("download given up by the client")
        except HoofprintError as error:  # too late for an answer that says so
            log.error("download broken off", **outline(error))  # noqa: TRY400 - as an outline
        finally:
            gone.cancel()

    return cast("ASGIApp", app)


def _body(piece: bytes, *, more: bool) -> Message:
    return {"type": "http.response.body", "body": piece, "more_body": more}


async def _hung_up(receive: Receive) -> Message:
    """The message that the client has gone, when it has."""
    while (message := await receive())["type"] != "http.disconnect":
        pass
    return message
