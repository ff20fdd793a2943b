"""Data for tests; a test says only what matters to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.accounts.roles import Role
from flowapp.bootstrap import Flow
from flowapp.engine.execution import Execution
from flowapp.events.cause import Actor, ActorKind, Cause
from flowapp.events.event import StaffFacts, UserFacts
from flowapp.events.leave import LeaveContext, LeaveFacts, LeaveRequested
from flowapp.rota import shift_changes
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.entitlement import leave_year
from flowapp.rota.homes import add_home
from flowapp.rota.leave_asking import request_leave
from flowapp.rota.leave_balance import grant
from flowapp.rota.leave_days import LeavePeriod
from flowapp.rota.shift_assigning import Overruling
from flowapp.rota.shift_plan import ShiftPlan
from flowapp.rota.staff import JobRole, add_staff
from flowapp.workflows.publishing import create_workflow, publish
from flowapp.workflows.reading import read_document
from flowapp.workflows.switching import Switch, switch

WEEK = {day: Decimal("7.5") for day in ("mon", "tue", "wed", "thu", "fri")}


def a_home(session: Session, at: datetime, *, code: str = "ROSE") -> int:
    """Write a home in Scotland."""
    return add_home(
        session, code=code, name=f"{code.title()} House", nation=Nation.SCOTLAND, timezone="Europe/London", at=at
    ).id


def a_member(
    session: Session, at: datetime, *, name: str = "Dan", home_id: int, hours_of_leave: Decimal = Decimal(210)
) -> int:
    """Write a carer who works 7.5 hours from Monday to Friday and has leave in this year and the next."""
    made = add_staff(
        session, employee_no=f"E-{name}", name=name, email=f"{name.lower()}@example.org", home_id=home_id,
        role=JobRole.CARER, pattern=WEEK, start_date=date(2024, 1, 8), at=at,
    )  # fmt: skip
    this_year = leave_year(at.date())
    for year in (this_year, leave_year(date(this_year.start.year + 1, 5, 1))):
        grant(session, staff_id=made.id, leave_type="ANNUAL", year=(year.start, year.end), hours=hours_of_leave,
              at=at, by="system")  # fmt: skip
    return made.id


def cause_of(person: Person, at: datetime) -> Cause:
    """Answer the cause of something that a person does on a page."""
    return Cause(actor=Actor(kind=ActorKind.USER, id=person.user_id, name=person.name, role=person.role.label), at=at)


def a_document(*steps: dict[str, Any], **given: Any) -> dict[str, Any]:
    """Answer a document that starts when leave is requested; with no steps it notifies the manager."""
    return {
        "format": "flowapp/1",
        "name": "A workflow",
        "triggers": [{"id": "asked", "type": "event", "event": "leave_requested"}],
        "steps": list(steps) or [notify("tell")],
        **given,
    }


def notify(id_: str, message: str = "Look", to: str = "manager") -> dict[str, Any]:
    """Answer a step that notifies somebody."""
    return {"id": id_, "type": "action", "action": "send_notification", "with": {"to": to, "message": message}}


def approve(id_: str = "approve") -> dict[str, Any]:
    """Answer a step that approves the leave request that started the workflow."""
    with_ = {"leave_request_id": "${context.leave_request_id}"}
    return {"id": id_, "type": "action", "action": "approve_leave", "with": with_}


def condition(id_: str, if_: str, *, then: list[dict[str, Any]], else_: list[dict[str, Any]] | None = None) -> Any:
    """Answer a step that goes one of two ways."""
    return {"id": id_, "type": "condition", "if": if_, "then": then, "else": else_ or []}


def a_workflow(flow: Flow, owner: Person, document: dict[str, Any] | None = None, *, home_id: int | None) -> int:
    """Write a published workflow, and answer its number."""

    def write(session: Session) -> int:
        cause = cause_of(owner, flow.clock.now())
        made = create_workflow(
            session, cause, read_document(document or a_document()), owner_id=owner.user_id, home_id=home_id
        )
        publish(session, cause, made, actions=flow.actions, triggers=flow.triggers)
        return made.id

    return flow.database.write(write)


def switched(flow: Flow, who: Person, workflow_id: int, way: Switch, **given: Any) -> int:
    """Switch a workflow on or off, put it away or bring it back."""
    cause, kinds = cause_of(who, flow.clock.now()), {"actions": flow.actions, "triggers": flow.triggers}
    return flow.database.write(lambda session: switch(session, cause, who, workflow_id, way, **kinds, **given))


def leave_asked(
    flow: Flow,
    person: Person,
    *,
    start: date = date(2026, 12, 7),
    end: date | None = None,
    part: str = "all",
    type_code: str = "ANNUAL",
) -> int:
    """Ask for leave as a person does, and answer the request's number; a day unless told otherwise."""
    period = LeavePeriod.of(start=start, end=end or start, start_part=part, end_part="all" if end else part)
    cause = cause_of(person, flow.clock.now())
    assert person.staff_id is not None
    staff_id = person.staff_id
    return flow.database.write(
        lambda session: request_leave(session, cause, staff_id=staff_id, type_code=type_code, period=period)
    )


