"""Sending what is due: once each, again when it failed, never without end."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from flowapp.events.cause import Cause
from flowapp.kernel import faults
from flowapp.kernel.db import Database
from flowapp.kernel.faults import FaultRaised
from flowapp.messaging.delivery import LEASE, Delivered, deliver_due, next_attempt
from flowapp.messaging.email import SmtpServer, smtp_server
from flowapp.messaging.outbox import MAILS, Mail, MailStatus, queue
from tests.unit.messaging.post_office import PostOffice, post_office

MINUTE = timedelta(minutes=1)


@pytest.fixture
def server(free_port: int) -> SmtpServer:
    made = smtp_server(f"smtp://127.0.0.1:{free_port}", sender="FlowApp <flowapp@example.org>")
    assert made is not None
    return made


@pytest.fixture
def office(free_port: int) -> Iterator[PostOffice]:
    with post_office(free_port) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_fault_is_left() -> Iterator[None]:
    yield
    faults.arm(None)


def queued(database: Database, cause: Cause, count: int = 1) -> None:
    def write(session: object) -> None:
        for n in range(count):
            queue(session, cause, to=["maya@example.org"], subject=f"No. {n}", body="Hello")  # type: ignore[arg-type]

    database.write(write)


def the_mail(database: Database, mail_id: int = 1) -> Mail:
    with database.read() as session:
        return session.scalars(select(Mail).where(Mail.id == mail_id)).one()


def test_what_is_due_is_sent_once(
    database: Database, cause: Cause, now: datetime, server: SmtpServer, office: PostOffice
) -> None:
    queued(database, cause, 3)
    assert deliver_due(database, now, server, "me") == Delivered(sent=3)
    assert deliver_due(database, now, server, "me") == Delivered()
    assert [mail["Subject"] for mail in office.mails] == ["No. 0", "No. 1", "No. 2"]
    mail = the_mail(database)
    assert (mail.status, mail.sent_at, mail.attempts, mail.owner) == (MailStatus.SENT, now, 1, None)


def test_two_who_send_at_once_send_each_mail_once(
    database: Database, cause: Cause, now: datetime, server: SmtpServer, office: PostOffice
) -> None:
    queued(database, cause, 12)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda n: deliver_due(database, now, server, f"worker {n}"), range(4)))
    assert sum(each.sent for each in done) == 12
    assert sorted(mail["Subject"] for mail in office.mails) == sorted(f"No. {n}" for n in range(12))


def test_without_a_mail_server_mails_are_kept_and_say_why(database: Database, cause: Cause, now: datetime) -> None:
    queued(database, cause, 2)
    assert deliver_due(database, now, None, "me") == Delivered(kept=2)
    assert deliver_due(database, now, None, "me") == Delivered()
    mail = the_mail(database)
    assert mail.status is MailStatus.KEPT
    assert "FLOWAPP_SMTP_URL" in mail.last_error


def test_kept_mails_do_not_go_out_when_a_server_is_set(
    database: Database, cause: Cause, now: datetime, server: SmtpServer, office: PostOffice
) -> None:
    queued(database, cause)
    deliver_due(database, now, None, "me")
    assert deliver_due(database, now, server, "me") == Delivered()
    assert office.mails == []


def test_a_mail_refused_for_good_fails_at_once(
    database: Database, cause: Cause, now: datetime, server: SmtpServer, office: PostOffice
) -> None:
    office.answers = ["550 no such person"]
    queued(database, cause, 2)
    assert deliver_due(database, now, server, "me") == Delivered(failed=1, sent=1)
    mail = the_mail(database)
    assert mail.status is MailStatus.FAILED
    assert "550 no such person" in mail.last_error


def test_a_mail_refused_this_time_is_tried_again_under_the_same_name(
    database: Database, cause: Cause, now: datetime, server: SmtpServer, office: PostOffice
) -> None:
    office.answers = ["451 later"]
    queued(database, cause)
    assert deliver_due(database, now, server, "me") == Delivered(retried=1)
    assert "451 later" in the_mail(database).last_error
    assert deliver_due(database, now + timedelta(seconds=9), server, "me") == Delivered()
    assert deliver_due(database, now + timedelta(seconds=10), server, "me") == Delivered(sent=1)
    mail = the_mail(database)
    assert (mail.status, mail.attempts, mail.last_error) == (MailStatus.SENT, 2, "")
    assert office.mails[0]["Message-ID"] == f"<{mail.uid}@example.org>"


def test_pauses_grow_threefold_to_half_an_hour_and_end_after_ten(now: datetime) -> None:
    pauses = [again - now for attempts in range(1, 12) if (again := next_attempt(attempts, now))]
    seconds = [pause.total_seconds() for pause in pauses]
    assert seconds == [10, 30, 90, 270, 810, 1800, 1800, 1800, 1800, 1800]


def test_a_server_that_stays_away_fails_the_mail_in_the_end(
    database: Database, cause: Cause, now: datetime, server: SmtpServer
) -> None:
    queued(database, cause)
    done = [deliver_due(database, now + n * timedelta(minutes=30), server, "me") for n in range(12)]
    assert done == [Delivered(retried=1)] * 10 + [Delivered(failed=1), Delivered()]
    mail = the_mail(database)
    assert (mail.status, mail.attempts) == (MailStatus.FAILED, 11)
    assert "Could not talk to the mail server" in mail.last_error


def test_a_server_that_is_away_is_asked_once_a_time_not_once_a_mail(
    database: Database, cause: Cause, now: datetime, server: SmtpServer
) -> None:
    queued(database, cause, 5)
    assert deliver_due(database, now, server, "me") == Delivered(retried=1)
    assert [the_mail(database, n).attempts for n in range(1, 6)] == [1, 0, 0, 0, 0]


@pytest.mark.parametrize(("point", "arrived"), [("mail.before_send", 1), ("mail.after_send", 2)])
def test_a_mail_left_behind_is_taken_up_when_its_lease_runs_out(
    database: Database,
    cause: Cause,
    now: datetime,
    server: SmtpServer,
    office: PostOffice,
    point: str,
    arrived: int,
) -> None:
    queued(database, cause)
    faults.arm(f"{point}:1:raise")
    with pytest.raises(FaultRaised):
        deliver_due(database, now, server, "dead")
    assert deliver_due(database, now + LEASE - MINUTE, server, "me") == Delivered()
    assert deliver_due(database, now + LEASE, server, "me") == Delivered(sent=1)
    assert len(office.mails) == arrived  # at least once
    assert {mail["Message-ID"] for mail in office.mails} == {f"<{the_mail(database).uid}@example.org>"}


def test_a_result_that_comes_too_late_is_thrown_away(
    database: Database, cause: Cause, now: datetime, server: SmtpServer, office: PostOffice
) -> None:
    queued(database, cause)

    taken_over = update(MAILS).values(epoch=MAILS.c.epoch + 1, owner="somebody else")
    original = office.handle_DATA

    async def slow(*given: object) -> str:
        database.write(lambda session: session.execute(taken_over) and None)
        return await original(*given)  # type: ignore[arg-type]

    office.handle_DATA = slow  # type: ignore[method-assign]
    assert deliver_due(database, now, server, "me") == Delivered()
    mail = the_mail(database)
    assert (mail.status, mail.owner, mail.sent_at) == (MailStatus.SENDING, "somebody else", None)


def test_a_mail_during_which_flowapp_always_dies_fails_in_the_end(
    database: Database, cause: Cause, now: datetime, server: SmtpServer, office: PostOffice
) -> None:
    queued(database, cause)
    for n in range(11):
        faults.arm("mail.before_send:1:raise")
        with pytest.raises(FaultRaised):
            deliver_due(database, now + n * LEASE, server, "dead")
    assert deliver_due(database, now + 11 * LEASE, server, "me") == Delivered(failed=1)
    assert the_mail(database).status is MailStatus.FAILED
    assert office.mails == []


def test_nothing_is_open_in_the_database_while_a_mail_is_sent(
    database: Database, cause: Cause, now: datetime, server: SmtpServer, office: PostOffice
) -> None:
    queued(database, cause)
    original, open_connections = office.handle_DATA, []

    async def look(*given: object) -> str:
        open_connections.append((database.writer.pool.checkedout(), database.reader.pool.checkedout()))  # type: ignore[attr-defined]
        return await original(*given)  # type: ignore[arg-type]

    office.handle_DATA = look  # type: ignore[method-assign]
    deliver_due(database, now, server, "me")
    assert open_connections == [(0, 0)]
