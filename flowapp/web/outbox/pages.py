"""What the pages of the outbox show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import can, homes_of
from flowapp.accounts.people import On, Person
from flowapp.messaging.outbox import Mail, MailStatus, mails
from flowapp.rota.wording import list_text
from flowapp.web.filters import When, plural, when

A_PAGE = 50
AGAIN = (MailStatus.FAILED, MailStatus.KEPT)

# The word, the tone and the icon of each status.
PILLS = {
    MailStatus.QUEUED: ("Waiting", "wait", "hourglass"),
    MailStatus.SENDING: ("Being sent", "info", "send"),
    MailStatus.SENT: ("Sent", "good", "check"),
    MailStatus.FAILED: ("Failed", "bad", "x"),
    MailStatus.KEPT: ("Kept", "quiet", "inbox"),
}
NO_SERVER = (
    "No mail server is set, so mails are kept here and not sent. "
    "Whoever looks after FlowApp can set one with FLOWAPP_SMTP_URL."
)


@dataclass(frozen=True, kw_only=True)
class MailRow:
    """One mail in the list."""

    href: str
    subject: str
    to: str
    status: tuple[str, str, str]
    note: str
    when: When


@dataclass(frozen=True, kw_only=True)
class OutboxPage:
    """The mails about one's homes, the newest first."""

    sentence: str
    no_server: str
    rows: tuple[MailRow, ...]
    statuses: tuple[tuple[str, str], ...]
    status: str
    summary: str
    url: str
    newest_url: str
    older_url: str


@dataclass(frozen=True, kw_only=True)
class MailPage:
    """One mail."""

    title: str
    status: tuple[str, str, str]
    when: When
    note: str
    note_tone: str
    problem: str
    facts: tuple[tuple[str, str], ...]
    paragraphs: tuple[tuple[str, ...], ...]
    run_url: str
    again_url: str  # empty where it cannot be sent again
    again_hint: str


def outbox_page(
    session: Session,
    person: Person,
    *,
    status: MailStatus | None,
    before: int | None,
    has_server: bool,
    now: datetime,
    zone: ZoneInfo,
) -> OutboxPage:
    """Put together the list."""
    homes = homes_of(person, "mail.view")
    found = mails(session, homes=homes, status=status, limit=A_PAGE + 1, before=before)
    shown, more = found[:A_PAGE], len(found) > A_PAGE
    chosen = status.value if status else ""
    return OutboxPage(
        sentence="Every mail that FlowApp wrote, and what became of it.",
        no_server="" if has_server else NO_SERVER,
        rows=tuple(_row(mail, has_server=has_server, now=now, zone=zone) for mail in shown),
        statuses=tuple((each.value, PILLS[each][0]) for each in MailStatus),
        status=chosen,
        summary=plural(len(shown), "mail") + (" and older ones" if more else ""),
        url=url_for("outbox.index"),
        newest_url=url_for("outbox.index", status=chosen or None) if before else "",
        older_url=url_for("outbox.index", status=chosen or None, before=shown[-1].id) if more else "",
    )


def _row(mail: Mail, *, has_server: bool, now: datetime, zone: ZoneInfo) -> MailRow:
    return MailRow(
        href=url_for("outbox.show_mail", mail_id=mail.id),
        subject=mail.subject,
        to=list_text(mail.to),
        status=PILLS[MailStatus(mail.status)],
        note=_why(mail, has_server=has_server, now=now, zone=zone),
        when=when(mail.sent_at or mail.created_at, now=now, zone=zone),
    )


def _why(mail: Mail, *, has_server: bool, now: datetime, zone: ZoneInfo) -> str:
    """Say it in the list, where the top of the page tells already why mails are kept."""
    if mail.status == MailStatus.KEPT:
        return "It was kept while no mail server was set. Send it again." if has_server else ""
    return _note(mail, now=now, zone=zone)


def _note(mail: Mail, *, now: datetime, zone: ZoneInfo) -> str:
    """Say why a mail is not sent, and when it is tried again."""
    reason = mail.last_error.strip()
    if reason and reason[-1] not in ".!?":
        reason += "."
    if mail.status == MailStatus.QUEUED and mail.attempts:
        again = when(mail.next_attempt_at, now=now, zone=zone)
        return f"{reason} The next try is {again.relative}."
    return reason


def mail_page(
    session: Session,
    person: Person,
    mail: Mail,
    *,
    has_server: bool,
    now: datetime,
    zone: ZoneInfo,
    problem: str = "",
) -> MailPage:
    """Put together the page of one mail."""
    on = On(home_id=mail.care_home_id)
    may_again = mail.status in AGAIN and can(person, "mail.retry", on)
    may_run = mail.execution_id is not None and can(person, "execution.view", on)
    return MailPage(
        title=mail.subject,
        status=PILLS[MailStatus(mail.status)],
        when=when(mail.sent_at or mail.created_at, now=now, zone=zone),
        note=_note(mail, now=now, zone=zone),
        note_tone="bad" if mail.status == MailStatus.FAILED else "info",
        problem=problem,
        facts=_facts(mail, now=now, zone=zone),
        paragraphs=tuple(tuple(part.splitlines()) for part in mail.body.split("\n\n") if part.strip()),
        run_url=url_for("executions.show_execution", execution_id=mail.execution_id) if may_run else "",
        again_url=url_for("outbox.send_again_now", mail_id=mail.id) if may_again else "",
        again_hint="" if has_server else "Without a mail server it will be kept here again.",
    )


def _facts(mail: Mail, *, now: datetime, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    facts = [("To", ", ".join(mail.to))]
    if mail.cc:
        facts.append(("Copy to", ", ".join(mail.cc)))
    if mail.reply_to:
        facts.append(("Answers go to", mail.reply_to))
    facts.append(("Written", when(mail.created_at, now=now, zone=zone).exact))
    if mail.sent_at:
        facts.append(("Sent", when(mail.sent_at, now=now, zone=zone).exact))
    if mail.attempts:
        facts.append(("Tried", plural(mail.attempts, "time")))
    if mail.status == MailStatus.QUEUED:
        facts.append(("Next try", when(mail.next_attempt_at, now=now, zone=zone).exact))
    return tuple(facts)
