"""Tests of the shipped traffic."""
