"""What the list of staff shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.rota.homes import CareHome
from flowapp.rota.staff import JobRole, Staff, StaffStatus
from flowapp.rota.wording import number_text
from flowapp.web.filters import plural
from flowapp.web.staff.finding import Wanted, count_found, found, visible_homes
from flowapp.web.staff.week import week_words

A_PAGE = 50
COLUMNS: tuple[str | dict[str, Any], ...] = (
    *("Name", "Role", "Home"),
    {"label": "Hours a week", "number": True},
    *("Usual week", "Status"),
)

# The word, the tone and the icon of each status.
STATUS_PILLS = {
    StaffStatus.PRE_START: ("Starting", "quiet", "calendar"),
    StaffStatus.ACTIVE: ("Working", "good", "user-check"),
    StaffStatus.SUSPENDED: ("Suspended", "wait", "pause"),
    StaffStatus.LONG_TERM_ABSENT: ("Away for long", "wait", "pause"),
    StaffStatus.LEAVER: ("Left", "quiet", "log-out"),
}


@dataclass(frozen=True, kw_only=True)
class StaffRow:
    """One member of staff in the list."""

    href: str
    name: str
    role: str
    home: str
    hours: str
    week: str
    status: tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class StaffPage:
    """The list of staff."""

    sentence: str
    rows: tuple[StaffRow, ...]
    may_filter: bool
    columns: tuple[str | dict[str, Any], ...]
    homes: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, str], ...]
    text: str
    home: str
    role: str
    applied: int
    summary: str
    url: str
    previous_url: str
    next_url: str


def staff_page(session: Session, person: Person, wanted: Wanted, *, number: int) -> StaffPage:
    """Put together one page of the list; `number` counts from 1."""
    homes = visible_homes(session, person)
    count = count_found(session, person, wanted)
    number = min(max(number, 1), max(1, -(-count // A_PAGE)))
    skip = (number - 1) * A_PAGE
    rows = tuple(_row(each, at) for each, at in found(session, person, wanted, skip=skip, most=A_PAGE))
    return StaffPage(
        sentence=_sentence(homes),
        rows=rows,
        may_filter=bool(homes),
        columns=tuple(each for each in COLUMNS if each != "Home" or len(homes) > 1),
        homes=tuple((home.code, home.name) for home in homes),
        roles=tuple((role.value, role.label) for role in JobRole),
        text=wanted.text,
        home=wanted.home,
        role="" if wanted.role is None else wanted.role.value,
        applied=wanted.applied,
        summary=_summary(count, skip, len(rows)),
        url=url_for("staff.index"),
        previous_url=_address(wanted, number - 1) if number > 1 else "",
        next_url=_address(wanted, number + 1) if skip + len(rows) < count else "",
    )


def _sentence(homes: tuple[CareHome, ...]) -> str:
    if not homes:
        return "You see your own record here."
    return f"Everybody at {homes[0].name}." if len(homes) == 1 else f"Everybody at {plural(len(homes), 'home')}."


def _summary(count: int, skip: int, shown: int) -> str:
    people = plural(count, "person", "people")
    return people if shown == count else f"{skip + 1} to {skip + shown} of {people}"


def _address(wanted: Wanted, number: int) -> str:
    return url_for(
        "staff.index",
        q=wanted.text or None,
        home=wanted.home or None,
        role=wanted.role.value if wanted.role else None,
        page=number if number > 1 else None,
    )


def _row(member: Staff, home: CareHome) -> StaffRow:
    return StaffRow(
        href=url_for("staff.show_member", staff_id=member.id),
        name=member.name,
        role=JobRole(member.role).label,
        home=home.name,
        hours=number_text(member.contracted_hours),
        week=week_words(member.pattern),
        status=STATUS_PILLS[StaffStatus(member.status)],
    )
