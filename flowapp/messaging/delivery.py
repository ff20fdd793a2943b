"""Sending the mails that are due.

A mail is taken with a lease and a counted epoch, sent with no transaction open, and then written down as
sent. Whoever dies in between leaves a lease that runs out, and the mail goes out again with the same
Message-ID: it is sent at least once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from flowapp.kernel.db import Database
from flowapp.kernel.faults import fault
from flowapp.messaging.email import MailFailed, SmtpServer, compose, send
from flowapp.messaging.outbox import MAILS, Mail, MailStatus

LEASE = timedelta(minutes=3)  # longer than a mail server may take over one mail
MOST_RETRIES = 10
FIRST_PAUSE, FACTOR, LONGEST_PAUSE = timedelta(seconds=10), 3, timedelta(minutes=30)
MOST_AT_ONCE = 20


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """What became of the mails that were due."""

    sent: int = 0
    retried: int = 0  # tried in vain, and to be tried again
    failed: int = 0
    kept: int = 0


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """Decide when to try again after so many attempts in vain, or None to give up."""
    if attempts > MOST_RETRIES:
        return None
    return now + min(FIRST_PAUSE * int(FACTOR ** (attempts - 1)), LONGEST_PAUSE)


def deliver_due(database: Database, now: datetime, smtp: SmtpServer | None, owner: str) -> Delivered:
    """Send what is due, a handful at a time; without a mail server, keep it all and say so."""
    done = Delivered()
    for _ in range(MOST_AT_ONCE):
        if not _any_due(database, now):
            break
        if smtp is None:
            return Delivered(kept=database.write(_keep_all))
        mail = database.write(lambda session: _take(session, now, owner))
        if mail is None:
            break
        done, go_on = _deliver(database, mail, now, smtp, done)
        if not go_on:
            break
    return done


def _deliver(
    database: Database, mail: Mail, now: datetime, smtp: SmtpServer, done: Delivered
) -> tuple[Delivered, bool]:
    """Send one mail and write down what became of it; answer also whether the server may take others."""
    if mail.attempts > MOST_RETRIES + 1:  # it was taken that often, and nobody lived to tell
        values = _failed("FlowApp stopped every time while it sent this mail.")
        return replace(done, failed=done.failed + _finish(database, mail, values)), True
    try:
        refused = _send(mail, now, smtp)
    except MailFailed as failure:
        values = _after_failure(mail.attempts, failure, now)
        written = _finish(database, mail, values)
        if values["status"] is MailStatus.FAILED:
            return replace(done, failed=done.failed + written), not failure.server_wide
        return replace(done, retried=done.retried + written), not failure.server_wide
    written = _finish(database, mail, {"status": MailStatus.SENT, "sent_at": now, "last_error": refused})
    return replace(done, sent=done.sent + written), True


def _send(mail: Mail, now: datetime, smtp: SmtpServer) -> str:
    message = compose(
        smtp,
        uid=mail.uid,
        to=mail.to,
        cc=mail.cc,
        reply_to=mail.reply_to,
        subject=mail.subject,
        body=mail.body,
        at=now,
    )
    fault("mail.before_send")
    refused = send(smtp, message)
    fault("mail.after_send")
    return refused


def _after_failure(attempts: int, failure: MailFailed, now: datetime) -> dict[str, Any]:
    again = None if failure.permanent else next_attempt(attempts, now)
    if again is None:
        return _failed(failure.message)
    return {"status": MailStatus.QUEUED, "next_attempt_at": again, "last_error": failure.message}


def _failed(reason: str) -> dict[str, Any]:
    return {"status": MailStatus.FAILED, "last_error": reason}


def _due(now: datetime) -> Any:
    waiting = and_(MAILS.c.status == MailStatus.QUEUED, MAILS.c.next_attempt_at <= now)
    left = and_(MAILS.c.status == MailStatus.SENDING, MAILS.c.lease_until <= now)
    return or_(waiting, left)


def _any_due(database: Database, now: datetime) -> bool:
    """Look without taking the write lock; most ticks find nothing."""
    with database.read() as session:
        return session.scalar(select(MAILS.c.id).where(_due(now)).limit(1)) is not None


def _take(session: Session, now: datetime, owner: str) -> Mail | None:
    first = select(MAILS.c.id).where(_due(now)).order_by(MAILS.c.next_attempt_at, MAILS.c.id).limit(1)
    taken = update(MAILS).where(MAILS.c.id == first.scalar_subquery(), _due(now))
    marks = {"status": MailStatus.SENDING, "owner": owner, "lease_until": now + LEASE}
    counted = {"epoch": MAILS.c.epoch + 1, "attempts": MAILS.c.attempts + 1}
    mail_id = session.scalar(taken.values(**marks, **counted).returning(MAILS.c.id))
    return session.get(Mail, mail_id) if mail_id is not None else None


def _finish(database: Database, mail: Mail, values: dict[str, Any]) -> int:
    """Write the result, unless somebody has taken the mail since; answer how many rows that were."""

    def write(session: Session) -> int:
        ours = (MAILS.c.id == mail.id, MAILS.c.epoch == mail.epoch, MAILS.c.status == MailStatus.SENDING)
        freed = {"owner": None, "lease_until": None}
        changed = update(MAILS).where(*ours).values(**values, **freed).returning(MAILS.c.id)
        return len(session.execute(changed).all())

    return database.write(write)


def _keep_all(session: Session) -> int:
    kept = update(MAILS).where(MAILS.c.status == MailStatus.QUEUED)
    reason = "No mail server is set, so the mail was not sent. Set FLOWAPP_SMTP_URL, then send it again."
    return len(session.execute(kept.values(status=MailStatus.KEPT, last_error=reason).returning(MAILS.c.id)).all())
