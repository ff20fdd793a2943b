"""Saying what a home needs: each a guard, a change and a note in the audit.

A need is never deleted, because a past week must still say what was lacking; it ends with a last day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, time
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict, Problem, Refused
from flowapp.rota.demand.gaps import HomeNeed
from flowapp.rota.demand.need import LONGEST_NAME, Demand
from flowapp.rota.demand.reading import need_as_it_is
from flowapp.rota.homes import home
from flowapp.rota.leave_period import EARLIEST_YEAR, LATEST_YEAR
from flowapp.rota.shift_plan import MOST_SKILLS, SKILL
from flowapp.rota.staff import JobRole
from flowapp.rota.units import is_unit_of
from flowapp.rota.work import WEEKDAY_NAMES

MOST_PEOPLE = 99


@dataclass(frozen=True, kw_only=True)
class NeedPlan:
    """What may be said of a need, and said anew; `weekdays` in any order."""

    unit_id: int | None
    name: str
    role: JobRole
    weekdays: tuple[str, ...]
    start: time
    end: time  # not after the start: on the next day
    fewest: int
    ideal: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    skills: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", " ".join(self.name.split()))
        known = [name for name in WEEKDAY_NAMES if name in self.weekdays]
        object.__setattr__(self, "weekdays", (*known, *(set(self.weekdays) - set(known))))


def create(session: Session, cause: Cause, who: Person, *, home_id: int, plan: NeedPlan) -> int:
    """Write what a home needs, and answer its number; raises Refused naming each field that is not right."""
    require(who, "home.edit", On(home_id=home_id))
    home(session, home_id)
    _check(session, home_id, plan)
    made = Demand(home_id=home_id, version=1, **columns_of(plan))
    session.add(made)
    session.flush()
    _note(session, cause, "create", home_id, made.id, before=None, after=columns_of(plan))
    return made.id


def change(session: Session, cause: Cause, who: Person, need_id: int, *, seen: int | None = None, **given: Any) -> None:
    """Say otherwise what a home needs: `given` are fields of `NeedPlan`.

    Nothing is written when every value is as before. Raises Conflict when somebody changed it since the version `seen`.
    """
    found = need_as_it_is(session, need_id)
    require(who, "home.edit", On(home_id=found.home_id))
    if seen is not None and seen != found.version:
        raise Conflict
    old = plan_of(found)
    new = replace(old, **given)
    before, after = columns_of(old), columns_of(new)
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return
    _check(session, found.home_id, new)
    writing = update(Demand).where(Demand.id == need_id, Demand.version == found.version)
    written = session.execute(writing.values(**after, version=found.version + 1).returning(Demand.id))
    if written.first() is None:
        raise Conflict
    told = [{name: side[name] for name in changed} for side in (before, after)]
    _note(session, cause, "update", found.home_id, need_id, before=told[0], after=told[1])


def plan_of(found: HomeNeed) -> NeedPlan:
    """Answer what is said of a need."""
    return NeedPlan(
        unit_id=found.unit_id,
        name=found.name,
        role=found.role,
        weekdays=tuple(found.weekdays.split(",")),
        start=time.fromisoformat(found.start),
        end=time.fromisoformat(found.end),
        fewest=found.fewest,
        ideal=found.ideal,
        valid_from=found.valid_from,
        valid_to=found.valid_to,
        skills=tuple(found.skills),
    )


def columns_of(plan: NeedPlan) -> dict[str, Any]:
    """Answer what the row holds of it."""
    times = {"start_local": f"{plan.start:%H:%M}", "end_local": f"{plan.end:%H:%M}"}
    row = {name: value for name, value in asdict(plan).items() if name not in ("start", "end")}
    return row | times | {"weekdays": ",".join(plan.weekdays), "skills": list(plan.skills)}


def _check(session: Session, home_id: int, plan: NeedPlan) -> None:
    problems = [*wrong_plan(plan)]
    if plan.unit_id is not None and not is_unit_of(session, plan.unit_id, home_id):
        message = "This home has no such unit; choose one of its units, or the whole home."
        problems.append(Problem(path="unit_id", code="unknown", message=message))
    if problems:
        raise Refused(problems)


def wrong_plan(plan: NeedPlan) -> Iterator[Problem]:
    """Answer each field that makes no sense by itself."""
    if not 0 < len(plan.name) <= LONGEST_NAME or not plan.name.isprintable():
        message = f"Write what people call the shift on one line, in {LONGEST_NAME} characters at most."
        yield Problem(path="name", code="bad_name", message=message)
    if not plan.weekdays or not set(plan.weekdays) <= set(WEEKDAY_NAMES):
        yield Problem(path="weekdays", code="missing", message="Choose at least one day of the week, from mon to sun.")
    if not 1 <= plan.fewest <= MOST_PEOPLE:
        message = f"The fewest people are from 1 to {MOST_PEOPLE}."
        yield Problem(path="fewest", code="out_of_range", message=message)
    if plan.ideal is not None and not plan.fewest <= plan.ideal <= MOST_PEOPLE:
        message = f"The number of people on a good day is not below the fewest, and {MOST_PEOPLE} at most."
        yield Problem(path="ideal", code="out_of_range", message=message)
    if len(plan.skills) > MOST_SKILLS or not all(SKILL.fullmatch(code) for code in plan.skills):
        message = f"Write codes of skills such as MEDS, {MOST_SKILLS} at most, of letters, digits and hyphens."
        yield Problem(path="skills", code="bad_code", message=message)
    yield from _wrong_days(plan)


def _wrong_days(plan: NeedPlan) -> Iterator[Problem]:
    for path, day in (("valid_from", plan.valid_from), ("valid_to", plan.valid_to)):
        if day is not None and not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            message = f"The year {day.year} cannot be right; check the date."
            yield Problem(path=path, code="year_out_of_range", message=message)
    if plan.valid_from and plan.valid_to and plan.valid_to < plan.valid_from:
        message = "The last day is before the first one; choose a later day."
        yield Problem(path="valid_to", code="before_the_first", message=message)


def _note(session: Session, cause: Cause, action: str, home_id: int, need_id: int, *, before: Any, after: Any) -> None:
    audit.write(
        session,
        cause,
        action=f"demand.{action}",
        entity="demand",
        entity_id=need_id,
        home_id=home_id,
        before=before,
        after=after,
    )
