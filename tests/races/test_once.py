"""What may be done once is done once, whoever asks at the same moment: requests, links, rights, mails."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts import sign_in_links
from flowapp.accounts.audit import AuditEntry, verify_chain
from flowapp.accounts.roles import Role
from flowapp.accounts.user_changes import change_role, deactivate
from flowapp.accounts.users import USERS, create_user
from flowapp.bootstrap import Flow
from flowapp.engine.execution import Execution
from flowapp.events.cause import SYSTEM, Cause
from flowapp.events.outbox import EventRecord
from flowapp.factory import create_app
from flowapp.http.idempotency import IdempotencyKey
from flowapp.kernel.errors import Conflict
from flowapp.messaging.delivery import deliver_due
from flowapp.messaging.email import smtp_server
from flowapp.messaging.outbox import Mail, MailStatus, queue
from flowapp.rota.leave import LeaveRequest
from flowapp.rota.leave_decisions import take_back
from tests.cast import Cast
from tests.engine.made_actions import do
from tests.engine.test_leave_operations import act
from tests.factories import a_document, a_workflow
from tests.races.racing import Lap, Race
from tests.races.runs import count, settle, words
from tests.support.visitors import Api
from tests.unit.messaging.post_office import post_office

DAY = {"type": "ANNUAL", "start_date": "2026-12-07", "end_date": "2026-12-07"}


@pytest.fixture
def apps(race: Race) -> dict[int, Flask]:
    """The Flask application of each FlowApp."""
    return {id(each): create_app(flow=each) for each in (race.one, race.other)}


def by_system(flow: Flow) -> Cause:
    """Answer the cause of what FlowApp itself does now."""
    return Cause(actor=SYSTEM, at=flow.clock.now())


def test_one_request_that_two_processes_get_at_once_is_done_once_and_answered_twice(
    flow: Flow, cast: Cast, race: Race, apps: dict[int, Flask]
) -> None:
    a_workflow(flow, cast.maya, a_document(do("note", "a")), home_id=cast.rose)
    token = Api(apps[id(flow)], flow).token(cast.dan)

    def repetition(lap: Lap) -> str:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"key {lap.number}"}

        def ask(each: Flow) -> Any:
            client = apps[id(each)].test_client()
            answer = client.post("/api/v1/leave-requests", json=DAY, headers=headers)
            return answer.status_code, answer.json

        first, second = lap.meet(*[ask] * 2)
        assert first == second
        assert first[0] == 201
        settle(race)
        assert [count(flow, each) for each in (LeaveRequest, IdempotencyKey, Execution)] == [lap.number] * 3
        act(race.one, take_back, cast.dan, first[1]["id"])
        return "once"

    race.run(repetition)


def test_one_event_that_two_programs_tell_of_starts_a_workflow_once(
    flow: Flow, cast: Cast, race: Race, apps: dict[int, Flask]
) -> None:
    a_workflow(flow, cast.maya, a_document(do("note", "a")), home_id=cast.rose)
    api = Api(apps[id(flow)], flow)
    listed: Any = api.call("GET", "/catalogue/events", cast.ada, scopes=("read", "admin")).json
    (example,) = next(item["examples"] for item in listed["items"] if item["name"] == "leave_requested")
    facts = {name: value for name, value in example.items() if name not in ("user", "user_id")}
    facts |= {"staff_id": cast.dan.staff_id, "care_home_id": cast.rose}
    headers = {"Authorization": f"Bearer {api.token(cast.ada, scopes=('read', 'admin'))}"}

    def repetition(lap: Lap) -> str:
        body = {"name": "leave_requested", "dedupe_key": f"fact {lap.number}", "context": facts}

        def tell(each: Flow) -> Any:
            answer = apps[id(each)].test_client().post("/api/v1/events", json=body, headers=headers)
            return answer.status_code, answer.json

        first, second = lap.meet(*[tell] * 2)
        assert first == second
        assert first[0] == 202, first
        settle(race)
        assert [count(flow, each) for each in (EventRecord, Execution)] == [lap.number] * 2
        return "once"

    ends = race.run(repetition)
    assert len(words(flow)) == ends.total()


def test_a_sign_in_link_that_two_follow_works_for_one(flow: Flow, cast: Cast, race: Race) -> None:
    def repetition(lap: Lap) -> str:
        cause = by_system(flow)
        raw = flow.database.write(lambda session: sign_in_links.make(session, cause, cast.dan.user_id))

        def follows(each: Flow, chosen: str) -> str:
            each.database.write(lambda session: sign_in_links.use(session, raw, chosen, cause.at) and None)
            return chosen

        told = lap.meet(lambda each: follows(each, "one"), lambda each: follows(each, "other"))
        [chosen] = [each for each in told if isinstance(each, str)]
        assert [type(each) for each in told].count(sign_in_links.LinkOver) == 1
        with flow.database.read() as session:
            kept = session.scalar(select(USERS.c.password_hash).where(USERS.c.id == cast.dan.user_id))
        assert kept == chosen
        return chosen

    race.run(repetition)


def test_of_two_administrators_who_close_each_others_account_one_is_left(flow: Flow, cast: Cast, race: Race) -> None:
    both = [cast.ada.user_id, flow.database.write(lambda session: another_administrator(session, by_system(flow)))]

    def repetition(lap: Lap) -> str:
        def close(each: Flow, user_id: int) -> None:
            each.database.write(lambda session: deactivate(session, by_system(each), user_id))

        def demote(each: Flow, user_id: int) -> None:
            each.database.write(lambda s: change_role(s, by_system(each), user_id, role="hr", all_homes=True))

        told = lap.meet(lambda each: close(each, both[0]), lambda each: demote(each, both[1]))
        assert [type(each) for each in told].count(Conflict) == 1
        query = select(USERS.c.id).where(USERS.c.role == "admin", USERS.c.is_active)
        with flow.database.read() as session:
            assert session.scalars(query).all() == [both[0] if told[1] is None else both[1]]

        def as_before(session: Session) -> None:
            session.execute(USERS.update().where(USERS.c.id.in_(both)).values(role="admin", is_active=True))

        flow.database.write(as_before)
        return "closed" if told[0] is None else "demoted"

    race.run(repetition)


def another_administrator(session: Session, cause: Cause) -> int:
    """Write another account that looks after FlowApp."""
    return create_user(session, cause, email="bea@example.org", name="Bea", role=Role.ADMIN, staff_id=None,
                       home_ids=[], all_homes=True)  # fmt: skip


def test_each_mail_that_two_processes_see_is_sent_once(flow: Flow, cast: Cast, race: Race) -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    server = smtp_server(f"smtp://127.0.0.1:{port}", sender="FlowApp <flowapp@example.org>")
    cause, each_time = by_system(flow), 3

    def repetition(lap: Lap) -> str:
        def write(session: Session) -> None:
            for number in range(each_time):
                queue(session, cause, to=["maya@example.org"], subject=f"No. {lap.number}.{number}", body="Hello")

        flow.database.write(write)
        done = lap.meet(*[lambda each: deliver_due(each.database, cause.at, server, each.parts.owner)] * 2)
        assert sum(each.sent for each in done) == each_time
        assert count(flow, Mail, Mail.status == MailStatus.SENT) == each_time * lap.number
        return "sent"

    with post_office(port) as office:
        ends = race.run(repetition)
        subjects = [mail["Subject"] for mail in office.mails]
    assert len(subjects) == len(set(subjects)) == each_time * ends.total()


def test_the_audit_is_one_chain_whoever_writes_into_it(flow: Flow, cast: Cast, race: Race) -> None:
    def repetition(lap: Lap) -> str:
        cause, before = by_system(flow), count(flow, AuditEntry)

        def note(each: Flow) -> None:
            each.database.write(lambda session: sign_in_links.make(session, cause, cast.dan.user_id) and None)

        lap.meet(*[note] * 3)
        assert count(flow, AuditEntry) == before + 3
        return "three"

    race.run(repetition)
    with flow.database.read() as session:
        assert verify_chain(session) is None
