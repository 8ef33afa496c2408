"""A real server sends the mails in its records, and counts those that wait."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import select

from hoofprint.mail.mail import Mail
from hoofprint.management.mails import write_mail
from hoofprint.records.engine import open_records
from hoofprint.records.tables import MailRecord
from hoofprint.testing.mail_server import MailServer

from .server import Instance, eventually

pytestmark = [pytest.mark.xdist_group("e2e"), pytest.mark.slow]

SECRET = "s3cret-link"
MAIL = Mail("ada@example.org", "Hello", f"https://example.com/{SECRET}", "", "reset")


def test_a_mail_waits_for_the_mail_server_through_a_restart(instance: Instance) -> None:
    with MailServer() as server:
        server.stop()
        records = open_records(f"sqlite:///{instance.data}/records.sqlite3")
        instance.start(smtp_host="127.0.0.1", smtp_port=server.port, smtp_security="none")
        records.write(lambda session: write_mail(session, MAIL, time.time()))

        def metrics() -> str:
            return instance.http.get("/metrics").text

        def found() -> MailRecord:
            return records.read(lambda session: session.scalars(select(MailRecord)).one())

        eventually(found, lambda mail: mail.tries == 1 and bool(mail.error))
        eventually(metrics, lambda text: "hoofprint_mails_waiting 1.0" in text)
        instance.stop()
        server.start()
        mail_id = found().id
        records.write(
            lambda s: setattr(s.get_one(MailRecord, mail_id), "next_try", found().def_time)
        )
        instance.start()
        eventually(found, lambda mail: mail.state == "sent")
        eventually(metrics, lambda text: "hoofprint_mails_waiting 0.0" in text)
        assert [message["Message-ID"] for message in server.messages] == [f"<{mail_id}@localhost>"]
        instance.stop()
        records.close()
    assert SECRET not in instance.log.read_text()
    assert "ada@" not in instance.log.read_text()
