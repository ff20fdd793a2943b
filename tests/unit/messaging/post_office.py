"""A real mail server for the tests, which answers as it is told and keeps what it takes."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class PostOffice:
    """What the server was given; `answers` are used up first, one for each mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.answers: list[str] = []
        self.refused_recipients: dict[str, str] = {}
        self.sign_ins: list[tuple[str, str]] = []
        self.encrypted: list[bool] = []

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a recipient, or refuse it."""
        if address in self.refused_recipients:
            return self.refused_recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a mail, or give the next answer."""
        if self.answers:
            answer = self.answers.pop(0)
            if not answer.startswith("250"):
                return answer
        content = envelope.content or b""
        assert isinstance(content, bytes)
        self.mails.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
        self.recipients.append(list(envelope.rcpt_tos))
        self.encrypted.append(session.ssl is not None)
        return "250 taken"

    def check(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any) -> AuthResult:
        """Let `flow` in with `right`."""
        assert isinstance(data, LoginPassword)
        self.sign_ins.append((data.login.decode(), data.password.decode()))
        right = self.sign_ins[-1] == ("flow", "ri:g/ht")
        return AuthResult(success=right, handled=False)  # the server itself answers a wrong one


@contextmanager
def post_office(port: int, *, tls: ssl.SSLContext | None = None, signs_in: bool = False) -> Iterator[PostOffice]:
    """Run the server on a port; with `tls` it offers STARTTLS, and with `signs_in` it wants a password."""
    office = PostOffice()
    extra: dict[str, Any] = {"tls_context": tls} if tls else {}
    if signs_in:
        extra |= {"authenticator": office.check, "auth_require_tls": False}
    controller = Controller(office, hostname="127.0.0.1", port=port, **extra)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()
