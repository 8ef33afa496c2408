"""Logging: structured, on standard error, and never an IP address, a user agent or a full URL."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import Processor

from hoofprint.errors import HoofprintError
from hoofprint.settings import Settings

QUIET = ("uvicorn.access", "httpx", "httpcore", "asyncio", "alembic.runtime.plugins")


def configure(settings: Settings) -> None:
    """Send structlog's and the libraries' logs through one renderer, as the settings say.

    Exceptions are shown without the values of local variables: those may be a visitor's.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: list[Processor]
    if settings.log_format == "json":
        renderer = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    else:
        renderer = [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def outline(error: BaseException) -> dict[str, Any]:
    """An exception for a log line: its type and where it came from, chained ones included.

    Messages are shown for errors of our own only: any other exception in the middle of a request
    tends to quote the value it stumbled over.
    """
    parts: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = traceback.format_list(traceback.extract_tb(current.__traceback__))
        said = f": {current}" if isinstance(current, HoofprintError) else ""
        parts.append("".join([*frames, type(current).__qualname__, said]))
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )
    return {"type": type(error).__qualname__, "traceback": "\ncaused by\n".join(parts)}
