"""The HTTP side, asked from outside."""
