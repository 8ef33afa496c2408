"""Data files of the management, each with its source and licence in README.md."""
