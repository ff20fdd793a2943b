"""Failing spells: the owner is told once at either end, and what fails all the time is paused by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.users import USERS
from flowapp.bootstrap import Flow
from flowapp.engine.cancelling import cancel_executions
from flowapp.engine.ending import follow
from flowapp.engine.manual import start_by_hand
from flowapp.events.outbox import record
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.settings import Settings
from flowapp.messaging.in_app import Notification
from flowapp.messaging.outbox import Mail
from flowapp.workflows.switching import Switch
from flowapp.workflows.workflow import Workflow, WorkflowStatus
from tests.cast import Cast
from tests.engine.made_actions import do
from tests.factories import a_document, a_workflow, cause_of, condition, leave_event, run_all, runs, switched
from tests.support.statements import heard, plan

# Fails for every record but those whose number can be divided by ten.
FAILS = condition("c", "${context.leave_request_id} % 10 == 0", then=[do("note", "good", "good")],
                  else_=[do("refuse", "bad")])  # fmt: skip
NAME = "Tell the kitchen"
IN_A_SPELL = "failures_in_a_row > 0"
GOOD, BAD = 10, 1


def a_failing_one(flow: Flow, cast: Cast, **given: Any) -> int:
    """Publish a workflow of Rose House that fails for most records."""
    return a_workflow(flow, cast.maya, a_document(FAILS, name=NAME, **given), home_id=cast.rose)


def happened(flow: Flow, cast: Cast, *records: int, home: int | None = None) -> None:
    """Let leave be asked for by these records, each carried on to its end before the next."""
    for number in records:
        event = leave_event(cast.dan, flow.clock.now(), home_id=home or cast.rose, request_id=number)
        flow.database.write(lambda session, event=event: record(session, event) and None)
        run_all(flow)


def recorded(flow: Flow, cast: Cast, *records: int) -> None:
    """Let leave be asked for by all these records in one transaction; nothing is carried on yet."""

    def write(session: Session) -> None:
        for number in records:
            record(session, leave_event(cast.dan, flow.clock.now(), home_id=cast.rose, request_id=number))

    flow.database.write(write)


def told(flow: Flow, user_id: int | None = None) -> list[tuple[str, str, str | None]]:
    """Read what people were told, but for what the steps themselves noted."""
    query = select(Notification).where(Notification.title != "note").order_by(Notification.id)
    with flow.database.read() as session:
        return [
            (each.title, each.message, each.link) for each in session.scalars(query) if user_id in (None, each.user_id)
        ]


def titles(flow: Flow) -> list[str]:
    """Answer the headings of what was told."""
    return [title for title, _, _ in told(flow)]


def read(flow: Flow, workflow_id: int) -> Workflow:
    """Read a workflow as it stands."""
    with flow.database.read() as session:
        return session.get_one(Workflow, workflow_id)


FAILED, WORKS = f"“{NAME}” failed", f"“{NAME}” works again"
PAUSED = f"“{NAME}” was paused by itself"


def test_the_first_failure_is_told_to_the_owner_with_the_reason_and_the_run(flow: Flow, cast: Cast) -> None:
    a_failing_one(flow, cast)
    happened(flow, cast, BAD)
    assert told(flow) == [
        (
            FAILED,
            "There is no tea left. Buy some, then try again. Look at the run. "
            "You are told again when it works, not each time it fails.",
            f"/workflows/executions/{runs(flow)[0].id}/",
        )
    ]
    assert told(flow, cast.maya.user_id) == told(flow)


def test_further_failures_are_not_told_and_the_first_that_works_is(flow: Flow, cast: Cast) -> None:
    a_failing_one(flow, cast)
    happened(flow, cast, BAD, BAD + 1, BAD + 2, BAD + 3)
    assert titles(flow) == [FAILED]
    happened(flow, cast, GOOD)
    assert told(flow)[1:] == [
        (WORKS, f"“{NAME}” works again after 4 failed runs.", f"/workflows/executions/{runs(flow)[-1].id}/")
    ]
    happened(flow, cast, 2 * GOOD)
    assert titles(flow) == [FAILED, WORKS]
    happened(flow, cast, BAD + 4, 3 * GOOD)
    assert titles(flow) == [FAILED, WORKS, FAILED, WORKS]
    assert told(flow)[-1][1] == f"“{NAME}” works again after a failed run."


def test_a_workflow_keeps_since_when_and_how_often_it_failed(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    made = a_failing_one(flow, cast)
    first = clock.now()
    for number in (1, 2, 3):
        happened(flow, cast, number)
        clock.advance(minutes=1)
    found = read(flow, made)
    assert (found.failures_in_a_row, found.failing_since) == (3, first)
    happened(flow, cast, GOOD)
    found = read(flow, made)
    assert (found.failures_in_a_row, found.failing_since) == (0, None)


def test_those_that_end_in_one_transaction_are_counted_in_their_order(flow: Flow, cast: Cast) -> None:
    made = a_failing_one(flow, cast)
    recorded(flow, cast, GOOD, 1, 2, 2 * GOOD, 3)
    run_all(flow)
    assert titles(flow) == [FAILED, WORKS, FAILED]
    assert read(flow, made).failures_in_a_row == 1


def test_a_run_that_somebody_ends_says_nothing_either_way(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    made = a_failing_one(flow, cast)
    happened(flow, cast, 1)
    recorded(flow, cast, 2)

    def cancel(session: Session) -> None:
        follow(flow.parts, session, cancel_executions(session, [runs(flow)[-1].id], reason="No.", at=clock.now()))

    flow.database.write(cancel)
    assert read(flow, made).failures_in_a_row == 1
    happened(flow, cast, 3)
    assert read(flow, made).failures_in_a_row == 2
    assert titles(flow) == [FAILED]


def test_what_cannot_even_begin_is_told_as_well(flow: Flow, cast: Cast) -> None:
    trigger = {"id": "asked", "type": "event", "event": "leave_requested",
               "when": "1 / (${context.leave_request_id} - 1) == 1"}  # fmt: skip
    made = a_failing_one(flow, cast, triggers=[trigger])
    happened(flow, cast, 1)
    assert titles(flow) == [FAILED]
    assert "condition could not be answered" in told(flow)[0][1]
    assert read(flow, made).failures_in_a_row == 1


def test_it_is_mailed_as_well_with_the_address_of_the_page(flow: Flow, cast: Cast) -> None:
    object.__setattr__(flow.parts, "base_url", "https://rota.example.org")
    a_failing_one(flow, cast)
    happened(flow, cast, BAD)
    with flow.database.read() as session:
        [mail] = session.scalars(select(Mail))
    assert (mail.to, mail.subject, mail.care_home_id) == (["maya@example.org"], FAILED, cast.rose)
    assert mail.body == (
        f"{told(flow)[0][1]}\n\nSee https://rota.example.org/workflows/executions/{runs(flow)[0].id}/\n"
    )


def test_without_an_address_of_its_own_a_mail_says_where_to_look(flow: Flow, cast: Cast) -> None:
    a_failing_one(flow, cast)
    happened(flow, cast, BAD)
    with flow.database.read() as session:
        [mail] = session.scalars(select(Mail))
    assert mail.body.endswith("\n\nSee FlowApp, at /workflows/executions/1/\n")


def test_somebody_without_an_address_that_can_be_used_is_notified_all_the_same(flow: Flow, cast: Cast) -> None:
    a_failing_one(flow, cast)
    lost = update(USERS).where(USERS.c.id == cast.maya.user_id).values(email="maya")
    flow.database.write(lambda session: session.execute(lost) and None)
    happened(flow, cast, BAD)
    assert titles(flow) == [FAILED]
    with flow.database.read() as session:
        assert session.scalars(select(Mail)).all() == []


def gone(flow: Flow, user_id: int) -> None:
    """Close somebody's account."""
    closed = update(USERS).where(USERS.c.id == user_id).values(is_active=False)
    flow.database.write(lambda session: session.execute(closed) and None)


