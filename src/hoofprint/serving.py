"""Serves an application until a signal ends it, then drains and closes it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
import sys
import time
from collections.abc import Iterator

import structlog
import uvicorn

from hoofprint.api.asgi import App
from hoofprint.api.direct import DirectProtocol
from hoofprint.api.logs import configure
from hoofprint.bootstrap import Application, build
from hoofprint.errors import Unavailable
from hoofprint.ingest.hit import Hit, Request
from hoofprint.ingest.pipe import Pipe
from hoofprint.management.accounts.sign_up import setup_code
from hoofprint.model.arrival import Kind
from hoofprint.model.domain import Domain
from hoofprint.settings import Settings

log = structlog.get_logger("hoofprint")


class _Server(uvicorn.Server):
    """uvicorn, with the signals left to us: its own end the process before all is counted."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let SIGTERM and SIGINT end serving, and nothing else."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._end)
        yield

    def _end(self) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then drain and close. Raises HoofprintError."""
    configure(settings)
    with _bound(settings) as listening:
        application = build(settings)
        config = http_server(application.asgi)
        with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
            runner.run(_serve(application, config, listening))


def http_server(app: App) -> uvicorn.Config:
    """How uvicorn serves an application here; the benchmarks' floor is served the same way."""
    return uvicorn.Config(
        app,
        loop="uvloop",
        http=DirectProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )


@contextlib.contextmanager
def _bound(settings: Settings) -> Iterator[socket.socket]:
    """The socket to listen on, taken before anything else is opened. Raises Unavailable."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((settings.host, settings.port))
        except OSError as error:
            where = f"{settings.host} port {settings.port}"
            raise Unavailable(f"{where} can't be listened on: {error.strerror}") from None
        yield bound


def _warm(pipe: Pipe) -> None:
    """Load the lists and rules that the first hit would wait for."""
    hit = Hit(
        url="https://example.com/?utm_source=example",
        ip="192.0.2.1",
        user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        referrer="https://example.org/",
        accept_language="en",
    )
    pipe.refine(Request(Kind.HIT, hit, Domain("", "example.com"), int(time.time())))


def _invite_the_first(application: Application, url: str) -> None:
    """As long as there is no account, the log has a link that makes one; the next start another."""
    clock = application.services.clock
    code = application.records.write(lambda session: setup_code(session, clock()))
    if code is not None:
        link = f"{url}/setup?code={code}"
        log.warning("there is no account yet: this link makes the first one", link=link)


async def _serve(
    application: Application, config: uvicorn.Config, listening: socket.socket
) -> None:
    """Run the application until a signal ends it; whatever happens, it is stopped in order."""
    application.start()
    try:
        _warm(application.counting.pipe)
        # What exists now lives for good: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        # While a batch is counted, whoever answers gets its turn ten times as often as usual: the
        # slowest hundredth of the hits waits half as long, and nothing costs more.
        sys.setswitchinterval(0.0005)
        host, port = listening.getsockname()[:2]
        url = application.settings.public_url
        log.info("serving", host=host, port=port, url=url)
        _invite_the_first(
            application, url if application.settings.port else f"http://{host}:{port}"
        )
        await _Server(config).serve(sockets=[listening])
    finally:
        await application.stop()
