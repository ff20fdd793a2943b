"""Handing one mail to the mail server."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from flowapp.kernel.errors import BadSetting, FlowError

CONNECT_SECONDS = 10.0  # and for every answer of the server after that


class MailFailed(FlowError):
    """The mail could not be sent.

    `permanent`: the same mail would be refused again. `server_wide`: other mails would fail the same way.
    """

    code = "mail_failed"

    def __init__(self, message: str, *, permanent: bool = False, server_wide: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.server_wide = server_wide


class Security(StrEnum):
    """How the way to the mail server is protected."""

    TLS = "smtps"  # from the first byte
    IF_OFFERED = "smtp"  # STARTTLS where the server can


@dataclass(frozen=True, kw_only=True)
class SmtpServer:
    """The mail server, and in whose name mails go out."""

    host: str
    port: int
    security: Security
    sender: str  # as in `FlowApp <flowapp@example.org>`
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def sender_address(self) -> str:
        """The address alone."""
        return parseaddr(self.sender)[1]


def smtp_server(url: str, *, sender: str) -> SmtpServer | None:
    """Read FLOWAPP_SMTP_URL and FLOWAPP_MAIL_FROM; None when no server is set. Raises BadSetting."""
    if not url:
        return None
    if "@" not in parseaddr(sender)[1] or not sender.isprintable() or not sender.isascii():
        raise BadSetting("FLOWAPP_MAIL_FROM must be an address such as FlowApp <flowapp@example.org>.")
    try:
        parts = urlsplit(url)
        security, port = Security(parts.scheme), parts.port
    except ValueError:
        raise BadSetting(_EXAMPLE) from None
    if not parts.hostname:
        raise BadSetting(_EXAMPLE)
    return SmtpServer(
        host=parts.hostname,
        port=port or _usual_port(security, signs_in=bool(parts.username)),
        security=security,
        sender=sender,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


_EXAMPLE = "FLOWAPP_SMTP_URL must look like smtp://user:password@mail.example.org:587, or smtps:// for port 465."


def _usual_port(security: Security, *, signs_in: bool) -> int:
    if security is Security.TLS:
        return 465
    return 587 if signs_in else 25


def compose(
    server: SmtpServer,
    *,
    uid: str,
    to: list[str],
    cc: list[str],
    reply_to: str | None,
    subject: str,
    body: str,
    at: datetime,
) -> EmailMessage:
    """Put the mail together; its Message-ID is made of the uid, so that a mail sent twice can be told."""
    message = EmailMessage()
    message["Message-ID"] = f"<{uid}@{_domain(server)}>"
    message["Date"] = format_datetime(at)
    message["From"] = server.sender
    message["To"] = ", ".join(to)
    if cc:
        message["Cc"] = ", ".join(cc)
    if reply_to:
        message["Reply-To"] = reply_to
    message["Subject"] = subject
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: absence notes do not answer it
    message.set_content(body)
    return message


def send(server: SmtpServer, message: EmailMessage) -> str:
    """Hand the mail over; answer whom the server refused while taking it for others. Raises MailFailed."""
    try:
        smtp = _connected(server)
        try:
            _sign_in(server, smtp)
            refused = smtp.send_message(message, from_addr=server.sender_address)
        finally:
            _leave(smtp)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise MailFailed(_refusals(error.recipients), permanent=min(codes) >= 500) from error
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        sentence = f"The mail server refused the mail: {_answer(error)}"
        raise MailFailed(sentence, permanent=error.smtp_code >= 500) from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailFailed(_server_trouble(server, error), server_wide=True) from error
    return _refusals(refused) if refused else ""


def reach(server: SmtpServer) -> None:
    """Connect and sign in without sending anything; raises MailFailed."""
    try:
        smtp = _connected(server)
        try:
            _sign_in(server, smtp)
        finally:
            _leave(smtp)
    except (OSError, smtplib.SMTPException) as error:
        raise MailFailed(_server_trouble(server, error), server_wide=True) from error


def _connected(server: SmtpServer) -> smtplib.SMTP:
    # Without a name of our own smtplib asks the resolver for it, which can take many seconds.
    name, tls = _domain(server), ssl.create_default_context()
    if server.security is Security.TLS:
        return smtplib.SMTP_SSL(server.host, server.port, local_hostname=name, timeout=CONNECT_SECONDS, context=tls)
    smtp = smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=CONNECT_SECONDS)
    try:
        smtp.ehlo_or_helo_if_needed()
        if smtp.has_extn("starttls"):
            smtp.starttls(context=tls)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _leave(smtp: smtplib.SMTP) -> None:
    # The mail is taken, or refused, by now; a server that stumbles over QUIT changes nothing about that.
    with suppress(OSError, smtplib.SMTPException):
        smtp.quit()
    smtp.close()


def _sign_in(server: SmtpServer, smtp: smtplib.SMTP) -> None:
    if not server.user:
        return
    if not isinstance(smtp.sock, ssl.SSLSocket) and not _is_loopback(server.host):
        raise MailFailed(
            f"{server.host} offers no encryption, so the password was not sent to it. "
            "Use smtps:// in FLOWAPP_SMTP_URL, or leave user and password out.",
            server_wide=True,
        )
    smtp.login(server.user, server.password)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _domain(server: SmtpServer) -> str:
    return server.sender_address.rpartition("@")[2] or "localhost"


def _refusals(recipients: dict[str, tuple[int, bytes]]) -> str:
    told = [f"{address} ({code} {_shown(words)})" for address, (code, words) in recipients.items()]
    return f"The mail server refused {', '.join(told)}"[:500]


def _answer(error: smtplib.SMTPResponseException) -> str:
    return f"{error.smtp_code} {_shown(error.smtp_error)}"


def _shown(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return "".join(sign if sign.isprintable() else " " for sign in text)[:200]


def _server_trouble(server: SmtpServer, error: Exception) -> str:
    where = f"{server.host}:{server.port}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"The mail server {where} did not accept user and password: {_answer(error)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"The mail server {where} is not ready: {_answer(error)}"
    return f"Could not talk to the mail server {where}: {_shown(str(error) or type(error).__name__)}"
