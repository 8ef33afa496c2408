"""What people are told when a page can't be shown or a form can't be taken."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from litestar.datastructures import State
from litestar.types import ExceptionHandlersMap

from hoofprint.api.errors import refusal
from hoofprint.errors import Forbidden, HoofprintError, Invalid, NotFound, TooManyRequests
from hoofprint.pages.page import page

AGAIN = "Open the page again and repeat what you did."


def told(error: HoofprintError) -> tuple[str, str]:
    """A heading and a sentence."""
    match error:
        case TooManyRequests():
            return "Too many tries", f"Please wait {error.retry_after} seconds."
        case Forbidden():
            return "That was not possible", f"The form was too old, or not from here. {AGAIN}"
        case NotFound():
            return "Not found", "There is no such page, or it is not for you."
        case Invalid():
            return "That was not possible", "; ".join(
                [*(f"{name} {text}" for name, text in error.fields.items()), *error.messages]
            )
        case _:
            return "That was not possible", "The server can't do this now. Please try again."


def _present(request: Request[Any, Any, State], error: HoofprintError) -> Response[str]:
    del request
    refused = refusal(error)
    heading, text = told(error)
    answer = page(
        "said", refused.status, heading=heading, text=text, link="", label="", caller=None
    )
    for name, value in refused.headers:
        answer.set_header(name.decode(), value.decode())
    return answer


HANDLERS: ExceptionHandlersMap = {HoofprintError: _present}
