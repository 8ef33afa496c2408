"""What no text in the records may hold."""

from __future__ import annotations

NUL = "\0"
"""PostgreSQL keeps no text with it."""
