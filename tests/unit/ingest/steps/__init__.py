"""Tests of the ingest steps, one file a step."""
