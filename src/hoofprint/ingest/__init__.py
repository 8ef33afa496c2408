"""A hit becomes facts: pure steps between a request and an arrival."""
