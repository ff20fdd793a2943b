"""Somebody about whom much is written, everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.accounts.roles import Role
from flowapp.accounts.users import create_user, person_of
from flowapp.bootstrap import Flow
from flowapp.rota.leave_balance import grant
from flowapp.rota.leave_decisions import reject
from flowapp.rota.staff import JobRole, add_staff
from tests.cast import Cast
from tests.factories import WEEK, a_document, a_shift, a_workflow, cause_of, leave_asked, notify, run_all

NAME, EMAIL, NUMBER = "Zebedee Canary", "zebedee.canary@example.org", "CANARY-7"


@dataclass(frozen=True)
class Canary:
    """Somebody by the name of Canary."""

    staff_id: int
    person: Person


@pytest.fixture
def canary(flow: Flow, cast: Cast) -> Canary:
    """A carer who asked for leave, which a workflow mailed about, failed over and told others of."""
    found = _hired(flow, cast)
    mail = {"to": "${context.staff.email}", "subject": "Leave", "body": "Dear ${context.staff.name}, it is yours."}
    tell = {"to": EMAIL, "subject": "A word", "body": "About your back pain."}
    fails = {"to": "nobody in particular", "subject": f"About {NAME}", "body": NAME}
    steps = [
        {"id": "mail", "type": "action", "action": "send_email", "with": mail},
        {"id": "word", "type": "action", "action": "send_email", "with": tell},
        notify("boss", "${context.staff.name} wants leave"),
        notify("self", "Your back pain is noted", "${context.staff_id}"),
        {"id": "wrong", "type": "action", "action": "send_email", "with": fails, "on_error": "continue"},
    ]
    a_workflow(flow, cast.maya, a_document(*steps, name="Tell"), home_id=cast.rose)
    request, maya = leave_asked(flow, found.person), cast.maya
    cause = cause_of(maya, flow.clock.now())
    flow.database.write(lambda session: reject(session, cause, maya, request, reason="Rest for the back pain") and None)
    a_shift(flow, cast.maya, cast.rose, day=date(2026, 11, 30), staff=found.person)
    run_all(flow)
    return found


def _hired(flow: Flow, cast: Cast) -> Canary:
    at = flow.clock.now()

    def write(session: Session) -> tuple[int, int]:
        made = add_staff(
            session, employee_no=NUMBER, name=NAME, email=EMAIL, home_id=cast.rose, role=JobRole.CARER,
            pattern=WEEK, start_date=date(2024, 1, 8), at=at,
        )  # fmt: skip
        year = (date(2026, 4, 1), date(2027, 3, 31))
        grant(session, staff_id=made.id, leave_type="ANNUAL", year=year, hours=Decimal(200), at=at, by="system")
        user = create_user(
            session, cause_of(cast.ada, at), email=EMAIL, name=NAME, role=Role.STAFF, staff_id=made.id,
            home_ids=[cast.rose],
        )  # fmt: skip
        return made.id, user

    staff_id, user_id = flow.database.write(write)
    with flow.database.read() as session:
        person = person_of(session, user_id)
    assert person is not None
    return Canary(staff_id, person)
