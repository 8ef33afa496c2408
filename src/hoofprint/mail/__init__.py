"""Mails: what they say, what they look like on the wire, and how they get to a mail server."""
