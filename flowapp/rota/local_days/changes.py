"""Adding and removing a home's local days: each a guard, a change of the home and a note in the audit."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict, Problem, Refused
from flowapp.kernel.unchanged import write_if_unchanged
from flowapp.rota.bank_holidays import Nation, bank_holidays
from flowapp.rota.homes import CareHome, home
from flowapp.rota.leave_period import EARLIEST_YEAR, LATEST_YEAR
from flowapp.rota.wording import day_text

LONGEST_NAME = 80
MOST_DAYS = 200  # of one home


def add(
    session: Session, cause: Cause, who: Person, home_id: int, *, day: date, name: str, seen: int | None = None
) -> None:
    """Let a home keep a day, or give the day another name; raises NotFound, NotAllowed, Refused and Conflict."""
    found = _load(session, who, home_id, seen)
    name = " ".join(name.split())
    if problems := _wrong(found, day, name):
        raise Refused(problems)
    days = dict(sorted({**found.local_days, day.isoformat(): name}.items()))
    if days != found.local_days:
        _write(session, cause, found, days, "add", before=found.local_days.get(day.isoformat()), after=name, day=day)


def remove(session: Session, cause: Cause, who: Person, home_id: int, *, day: date, seen: int | None = None) -> None:
    """Let a home keep a day no more; raises Conflict where it does not."""
    found = _load(session, who, home_id, seen)
    before = found.local_days.get(day.isoformat())
    if before is None:
        raise Conflict(f"{day_text(day)} is no local day of this home any more. Nothing was changed.")
    days = {each: name for each, name in found.local_days.items() if each != day.isoformat()}
    _write(session, cause, found, days, "remove", before=before, after=None, day=day)


def _load(session: Session, who: Person, home_id: int, seen: int | None) -> CareHome:
    require(who, "home.edit", On(home_id=home_id))
    found = home(session, home_id)
    if seen is not None and seen != found.version:
        raise Conflict
    return found


def _wrong(found: CareHome, day: date, name: str) -> list[Problem]:
    wrong = []
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        message = f"Say what the day is called, in at most {LONGEST_NAME} ordinary characters."
        wrong.append(Problem(path="name", code="bad_name", message=message))
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        message = f"The year {day.year} cannot be right; check the date."
        wrong.append(Problem(path="day", code="year_out_of_range", message=message))
    elif national := bank_holidays(Nation(found.nation), day.year).get(day):
        message = f"{day_text(day)} is a bank holiday already: {national}."
        wrong.append(Problem(path="day", code="taken", message=message))
    if len(found.local_days) >= MOST_DAYS and day.isoformat() not in found.local_days:
        message = f"A home keeps at most {MOST_DAYS} local days. Remove old ones first."
        wrong.append(Problem(path="day", code="too_many", message=message))
    return wrong


def _write(
    session: Session,
    cause: Cause,
    found: CareHome,
    days: dict[str, str],
    action: str,
    *,
    before: str | None,
    after: str | None,
    day: date,
) -> None:
    home_id = found.id
    values = {"local_days": days, "version": found.version + 1}
    write_if_unchanged(session, found, CareHome.version == found.version, values=values)
    audit.write(
        session,
        cause,
        action=f"local_day.{action}",
        entity="care_home",
        entity_id=home_id,
        home_id=home_id,
        before=None if before is None else {day.isoformat(): before},
        after=None if after is None else {day.isoformat(): after},
    )
