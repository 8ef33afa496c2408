"""A naive reading of `rules.md` section 2: plain loops over all facts, written for clarity."""
