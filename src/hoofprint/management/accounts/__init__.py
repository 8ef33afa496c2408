"""Accounts: how people get one, get in, keep others out, and leave; one file a subject."""