def test_when_the_owner_has_gone_the_managers_of_the_home_are_told(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.ada, a_document(FAILS, name=NAME), home_id=cast.rose)
    gone(flow, cast.ada.user_id)
    happened(flow, cast, BAD)
    assert titles(flow) == [FAILED]
    assert told(flow, cast.maya.user_id) == told(flow)


def test_somebody_who_may_not_know_the_reason_is_not_told_it(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, a_document(FAILS, name=NAME), home_id=None)
    happened(flow, cast, BAD, home=cast.elm)
    [(_, words, _)] = told(flow, cast.maya.user_id)
    assert words.startswith("A step could not do its work. Look at the run.")


HOSTILE = "\u202e" + "x" * 60 + "<b>\"'&" + "y" * 53


@pytest.mark.parametrize("message", ["a\nb\u2028c", "x" * 5000, "\u202e", "No full stop"])
def test_whatever_the_name_and_the_reason_are_a_failure_is_told(flow: Flow, cast: Cast, message: str) -> None:
    stop = {"id": "stop", "type": "stop", "outcome": "failed", "message": "${context.words}"}
    triggers = [{"id": "m", "type": "manual", "inputs": [{"name": "words", "label": "Words"}]}]
    made = a_workflow(flow, cast.maya, a_document(stop, name=HOSTILE, triggers=triggers), home_id=cast.rose)
    cause = cause_of(cast.maya, flow.clock.now())
    flow.database.write(
        lambda session: start_by_hand(
            flow.parts, session, cause, made, triggers=flow.triggers, inputs={"words": message}
        )
    )
    run_all(flow)
    assert [each.status for each in runs(flow)] == ["failed"]
    [(title, words, _)] = told(flow)
    assert len(title) <= 120
    assert (
        words.endswith(". Look at the run. You are told again when it works, not each time it fails.") or "…" in words
    )


