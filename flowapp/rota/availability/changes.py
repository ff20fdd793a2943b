"""Saying when somebody can work, and saying it anew: a guard, a change, a note in the audit and an event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict, NotFound, Problem, Refused
from flowapp.kernel.unchanged import write_if_unchanged
from flowapp.rota.availability.availability import AvailabilityException, AvailabilityPattern
from flowapp.rota.availability.pattern import MIDNIGHT, Pattern, SlotKind, as_kept, wrong_pattern
from flowapp.rota.availability.reading import patterns_of
from flowapp.rota.availability.telling import tell
from flowapp.rota.homes import place_of
from flowapp.rota.leave_period import EARLIEST_YEAR, LATEST_YEAR
from flowapp.rota.reasons import read_reason
from flowapp.rota.staff import Staff
from flowapp.rota.wording import day_text

MOST_PATTERNS, MOST_EXCEPTIONS = 50, 500
LONGEST, A_DAY = timedelta(days=366), timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A single stretch of time by the clock of the home, and what somebody says of it."""

    starts: datetime  # without a time zone: it is that of the home
    ends: datetime
    kind: SlotKind = SlotKind.UNAVAILABLE
    reason: str = ""

    @classmethod
    def of(
        cls, first_day: date, start: time, last_day: date, end: time, *, kind: SlotKind, reason: str = ""
    ) -> Stretch:
        """Make one from days and times; an end at midnight is the end of the last day."""
        ends = datetime.combine(last_day, end)
        if end == MIDNIGHT and last_day < date.max:
            ends += A_DAY
        return cls(starts=datetime.combine(first_day, start), ends=ends, kind=kind, reason=reason)


def add_pattern(session: Session, cause: Cause, who: Person, staff_id: int, pattern: Pattern) -> int:
    """Keep what somebody says of their weeks, and answer its number.

    Raises NotFound or NotAllowed when `who` may not, and Refused naming each field that is not right.
    """
    found = _load(session, who, staff_id)
    _check(session, staff_id, pattern, but=None)
    made = AvailabilityPattern(staff_id=staff_id, created_at=cause.at, version=1, **_columns(pattern))
    session.add(made)
    session.flush()
    _note(session, cause, found, "add_pattern", before=None, after=_columns(pattern))
    tell(session, cause, found, "pattern", "added", pattern.valid_from, pattern.valid_to)
    return made.id


def change_pattern(
    session: Session,
    cause: Cause,
    who: Person,
    pattern_id: int,
    *,
    staff_id: int,
    seen: int | None = None,
    **given: Any,
) -> None:
    """Say anew what somebody says of their weeks: `given` are fields of `Pattern`.

    Raises as `add_pattern` does, and Conflict when somebody changed it since the version `seen`.
    """
    found = _load(session, who, staff_id)
    row = _pattern(session, staff_id, pattern_id, seen)
    old = row.pattern
    new = replace(old, **given)
    before, after = _columns(old), _columns(new)
    if before == after:
        return
    _check(session, staff_id, new, but=pattern_id)
    version = row.version
    write_if_unchanged(session, row, AvailabilityPattern.version == version, values={**after, "version": version + 1})
    changed = [name for name in before if before[name] != after[name]]
    note = {"before": {name: before[name] for name in changed}, "after": {name: after[name] for name in changed}}
    _note(session, cause, found, "change_pattern", **note)
    tell(session, cause, found, "pattern", "changed", new.valid_from, new.valid_to)


def remove_pattern(
    session: Session, cause: Cause, who: Person, pattern_id: int, *, staff_id: int, seen: int | None = None
) -> None:
    """Take back what somebody said of their weeks; raises as `change_pattern` does."""
    found = _load(session, who, staff_id)
    row = _pattern(session, staff_id, pattern_id, seen)
    old = row.pattern
    session.delete(row)
    session.flush()
    _note(session, cause, found, "remove_pattern", before=_columns(old), after=None)
    tell(session, cause, found, "pattern", "removed", old.valid_from, old.valid_to)


def add_exception(session: Session, cause: Cause, who: Person, staff_id: int, stretch: Stretch) -> int:
    """Keep what somebody says of a single stretch of time, and answer its number; raises as `add_pattern` does."""
    found = _load(session, who, staff_id)
    reason = read_reason(stretch.reason)
    if problems := [*_wrong_stretch(session, staff_id, stretch)]:
        raise Refused(problems)
    zone = _zone(session, found)
    starts_at, ends_at = (each.replace(tzinfo=zone).astimezone(UTC) for each in (stretch.starts, stretch.ends))
    if ends_at <= starts_at:
        message = "The clocks change then, and no time is left between the two. Choose a later end."
        raise Refused([Problem(path="last_day", code="no_time_left", message=message)])
    made = AvailabilityException(
        staff_id=staff_id, starts_at=starts_at, ends_at=ends_at, kind=stretch.kind, reason=reason, created_at=cause.at
    )
    session.add(made)
    session.flush()
    _note(session, cause, found, "add_exception", before=None, after=asdict(replace(stretch, reason=reason)))
    tell(session, cause, found, "exception", "added", stretch.starts.date(), stretch.ends.date())
    return made.id


