"""Benchmarks: what a hit costs, and how long a question takes (see README.md)."""