def test_one_that_fails_ten_times_in_a_row_is_paused_by_itself(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    made = a_failing_one(flow, cast)
    happened(flow, cast, *range(1, 10))
    assert read(flow, made).status is WorkflowStatus.ACTIVE
    clock.advance(minutes=5)
    happened(flow, cast, 11)
    found = read(flow, made)
    assert (found.status, found.paused_at) == (WorkflowStatus.PAUSED, clock.now())
    assert found.paused_reason == "Paused by itself: it failed 10 times in a row."
    with flow.database.read() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.actor, entry.actor_name, entry.action, entry.entity_id) == ("system", "FlowApp", "workflow.pause",
                                                                             made)  # fmt: skip
    assert (entry.before, entry.after, entry.home_id) == ({"status": "active"}, {"status": "paused"}, cast.rose)
    happened(flow, cast, 12)
    assert runs(flow)[-1].reason == "Not run: the workflow was paused."


def test_that_is_told_to_the_owner_and_to_the_managers_of_the_home_once(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.ada, a_document(FAILS, name=NAME), home_id=cast.rose)
    happened(flow, cast, *range(1, 10), 11)
    words = (
        f"“{NAME}” failed 10 times in a row, so it was paused and starts nothing any more. The last time: "
        "There is no tea left. Buy some, then try again. Mend what is wrong, then switch it on again."
    )
    assert told(flow, cast.maya.user_id) == [(PAUSED, words, f"/workflows/{made}/")]
    assert [title for title, _, _ in told(flow, cast.ada.user_id)] == [FAILED, PAUSED]
    assert titles(flow) == [FAILED, PAUSED, PAUSED]


def test_one_that_works_in_between_is_not_paused(flow: Flow, cast: Cast) -> None:
    made = a_failing_one(flow, cast)
    happened(flow, cast, *range(1, 10), GOOD, *range(11, 20))
    assert read(flow, made).status is WorkflowStatus.ACTIVE
    happened(flow, cast, 21)
    assert read(flow, made).status is WorkflowStatus.PAUSED


