"""Visitor identity and session life; pure, plus one port for the open sessions."""
