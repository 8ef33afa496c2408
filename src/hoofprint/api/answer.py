"""How Litestar's handlers answer."""

from __future__ import annotations

from typing import Any

from litestar import Response
from litestar.serialization import default_serializer
from litestar.types import Serializer


class Answer(Response[Any]):
    """JSON; where there is no result, an empty body."""

    def render(
        self, content: Any, media_type: str, enc_hook: Serializer = default_serializer
    ) -> bytes:
        """The bytes of the body."""
        return b"" if content is None else super().render(content, media_type, enc_hook)
