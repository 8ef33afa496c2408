"""Data files of the steps, each with its source and licence in README.md."""
