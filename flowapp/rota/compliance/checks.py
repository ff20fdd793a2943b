"""Checks: asked for, then done one home at a time, and what they find is written down.

Looking only reads; what was found is written afterwards, in one transaction with the end of the check.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import SYSTEM, Cause
from flowapp.kernel.db import Database, DatabaseBusy
from flowapp.kernel.errors import NotFound, Problem, Refused
from flowapp.kernel.ids import new_uid
from flowapp.kernel.prepared import Prepared
from flowapp.rota.compliance.changes import close
from flowapp.rota.compliance.check import CheckStatus, ComplianceCheck
from flowapp.rota.compliance.finding import Finding
from flowapp.rota.compliance.gathering import house_of, longest_weeks, workers_of
from flowapp.rota.compliance.looking.rulebook import OF_HOUSES, findings
from flowapp.rota.compliance.looking.staffing import DAYS_AHEAD
from flowapp.rota.compliance.looking.worked import Span
from flowapp.rota.compliance.raising import raise_found
from flowapp.rota.compliance.reading import KnownViolation, is_live, known_violations
from flowapp.rota.compliance.rule import Rule, rules
from flowapp.rota.compliance.violation import ComplianceViolation, ViolationStatus
from flowapp.rota.homes import place_of
from flowapp.rota.leave_period import EARLIEST_YEAR, LATEST_YEAR
from flowapp.rota.tasks.writing import in_words
from flowapp.rota.wording import day_text

log = logging.getLogger(__name__)
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
BACK, AHEAD = 1, 2  # weeks before and after this one, unless told otherwise
LONGEST = timedelta(days=92)
PATIENCE_SECONDS = 1.0  # the scheduler has other things to do than to wait for the database

_C = ComplianceCheck
_ADD: Prepared[Any] = Prepared(
    insert(_C).returning(_C.id),
    columns=(
        *("uid", "home_id", "first_day", "last_day", "status", "asked_by", "asked_at", "finished_at"),
        *("people", "shifts", "found", "raised", "resolved", "trouble"),
    ),
)
_ENDED: Prepared[Any] = Prepared(
    update(_C)
    .where(_C.id == bindparam("check_id"), _C.status == CheckStatus.WAITING)
    .values(
        status=bindparam("to"), finished_at=bindparam("at"), people=bindparam("people"), shifts=bindparam("shifts"),
        found=bindparam("found"), raised=bindparam("raised"), resolved=bindparam("resolved"),
        trouble=bindparam("trouble"),
    )
)  # fmt: skip


class WaitingCheck(NamedTuple):
    """A check that was asked for."""

    id: int
    home_id: int
    first_day: date
    last_day: date


class Seen(NamedTuple):
    """What a look through a home has seen."""

    people: int
    shifts: int
    findings: tuple[Finding, ...]


_WAITING = Prepared(
    select(_C.id, _C.home_id, _C.first_day, _C.last_day).where(_C.status == CheckStatus.WAITING).order_by(_C.id),
    WaitingCheck,
)
_WAITS_IN: Prepared[Any] = Prepared(
    select(_C.id).where(_C.home_id == bindparam("home_id"), _C.status == CheckStatus.WAITING)
)
_LIVE_IN_HOME = Prepared(
    known_violations().where(
        ComplianceViolation.home_id == bindparam("home_id"), ComplianceViolation.check_id.is_not(None), is_live()
    ),
    KnownViolation,
)


def usual_days(today: date) -> tuple[date, date]:
    """Answer the days of a check unless told otherwise: last week, this one and the two to come."""
    monday = today - timedelta(days=today.weekday())
    return monday - BACK * A_WEEK, monday + (AHEAD + 1) * A_WEEK - A_DAY


def ask(
    session: Session, cause: Cause, who: Person, *, home_id: int, first: date | None = None, last: date | None = None
) -> int:
    """Ask for a check of a home, and answer its number; one that waits already is enough."""
    require(who, "violation.note", On(home_id=home_id))
    place = place_of(session, home_id)
    if place is None:
        raise NotFound
    usual = usual_days(cause.at.astimezone(place.zone).date())
    span = (first or usual[0], last or usual[1])
    if not A_DAY <= span[1] - span[0] + A_DAY <= LONGEST or not EARLIEST_YEAR < span[0].year < LATEST_YEAR:
        message = f"Choose a first and a last day, at most {LONGEST.days} days apart."
        raise Refused([Problem(path="last_day", code="out_of_range", message=message)])
    waiting: int | None = _WAITS_IN.value(session, home_id=home_id)
    if waiting is not None:
        return waiting
    return _add(session, cause, home_id, *span)


def ask_by_clock(session: Session, at: datetime, home_id: int) -> WaitingCheck:
    """Ask for the usual check of a home in the name of FlowApp itself, and answer it."""
    place = place_of(session, home_id)
    if place is None:
        raise NotFound
    first, last = usual_days(at.astimezone(place.zone).date())
    return WaitingCheck(_add(session, Cause(actor=SYSTEM, at=at), home_id, first, last), home_id, first, last)


def _add(session: Session, cause: Cause, home_id: int, first: date, last: date) -> int:
    row = {"uid": new_uid(cause.at), "home_id": home_id, "first_day": first, "last_day": last}
    row |= {"status": CheckStatus.WAITING, "asked_by": in_words(cause), "asked_at": cause.at, "finished_at": None}
    row |= dict.fromkeys(("people", "shifts", "found", "raised", "resolved"), 0) | {"trouble": ""}
    check_id: int = _ADD.value(session, **row)
    after = {"first_day": first, "last_day": last}
    audit.write(session, cause, action="check.ask", entity="check", entity_id=check_id, home_id=home_id, after=after)
    return check_id


def run_waiting(database: Database, now: datetime, *, seconds: float = PATIENCE_SECONDS) -> int:
    """Do the checks that wait, as many as there is time for, and answer how many those were; at least one is done."""
    with database.read() as session:
        waiting = _WAITING.rows(session)
    stop, done = monotonic() + seconds, 0
    for check in waiting:
        try:
            done += _run(database, check, now)
        except DatabaseBusy:
            break
        if monotonic() > stop:
            break
    return done


def look(session: Session, known: Iterable[Rule], home_id: int, span: Span) -> Seen:
    """Look through a home for every place where one of these rules is broken."""
    checked = [rule for rule in known if rule.is_active and rule.is_checked]
    house = house_of(session, home_id, span)
    if house is None:
        raise NotFound
    workers = workers_of(session, home_id, span, weeks=longest_weeks(checked))
    shifts = sum(span.holds(stint.day) for worker in workers for stint in worker.stints)
    return Seen(len(workers), shifts, tuple(findings(checked, workers, house, span)))


def write(session: Session, check: WaitingCheck, seen: Seen, known: Sequence[Rule], now: datetime) -> bool:
    """Write down what a check has found, and close what it finds no more; False when another process has done so."""
    cause = Cause(actor=SYSTEM, at=now)
    figures = {"people": seen.people, "shifts": seen.shifts, "found": len(seen.findings), "raised": 0, "resolved": 0}
    end = {"check_id": check.id, "to": CheckStatus.DONE, "at": now, "trouble": ""}
    if not _ENDED.run(session, **end, **figures):
        return False
    raised = [raise_found(session, cause, each, check_id=check.id) for each in seen.findings]
    gone = _no_more(session, check, {each.key for each in seen.findings}, known, now)
    for violation in gone:
        words = f"The check of {day_text(span_of(session, check, now).today)} finds it no more."
        close(session, cause, violation, ViolationStatus.RESOLVED, words)
    after = {"found": len(seen.findings), "raised": sum(each.created for each in raised), "resolved": len(gone)}
    session.execute(update(_C).where(_C.id == check.id).values(raised=after["raised"], resolved=after["resolved"]))
    audit.write(
        session, cause, action="check.done", entity="check", entity_id=check.id, home_id=check.home_id, after=after
    )
    return True


def _run(database: Database, check: WaitingCheck, now: datetime) -> bool:
    try:
        with database.read() as session:
            known = list(rules(session).values())
            seen = look(session, known, check.home_id, span_of(session, check, now))
        return database.write(lambda session: write(session, check, seen, known, now), give_up=PATIENCE_SECONDS)
    except DatabaseBusy:
        raise
    except Exception as error:
        log.exception("check %s of home %s failed", check.id, check.home_id)
        trouble = type(error).__name__
        return database.write(lambda session: _fail(session, check, now, trouble))


def _fail(session: Session, check: WaitingCheck, now: datetime, trouble: str) -> bool:
    nothing = dict.fromkeys(("people", "shifts", "found", "raised", "resolved"), 0)
    return bool(_ENDED.run(session, check_id=check.id, to=CheckStatus.FAILED, at=now, trouble=trouble, **nothing))


def span_of(session: Session, check: WaitingCheck, now: datetime) -> Span:
    """Answer the days of a check, and which of them is today in its home."""
    place = place_of(session, check.home_id)
    today = now.astimezone(place.zone).date() if place is not None else now.date()
    return Span(first=check.first_day, last=check.last_day, today=today)


def _no_more(
    session: Session, check: WaitingCheck, keys: Collection[str], known: Sequence[Rule], now: datetime
) -> list[KnownViolation]:
    """Answer what checks found before and this one did not, though it looked at all its days."""
    checked = {rule.code for rule in known if rule.is_active and rule.is_checked}
    span = span_of(session, check, now)
    staffed_until = span.today + timedelta(days=DAYS_AHEAD)

    def was_looked_at(violation: KnownViolation) -> bool:
        last = min(check.last_day, staffed_until) if violation.rule in OF_HOUSES else check.last_day
        if violation.first_day is None or violation.last_day is None:
            return True
        return check.first_day <= violation.first_day and violation.last_day <= last

    return [
        each
        for each in _LIVE_IN_HOME.rows(session, home_id=check.home_id)
        if each.rule in checked and each.dedupe_key not in keys and was_looked_at(each)
    ]


def waiting_in(session: Session, home_ids: Collection[int] | None) -> int:
    """Count the checks that wait in some homes; None means every home."""
    query = select(func.count(_C.id)).where(_C.status == CheckStatus.WAITING)
    return session.scalar(query if home_ids is None else query.where(_C.home_id.in_(home_ids))) or 0