def leave_event(
    person: Person, at: datetime, *, home_id: int | None, request_id: int = 1, **given: Any
) -> LeaveRequested:
    """Make the event of somebody asking for a day's leave, with no request behind it; `given` goes into the cause."""
    cause, day = replace(cause_of(person, at), **given), date(2026, 12, 7)
    size = {"days": Decimal(1), "hours": Decimal("7.5"), "calendar_days": 1}
    context = LeaveContext.model_construct(
        leave_request_id=request_id, staff_id=person.staff_id, user_id=person.user_id, care_home_id=home_id,
        leave_type="ANNUAL", notice_days=14, balance_before=Decimal(210), balance_after=Decimal("202.5"), **size,
        leave=LeaveFacts.model_construct(
            type="ANNUAL", start=day, start_part="all", end=day, end_part="all", reason="", **size
        ),
        staff=StaffFacts.model_construct(id=person.staff_id, name=person.name, email=person.email, role="Carer"),
        user=UserFacts.model_construct(id=person.user_id, name=person.name, role=person.role.label),
    )  # fmt: skip
    return LeaveRequested(subject_id=request_id, care_home_id=home_id, cause=cause, context=context)


def runs(flow: Flow) -> list[Execution]:
    """Read every execution, the first one first."""
    with flow.database.read() as session:
        return list(session.scalars(select(Execution).order_by(Execution.id)))


def run_all(flow: Flow) -> None:
    """Let the engine work until nothing is due any more."""
    while flow.worker.run_due():
        continue


ALL_THE_SAME = Overruling(
    rules=frozenset({"E06", "E08", "E09", "E10", "E11", "E12", "E13", "E14", "E18"}), reason="Nobody else is there"
)


def unruly(planner: Person) -> Person:
    """Answer the same person as one who may overrule what can be overruled."""
    return replace(planner, role=Role.REGIONAL)


def a_shift(
    flow: Flow, planner: Person, home_id: int, *, day: date, staff: Person | None = None, published: bool = False
) -> int:
    """Plan a day shift of twelve hours for a carer, whatever the rules say, and answer its number."""
    cause = cause_of(planner, flow.clock.now())
    plan = ShiftPlan(unit_id=None, role=JobRole.CARER, date=day, start=time(8), end=time(20))

    def write(session: Session) -> int:
        staff_id = staff.staff_id if staff else None
        shift_id = shift_changes.create(
            session, cause, unruly(planner), home_id=home_id, plan=plan, staff_id=staff_id, overruling=ALL_THE_SAME
        )
        if published:
            shift_changes.publish(session, cause, planner, shift_id)
        return shift_id

    return flow.database.write(write)
