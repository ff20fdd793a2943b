"""What the team calendar shows: one home, one month, people down and days across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.kernel.calendar_names import WEEKDAYS
from flowapp.rota.bank_holidays import SATURDAY, Nation
from flowapp.rota.calendar import HomeCalendar
from flowapp.rota.homes import CareHome
from flowapp.rota.leave import GRANTED
from flowapp.rota.staff import Staff
from flowapp.web.filters import long_day, plural
from flowapp.web.leave.calendar_month import Month
from flowapp.web.leave.calendar_reading import leave_in, sees_everybody, team
from flowapp.web.leave.calendar_spans import Away, stretches

ROOM_FOR_A_WORD = 4  # days


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day of the month: its column on wide screens, its item in the list on phones."""

    number: int
    letter: str
    words: str
    holiday: str
    kind: str  # "", weekend, holiday
    today: bool
    away: int
    away_words: str


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A stretch of leave as it is drawn."""

    href: str
    name: str
    status: str
    word: str
    words: str
    part: str


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Some days of one person."""

    days: int
    kind: str
    today: bool
    marks: tuple[Mark, ...]
    roomy: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """One person's month."""

    name: str
    href: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class CalendarPage:
    """The team calendar."""

    title: str
    sentence: str
    month: str
    month_words: str
    home: str
    home_name: str
    homes: tuple[tuple[str, str], ...]
    url: str
    before: tuple[str, str] | None  # its name and its address
    after: tuple[str, str] | None
    this_url: str
    own_only: bool
    days: tuple[Day, ...]
    rows: tuple[Row, ...]
    list_days: tuple[tuple[Day, tuple[Mark, ...]], ...]
    error: str


def calendar_page(
    session: Session,
    person: Person,
    home: CareHome,
    homes: Sequence[CareHome],
    month: Month,
    *,
    now: datetime,
    error: str = "",
) -> CalendarPage:
    """Put together a month of a home; names only as far as the reader may see them."""
    everybody = sees_everybody(person, home)
    leave = leave_in(session, home, month)
    shown = leave if everybody else [each for each in leave if each.staff_id == person.staff_id]
    people = [each for each in team(session, home, month) if everybody or each.id == person.staff_id]
    today = now.astimezone(home.zone).date()
    days = tuple(_day(day, home, leave, today) for day in month.days)
    kinds = {day: each for day, each in zip(month.days, days, strict=True)}
    return CalendarPage(
        title=f"Team calendar, {month.words}",
        sentence=_sentence(home, leave),
        month=month.text,
        month_words=month.words,
        home=home.code,
        home_name=home.name,
        homes=tuple((each.code, each.name) for each in homes),
        url=url_for("team_calendar.index"),
        before=_link(month.before, home),
        after=_link(month.after, home),
        this_url="" if month.first <= today <= month.last else url_for("team_calendar.index", home=home.code),
        own_only=not everybody,
        days=days,
        rows=tuple(_row(each, month, shown, kinds) for each in people),
        list_days=tuple(_listed(shown, kinds)),
        error=error,
    )


def _row(who: Staff, month: Month, shown: Sequence[Away], days: dict[date, Day]) -> Row:
    return Row(
        name=who.name,
        href=url_for("staff.show_member", staff_id=who.id),
        cells=_cells(month, [away for away in shown if away.staff_id == who.id], days),
    )


def _link(month: Month | None, home: CareHome) -> tuple[str, str] | None:
    if month is None:
        return None
    return month.words, url_for("team_calendar.index", month=month.text, home=home.code)


def _sentence(home: CareHome, leave: Sequence[Away]) -> str:
    people = len({away.staff_id for away in leave})
    if not people:
        return f"{home.name}. Nobody is away, and nobody has asked to be."
    return f"{home.name}. {plural(people, 'person is', 'people are')} away at some time, or asked to be."


def _day(day: date, home: CareHome, leave: Sequence[Away], today: date) -> Day:
    holiday = HomeCalendar.of(Nation(home.nation), home.local_days).name(day) or ""
    away = len({each.staff_id for each in leave if each.period.part_on(day) is not None})
    weekend = "weekend" if day.weekday() >= SATURDAY else ""
    return Day(
        number=day.day,
        letter=WEEKDAYS[day.weekday()][0],
        words=long_day(day).removesuffix(f" {day.year}"),
        holiday=holiday,
        kind="holiday" if holiday else weekend,
        today=day == today,
        away=away,
        away_words=plural(away, "person away", "people away") if away else "Nobody away",
    )


def _cells(month: Month, leave: Sequence[Away], days: dict[date, Day]) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            days=len(stretch.days),
            kind=days[stretch.days[0]].kind if len(stretch.days) == 1 else "",
            today=any(days[day].today for day in stretch.days),
            marks=tuple(_mark(each, stretch.days[0] if len(stretch.days) == 1 else None) for each in stretch.leave),
            roomy=len(stretch.days) >= ROOM_FOR_A_WORD,
        )
        for stretch in stretches(month.days, leave)
    )


def _mark(away: Away, day: date | None = None) -> Mark:
    return Mark(
        href=url_for("leave.show_request", leave_id=away.leave_id),
        name=away.name,
        status="approved" if away.status in GRANTED else "waiting",
        word=away.word,
        words=away.words,
        part=away.part_on(day) if day else "",
    )


def _listed(shown: Sequence[Away], days: dict[date, Day]) -> list[tuple[Day, tuple[Mark, ...]]]:
    """Answer the days worth a line on a phone: somebody is away, or it is a bank holiday."""
    found = []
    for date_, day in days.items():
        marks = tuple(_mark(each, date_) for each in shown if each.period.part_on(date_) is not None)
        if marks or day.away or day.holiday:
            found.append((day, marks))
    return found
