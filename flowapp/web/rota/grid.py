"""What the week of a home shows: units down and days across, and the same as a list of one day for phones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.kernel.calendar_names import WEEKDAYS
from flowapp.rota.bank_holidays import SATURDAY, Nation
from flowapp.rota.calendar import HomeCalendar
from flowapp.rota.demand.gaps import Gap, gaps
from flowapp.rota.demand.reading import needs_of
from flowapp.rota.shift_reading import PlannedShift
from flowapp.rota.shift_templates.reading import templates_for
from flowapp.rota.shifts import PLANNED, ShiftStatus
from flowapp.rota.units import units_of
from flowapp.rota.week.reading import Away, away_in_week, shifts_of_week
from flowapp.rota.wording import amount_text
from flowapp.web.filters import long_day, plural
from flowapp.web.rota.asked import Asked
from flowapp.web.rota.cells import Cell, Chip, Times, cell, chip

WHOLE_HOME = "Whole home"
MOST_NAMES = 6  # of people away, in one cell


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day of the week: its column, and its tab on phones."""

    text: str
    name: str
    number: str
    words: str
    holiday: str
    clocks: str
    kind: str  # "", weekend, holiday
    today: bool
    hours: str
    away: tuple[str, ...]
    href: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """One unit's week."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What of a week a reader may see, as values."""

    shifts: Sequence[PlannedShift]
    gaps: Sequence[Gap]
    away: Sequence[Away]
    plans: bool  # whether the reader plans shifts here
    names_away: bool
    own_staff_id: int | None


@dataclass(frozen=True, kw_only=True)
class Grid:
    """The week as a table, and one day of it as a list."""

    days: tuple[Day, ...]
    rows: tuple[Row, ...]
    chosen: Day
    chosen_cells: tuple[Cell, ...]
    is_empty: bool
    shifts: int
    open: int
    to_publish: int
    gaps: int
    hours: str


def grid(session: Session, person: Person, asked: Asked, day_text: str) -> Grid:
    """Put the week together: as many questions, however many shifts there are."""
    seen = _seen(session, person, asked)
    templates = templates_for(session, asked.home.id, active_only=False)
    colours = {(each.start_local, each.end_local): str(each.colour) for each in templates}
    units = [(unit.name, unit.id) for unit in units_of(session, asked.home.id)]
    rows = tuple(_row(name, unit_id, asked, seen, colours) for name, unit_id in _places(units, seen))
    chosen = _chosen_day(asked, day_text)
    days = tuple(_day(day, asked, seen, chosen=day == chosen) for day in asked.week.days)
    place = asked.week.days.index(chosen)
    return Grid(
        days=days,
        rows=rows,
        chosen=days[place],
        chosen_cells=tuple(row.cells[place] for row in rows),
        is_empty=not seen.shifts and not seen.gaps,
        shifts=len(seen.shifts),
        open=sum(each.status is ShiftStatus.OPEN for each in seen.shifts),
        to_publish=sum(each.published_at is None and each.status in PLANNED for each in seen.shifts),
        gaps=len(seen.gaps),
        hours=_hours(seen.shifts),
    )


def _seen(session: Session, person: Person, asked: Asked) -> Seen:
    on = On(home_id=asked.home.id)
    everything = can(person, "rota.view_all", on)
    shifts = shifts_of_week(session, asked.home.id, asked.week)
    return Seen(
        shifts=[each for each in shifts if everything or each.published_at is not None],
        gaps=gaps(needs_of(session, asked.home.id), shifts, asked.week.days) if everything else (),
        away=away_in_week(session, asked.home.id, asked.week),
        plans=can(person, "shift.edit", on),
        names_away=can(person, "leave.view", on),
        own_staff_id=person.staff_id,
    )


def _places(units: Sequence[tuple[str, int]], seen: Seen) -> list[tuple[str, int | None]]:
    """Answer the rows: the units, and before them the whole home where anything is planned or needed for it."""
    whole = any(each.unit_id is None for each in seen.shifts) or any(each.need.unit_id is None for each in seen.gaps)
    return [*([(WHOLE_HOME, None)] if whole or not units else []), *units]


def _row(name: str, unit_id: int | None, asked: Asked, seen: Seen, colours: Mapping[Times, str]) -> Row:
    own = [each for each in seen.shifts if each.unit_id == unit_id]
    lacking = [each for each in seen.gaps if each.need.unit_id == unit_id]
    cells = (
        cell(
            name,
            day,
            [_chip(each, colours, seen) for each in own if each.local_date == day],
            [each for each in lacking if each.day == day],
            home=asked.home.code,
            unit_id=unit_id,
            plans=seen.plans,
        )
        for day in asked.week.days
    )
    return Row(name=name, cells=tuple(cells))


def _chip(shift: PlannedShift, colours: Mapping[Times, str], seen: Seen) -> Chip:
    return chip(shift, colours, plans=seen.plans, own_staff_id=seen.own_staff_id)


def _day(day: date, asked: Asked, seen: Seen, *, chosen: bool) -> Day:
    holiday = HomeCalendar(Nation(asked.home.nation)).name(day) or ""
    weekend = "weekend" if day.weekday() >= SATURDAY else ""
    return Day(
        text=day.isoformat(),
        name=WEEKDAYS[day.weekday()],
        number=str(day.day),
        words=long_day(day),
        holiday=holiday,
        clocks="Clocks change in the night" if day == asked.week.changes_clocks(asked.home.zone) else "",
        kind="holiday" if holiday else weekend,
        today=day == asked.today,
        hours=_hours([each for each in seen.shifts if each.local_date == day]),
        away=_away_words([each for each in seen.away if each.on(day)], names=seen.names_away),
        href=url_for("rota.index", week=asked.week.text, home=asked.home.code, day=day.isoformat()),
        chosen=chosen,
    )


def _away_words(away: Sequence[Away], *, names: bool) -> tuple[str, ...]:
    if not away:
        return ()
    people = {each.staff_id: each for each in away}
    if not names:
        return (plural(len(people), "person", "people"),)
    words = [each.name if each.granted else f"{each.name} (asked for)" for each in people.values()]
    return (*words[:MOST_NAMES], *([f"and {len(words) - MOST_NAMES} more"] if len(words) > MOST_NAMES else []))


def _hours(shifts: Sequence[PlannedShift]) -> str:
    return amount_text(sum((each.hours for each in shifts), Decimal(0)), "hour")


def _chosen_day(asked: Asked, text: str) -> date:
    """Answer the day that phones show: the one asked for, else today if it lies in the week, else the Monday."""
    by_text = {day.isoformat(): day for day in asked.week.days}
    usual = asked.today if asked.today in asked.week.days else asked.week.monday
    return by_text.get(text, usual)
