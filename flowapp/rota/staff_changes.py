"""Adding members of staff and changing what is known of them: a guard, a change, a note in the audit and an event.

Nobody is deleted: whoever goes is a leaver by their status, and their shifts, leave and audit stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.events.event import Change, StaffFacts, UserFacts
from flowapp.events.outbox import record
from flowapp.events.staff import StaffContext, StaffCreated, StaffLeft, StaffUpdated, StaffUpdatedContext
from flowapp.kernel.errors import Conflict, NotFound, Problem, Refused
from flowapp.kernel.unchanged import write_if_unchanged
from flowapp.rota.homes import place_of
from flowapp.rota.leaver_changes import leave
from flowapp.rota.member_changes import StaffDetails, details_of, differences, wrong_details
from flowapp.rota.staff import JobRole, Staff, StaffStatus, add_staff
from flowapp.rota.status_changes import wrong_first, wrong_leaving, wrong_move
from flowapp.rota.units import is_unit_of


def create(session: Session, cause: Cause, who: Person, *, home_id: int, details: StaffDetails) -> int:
    """Add a member of staff to a home and answer their number.

    Raises NotFound or NotAllowed when `who` may not, and Refused naming each field that is not right.
    """
    require(who, "staff.edit", On(home_id=home_id))
    if place_of(session, home_id) is None:
        raise NotFound
    problems = [*wrong_details(details), *_unfit(session, details, home_id, None)]
    if wrong := wrong_first(details.status):
        problems.append(wrong)
    if problems:
        raise Refused(problems)
    made = add_staff(session, home_id=home_id, at=cause.at, **asdict(details))
    _note(session, cause, made, "create", before=None, after=asdict(details))
    context = StaffContext(**facts_of(made, cause))
    record(session, StaffCreated(subject_id=made.id, care_home_id=home_id, cause=cause, context=context))
    return made.id


def change(
    session: Session, cause: Cause, who: Person, staff_id: int, *, seen: int | None = None, **given: Any
) -> None:
    """Change what is known of a member of staff: `given` are fields of `StaffDetails`.

    Nothing is written and nobody is told when every value is as before. Somebody who becomes a leaver has no shift
    to come and no API token afterwards. Raises NotFound or NotAllowed when `who` may not, Refused naming each field
    that is not right, and Conflict when somebody changed the record since the version `seen`.
    """
    found = _load(session, who, staff_id, seen)
    old = details_of(found)
    new = replace(old, **given)
    changes = differences(old, new)
    if not changes:
        return
    if problems := [*_wrong_change(session, cause, found, old, new)]:
        raise Refused(problems)
    _write(session, found, new)
    before, after = {each.field: each.old for each in changes}, {each.field: each.new for each in changes}
    _note(session, cause, found, "update", before=before, after=after)
    _tell_changes(session, cause, found, changes, old.status)
    if new.status is StaffStatus.LEAVER is not old.status:
        leave(session, cause, staff_id)


def _load(session: Session, who: Person, staff_id: int, seen: int | None) -> Staff:
    found = session.get(Staff, staff_id)
    if found is None:
        raise NotFound
    require(who, "staff.edit", On(home_id=found.home_id, staff_id=staff_id))
    if seen is not None and seen != found.version:
        raise Conflict
    return found


def _wrong_change(
    session: Session, cause: Cause, found: Staff, old: StaffDetails, new: StaffDetails
) -> Iterator[Problem]:
    own = [*wrong_details(new)]
    yield from own
    yield from _unfit(session, new, found.home_id, found.id)
    if moved := wrong_move(old.name, old.status, new.status):
        yield moved
    elif not any(each.path == "end_date" for each in own) and (
        late := wrong_leaving(old.name, new.status, new.end_date, _today(session, cause, found.home_id))
    ):
        yield late


def _today(session: Session, cause: Cause, home_id: int) -> date:
    place = place_of(session, home_id)
    if place is None:
        raise NotFound
    return cause.at.astimezone(place.zone).date()


def _unfit(session: Session, details: StaffDetails, home_id: int, staff_id: int | None) -> Iterator[Problem]:
    """Answer what does not fit the home or somebody else's record."""
    if details.unit_id is not None and not is_unit_of(session, details.unit_id, home_id):
        message = "This home has no such unit; choose one of its units, or none."
        yield Problem(path="unit_id", code="unknown", message=message)
    if _is_taken(session, Staff.email == details.email, staff_id):
        message = "Another member of staff has this email address. Give each person their own."
        yield Problem(path="email", code="taken", message=message)
    if _is_taken(session, Staff.employee_no == details.employee_no, staff_id):
        message = "Another member of staff has this number on the payroll. Give each person their own."
        yield Problem(path="employee_no", code="taken", message=message)


def _is_taken(session: Session, same: ColumnElement[bool], staff_id: int | None) -> bool:
    query = select(Staff.id).where(same)
    if staff_id is not None:
        query = query.where(Staff.id != staff_id)
    return session.scalar(query) is not None


def _write(session: Session, found: Staff, details: StaffDetails) -> None:
    row = {**asdict(details), "version": found.version + 1}
    write_if_unchanged(session, found, Staff.version == found.version, values=row)


def _note(session: Session, cause: Cause, found: Staff, action: str, *, before: Any, after: Any) -> None:
    audit.write(
        session,
        cause,
        action=f"staff.{action}",
        entity="staff",
        entity_id=found.id,
        home_id=found.home_id,
        before=before,
        after=after,
    )


def _tell_changes(
    session: Session, cause: Cause, found: Staff, changes: tuple[Change, ...], previous: StaffStatus
) -> None:
    changed = [each.field for each in changes]
    context = StaffUpdatedContext(**facts_of(found, cause), changed=changed, previous_status=previous.value)
    about: dict[str, Any] = {"subject_id": found.id, "care_home_id": found.home_id, "cause": cause, "context": context}
    record(session, StaffUpdated(**about, changes=changes))
    if found.status is StaffStatus.LEAVER is not previous:
        record(session, StaffLeft(**about))


def facts_of(found: Staff, cause: Cause) -> dict[str, Any]:
    """Answer what every event about a member of staff tells."""
    return {
        "staff_id": found.id,
        "user_id": cause.actor.id,
        "care_home_id": found.home_id,
        "employee_no": found.employee_no,
        "unit_id": found.unit_id,
        "status": StaffStatus(found.status).value,
        "staff": StaffFacts(id=found.id, name=found.name, email=found.email, role=JobRole(found.role).label),
        "user": UserFacts(id=cause.actor.id, name=cause.actor.name, role=cause.actor.role or ""),
    }