def test_switched_on_again_it_may_fail_as_often_as_before(flow: Flow, cast: Cast) -> None:
    made = a_failing_one(flow, cast)
    happened(flow, cast, *range(1, 10), 11)
    switched(flow, cast.maya, made, Switch.ACTIVATE)
    happened(flow, cast, 12)
    found = read(flow, made)
    assert (found.status, found.failures_in_a_row) == (WorkflowStatus.ACTIVE, 1)
    assert titles(flow) == [FAILED, PAUSED, FAILED]


def test_runs_that_still_fail_while_it_is_paused_change_nothing(flow: Flow, cast: Cast) -> None:
    made = a_failing_one(flow, cast)
    recorded(flow, cast, *range(1, 10), 11, 12, 13)
    run_all(flow)
    assert titles(flow) == [FAILED, PAUSED]
    assert read(flow, made).failures_in_a_row == 12


@pytest.mark.parametrize(("most", "status"), [(0, WorkflowStatus.ACTIVE), (3, WorkflowStatus.PAUSED)])
def test_how_often_it_may_fail_is_a_setting(flow: Flow, cast: Cast, most: int, status: WorkflowStatus) -> None:
    object.__setattr__(flow.parts, "pause_after_failures", most)
    made = a_failing_one(flow, cast)
    happened(flow, cast, *range(1, 10), 11, 12)
    assert read(flow, made).status is status


def test_the_setting_reaches_the_engine(settings: Settings) -> None:
    made = Flow(settings.model_copy(update={"pause_after_failures": 4, "base_url": "https://rota.example.org"}))
    try:
        assert (made.parts.pause_after_failures, made.parts.base_url) == (4, "https://rota.example.org")
    finally:
        made.close()


def test_it_stands_or_falls_with_the_end_of_the_run(flow: Flow, cast: Cast) -> None:
    made = a_failing_one(flow, cast)
    recorded(flow, cast, BAD)

    def stopped(session: Session) -> None:
        flow.worker.carry_on(session, hands=1)
        assert session.get_one(Workflow, made).failures_in_a_row == 1
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        flow.database.write(stopped)
    assert (read(flow, made).failures_in_a_row, told(flow), runs(flow)[0].status) == (0, [], "pending")


def statements(flow: Flow) -> list[str]:
    """Let the worker make one pass, and answer every statement that reached the database."""
    seen: list[str] = []

    def write(session: Session) -> None:
        with heard(session) as those:
            flow.worker.carry_on(session, hands=1)
        seen.extend(those)

    flow.database.write(write)
    return seen


@pytest.mark.usefixtures("unhurried")
def test_a_pass_of_runs_that_go_well_asks_nothing(flow: Flow, cast: Cast) -> None:
    for _ in range(3):
        a_failing_one(flow, cast)
    recorded(flow, cast, GOOD, 2 * GOOD)
    seen = statements(flow)
    assert [each.status for each in runs(flow)] == ["completed"] * 6
    assert [each for each in seen if IN_A_SPELL in each or each.startswith("UPDATE workflow")] == []


@pytest.mark.usefixtures("unhurried")
def test_a_pass_in_which_a_run_fails_looks_at_those_that_fail_by_their_index(flow: Flow, cast: Cast) -> None:
    a_failing_one(flow, cast)
    recorded(flow, cast, BAD, GOOD)
    [looking] = [each for each in statements(flow) if IN_A_SPELL in each]
    with flow.database.read() as session:
        found = plan(session, looking)
    assert any("ix_workflow_failing" in each for each in found), found


def test_a_run_that_waits_costs_nothing(flow: Flow, cast: Cast) -> None:
    wait = {"id": "w", "type": "delay", "for": {"hours": 1}}
    a_workflow(flow, cast.maya, a_document(wait), home_id=cast.rose)
    recorded(flow, cast, GOOD)
    assert not [each for each in statements(flow) if IN_A_SPELL in each]
    assert runs(flow)[0].created_at + timedelta(hours=1) > flow.clock.now()
