"""HTTP only: parse, call, present."""
