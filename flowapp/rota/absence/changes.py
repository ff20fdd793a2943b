"""Reporting that somebody is not there, and what becomes of it: a guard, a change, a note in the audit, an event.

Neither the audit nor an event has what was said of anybody's health.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict, NotFound, Problem, Refused
from flowapp.kernel.ids import new_uid
from flowapp.kernel.unchanged import write_if_unchanged
from flowapp.rota.absence.absence import Absence, AbsenceKind, AbsenceStatus
from flowapp.rota.absence.telling import tell_ended, tell_reported
from flowapp.rota.homes import place_of
from flowapp.rota.reasons import read_reason
from flowapp.rota.staff import Staff, StaffStatus
from flowapp.rota.wording import day_text

LONGEST_AGO, LONGEST_AHEAD = timedelta(days=366), timedelta(days=366)
SOONEST_AHEAD = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Report:
    """Somebody is not there: since when, until when as far as anybody knows, and why."""

    kind: AbsenceKind
    first_day: date
    expected_return: date | None = None
    reason: str = ""


def report(session: Session, cause: Cause, who: Person, staff_id: int, said: Report) -> int:
    """Note that somebody is ill, late or did not come, and answer its number.

    Raises NotFound or NotAllowed when `who` may not, and Refused naming each field that is not right.
    """
    found = session.get(Staff, staff_id)
    if found is None:
        raise NotFound
    require(who, "absence.record", On(home_id=found.home_id, staff_id=staff_id))
    reason = read_reason(said.reason)
    if problems := [*_wrong_report(session, cause, found, said)]:
        raise Refused(problems)
    made = Absence(
        uid=new_uid(cause.at),
        staff_id=staff_id,
        home_id=found.home_id,
        kind=said.kind,
        first_day=said.first_day,
        expected_return=said.expected_return,
        last_day=None if said.kind is AbsenceKind.SICKNESS else said.first_day,
        reason=reason,
        reported_by=cause.actor.name,
        reported_at=cause.at,
        version=1,
    )
    session.add(made)
    session.flush()
    after = {"staff_id": staff_id, "kind": said.kind, "first_day": said.first_day}
    _note(session, cause, made, "report", after=after | {"expected_return": said.expected_return})
    tell_reported(session, cause, found, made)
    return made.id


def change(
    session: Session, cause: Cause, who: Person, absence_id: int, *, seen: int | None = None, **given: Any
) -> None:
    """Say otherwise since when somebody is ill, when they think they will be back, or why.

    `given` are `first_day`, `expected_return` and `reason`. Raises as `report` does, and Conflict when somebody
    changed it since the version `seen`.
    """
    row, found = _load(session, who, absence_id, "absence.record", seen)
    if "reason" in given:
        given["reason"] = read_reason(given["reason"])
    before = {"first_day": row.first_day, "expected_return": row.expected_return, "reason": row.reason}
    changed = {name: value for name, value in given.items() if before[name] != value}
    if not changed:
        return
    said = Report(kind=AbsenceKind(row.kind), **(before | changed))
    problems = [*_wrong_report(session, cause, found, said, but=row.id)]
    if row.last_day is not None and row.kind == AbsenceKind.SICKNESS and said.first_day > row.last_day:
        problems.append(Problem(path="first_day", code="after_end", message=_AFTER_END.format(day_text(row.last_day))))
    if problems:
        raise Refused(problems)
    if row.kind != AbsenceKind.SICKNESS and "first_day" in changed:
        changed["last_day"] = changed["first_day"]
    _write(session, row, changed)
    shown = {name: _HEALTH if name == "reason" else value for name, value in changed.items()}
    _note(
        session,
        cause,
        row,
        "update",
        before={name: before[name] for name in shown if name in before and name != "reason"},
        after=shown,
    )


def end(
    session: Session, cause: Cause, who: Person, absence_id: int, *, last_day: date, seen: int | None = None
) -> None:
    """Note that somebody is back after a last day of illness; the talk with them is due then.

    Raises Conflict when they are back already, and otherwise as `change` does.
    """
    row, found = _load(session, who, absence_id, "absence.record", seen)
    if row.status is not AbsenceStatus.AWAY:
        raise Conflict("This absence has ended already. Look at it again.")
    if problems := [*_wrong_end(row, last_day, _today(session, cause, row.home_id))]:
        raise Refused(problems)
    _write(session, row, {"last_day": last_day})
    _note(session, cause, row, "end", before={"last_day": None}, after={"last_day": last_day})
    tell_ended(session, cause, found, row)


def note_talk(
    session: Session, cause: Cause, who: Person, absence_id: int, *, note: str = "", seen: int | None = None
) -> None:
    """Note that somebody has talked with whoever is back; they may be planned for from now on.

    Raises Conflict when they are still ill or the talk is noted already, and otherwise as `change` does.
    """
    row, _ = _load(session, who, absence_id, "absence.talk", seen)
    if row.status is AbsenceStatus.AWAY:
        raise Conflict("They are still off sick. Note first on which day they were back.")
    if row.status is not AbsenceStatus.TALK_DUE:
        raise Conflict("No talk is due: it is noted already, or this was no illness.")
    values = {"talked_at": cause.at, "talked_by": cause.actor.name, "talk_note": read_reason(note)}
    _write(session, row, values)
    after = {"talked_at": cause.at, "talked_by": cause.actor.name}
    _note(session, cause, row, "talk", before=None, after=after)


_HEALTH = "(not shown)"
_AFTER_END = "They were back after {}. Choose a first day that is not after it."


def _load(session: Session, who: Person, absence_id: int, permission: str, seen: int | None) -> tuple[Absence, Staff]:
    row = session.get(Absence, absence_id)
    found = session.get(Staff, row.staff_id) if row is not None else None
    if row is None or found is None:
        raise NotFound
    require(who, permission, On(home_id=row.home_id, staff_id=row.staff_id))
    if seen is not None and seen != row.version:
        raise Conflict
    return row, found


def _today(session: Session, cause: Cause, home_id: int) -> date:
    place = place_of(session, home_id)
    if place is None:
        raise NotFound
    return cause.at.astimezone(place.zone).date()


def _wrong_report(
    session: Session, cause: Cause, found: Staff, said: Report, *, but: int | None = None
) -> Iterator[Problem]:
    if found.status is StaffStatus.LEAVER:
        yield Problem(path="staff_id", code="left", message=f"{found.name} has left, so there is nothing to report.")
        return
    today = _today(session, cause, found.home_id)
    latest = today + SOONEST_AHEAD if said.kind is AbsenceKind.SICKNESS else today
    if not today - LONGEST_AGO <= said.first_day <= latest:
        ahead = "two weeks ahead" if said.kind is AbsenceKind.SICKNESS else "today"
        message = f"The first day is from a year ago to {ahead}. Check the date."
        yield Problem(path="first_day", code="out_of_range", message=message)
        return
    back = said.expected_return
    if back is not None and not said.first_day < back <= said.first_day + LONGEST_AHEAD:
        message = (
            "The day they think they will be back is after the first day, within a year. Leave it empty otherwise."
        )
        yield Problem(path="expected_return", code="out_of_range", message=message)
    if said.kind is AbsenceKind.SICKNESS and (other := _other_illness(session, found.id, said.first_day, but)):
        until = f"until {day_text(other.last_day)}" if other.last_day else "and is not noted as back"
        message = f"{found.name} was off sick from {day_text(other.first_day)} {until}. Change that absence instead."
        yield Problem(path="first_day", code="overlap", message=message)


def _other_illness(session: Session, staff_id: int, first_day: date, but: int | None) -> Absence | None:
    """Find an illness that goes on, has this day in it, or begins after it."""
    query = select(Absence).where(
        Absence.staff_id == staff_id,
        Absence.kind == AbsenceKind.SICKNESS,
        Absence.id != (but or 0),
        or_(Absence.last_day.is_(None), Absence.last_day >= first_day),
    )
    return session.scalars(query.order_by(Absence.first_day).limit(1)).first()


def _wrong_end(row: Absence, last_day: date, today: date) -> Iterator[Problem]:
    if last_day < row.first_day:
        message = f"They were off sick from {day_text(row.first_day)}. The last day is not before it."
        yield Problem(path="last_day", code="before_start", message=message)
    elif last_day > today:
        message = "The last day cannot lie ahead. Note it once they are back."
        yield Problem(path="last_day", code="in_the_future", message=message)


def _write(session: Session, row: Absence, values: dict[str, Any]) -> None:
    version = row.version
    write_if_unchanged(session, row, Absence.version == version, values={**values, "version": version + 1})


def _note(session: Session, cause: Cause, row: Absence, action: str, *, before: Any = None, after: Any = None) -> None:
    audit.write(
        session,
        cause,
        action=f"absence.{action}",
        entity="absence",
        entity_id=row.id,
        home_id=row.home_id,
        before=before,
        after=after,
    )
