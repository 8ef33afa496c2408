"""Hoofprint: self-hosted, privacy-friendly web analytics."""

__version__ = "0.1.0"
