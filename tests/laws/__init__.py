"""Property tests: what must hold whatever happens."""
