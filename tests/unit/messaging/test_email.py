"""Handing one mail to a real mail server."""

from __future__ import annotations

import socket
import threading
from datetime import datetime
from email.message import EmailMessage

import pytest

from flowapp.kernel.errors import BadSetting
from flowapp.messaging.email import MailFailed, Security, SmtpServer, compose, send, smtp_server
from tests.unit.messaging.conftest import NOW, Certificate
from tests.unit.messaging.post_office import post_office

SENDER = "FlowApp <flowapp@example.org>"


def server_at(port: int, *, host: str = "127.0.0.1", sign_in: str = "", scheme: str = "smtp") -> SmtpServer:
    made = smtp_server(f"{scheme}://{sign_in}{host}:{port}", sender=SENDER)
    assert made is not None
    return made


def a_mail(server: SmtpServer, *, to: tuple[str, ...] = ("maya@example.org",), body: str = "Hello") -> EmailMessage:
    return compose(server, uid="01JABC", to=list(to), cc=[], reply_to=None, subject="Leave approved", body=body, at=NOW)


def failure(server: SmtpServer, message: EmailMessage | None = None) -> MailFailed:
    with pytest.raises(MailFailed) as failed:
        send(server, message or a_mail(server))
    return failed.value


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 25, "smtp", "", "")),
        ("smtp://u:p@mail.example.org", ("mail.example.org", 587, "smtp", "u", "p")),  # with a password: 587
        ("smtps://u:p%40%2F@mail.example.org", ("mail.example.org", 465, "smtps", "u", "p@/")),
        ("smtp://maya%40example.org:x@[::1]:2525", ("::1", 2525, "smtp", "maya@example.org", "x")),
    ],
)
def test_the_setting_names_the_server(url: str, expected: tuple[object, ...]) -> None:
    made = smtp_server(url, sender=SENDER)
    assert made is not None
    assert (made.host, made.port, made.security, made.user, made.password) == expected
    assert made.sender_address == "flowapp@example.org"
    assert "p@/" not in repr(made)


def test_without_the_setting_there_is_no_server() -> None:
    assert smtp_server("", sender=SENDER) is None


@pytest.mark.parametrize("url", ["smtp://", "smtp://host:port", "http://mail.example.org", "smtp://[::1", "mail"])
def test_a_senseless_setting_is_refused(url: str) -> None:
    with pytest.raises(BadSetting, match="FLOWAPP_SMTP_URL"):
        smtp_server(url, sender=SENDER)


@pytest.mark.parametrize("sender", ["", "FlowApp", "FlowApp <a@example.org>\r\nBcc: x@example.org"])
def test_a_senseless_sender_is_refused(sender: str) -> None:
    with pytest.raises(BadSetting, match="FLOWAPP_MAIL_FROM"):
        smtp_server("smtp://mail.example.org", sender=sender)


def test_a_mail_arrives_as_plain_text_with_every_sign(free_port: int) -> None:
    server = server_at(free_port)
    body = "Łukasz, your leave is approved – enjoy it.\n\n.\nA line of dots and 😀\n" + "x" * 2000
    message = compose(
        server,
        uid="01JABC",
        to=["maya@example.org", "dan@example.org"],
        cc=["ola@example.org"],
        reply_to="office@example.org",
        subject="Approved: Łukasz",
        body=body,
        at=NOW,
    )
    with post_office(free_port) as office:
        assert send(server, message) == ""
    mail = office.mails[0]
    assert mail["Message-ID"] == "<01JABC@example.org>"
    assert mail["From"] == SENDER
    assert (mail["To"], mail["Cc"]) == ("maya@example.org, dan@example.org", "ola@example.org")
    assert mail["Reply-To"] == "office@example.org"
    assert mail["Subject"] == "Approved: Łukasz"
    assert mail["Date"].datetime == NOW
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().replace("\r\n", "\n").rstrip("\n") == body
    assert office.recipients == [["maya@example.org", "dan@example.org", "ola@example.org"]]


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        ("550 we know no such person", True),
        ("552 too big", True),
        ("451 try again later", False),
        ("421 closing", False),
    ],
)
def test_the_servers_answer_tells_whether_to_try_again(free_port: int, answer: str, permanent: bool) -> None:
    with post_office(free_port) as office:
        office.answers = [answer]
        failed = failure(server_at(free_port))
    assert failed.permanent is permanent
    assert not failed.server_wide
    assert answer in failed.message


