"""Making and changing shift templates: each a guard, a change and a note in the audit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import ALL, homes_of, require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict, NotAllowed, Problem, Refused
from flowapp.kernel.ids import new_uid
from flowapp.kernel.unchanged import write_if_unchanged
from flowapp.rota.homes import home
from flowapp.rota.shift_plan import ShiftPlan, timed
from flowapp.rota.shift_templates.reading import visible_template
from flowapp.rota.shift_templates.template import LONGEST_CODE, LONGEST_NAME, Colour, ShiftTemplate
from flowapp.rota.shifts import ShiftKind, WorkingTime
from flowapp.rota.staff import JobRole

CODE = re.compile(rf"[A-Z0-9]{{1,{LONGEST_CODE}}}", re.ASCII)
ANY_DAY = date(2024, 1, 1)
_FOR_ALL = "This template is for every home. Ask an administrator, or make one for your own home."


@dataclass(frozen=True, kw_only=True)
class TemplateDetails:
    """What may be said of a template, and said anew; the code in capitals."""

    code: str
    name: str
    start: time
    end: time  # not after the start: on the next day
    unpaid_break_minutes: int = 0
    colour: Colour = Colour.BLUE
    kind: ShiftKind = ShiftKind.REGULAR
    working_time: WorkingTime = WorkingTime.FULL
    role: JobRole | None = None
    skills: tuple[str, ...] = ()
    is_active: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "code", self.code.strip().upper())
        object.__setattr__(self, "name", " ".join(self.name.split()))


def create(session: Session, cause: Cause, who: Person, *, home_id: int | None, details: TemplateDetails) -> int:
    """Make a template for a home, or for all of them, and answer its number; raises Refused naming each field."""
    _require(who, home_id)
    if home_id is not None:
        home(session, home_id)
    _check(session, home_id, details, None)
    made = ShiftTemplate(uid=new_uid(cause.at), home_id=home_id, created_at=cause.at, version=1, **columns_of(details))
    session.add(made)
    session.flush()
    _note(session, cause, made, "create", before=None, after=columns_of(details))
    return made.id


def change(
    session: Session, cause: Cause, who: Person, template_id: int, *, seen: int | None = None, **given: Any
) -> None:
    """Change a template: `given` are fields of `TemplateDetails`; shifts made from it stay as they are.

    Nothing is written when every value is as before. Raises Conflict when somebody changed it since the version `seen`.
    """
    found = visible_template(session, who, template_id)
    _require(who, found.home_id)
    if seen is not None and seen != found.version:
        raise Conflict
    old = details_of(found)
    new = replace(old, **given)
    before, after = columns_of(old), columns_of(new)
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return
    _check(session, found.home_id, new, found.id)
    row = {**after, "version": found.version + 1}
    write_if_unchanged(session, found, ShiftTemplate.version == found.version, values=row)
    told = [{name: side[name] for name in changed} for side in (before, after)]
    _note(session, cause, found, "update", before=told[0], after=told[1])


def details_of(found: ShiftTemplate) -> TemplateDetails:
    """Answer what is said of a template."""
    return TemplateDetails(
        code=found.code,
        name=found.name,
        start=time.fromisoformat(found.start_local),
        end=time.fromisoformat(found.end_local),
        unpaid_break_minutes=found.unpaid_break_minutes,
        colour=Colour(found.colour),
        kind=ShiftKind(found.kind),
        working_time=WorkingTime(found.working_time),
        role=None if found.role is None else JobRole(found.role),
        skills=tuple(found.skills),
        is_active=found.is_active,
    )


def columns_of(details: TemplateDetails) -> dict[str, Any]:
    """Answer what the row holds of it."""
    times = {"start_local": f"{details.start:%H:%M}", "end_local": f"{details.end:%H:%M}"}
    row = {name: value for name, value in asdict(details).items() if name not in ("start", "end")}
    return row | times | {"skills": list(details.skills)}


def wrong_details(details: TemplateDetails) -> Iterator[Problem]:
    """Answer each field that makes no sense by itself."""
    if not CODE.fullmatch(details.code):
        message = f"The code has 1 to {LONGEST_CODE} letters and digits, such as LD."
        yield Problem(path="code", code="bad_code", message=message)
    if not 0 < len(details.name) <= LONGEST_NAME or not details.name.isprintable():
        message = f"Write the name on one line, in {LONGEST_NAME} characters at most, such as Long day."
        yield Problem(path="name", code="bad_name", message=message)
    plan = ShiftPlan(
        unit_id=None,
        role=details.role or JobRole.CARER,
        date=ANY_DAY,
        start=details.start,
        end=details.end,
        unpaid_break_minutes=details.unpaid_break_minutes,
        working_time=details.working_time,
        skills=details.skills,
    )
    try:
        timed(plan, "UTC")
    except Refused as refused:
        yield from refused.problems


def _check(session: Session, home_id: int | None, details: TemplateDetails, own_id: int | None) -> None:
    problems = [*wrong_details(details)]
    query = select(ShiftTemplate.id).where(
        ShiftTemplate.code == details.code, ShiftTemplate.home_id == home_id, ShiftTemplate.id != (own_id or 0)
    )
    if session.scalar(query.limit(1)) is not None:
        message = f"There is a template with the code {details.code} already. Choose another code, or change that one."
        problems.append(Problem(path="code", code="taken", message=message))
    if problems:
        raise Refused(problems)


def _require(who: Person, home_id: int | None) -> None:
    if home_id is not None:
        require(who, "home.edit", On(home_id=home_id))
    elif homes_of(who, "home.edit") is not ALL:
        raise NotAllowed(_FOR_ALL)


def _note(session: Session, cause: Cause, found: ShiftTemplate, action: str, *, before: Any, after: Any) -> None:
    audit.write(
        session,
        cause,
        action=f"shift_template.{action}",
        entity="shift_template",
        entity_id=found.id,
        home_id=found.home_id,
        before=before,
        after=after,
    )
