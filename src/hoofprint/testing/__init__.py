"""Lifelike traffic, for seeds, benchmarks and tests, and for whoever wants to try something."""
