"""Opening a care home, and changing what is known of one: each a guard, a change and a note in the audit.

A home is never deleted, because its rota, its leave and its audit stay; it is closed by `is_active`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import ALL, homes_of, require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict, NotAllowed, Problem, Refused
from flowapp.kernel.unchanged import write_if_unchanged
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.homes import LEAVE_YEAR_START, CareHome, add_home, home

LONGEST_NAME = 120
CODE = re.compile(r"(?=.*[A-Z])[A-Z0-9]{2,8}", re.ASCII)  # with a letter, because lists take digits for a number
MONTH_AND_DAY = re.compile(r"(\d{2})-(\d{2})", re.ASCII)
A_COMMON_YEAR = 2025
_OPENS = "Only somebody who looks after every home may open or close one. Ask an administrator."


@dataclass(frozen=True, kw_only=True)
class HomeDetails:
    """What may be said of a care home, and said anew; the code in capitals, no blanks around anything."""

    code: str
    name: str
    nation: Nation
    timezone: str
    leave_year_start: str = LEAVE_YEAR_START
    is_active: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "code", self.code.strip().upper())
        object.__setattr__(self, "name", " ".join(self.name.split()))


def create(session: Session, cause: Cause, who: Person, details: HomeDetails) -> int:
    """Open a care home and answer its number; raises NotAllowed, and Refused naming each field that is not right."""
    _require_every_home(who)
    if problems := [*wrong_details(details), *_taken(session, details, None)]:
        raise Refused(problems)
    made = add_home(session, at=cause.at, **asdict(details))
    _note(session, cause, made.id, "create", before=None, after=asdict(details))
    return made.id


def change(session: Session, cause: Cause, who: Person, home_id: int, *, seen: int | None = None, **given: Any) -> None:
    """Change what is known of a home: `given` are fields of `HomeDetails`.

    Nothing is written when every value is as before. Raises NotFound or NotAllowed when `who` may not, Refused
    naming each field that is not right, and Conflict when somebody changed the home since the version `seen`.
    """
    require(who, "home.edit", On(home_id=home_id))
    found = home(session, home_id)
    if seen is not None and seen != found.version:
        raise Conflict
    old = details_of(found)
    new = replace(old, **given)
    before, after = asdict(old), asdict(new)
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return
    if "is_active" in changed:
        _require_every_home(who)
    if problems := [*wrong_details(new), *_taken(session, new, home_id)]:
        raise Refused(problems)
    _write(session, found, new)
    told = ({name: side[name] for name in changed} for side in (before, after))
    _note(session, cause, home_id, "update", before=next(told), after=next(told))


def details_of(found: CareHome) -> HomeDetails:
    """Answer what is known of a home."""
    return HomeDetails(
        code=found.code,
        name=found.name,
        nation=Nation(found.nation),
        timezone=found.timezone,
        leave_year_start=found.leave_year_start,
        is_active=found.is_active,
    )


def wrong_details(details: HomeDetails) -> Iterator[Problem]:
    """Answer each field that makes no sense by itself, one problem for each."""
    if not CODE.fullmatch(details.code):
        message = "The code has 2 to 8 letters and digits, at least one of them a letter, such as ROSE."
        yield Problem(path="code", code="bad_code", message=message)
    if not 0 < len(details.name) <= LONGEST_NAME or not details.name.isprintable():
        message = f"Write the name of the home on one line, in {LONGEST_NAME} characters at most."
        yield Problem(path="name", code="bad_name", message=message)
    if not _is_zone(details.timezone):
        message = "The time zone is not known. Write one such as Europe/London."
        yield Problem(path="timezone", code="unknown", message=message)
    if not _is_in_every_year(details.leave_year_start):
        message = "The leave year starts on a month and a day that every year has. Write them such as 04-01."
        yield Problem(path="leave_year_start", code="bad_value", message=message)


def _taken(session: Session, details: HomeDetails, home_id: int | None) -> Iterator[Problem]:
    other = session.scalar(select(CareHome.id).where(CareHome.code == details.code))
    if other is not None and other != home_id:
        message = f"Another home has the code {details.code}. Choose another code."
        yield Problem(path="code", code="taken", message=message)


def _require_every_home(who: Person) -> None:
    if homes_of(who, "home.edit") is not ALL:
        raise NotAllowed(_OPENS)


def _write(session: Session, found: CareHome, details: HomeDetails) -> None:
    row = {**asdict(details), "version": found.version + 1}
    write_if_unchanged(session, found, CareHome.version == found.version, values=row)


def _note(session: Session, cause: Cause, home_id: int, action: str, *, before: Any, after: Any) -> None:
    audit.write(
        session,
        cause,
        action=f"home.{action}",
        entity="care_home",
        entity_id=home_id,
        home_id=home_id,
        before=before,
        after=after,
    )


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, no name at all, a folder of names
        return False
    return True


def _is_in_every_year(text: str) -> bool:
    found = MONTH_AND_DAY.fullmatch(text)
    if found is None:
        return False
    try:
        date(A_COMMON_YEAR, int(found[1]), int(found[2]))
    except ValueError:
        return False
    return True
