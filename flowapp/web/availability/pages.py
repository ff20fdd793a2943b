"""What the page “When can you work?” shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.kernel.calendar_names import WEEKDAYS
from flowapp.rota.availability.availability import AvailabilityException, AvailabilityPattern
from flowapp.rota.availability.pattern import MIDNIGHT, MOST_WEEKS, Pattern, Slot, SlotKind
from flowapp.rota.availability.reading import exceptions_of, patterns_of
from flowapp.rota.availability.telling import LOOKED_AHEAD, clashing_shifts
from flowapp.rota.homes import home
from flowapp.rota.staff import Contract, Staff
from flowapp.rota.wall_time import Interval
from flowapp.rota.work import WEEKDAY_NAMES
from flowapp.web.availability.forms import DaysForm, Row, WeeksForm, with_spare
from flowapp.web.filters import day, period, plural

KINDS = tuple((kind.value, kind.label) for kind in SlotKind)
DAYS = tuple(zip(WEEKDAY_NAMES, WEEKDAYS, strict=True))
REPEATS = (("1", "Every week"), ("2", "Every second week"), *((str(n), f"Every {n} weeks") for n in range(3, 13)))
SHOWN_AHEAD = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Weeks:
    """What is said of weeks that repeat, in words."""

    heading: str  # From 23 November 2026
    lines: tuple[str, ...]
    href: str
    remove_url: str
    version: int
    current: bool


@dataclass(frozen=True, kw_only=True)
class SingleDays:
    """What is said of a single stretch of time, in words."""

    when: str
    kind: str
    reason: str
    remove_url: str


@dataclass(frozen=True, kw_only=True)
class AvailabilityPage:
    """When somebody can work."""

    title: str
    name: str
    is_own: bool
    sentence: str
    record_url: str
    may_edit: bool
    clashes: str
    weeks: tuple[Weeks, ...]
    single: tuple[SingleDays, ...]
    new_url: str
    form: WeeksForm
    days_form: DaysForm
    weeks_url: str
    days_url: str
    nonce: str
    kinds: tuple[tuple[str, str], ...] = KINDS
    days: tuple[tuple[str, str], ...] = DAYS
    repeats: tuple[tuple[str, str], ...] = REPEATS
    week_numbers: tuple[tuple[str, str], ...] = ()

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """What is wrong with either form."""
        return (*self.form.problems, *self.days_form.problems)


def availability_page(
    session: Session,
    person: Person,
    member: Staff,
    *,
    now: datetime,
    nonce: str,
    chosen: str = "",
    form: WeeksForm | None = None,
    days_form: DaysForm | None = None,
) -> AvailabilityPage:
    """Put the page together; `chosen` is the number of the weeks to say anew, or `new`."""
    zone, own = home(session, member.home_id).zone, person.staff_id == member.id
    today = now.astimezone(zone).date()
    rows = patterns_of(session, member.id)
    form = form or _form(_chosen(rows, chosen, today), today)
    span = Interval(datetime.combine(today, time(), zone).astimezone(UTC), now + SHOWN_AHEAD)
    may_edit = can(person, "availability.edit", On(home_id=member.home_id, staff_id=member.id))
    return AvailabilityPage(
        title="When can you work?" if own else f"When {member.name} can work",
        name=member.name,
        is_own=own,
        sentence=_sentence(member),
        record_url=url_for("staff.show_member", staff_id=member.id),
        may_edit=may_edit,
        clashes=_clashes(session, member, now, own=own),
        weeks=tuple(_weeks(row, form) for row in rows if row.valid_to is None or row.valid_to >= today),
        single=tuple(_single(row, zone) for row in exceptions_of(session, member.id, span)),
        new_url=url_for("availability.show_member", staff_id=member.id, weeks="new", _anchor="say-weeks"),
        form=form,
        days_form=days_form or DaysForm(),
        weeks_url=url_for("availability.say_weeks", staff_id=member.id),
        days_url=url_for("availability.say_days", staff_id=member.id),
        nonce=nonce,
        week_numbers=_week_numbers(form.repeat_weeks),
    )


def _sentence(member: Staff) -> str:
    if member.contract == Contract.BANK:
        return "Where times to work are named below, no shift is offered at other times."
    return "No shift is offered at times when work is not possible; wishes are met where they can be."


def _clashes(session: Session, member: Staff, now: datetime, *, own: bool) -> str:
    count = len(clashing_shifts(session, member.id, Interval(now, now + LOOKED_AHEAD)))
    if not count:
        return ""
    whose = "you have" if own else f"{member.name} has"
    return f"In the next four weeks {whose} {plural(count, 'shift')} at a time when work is not possible. {_SPEAK[own]}"


_SPEAK = {True: "Speak to your manager about it.", False: "Change the rota, or speak to them about it."}


def _chosen(rows: Sequence[AvailabilityPattern], chosen: str, today: date) -> AvailabilityPattern | None:
    """Find the weeks to say anew: those asked for, else those that hold today or come next."""
    if chosen == "new":
        return None
    asked = [row for row in rows if str(row.id) == chosen]
    return next((row for row in [*asked, *rows] if row.valid_to is None or row.valid_to >= today), None)


def _form(row: AvailabilityPattern | None, today: date) -> WeeksForm:
    if row is None:
        return WeeksForm(valid_from=today.isoformat(), rows=with_spare(()))
    slots = enumerate(sorted(row.pattern.slots))
    return WeeksForm(
        pattern=str(row.id),
        version=str(row.version),
        valid_from=row.valid_from.isoformat(),
        valid_to=row.valid_to.isoformat() if row.valid_to else "",
        repeat_weeks=str(row.repeat_weeks),
        rows=with_spare([_row(number, slot) for number, slot in slots]),
    )


def _row(number: int, slot: Slot) -> Row:
    whole = slot.start == slot.end == MIDNIGHT
    return Row(
        number=number,
        week=str(slot.week),
        day=WEEKDAY_NAMES[slot.weekday],
        kind=slot.kind.value,
        start="" if whole else f"{slot.start:%H:%M}",
        end="" if whole else f"{slot.end:%H:%M}",
    )


def _week_numbers(repeat: str) -> tuple[tuple[str, str], ...]:
    count = int(repeat) if repeat.isascii() and repeat.isdecimal() and len(repeat) < 3 else 1
    return tuple((str(n), f"Week {n}") for n in range(1, min(count, MOST_WEEKS) + 1)) if count > 1 else ()


def _weeks(row: AvailabilityPattern, form: WeeksForm) -> Weeks:
    return Weeks(
        heading=_heading(row.pattern),
        lines=tuple(_line(slot, row.pattern) for slot in sorted(row.pattern.slots)),
        href=url_for("availability.show_member", staff_id=row.staff_id, weeks=row.id, _anchor="say-weeks"),
        remove_url=url_for("availability.remove_weeks", staff_id=row.staff_id, pattern_id=row.id),
        version=row.version,
        current=form.pattern == str(row.id),
    )


def _heading(pattern: Pattern) -> str:
    words = f"From {day(pattern.valid_from)}"
    if pattern.valid_to is not None:
        words = period(pattern.valid_from, pattern.valid_to)
    again = dict(REPEATS)[str(pattern.repeat_weeks)].lower()
    first = f"; week 1 begins on {day(pattern.anchor)}" if pattern.repeat_weeks > 1 else ""
    return f"{words}, {again}{first}"


def _line(slot: Slot, pattern: Pattern) -> str:
    week = f"Week {slot.week}, " if pattern.repeat_weeks > 1 else ""
    if slot.start == slot.end == MIDNIGHT:
        hours = "all day"
    else:
        following = "" if slot.end > slot.start or slot.end == MIDNIGHT else " the next day"
        hours = f"{slot.start:%H:%M} to {slot.end:%H:%M}{following}"
    return f"{week}{WEEKDAYS[slot.weekday]}, {hours}: {slot.kind.label.lower()}"


def _single(row: AvailabilityException, zone: tzinfo) -> SingleDays:
    starts, ends = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
    return SingleDays(
        when=_when(starts, ends),
        kind=SlotKind(row.kind).label,
        reason=row.reason,
        remove_url=url_for("availability.remove_days", staff_id=row.staff_id, exception_id=row.id),
    )


def _when(starts: datetime, ends: datetime) -> str:
    if starts.time() == ends.time() == MIDNIGHT:
        return period(starts.date(), ends.date() - timedelta(days=1))
    if starts.date() == ends.date():
        return f"{day(starts.date())}, {starts:%H:%M} to {ends:%H:%M}"
    return f"{day(starts.date())}, {starts:%H:%M}, to {day(ends.date())}, {ends:%H:%M}"
