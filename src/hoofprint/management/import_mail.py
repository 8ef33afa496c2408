"""The mail that says how an import has ended."""

from __future__ import annotations

from html import escape

from hoofprint.mail.mail import Mail
from hoofprint.records.tables import DomainRecord, ImportRecord

NAMES = {"ga": "Google Analytics", "plausible": "Plausible", "fathom": "Fathom"}
MOST_NAMED = 10


def result_mail(record: ImportRecord, domain: DomainRecord) -> Mail:
    """To whoever has begun it: what was imported, what was left out, or why it failed."""
    source = NAMES[record.type]
    ended = "failed" if record.error else "is done"
    lines = [f"The import from {source} into {domain.hostname} {ended}."]
    if record.error:
        lines += [f"Nothing was imported: {record.error}."]
    else:
        lines.append(f"{record.rows_done - record.skipped - record.broken} rows were imported.")
    if record.skipped:
        lines.append(f"{record.skipped} rows are of days that were counted here, and left out.")
    if record.broken:
        lines.append(f"{record.broken} rows could not be read:")
        lines += [f"- {problem}" for problem in record.problems[:MOST_NAMED]]
    html = "".join(f"<p>{escape(line)}</p>" for line in lines)
    subject = f"Import from {source} into {domain.hostname} {ended}"
    return Mail(record.recipient, subject, "\n".join(lines) + "\n", html, "import")