def test_a_mail_nobody_may_have_is_refused_for_good(free_port: int) -> None:
    with post_office(free_port) as office:
        office.refused_recipients = {"maya@example.org": "550 unknown"}
        failed = failure(server_at(free_port))
        office.refused_recipients = {"maya@example.org": "450 mailbox is full"}
        later = failure(server_at(free_port))
    assert failed.permanent
    assert failed.message == "The mail server refused maya@example.org (550 unknown)"
    assert not later.permanent


def test_a_mail_some_may_have_is_sent_and_the_others_are_named(free_port: int) -> None:
    server = server_at(free_port)
    with post_office(free_port) as office:
        office.refused_recipients = {"dan@example.org": "550 unknown"}
        told = send(server, a_mail(server, to=("maya@example.org", "dan@example.org")))
    assert told == "The mail server refused dan@example.org (550 unknown)"
    assert office.recipients == [["maya@example.org"]]


def test_a_server_that_is_away_is_tried_again(free_port: int) -> None:
    failed = failure(server_at(free_port))
    assert (failed.permanent, failed.server_wide) == (False, True)
    assert f"127.0.0.1:{free_port}" in failed.message


def test_the_password_of_the_setting_signs_in(free_port: int) -> None:
    server = server_at(free_port, sign_in="flow:ri%3Ag%2Fht@")
    with post_office(free_port, signs_in=True) as office:
        send(server, a_mail(server))
    assert office.sign_ins == [("flow", "ri:g/ht")]
    assert len(office.mails) == 1


def test_a_wrong_password_is_the_settings_fault_not_the_mails(free_port: int) -> None:
    with post_office(free_port, signs_in=True):
        failed = failure(server_at(free_port, sign_in="flow:wrong@"))
    assert (failed.permanent, failed.server_wide) == (False, True)
    assert "did not accept user and password" in failed.message
    assert "wrong" not in failed.message


def test_a_password_is_not_sent_in_the_clear_to_another_machine(
    free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The name of another machine that leads back to this one, so that a real server answers.
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *rest, **more: real("127.0.0.1" if host == "mail.example.org" else host, *rest, **more),
    )
    with post_office(free_port, signs_in=True) as office:
        failed = failure(server_at(free_port, host="mail.example.org", sign_in="flow:ri%3Ag%2Fht@"))
    assert "offers no encryption" in failed.message
    assert office.sign_ins == []


def test_starttls_is_used_where_it_is_offered(free_port: int, trusted: Certificate) -> None:
    server = server_at(free_port, host="localhost", sign_in="flow:ri%3Ag%2Fht@")
    with post_office(free_port, tls=trusted.context, signs_in=True) as office:
        send(server, a_mail(server))
    assert office.encrypted == [True]
    assert office.sign_ins == [("flow", "ri:g/ht")]


def test_a_certificate_nobody_vouches_for_is_not_trusted(free_port: int, certificate: Certificate) -> None:
    with post_office(free_port, tls=certificate.context, signs_in=True) as office:
        failed = failure(server_at(free_port, host="localhost", sign_in="flow:ri%3Ag%2Fht@"))
    assert "certificate" in failed.message.lower()
    assert (office.mails, office.sign_ins) == ([], [])


def test_a_server_that_stumbles_after_taking_the_mail_has_taken_it(free_port: int) -> None:
    listener = socket.create_server(("127.0.0.1", free_port))
    thread = threading.Thread(target=_takes_then_hangs_up, args=(listener,))
    thread.start()
    server = server_at(free_port)
    assert send(server, a_mail(server)) == ""
    thread.join(5)


def _takes_then_hangs_up(listener: socket.socket) -> None:
    with listener, listener.accept()[0] as connection, connection.makefile("rwb") as stream:

        def say(line: str) -> None:
            stream.write(line.encode() + b"\r\n")
            stream.flush()

        say("220 hello")
        for line in stream:
            word = line[:4].upper()
            if word == b"DATA":
                say("354 go on")
                while stream.readline() != b".\r\n":
                    pass
                say("250 taken")
            elif word == b"QUIT":
                say("451 cannot quit")
                return
            else:
                say("250 fine")


def test_the_moment_of_a_mail_keeps_its_time_zone() -> None:
    server = server_at(25)
    summer = datetime.fromisoformat("2026-07-01T10:00:00+01:00")
    message = compose(server, uid="x", to=["a@example.org"], cc=[], reply_to=None, subject="s", body="b", at=summer)
    assert message["Date"] == "Wed, 01 Jul 2026 10:00:00 +0100"
    assert server.security is Security.IF_OFFERED
