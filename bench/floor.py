"""The floor of every request: the same HTTP server, answering an empty 200 to whatever comes.

python -m bench.floor PORT
"""

from __future__ import annotations

import sys
from typing import Any

import uvicorn

from hoofprint.serving import http_server

START = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]}
BODY = {"type": "http.response.body", "body": b""}


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Read the body, say nothing."""
    del scope
    while (await receive()).get("more_body"):
        pass
    await send(START)
    await send(BODY)


if __name__ == "__main__":
    config = http_server(app)
    config.port = int(sys.argv[1])
    uvicorn.Server(config).run()
