"""Mails that wait to be sent."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from flowapp.events.cause import Actor, ActorKind, Cause
from flowapp.kernel.columns import Base
from flowapp.kernel.db import Database
from flowapp.kernel.errors import Conflict, NotFound, Refused
from flowapp.messaging.outbox import MAILS, Mail, MailStatus, mails, queue, send_again

GOOD: dict[str, Any] = {"to": ["maya@example.org"], "subject": "Leave approved", "body": "Two days in March."}


def queued(database: Database, cause: Cause, **given: Any) -> int:
    return database.write(lambda session: queue(session, cause, **(GOOD | given)))


def the_mail(database: Database, mail_id: int = 1) -> Mail:
    with database.read() as session:
        return session.scalars(select(Mail).where(Mail.id == mail_id)).one()


def test_a_mail_waits_with_all_it_needs(database: Database, cause: Cause) -> None:
    run = Actor(kind=ActorKind.WORKFLOW, id=4, name="Short leave", execution_id=12, step="short.mail")
    queued(
        database,
        cause.by(run),
        to=[" Maya@Example.org ", "maya@example.org"],
        cc=["dan@example.org"],
        reply_to="office@example.org",
        care_home_id=3,
    )
    mail = the_mail(database)
    assert (mail.to, mail.cc, mail.reply_to) == (
        ["maya@example.org"],
        ["dan@example.org"],
        "office@example.org",
    )
    assert (mail.status, mail.attempts, mail.next_attempt_at) == (MailStatus.QUEUED, 0, cause.at)
    assert (mail.execution_id, mail.step_path, mail.care_home_id) == (12, "short.mail", 3)
    assert len(mail.uid) == 26


def test_a_mail_stands_or_falls_with_the_change_it_tells_of(database: Database, cause: Cause) -> None:
    def change(session: Any) -> None:
        queue(session, cause, **GOOD)
        raise Conflict

    with pytest.raises(Conflict):
        database.write(change)
    with database.read() as session:
        assert mails(session, homes=None, limit=10) == []


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"to": []}, "to"),
        ({"to": ["maya"]}, "to"),
        ({"to": ["maya@example.org\r\nBcc: x@example.org"]}, "to"),
        ({"to": ["maya@example.org, x@example.org"]}, "to"),  # two in one
        ({"to": ["Maya <maya@example.org>"]}, "to"),
        ({"to": [f"{n}@example.org" for n in range(51)]}, "to"),
        ({"cc": ["dan@example.org\nX: y"]}, "cc"),
        ({"reply_to": "office@example.org\rX: y"}, "reply_to"),
        ({"subject": "Hello\r\nBcc: x@example.org"}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"subject": ""}, "subject"),
        ({"body": "a\x00b"}, "body"),
        ({"body": "x" * (64 * 1024 + 1)}, "body"),
    ],
)
def test_what_would_break_a_mail_is_refused(database: Database, cause: Cause, given: dict[str, Any], path: str) -> None:
    with pytest.raises(Refused) as refused:
        queued(database, cause, **given)
    assert [problem.path for problem in refused.value.problems] == [path]


@pytest.mark.parametrize("status", [MailStatus.FAILED, MailStatus.KEPT])
def test_a_mail_that_was_not_sent_can_be_sent_again(database: Database, cause: Cause, status: MailStatus) -> None:
    queued(database, cause)
    ended = update(MAILS).values(status=status, attempts=11, last_error="no")
    database.write(lambda session: session.execute(ended) and None)
    database.write(lambda session: send_again(session, cause, 1))
    mail = the_mail(database)
    assert (mail.status, mail.attempts, mail.last_error) == (MailStatus.QUEUED, 0, "")
    with database.read() as session:
        noted = session.execute(select(Base.metadata.tables["audit_entry"])).one()
    assert (noted.action, noted.entity_id) == ("mail.retry", 1)


@pytest.mark.parametrize("status", [MailStatus.QUEUED, MailStatus.SENDING, MailStatus.SENT])
def test_a_mail_on_its_way_is_not_sent_twice(database: Database, cause: Cause, status: MailStatus) -> None:
    queued(database, cause)
    database.write(lambda session: session.execute(update(MAILS).values(status=status)) and None)
    with pytest.raises(Conflict):
        database.write(lambda session: send_again(session, cause, 1))


def test_a_mail_that_does_not_exist_cannot_be_sent(database: Database, cause: Cause) -> None:
    with pytest.raises(NotFound):
        database.write(lambda session: send_again(session, cause, 9))


def test_the_outbox_shows_the_mails_of_ones_homes_newest_first(database: Database, cause: Cause) -> None:
    for home in (1, 2, None, 1):
        queued(database, cause, care_home_id=home)
    database.write(lambda session: session.execute(update(MAILS).where(MAILS.c.id == 4).values(status="sent")) and None)

    def shown(**given: Any) -> list[int]:
        with database.read() as session:
            return [mail.id for mail in mails(session, **({"limit": 10} | given))]

    assert shown(homes=None) == [4, 3, 2, 1]
    assert shown(homes=frozenset({1})) == [4, 1]
    assert shown(homes=frozenset()) == []
    assert shown(homes=None, status=MailStatus.SENT) == [4]
    assert shown(homes=None, limit=2, before=4) == [3, 2]