def remove_exception(session: Session, cause: Cause, who: Person, exception_id: int, *, staff_id: int) -> None:
    """Take back what somebody said of a single stretch of time; raises NotFound or NotAllowed."""
    found = _load(session, who, staff_id)
    row = session.get(AvailabilityException, exception_id)
    if row is None or row.staff_id != staff_id:
        raise NotFound
    zone = _zone(session, found)
    starts, ends = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
    before = {"starts": starts, "ends": ends, "kind": row.kind, "reason": row.reason}
    session.delete(row)
    session.flush()
    _note(session, cause, found, "remove_exception", before=before, after=None)
    tell(session, cause, found, "exception", "removed", starts.date(), ends.date())


def _load(session: Session, who: Person, staff_id: int) -> Staff:
    found = session.get(Staff, staff_id)
    if found is None:
        raise NotFound
    require(who, "availability.edit", On(home_id=found.home_id, staff_id=staff_id))
    return found


def _zone(session: Session, found: Staff) -> Any:
    place = place_of(session, found.home_id)
    if place is None:
        raise NotFound
    return place.zone


def _pattern(session: Session, staff_id: int, pattern_id: int, seen: int | None) -> AvailabilityPattern:
    row = session.get(AvailabilityPattern, pattern_id)
    if row is None or row.staff_id != staff_id:
        raise NotFound
    if seen is not None and seen != row.version:
        raise Conflict
    return row


def _check(session: Session, staff_id: int, pattern: Pattern, *, but: int | None) -> None:
    problems = [*wrong_pattern(pattern)]
    others = [each for each in patterns_of(session, staff_id) if each.id != but]
    if len(others) >= MOST_PATTERNS:
        message = f"There are {MOST_PATTERNS} of these already. Remove those that are long over."
        problems.append(Problem(path="slots", code="too_many", message=message))
    if not problems:
        problems += [_meets(each.pattern) for each in others if each.pattern.meets(pattern)][:1]
    if problems:
        raise Refused(problems)


def _meets(other: Pattern) -> Problem:
    until = f"until {day_text(other.valid_to)}" if other.valid_to else "without an end"
    message = (
        f"What was said from {day_text(other.valid_from)} {until} speaks of these days, too. "
        "Change that instead, or let it end before this begins."
    )
    return Problem(path="valid_from", code="overlap", message=message)


def _wrong_stretch(session: Session, staff_id: int, stretch: Stretch) -> Iterator[Problem]:
    named = (("first_day", stretch.starts), ("last_day", stretch.ends))
    wrong = [name for name, moment in named if not EARLIEST_YEAR <= moment.year < LATEST_YEAR]
    for name in wrong:
        message = f"The year cannot be right. It is from {EARLIEST_YEAR} on; check the date."
        yield Problem(path=name, code="year_out_of_range", message=message)
    if not wrong and stretch.ends <= stretch.starts:
        yield Problem(path="last_day", code="end_before_start", message="The end must lie after the beginning.")
    elif not wrong and stretch.ends - stretch.starts > LONGEST:
        message = "It is longer than a year. Say it as weeks that repeat, or in shorter parts."
        yield Problem(path="last_day", code="too_long", message=message)
    if _count(session, staff_id) >= MOST_EXCEPTIONS:
        message = f"There are {MOST_EXCEPTIONS} of these already. Remove those that are over."
        yield Problem(path="first_day", code="too_many", message=message)


def _count(session: Session, staff_id: int) -> int:
    query = select(func.count(AvailabilityException.id)).where(AvailabilityException.staff_id == staff_id)
    return session.scalar(query) or 0


def _columns(pattern: Pattern) -> dict[str, Any]:
    return {
        "valid_from": pattern.valid_from,
        "valid_to": pattern.valid_to,
        "repeat_weeks": pattern.repeat_weeks,
        "anchor": pattern.anchor,
        "slots": as_kept(pattern.slots),
    }


def _note(session: Session, cause: Cause, found: Staff, action: str, *, before: Any, after: Any) -> None:
    audit.write(
        session,
        cause,
        action=f"availability.{action}",
        entity="staff",
        entity_id=found.id,
        home_id=found.home_id,
        before=before,
        after=after,
    )
