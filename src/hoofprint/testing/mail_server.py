"""A mail server on a free port of this machine that keeps what it gets, for tests."""

from __future__ import annotations

import socketserver
import ssl
import threading
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Self


class MailServer:
    """Speaks as much SMTP as `smtplib` asks for; used in a `with`.

    `refusal` is its answer to a recipient instead of 250. With `tls` it offers STARTTLS, or speaks
    TLS at once when `at_once`. `logins` holds what was sent to log in.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, *, at_once: bool = False) -> None:
        self.tls = tls
        self.at_once = at_once
        self.refusal = ""
        self.hang_up_after_data = False
        self.knows_utf8 = True
        self.recipients: list[str] = []
        self.raw: list[bytes] = []
        self.logins: list[str] = []
        self._port = 0
        self._serving: _Serving | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """Where it listens; stays the same when it is started again."""
        return self._port

    @property
    def messages(self) -> list[EmailMessage]:
        """What it has, read as a mail program does."""
        return [message_from_bytes(raw, policy=default) for raw in self.raw]

    def start(self) -> None:
        """Listen."""
        self._serving = _Serving(self)
        self._port = int(self._serving.server_address[1])
        self._thread = threading.Thread(target=self._serving.serve_forever, args=(0.01,))
        self._thread.start()

    def stop(self) -> None:
        """Refuse connections, until it is started again."""
        if self._serving is not None and self._thread is not None:
            self._serving.shutdown()
            self._thread.join()
            self._serving.server_close()
        self._serving = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Serving(socketserver.ThreadingTCPServer):
    allow_reuse_address = True

    def __init__(self, known: MailServer) -> None:
        self.known = known
        super().__init__(("127.0.0.1", known.port), _Talk)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that doesn't trust our certificate is no news."""


class _Talk(socketserver.StreamRequestHandler):
    server: _Serving
    timeout = 5

    def setup(self) -> None:
        known = self.server.known
        if known.tls is not None and known.at_once:
            self.request = known.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def handle(self) -> None:
        self._secure = self.server.known.at_once
        self._say("220 mail.example ready")
        while line := self.rfile.readline():
            command, _, rest = line.decode().strip().partition(" ")
            if not self._answer(command.upper(), rest):
                return

    def _answer(self, command: str, rest: str) -> bool:
        """Whether the talk goes on."""
        known = self.server.known
        match command:
            case "EHLO":
                self._say(*self._abilities())
            case "STARTTLS" if known.tls is not None:
                self._say("220 go ahead")
                super().finish()
                self.request = known.tls.wrap_socket(self.request, server_side=True)
                super().setup()
                self._secure = True
            case "AUTH":
                known.logins.append(rest)
                self._say("235 welcome" if known.refusal != "535" else f"535 no: {rest}")
            case "RCPT":
                if not known.refusal:
                    known.recipients.append(rest)
                self._say(known.refusal or "250 fine")
            case "DATA":
                self._say("354 go on")
                known.raw.append(self._data())
                if known.hang_up_after_data:
                    return False
                self._say("250 kept")
            case "QUIT":
                self._say("221 bye")
                return False
            case _:
                self._say("250 fine")
        return True

    def _abilities(self) -> list[str]:
        known = self.server.known
        offered = ["250-mail.example"]
        if known.tls is not None and not self._secure:
            offered.append("250-STARTTLS")
        if known.knows_utf8:
            offered += ["250-8BITMIME", "250-SMTPUTF8"]
        return [*offered, "250 AUTH PLAIN"]

    def _data(self) -> bytes:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())
        self.wfile.flush()
