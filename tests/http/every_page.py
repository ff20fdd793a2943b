"""Every page there is, read from the URL map, and a FlowApp in which each of them has something to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from flowapp.accounts import sign_in_links
from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.bootstrap import Flow
from flowapp.engine.execution import STEPS, StepStatus
from flowapp.engine.manual import start_by_hand
from flowapp.http.access import API_PAGE, FOR_WATCHERS
from flowapp.messaging.outbox import MAILS, MailStatus, queue
from flowapp.rota.leave_decisions import approve, take_back
from flowapp.rota.staff import Staff, StaffStatus
from tests.cast import Cast
from tests.factories import a_document, a_member, a_workflow, cause_of, condition, leave_asked, notify, run_all, runs
from tests.factories import approve as approve_step
from tests.http.records.duties import duties
from tests.http.records.exchange import exchange
from tests.http.records.hours import hours_and_handovers
from tests.http.records.planning import planning
from tests.http.records.presence import presence
from tests.http.records.training import training
from tests.support.house.addresses import FOR_MACHINES, PARAMETER, Route, routes_of

INPUTS = [{"name": "weeks", "label": "Weeks", "type": "number"}]
MISSING = {"int": "999999", "string": "word", "path": "word"}
NAMES = ("maya", "dan", "ada", "hana", "sorcha")  # whoever has most on a page first


@dataclass(frozen=True, kw_only=True)
class Page:
    """One address of a page, with the one method that is asked here."""

    method: str
    route: Route

    def __str__(self) -> str:
        return f"{self.method} {self.route.path}"

    @property
    def names(self) -> tuple[str, ...]:
        """What the address says about a record, such as `leave_id`."""
        return tuple(found["name"] for found in PARAMETER.finditer(self.route.path))

    def about(self, records: Mapping[str, str]) -> str:
        """Answer the address of these records; raises LookupError for one that is not among them."""
        return PARAMETER.sub(lambda found: records[found["name"]], self.route.path)

    @property
    def about_nothing(self) -> str:
        """The address of records that there are not."""
        return PARAMETER.sub(lambda found: MISSING[found["converter"]], self.route.path)

    def may_be_asked_by(self, person: Person) -> bool:
        """Say whether somebody has the permission at all, as `flowapp.http.access.allow` does."""
        if self.route.access in ("public", "signed_in"):
            return True
        own = On(home_id=None, staff_id=person.staff_id)
        return can(person, self.route.access) or can(person, self.route.access, own)

    def whose(self, cast: Cast) -> str:
        """Answer the name of somebody who has the permission."""
        return next(name for name in NAMES if self.may_be_asked_by(getattr(cast, name)))


def is_for_people(path: str) -> bool:
    """Say whether a page is at this address, and nothing that only programs ask for."""
    return path == API_PAGE or not (path.startswith(FOR_MACHINES) or path in FOR_WATCHERS)


def pages_of(app: Flask) -> dict[str, Page]:
    """Answer every page by its method and path."""
    found = [
        Page(method=method, route=route)
        for route in routes_of(app)
        for method in sorted(route.methods)
        if is_for_people(route.path)
    ]
    return {str(page): page for page in found}


def lines_of(text: str) -> list[str]:
    """Take the list of known routes apart: a method and a path each, without what is for machines."""
    found = []
    for line in text.splitlines():
        methods, _, path = line.partition(" ")
        if path.startswith("/") and is_for_people(path):
            found += [f"{method} {path}" for method in methods.split(",")]
    return found


def something_of_everything(flow: Flow, cast: Cast) -> dict[str, str]:
    """Write a record of Rose House for each name in an address, and answer their numbers by those names.

    `leave_given_back` is leave that was approved, and that somebody asks to give back; `execution_to_undo` is a run
    that approved some; `failed_run`, `waiting_run` and `run_in_doubt` are runs in which a person can step in.
    """
    now = flow.clock.now()
    mail_id, token = flow.database.write(lambda session: _mail_and_link(flow, cast, session))
    return {
        **_leave_and_runs(flow, cast),
        **_runs_in_hand(flow, cast),
        **exchange(flow, cast),
        "mail_id": str(mail_id),
        "staff_id": str(cast.dan.staff_id),
        "staff_who_can": str(cast.maya.staff_id),
        "leaver": str(flow.database.write(lambda session: _leaver(session, cast, now))),
        "token": token,
        **training(flow, cast),
        **duties(flow, cast),
        **planning(flow, cast),
        **hours_and_handovers(flow, cast),
        **presence(flow, cast),  # last: whoever is ill is given no shift
    }


def _leave_and_runs(flow: Flow, cast: Cast) -> dict[str, str]:
    """Ask for leave, have workflows decide on some of it, and give some back."""
    now = flow.clock.now()
    leave_id, _ = leave_asked(flow, cast.dan), leave_asked(flow, cast.maya, start=date(2026, 12, 9))
    triggers = [
        {"id": "m", "type": "manual", "inputs": INPUTS},
        {"id": "asked", "type": "event", "event": "leave_requested"},
    ]
    step = condition("c", "${context.leave_request_id} > 0", then=[notify("a")])
    workflow_id = a_workflow(flow, cast.maya, a_document(step, triggers=triggers), home_id=cast.rose)
    leave_asked(flow, cast.dan, start=date(2026, 12, 14))
    run_all(flow)
    given_back = leave_asked(flow, cast.dan, start=date(2026, 12, 16))
    run_all(flow)
    flow.database.write(lambda session: approve(session, cause_of(cast.maya, now), cast.maya, given_back))
    flow.database.write(lambda session: take_back(session, cause_of(cast.dan, now), cast.dan, given_back))
    ran = str(runs(flow)[-1].id)
    sorchas = f"${{context.staff_id}} == {cast.sorcha.staff_id}"
    decides = condition("d", sorchas, then=[approve_step(), notify("b")])
    a_workflow(flow, cast.maya, a_document(decides), home_id=cast.rose)
    leave_asked(flow, cast.sorcha, start=date(2026, 12, 21))
    run_all(flow)
    return {
        "leave_id": str(leave_id),
        "leave_given_back": str(given_back),
        "workflow_id": str(workflow_id),
        "execution_id": ran,
        "execution_to_undo": str(runs(flow)[-1].id),
    }


def _leaver(session: Session, cast: Cast, at: datetime) -> int:
    """Write somebody who has left Rose House."""
    number = a_member(session, at, name="Gone", home_id=cast.rose)
    session.get_one(Staff, number).status = StaffStatus.LEAVER
    return number


def _runs_in_hand(flow: Flow, cast: Cast) -> dict[str, str]:
    """Start runs about which a person can do something: one that fails, one that waits, one with a step in doubt."""
    by_hand = [{"id": "m", "type": "manual", "inputs": []}]
    waits = {"id": "later", "type": "delay", "for": {"hours": 1}}
    asks = {"id": "a", "type": "action", "action": "approve_leave", "with": {"leave_request_id": "999999"}}
    found = {}
    for name, step in (("failed_run", asks), ("waiting_run", waits), ("run_in_doubt", waits)):
        workflow_id = a_workflow(flow, cast.maya, a_document(step, triggers=by_hand), home_id=cast.rose)
        found[name] = flow.database.write(lambda session, id_=workflow_id: _by_hand(flow, cast, session, id_))
    run_all(flow)
    in_doubt = update(STEPS).where(STEPS.c.execution_id == found["run_in_doubt"])
    flow.database.write(lambda session: bool(session.execute(in_doubt.values(status=StepStatus.UNCERTAIN))))
    return {name: str(number) for name, number in found.items()}


def _by_hand(flow: Flow, cast: Cast, session: Session, workflow_id: int) -> int:
    cause = cause_of(cast.maya, flow.clock.now())
    return start_by_hand(flow.parts, session, cause, workflow_id, triggers=flow.triggers, inputs={})


def _mail_and_link(flow: Flow, cast: Cast, session: Session) -> tuple[int, str]:
    cause = cause_of(cast.ada, flow.clock.now())
    mail = queue(
        session, cause, to=["dan@example.org"], subject="Your leave", body="Dear Dan,\nyes.", care_home_id=cast.rose
    )
    session.execute(update(MAILS).where(MAILS.c.id == mail).values(status=MailStatus.FAILED, last_error="No such box"))
    return mail, sign_in_links.make(session, cause, cast.dan.user_id)
