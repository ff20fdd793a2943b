"""What the page of bank holidays shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.can import ALL, can, homes_of
from flowapp.accounts.people import On, Person
from flowapp.kernel.errors import NotFound
from flowapp.rota.bank_holidays import Nation, bank_holidays
from flowapp.rota.homes import CareHome
from flowapp.web.filters import long_day, plural

FIRST_YEAR, LAST_YEAR = 2017, 2035


@dataclass(frozen=True, kw_only=True)
class DayForm:
    """The form for a local day as it was typed."""

    day: str = ""
    name: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each problem with the id of its field."""
        return tuple(self.errors.items())


@dataclass(frozen=True, kw_only=True)
class HolidayLine:
    """One day that is kept; `remove` is its date where it can be taken away."""

    words: str
    name: str
    kind: str
    remove: str


@dataclass(frozen=True, kw_only=True)
class HolidaysPage:
    """The bank holidays of one home in one year."""

    sentence: str
    url: str
    homes: tuple[tuple[str, str], ...]
    home: str
    home_name: str
    years: tuple[tuple[str, str], ...]
    year: str
    summary: str
    lines: tuple[HolidayLine, ...]
    may_edit: bool
    form: DayForm
    add_url: str
    remove_url: str


def holidays_page(session: Session, person: Person, *, code: str, year: int, form: DayForm) -> HolidaysPage:
    """Put together the page of the home with this code, or of the first; raises NotFound where there is none."""
    homes = _homes(session, person)
    if not homes:
        raise NotFound
    home = next((each for each in homes if each.code == code.upper()), homes[0])
    year = min(max(year, FIRST_YEAR), LAST_YEAR)
    nation = Nation(home.nation)
    may_edit = can(person, "home.edit", On(home_id=home.id))
    lines = sorted(_lines(home, nation, year, may_edit=may_edit), key=lambda pair: pair[0])
    return HolidaysPage(
        sentence=f"{home.name} keeps the bank holidays of {_name(nation)}, and its own local days.",
        url=url_for("bank_holidays.index"),
        homes=tuple((each.code, each.name) for each in homes),
        home=home.code,
        home_name=home.name,
        years=tuple((str(each), str(each)) for each in range(FIRST_YEAR, LAST_YEAR + 1)),
        year=str(year),
        summary=plural(len(lines), "day"),
        lines=tuple(line for _, line in lines),
        may_edit=may_edit,
        form=form,
        add_url=url_for("bank_holidays.add"),
        remove_url=url_for("bank_holidays.remove"),
    )


def home_with(session: Session, person: Person, code: str) -> int:
    """Answer the number of the home with this code; raises NotFound where somebody may not see it."""
    for home in _homes(session, person):
        if home.code == code.upper():
            return home.id
    raise NotFound


def _homes(session: Session, person: Person) -> list[CareHome]:
    homes = homes_of(person, "home.view")
    query = select(CareHome).order_by(CareHome.name, CareHome.id)
    return list(session.scalars(query if homes is ALL else query.where(CareHome.id.in_(homes))))


def _lines(home: CareHome, nation: Nation, year: int, *, may_edit: bool) -> Iterator[tuple[str, HolidayLine]]:
    for day, name in bank_holidays(nation, year).items():
        yield str(day), HolidayLine(words=long_day(day), name=name, kind="Bank holiday", remove="")
    for text, name in home.local_days.items():
        day = date.fromisoformat(text)
        if day.year == year:
            remove = text if may_edit else ""
            yield text, HolidayLine(words=long_day(day), name=name, kind="Local day", remove=remove)


def _name(nation: Nation) -> str:
    return nation.value.replace("_", " ").title()
