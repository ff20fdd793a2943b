"""What is to be done in the demo: tasks that people made, a check of each home, and the weekly check as a workflow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.cli.demo.accounts import HR, Written, as_somebody
from flowapp.cli.demo.days import Days
from flowapp.cli.demo.history import Deed, Requests, Step
from flowapp.cli.demo.homes import STRATHALLOW
from flowapp.engine.manual import start_by_hand
from flowapp.rota.compliance import changes as violation_changes
from flowapp.rota.compliance import checks
from flowapp.rota.compliance.finding import Evidence
from flowapp.rota.compliance.raising import Report, report
from flowapp.rota.compliance.rule import rules
from flowapp.rota.tasks import changes
from flowapp.rota.tasks.plan import TaskPlan
from flowapp.rota.tasks.task import Priority, Queue
from flowapp.workflows.publishing import create_workflow, publish
from flowapp.workflows.reading import read_document
from flowapp.workflows.weekly_compliance import WEEKLY_COMPLIANCE_CHECK

GLENFARROW = 0
MANAGER, SENIOR, CARER, IAIN = (
    *("manager@example.org", "senior@example.org", "carer@example.org"),
    "manager2@example.org",
)


class _Duty(NamedTuple):
    """A task of the demo: who makes it and when, and what becomes of it."""

    by: str
    ago: int  # days
    home: int | None
    queue: Queue
    title: str
    body: str = ""
    due_in: int | None = None  # days from the day the demo is shown
    priority: Priority = Priority.NORMAL
    to: str = ""
    done: str = ""


_DUTIES = (
    _Duty(MANAGER, 9, GLENFARROW, Queue.MANAGER, "Send the fire log to the inspector", due_in=-1,
          priority=Priority.HIGH, body="She asked for the last six months. The folder is in the office."),
    _Duty(MANAGER, 6, GLENFARROW, Queue.SENIOR, "Count the medication trolley with the pharmacist", due_in=3),
    _Duty(MANAGER, 5, GLENFARROW, Queue.MANAGER, "Read the new policy on moving and handling", due_in=5, to=CARER,
          body="Sign the list beside the rota when you have read it."),
    _Duty(MANAGER, 8, GLENFARROW, Queue.SENIOR, "Order gloves for two weeks", done="They come on Thursday."),
    _Duty(SENIOR, 3, GLENFARROW, Queue.MANAGER, "The bath hoist on Bluebell squeaks", priority=Priority.URGENT,
          body="It still lifts. Please have it looked at before the weekend.", due_in=1),
    _Duty(HR, 4, None, Queue.HR, "Ask for the PVG renewals that fall due this winter", due_in=10),
    _Duty(IAIN, 7, STRATHALLOW, Queue.MANAGER, "Talk to the agency about nights", due_in=2, priority=Priority.HIGH),
    _Duty(IAIN, 7, STRATHALLOW, Queue.SENIOR, "Test the call bells on the first floor", due_in=6),
)  # fmt: skip


class _Broken(NamedTuple):
    """A broken rule that somebody of the demo tells of."""

    by: str
    ago: int  # days
    home: int
    rule: str
    description: str
    resolution: str = ""
    shown: tuple[Evidence, ...] = ()


_BROKEN = (
    _Broken(MANAGER, 12, GLENFARROW, "HOUSE_RULE", "The bath was not tested for its temperature on two days.",
            "The test is part of the morning handover now."),
    _Broken(SENIOR, 4, GLENFARROW, "MANDATORY_TRAINING", "Four people have not renewed their fire training.",
            shown=(Evidence(label="Due since October", value="3 people"),
                   Evidence(label="Due since August", value="1 person"))),
    _Broken(IAIN, 6, STRATHALLOW, "INDUCTION_COMPLETION", "Two new carers are in their 13th week of induction."),
)  # fmt: skip


def duties_of(flow: Flow, written: Written, days: Days) -> Iterator[Step]:
    """Go through the tasks that people make, and what the last day's checks find."""
    for number, duty in enumerate(_DUTIES):
        yield Step(at=days.at(days.ago(duty.ago), time(10, 5 + number)), do=_making(duty, written, days))
    for number, told in enumerate(_BROKEN):
        yield Step(at=days.at(days.ago(told.ago), time(14, number)), do=_telling(told, written))
    for home_id in written.homes:
        yield Step(at=days.at(days.last, time(16, 30)), do=_checking(home_id))
    yield Step(at=days.at(days.last, time(17, 10)), do=_weekly(flow, written))


def _making(duty: _Duty, written: Written, days: Days) -> Deed:
    def make(session: Session, at: datetime, _requests: Requests) -> None:
        who, cause = as_somebody(session, written.accounts[duty.by], at)
        plan = TaskPlan(
            title=duty.title,
            body=duty.body,
            queue=duty.queue,
            priority=duty.priority,
            due_on=None if duty.due_in is None else days.ago(-duty.due_in),
            assignee_id=written.accounts[duty.to] if duty.to else None,
        )
        home_id = None if duty.home is None else written.homes[duty.home]
        made = changes.create(session, cause, who, home_id=home_id, plan=plan)
        if duty.done:
            changes.finish(session, cause, who, made.task_id, outcome=duty.done)

    return make


def _telling(told: _Broken, written: Written) -> Deed:
    def tell(session: Session, at: datetime, _requests: Requests) -> None:
        who, cause = as_somebody(session, written.accounts[told.by], at)
        said = Report(
            rule=told.rule, description=told.description, home_id=written.homes[told.home], evidence=told.shown
        )
        number = report(session, cause, who, said).violation_id
        if told.resolution:
            violation_changes.resolve(session, cause, who, number, resolution=told.resolution)

    return tell


def _checking(home_id: int) -> Deed:
    def check(session: Session, at: datetime, _requests: Requests) -> None:
        waiting = checks.ask_by_clock(session, at, home_id)
        known = list(rules(session).values())
        seen = checks.look(session, known, home_id, checks.span_of(session, waiting, at))
        checks.write(session, waiting, seen, known, at)

    return check


def _weekly(flow: Flow, written: Written) -> Deed:
    def start(session: Session, at: datetime, _requests: Requests) -> None:
        who, cause = as_somebody(session, written.accounts[MANAGER], at)
        document: Any = read_document(WEEKLY_COMPLIANCE_CHECK)
        made = create_workflow(session, cause, document, owner_id=who.user_id, home_id=written.homes[GLENFARROW])
        publish(session, cause, made, actions=flow.actions, triggers=flow.triggers)
        start_by_hand(flow.parts, session, cause, made.id, triggers=flow.triggers, inputs={})

    return start
