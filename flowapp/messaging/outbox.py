"""Mails are written down in the transaction of the change they tell of, and sent afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Index, String, Table, Text, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.accounts import audit
from flowapp.accounts.mail_address import as_kept, is_address
from flowapp.events.cause import Cause
from flowapp.kernel.columns import Base, Instant, Plain, Word
from flowapp.kernel.errors import Conflict, NotFound, Problem, Refused
from flowapp.kernel.ids import new_uid
from flowapp.messaging.wording import TITLE_LONGEST, one_line, whole_text

MOST_RECIPIENTS = 50


class MailStatus(StrEnum):
    """How a mail stands."""

    QUEUED = "queued"  # waits for its turn, or for the next attempt
    SENDING = "sending"  # somebody has taken it
    SENT = "sent"  # the mail server has taken it
    FAILED = "failed"  # refused for good, or tried too often
    KEPT = "kept"  # no mail server is set, so it stays here


class Mail(Base):
    """One mail to one person or several; `uid` names it on every attempt."""

    __tablename__ = "mail"
    __table_args__ = (
        Index("ix_mail_status_next_attempt_at", "status", "next_attempt_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(26), unique=True)
    to: Mapped[Any] = mapped_column(Plain)
    cc: Mapped[Any] = mapped_column(Plain)
    reply_to: Mapped[str | None] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(TITLE_LONGEST))
    body: Mapped[str] = mapped_column(Text)
    status: Mapped[StrEnum] = mapped_column(Word(MailStatus))
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime] = mapped_column(Instant)
    owner: Mapped[str | None] = mapped_column(String(64))  # who is sending it
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    epoch: Mapped[int]  # counts the takings; only the last one may write the result
    last_error: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    care_home_id: Mapped[int | None] = mapped_column(index=True)
    execution_id: Mapped[int | None] = mapped_column(index=True)  # which run wrote it
    step_path: Mapped[str | None] = mapped_column(String(400))


MAILS = cast(Table, Mail.__table__)


def queue(
    session: Session,
    cause: Cause,
    *,
    to: Sequence[str],
    subject: str,
    body: str,
    cc: Sequence[str] = (),
    reply_to: str | None = None,
    care_home_id: int | None = None,
) -> int:
    """Write a mail that is sent once this transaction is committed, and answer its number.

    Raises Refused for text that would break a mail, and for what is no address.
    """
    row = {
        "uid": new_uid(cause.at),
        "to": _checked(to, "to"),
        "cc": _checked(cc, "cc") if cc else [],
        "reply_to": _checked([reply_to], "reply_to")[0] if reply_to else None,
        "subject": one_line(subject, path="subject", label="The subject"),
        "body": whole_text(body, path="body", label="The message"),
        "care_home_id": care_home_id,
        "execution_id": cause.actor.execution_id,
        "step_path": cause.actor.step,
        "created_at": cause.at,
    }
    mail_id: int = session.execute(insert(MAILS).returning(MAILS.c.id), row | _untried(cause.at)).scalar_one()
    return mail_id


def _untried(at: datetime) -> dict[str, Any]:
    return {
        "status": MailStatus.QUEUED,
        "attempts": 0,
        "next_attempt_at": at,
        "owner": None,
        "lease_until": None,
        "epoch": 0,
        "last_error": "",
        "sent_at": None,
    }


def _checked(addresses: Iterable[str], path: str) -> list[str]:
    wanted = list(dict.fromkeys(as_kept(address) for address in addresses))
    if not wanted:
        raise _refused(path, "missing", "Nobody is named to send the mail to.")
    if len(wanted) > MOST_RECIPIENTS:
        raise _refused(path, "too_many", f"A mail can go to {MOST_RECIPIENTS} people at most.")
    for address in wanted:
        if not is_address(address):
            raise _refused(path, "no_address", f"{address[:80]!r} is not an email address.")
    return wanted


def _refused(path: str, code: str, message: str) -> Refused:
    return Refused([Problem(path=path, code=code, message=message)])


def send_again(session: Session, cause: Cause, mail_id: int) -> None:
    """Queue a mail that failed or was kept once more; raises NotFound, and Conflict when it is on its way."""
    mail = session.get(Mail, mail_id)
    if mail is None:
        raise NotFound("There is no such mail.")
    if mail.status not in (MailStatus.FAILED, MailStatus.KEPT):
        raise Conflict("This mail is on its way, or was sent. Nothing was changed.")
    fresh = {"status": MailStatus.QUEUED, "attempts": 0, "next_attempt_at": cause.at, "last_error": ""}
    session.execute(update(MAILS).where(MAILS.c.id == mail_id).values(**fresh))
    audit.write(session, cause, action="mail.retry", entity="mail", entity_id=mail_id, home_id=mail.care_home_id)


def mails(
    session: Session,
    *,
    homes: frozenset[int] | None,
    status: MailStatus | None = None,
    limit: int,
    before: int | None = None,
) -> list[Mail]:
    """Answer the mails about some homes (None: all there are), the newest first, older than `before`."""
    query = select(Mail)
    if homes is not None:
        query = query.where(Mail.care_home_id.in_(homes))
    if status is not None:
        query = query.where(Mail.status == status)
    if before is not None:
        query = query.where(Mail.id < before)
    return list(session.scalars(query.order_by(Mail.id.desc()).limit(limit)))
