"""The outbox: what became of each mail, and sending one again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from flowapp.accounts.audit import AuditEntry
from flowapp.bootstrap import Flow
from flowapp.events.cause import SYSTEM, Cause
from flowapp.factory import create_app
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.settings import Settings
from flowapp.messaging.outbox import MAILS, Mail, MailStatus, queue
from tests.cast import Cast
from tests.support.page import PageClient
from tests.support.visitors import sign_in

BODY = "Dear Dan,\nyour leave is approved.\n\nRose House"


def a_mail(flow: Flow, home_id: int | None, *, subject: str = "Your leave", **values: Any) -> int:
    """Write a mail about a home, and answer its number; `values` say how it stands."""
    cause = Cause(actor=SYSTEM, at=flow.clock.now())

    def write(session: Any) -> int:
        made = queue(session, cause, to=["dan@example.org"], subject=subject, body=BODY, care_home_id=home_id)
        if values:
            session.execute(update(MAILS).where(MAILS.c.id == made).values(**values))
        return made

    return flow.database.write(write)


def status_of(flow: Flow, mail_id: int) -> str:
    """Answer how a mail stands."""
    with flow.database.read() as session:
        return str(session.scalar(select(Mail.status).where(Mail.id == mail_id)))


@pytest.fixture
def with_server(flow: Flow, settings: Settings, clock: FrozenClock, cast: Cast) -> Iterator[PageClient]:
    """Maya's browser at a FlowApp that has a mail server, on the same database."""
    other = Flow(settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:1"}), clock=clock)
    yield sign_in(create_app(flow=other), other, cast.maya)
    other.close()


def test_an_empty_outbox_says_what_will_appear_and_that_no_mail_server_is_set(as_maya: PageClient) -> None:
    as_maya.get("/outbox/")
    assert "No mails yet" in as_maya.text
    assert "No mail server is set, so mails are kept here and not sent." in as_maya.text
    assert as_maya.soup.select_one('nav a[href="/outbox/"][aria-current=page]')


def test_with_a_mail_server_nothing_is_said_about_it(with_server: PageClient) -> None:
    with_server.get("/outbox/")
    assert "No mail server" not in with_server.text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, ["Waiting"]),
        ({"status": MailStatus.KEPT, "last_error": "No mail server is set."}, ["Kept", "No mail server is set"]),
        ({"status": MailStatus.FAILED, "last_error": "550 no such box"}, ["Failed", "550 no such box."]),
        ({"status": MailStatus.SENDING}, ["Being sent"]),
    ],
)  # fmt: skip
def test_each_mail_says_how_it_stands_in_words(
    as_maya: PageClient, flow: Flow, cast: Cast, values: dict[str, Any], words: list[str]
) -> None:
    mail = a_mail(flow, cast.rose, **values)
    for address in ("/outbox/", f"/outbox/{mail}/"):
        as_maya.get(address)
        assert all(word in as_maya.text for word in [*words, "Your leave", "dan@example.org"]), address


def test_a_mail_that_could_not_be_sent_yet_says_why_and_when_it_is_tried_again(
    as_maya: PageClient, flow: Flow, cast: Cast
) -> None:
    later = flow.clock.now() + timedelta(minutes=30)
    mail = a_mail(flow, cast.rose, attempts=2, next_attempt_at=later, last_error="The server is not ready")
    as_maya.get("/outbox/")
    assert "The server is not ready. The next try is in 30 minutes." in as_maya.text
    as_maya.get(f"/outbox/{mail}/")
    assert "2 times" in as_maya.text


def test_a_sent_mail_shows_its_text_and_cannot_be_sent_again(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    mail = a_mail(flow, cast.rose, status=MailStatus.SENT, sent_at=flow.clock.now())
    as_maya.get(f"/outbox/{mail}/")
    paragraphs = [each.get_text(" ", strip=True) for each in as_maya.soup.select("#text .prose p")]
    assert paragraphs == ["Dear Dan, your leave is approved.", "Rose House"]
    assert "Send again" not in as_maya.text

    as_maya.post(f"/outbox/{mail}/send-again", status=409)
    assert "This mail is on its way, or was sent. Nothing was changed." in as_maya.text
    assert status_of(flow, mail) == MailStatus.SENT


@pytest.mark.parametrize("status", [MailStatus.FAILED, MailStatus.KEPT])
def test_a_failed_or_kept_mail_is_sent_again(
    with_server: PageClient, flow: Flow, cast: Cast, status: MailStatus
) -> None:
    mail = a_mail(flow, cast.rose, status=status, attempts=11, last_error="Refused")
    with_server.get(f"/outbox/{mail}/")
    button = with_server.soup.select_one("#send-again")
    with_server.post(button.find_parent("form")["action"], status=303)
    with_server.get(f"/outbox/{mail}/")
    assert "The mail waits to be sent again." in with_server.text
    assert status_of(flow, mail) == MailStatus.QUEUED
    with flow.database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "mail.retry")).one()
    assert (entry.entity_id, entry.actor) == (mail, f"user:{cast.maya.user_id}")


def test_without_a_mail_server_the_button_says_that_it_will_not_help(
    as_maya: PageClient, flow: Flow, cast: Cast
) -> None:
    as_maya.get(f"/outbox/{a_mail(flow, cast.rose, status=MailStatus.KEPT)}/")
    assert "Without a mail server it will be kept here again." in as_maya.text


def test_the_list_is_narrowed_to_one_status_and_goes_on_over_pages(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    a_mail(flow, cast.rose, subject="Refused", status=MailStatus.FAILED)
    for number in range(51):
        a_mail(flow, cast.rose, subject=f"Number {number}")
    as_maya.fragment("/outbox/?status=failed")
    assert [each.get_text(strip=True) for each in as_maya.soup.select("tbody th")] == ["Refused"]
    as_maya.get("/outbox/?status=nonsense")
    assert len(as_maya.soup.select("tbody th")) == 50
    as_maya.get(as_maya.soup.select_one(".pager a[rel=next]")["href"])
    assert [each.get_text(strip=True) for each in as_maya.soup.select("tbody th")] == ["Number 0", "Refused"]
    for unreadable in ("-1", "x", "9" * 30):
        as_maya.get(f"/outbox/?before={unreadable}")
    as_maya.get("/outbox/?status=kept")
    assert "No mails like that" in as_maya.text


def test_carers_have_no_outbox(as_dan: PageClient, flow: Flow, cast: Cast) -> None:
    mail = a_mail(flow, cast.rose)
    as_dan.get("/outbox/", status=403)
    as_dan.get(f"/outbox/{mail}/", status=403)
    as_dan.get("/")
    assert as_dan.soup.select_one('nav a[href="/outbox/"]') is None


def test_another_homes_mails_do_not_exist(app: Flask, flow: Flow, cast: Cast) -> None:
    rose, nobodys = a_mail(flow, cast.rose, status=MailStatus.FAILED), a_mail(flow, None)
    erin = sign_in(app, flow, cast.erin)
    erin.get("/outbox/")
    assert "No mails yet" in erin.text
    for mail in (rose, nobodys, 9999):
        erin.get(f"/outbox/{mail}/", status=404)
    erin.get("/account")
    erin.post(f"/outbox/{rose}/send-again", status=404)
    assert status_of(flow, rose) == MailStatus.FAILED
    hana = sign_in(app, flow, cast.hana)
    hana.get(f"/outbox/{nobodys}/")
