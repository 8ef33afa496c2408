"""Tests of `hoofprint.ingest`, one file a module."""
