"""What a step may start, with what, and that the run and its step stand or fall together."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from flowapp.accounts.people import Person
from flowapp.accounts.users import USERS
from flowapp.bootstrap import Flow
from flowapp.engine.start import Parent, Start, write_start
from flowapp.kernel import faults
from flowapp.workflows.workflow import Workflow, WorkflowStatus, latest_version
from tests.cast import Cast
from tests.engine.families import (
    BY_HAND,
    COMPLETED,
    DELAY,
    a_child,
    asked,
    failure,
    start,
    statuses,
    steps_of,
)
from tests.engine.made_actions import do
from tests.engine.test_burst import words
from tests.engine.test_manual_start import start as by_hand
from tests.factories import a_document, a_workflow, leave_asked, run_all, runs


def depths(flow: Flow, cast: Cast, number: int) -> None:
    """Let workflows start one another, this many below the first."""
    below = a_child(flow, cast, do("note", "a", "at the bottom"), name=f"W{number}")
    for level in range(number - 1, 0, -1):
        below = a_child(flow, cast, start(below), name=f"W{level}")
    asked(flow, cast, start(below))


def test_five_may_run_inside_one_another(flow: Flow, cast: Cast) -> None:
    depths(flow, cast, 5)
    assert words(flow) == ["at the bottom"]
    assert statuses(flow) == ["completed"] * 6


def test_the_sixth_is_refused_and_the_chain_is_named(flow: Flow, cast: Cast) -> None:
    depths(flow, cast, 6)
    assert words(flow) == []
    assert statuses(flow) == ["failed"] * 6
    code, message = failure(flow, 5)
    assert code == "too_deep"
    assert "“Parent” → “W1” → “W2” → “W3” → “W4” → “W5” → “W6”" in message


@pytest.mark.parametrize("wait", [True, False])
def test_a_workflow_that_starts_itself_comes_to_an_end(flow: Flow, cast: Cast, wait: bool) -> None:
    a_child(flow, cast, start(1, wait=wait), name="Circle")  # the first workflow there is
    asked(flow, cast, start(1))
    assert len(runs(flow)) == 1 + 5
    assert failure(flow, -1)[0] == "too_deep"


def refused(flow: Flow) -> tuple[str, str]:
    """Answer why the step failed; nothing may have been started."""
    assert len(runs(flow)) == 1
    assert flow.worker.run_due() == 0
    return failure(flow)


def test_one_that_does_not_exist_fails_the_step(flow: Flow, cast: Cast) -> None:
    asked(flow, cast, start(99))
    assert refused(flow) == (
        "no_such_workflow", "The workflow that this step starts does not exist. Choose another one.",
    )  # fmt: skip


@pytest.mark.parametrize("status", [WorkflowStatus.PAUSED, WorkflowStatus.ARCHIVED, WorkflowStatus.DRAFT])
def test_one_that_is_not_active_fails_the_step(flow: Flow, cast: Cast, status: WorkflowStatus) -> None:
    child = a_child(flow, cast, do("note", "a"))
    flow.database.write(lambda session: setattr(session.get_one(Workflow, child), "status", status))
    asked(flow, cast, start(child))
    code, message = refused(flow)
    assert code == "not_active"
    assert message.startswith("“Tell the family” is not active")


def test_one_of_another_home_fails_the_step_without_telling_its_name(flow: Flow, cast: Cast) -> None:
    child = a_child(flow, cast, do("note", "a"), owner=cast.erin, home=cast.elm)
    asked(flow, cast, start(child), owner=cast.ada)  # who may run both
    code, message = refused(flow)
    assert code == "another_home"
    assert "Tell the family" not in message


def an_organisations(flow: Flow, cast: Cast, *steps: dict[str, Any], owner: Person | None = None) -> int:
    """Write a workflow that belongs to no home."""
    document = a_document(*steps, name="Tell the board", triggers=BY_HAND)
    return a_workflow(flow, owner or cast.ada, document, home_id=None)


def test_one_of_the_organisation_runs_for_the_home(flow: Flow, cast: Cast) -> None:
    child = an_organisations(flow, cast, do("note", "a", "home ${context.care_home_id}"))
    asked(flow, cast, start(child), owner=cast.ada)
    assert words(flow) == [f"home {cast.rose}"]
    assert [each.home_id for each in runs(flow)] == [cast.rose, cast.rose]


def test_a_run_that_belongs_to_no_home_may_start_those_of_any(flow: Flow, cast: Cast) -> None:
    child = a_child(flow, cast, do("note", "a", "home ${context.care_home_id}"), owner=cast.erin, home=cast.elm)
    above = an_organisations(flow, cast, start(child))
    by_hand(flow, cast.ada, above)
    run_all(flow)
    assert [(each.home_id, each.status) for each in runs(flow)] == [(None, COMPLETED), (cast.elm, COMPLETED)]
    assert words(flow) == [f"home {cast.elm}"]


def test_the_owner_must_be_allowed_to_run_it(flow: Flow, cast: Cast) -> None:
    child = an_organisations(flow, cast, do("note", "a"))
    asked(flow, cast, start(child))  # with the rights of Maya, who manages one home
    code, message = refused(flow)
    assert code == "not_allowed"
    assert message.startswith("Maya, with whose rights this workflow acts, may not start “Tell the board”.")


def test_an_owner_whose_account_is_closed_starts_nothing(flow: Flow, cast: Cast) -> None:
    child = a_child(flow, cast, do("note", "a"), owner=cast.ada)
    flow.database.write(
        lambda session: (
            session.execute(update(USERS).where(USERS.c.id == cast.maya.user_id).values(is_active=False)).rowcount
        )  # type: ignore[attr-defined]
    )
    asked(flow, cast, start(child))
    assert refused(flow)[0] == "no_owner"


def test_it_acts_with_the_rights_of_its_own_owner(flow: Flow, cast: Cast) -> None:
    approve = {"id": "a", "type": "action", "action": "approve_leave",
               "with": {"leave_request_id": "${context.leave}"}}  # fmt: skip
    child = a_child(flow, cast, approve, owner=cast.sorcha)  # who may not decide
    asked(flow, cast, start(child, **{"with": {"leave": "${context.leave_request_id}"}}))
    assert statuses(flow) == ["failed", "failed"]
    assert failure(flow, 1)[0] == "not_allowed"


INPUTS = [{"id": "by", "type": "manual", "inputs": [{"name": "weeks", "label": "Weeks", "type": "number"}]}]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Weeks is needed to start this workflow."),
        ({"weeks": "two"}, "Weeks must be a number"),
        ({"weeks": 2, "week": 1}, "week is not asked for."),
    ],
)
def test_what_it_asks_for_is_checked(flow: Flow, cast: Cast, given: dict[str, Any], said: str) -> None:
    child = a_child(flow, cast, do("note", "a", "weeks ${context.weeks}"), triggers=INPUTS)
    asked(flow, cast, start(child, **{"with": given}))
    code, message = refused(flow)
    assert code == "bad_input"
    assert message.startswith("“Tell the family” could not be started. ")
    assert said in message


def test_what_fits_is_taken(flow: Flow, cast: Cast) -> None:
    child = a_child(flow, cast, do("note", "a", "weeks ${context.weeks}"), triggers=INPUTS)
    asked(flow, cast, start(child, **{"with": {"weeks": "${context.days + 1}"}}))
    assert words(flow) == ["weeks 2"]


def test_nobody_can_be_passed_off_as_somebody_else_nor_a_home_as_another(flow: Flow, cast: Cast) -> None:
    given = {"care_home_id": cast.elm, "user": {"id": 1, "name": "Hana", "role": "HR"}}
    asked(flow, cast, start(a_child(flow, cast, do("note", "a")), **{"with": given}))
    context = runs(flow)[1].context
    assert (context["care_home_id"], context["user"]["name"]) == (cast.rose, "Parent")


def test_what_cannot_be_worked_out_fails_the_step(flow: Flow, cast: Cast) -> None:
    child = a_child(flow, cast, do("note", "a"))
    asked(flow, cast, start(child, **{"with": {"n": "${number(context.staff.name)}"}}))
    assert refused(flow)[0] != "internal"


POINTS = ["accept.mid_tx", "accept.before_commit", "complete.mid_tx", "complete.before_commit"]


@pytest.mark.parametrize("point", POINTS)
def test_the_run_and_the_step_that_starts_it_stand_or_fall_together(flow: Flow, cast: Cast, point: str) -> None:
    child = a_child(flow, cast, do("note", "a", "child"))
    a_workflow(flow, cast.maya, a_document(do("note", "n", "before"), start(child), name="Parent"), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    faults.arm(f"{point}:1:raise")
    with pytest.raises(faults.FaultRaised):
        flow.database.write(lambda session: flow.worker.carry_on(session, hands=1))
    assert statuses(flow) == ["pending"]
    assert list(steps_of(flow, 1)) == ["n"]
    assert words(flow) == []
    run_all(flow)
    assert statuses(flow) == ["completed", "completed"]
    assert words(flow) == ["before", "child"]


def test_the_end_of_a_run_and_the_waking_of_the_step_stand_or_fall_together(flow: Flow, cast: Cast) -> None:
    child = a_child(flow, cast, do("note", "a", "child"))
    a_workflow(flow, cast.maya, a_document(start(child), do("note", "b", "after")), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    assert flow.worker.run_due() == 1
    faults.arm("complete.before_commit:1:raise")
    with pytest.raises(faults.FaultRaised):
        flow.database.write(lambda session: flow.worker.carry_on(session, hands=1))
    assert steps_of(flow, 1)["s"].run_at is None
    assert statuses(flow) == ["waiting", "pending"]
    assert flow.worker.run_due() == 1
    assert steps_of(flow, 1)["s"].run_at is not None
    assert statuses(flow) == ["waiting", "completed"]
    run_all(flow)
    assert words(flow) == ["child", "after"]


def test_the_database_itself_refuses_a_second_run_of_one_try(flow: Flow, cast: Cast) -> None:
    asked(flow, cast, start(a_child(flow, cast, DELAY)))
    made = runs(flow)[1]
    again = Start(
        workflow_id=made.workflow_id, version_id=made.version_id, home_id=made.home_id, trigger_id=made.trigger_id,
        trigger_type=made.trigger_type, dedupe_key=made.dedupe_key, context={}, at=flow.clock.now(),
        started_by="x", started_by_id=None, parent=Parent(1, "s", True),
    )  # fmt: skip
    assert made.dedupe_key == "1:s:1"
    with pytest.raises(IntegrityError):
        flow.database.write(lambda session: write_start(flow.parts, session, again))


def test_a_very_long_path_makes_a_key_that_can_be_kept(flow: Flow, cast: Cast) -> None:
    child = a_child(flow, cast, do("note", "a"))
    step: dict[str, Any] = start(child, "s" * 40)
    for level in "abcdef":
        step = {"id": level * 40, "type": "branch", "branches": [{"name": "w", "steps": [step]}]}
    asked(flow, cast, step)
    assert statuses(flow) == ["completed", "completed"]
    assert len(runs(flow)[1].dedupe_key) == 64


def test_a_run_that_is_refused_before_its_first_step_fails_the_step(flow: Flow, cast: Cast) -> None:
    child = a_child(flow, cast, do("note", "a"))
    flow.database.write(lambda session: setattr(latest_version(session, child), "document", {"steps": "?"}))
    asked(flow, cast, start(child))
    assert statuses(flow) == ["failed", "failed"]
    code, message = failure(flow)
    assert code == "workflow_failed"
    assert message.startswith("“Tell the family” failed: This version of the workflow cannot be read any more.")
