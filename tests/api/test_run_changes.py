"""What people do with runs, over the API."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.bootstrap import Flow
from flowapp.kernel import faults
from tests.api.problems import places, refused
from tests.cast import Cast
from tests.engine.families import a_child
from tests.engine.undos import states
from tests.factories import a_document, a_workflow, leave_asked, notify, run_all, runs
from tests.support.visitors import Api

FAILS = {"id": "a", "type": "action", "action": "approve_leave", "with": {"leave_request_id": "999999"}}
WAITS = {"id": "later", "type": "delay", "for": {"hours": 1}}
CALLS = ("cancel", "retry", "skip", "was-done", "do-again", "give-up")


def went(flow: Flow, cast: Cast, *steps: dict[str, Any]) -> None:
    """Let a run of these steps go as far as it goes."""
    a_workflow(flow, cast.maya, a_document(*steps), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)


def test_a_run_is_cancelled(flow: Flow, cast: Cast, api: Api) -> None:
    went(flow, cast, WAITS)
    assert places(api.call("POST", "/executions/1/cancel", cast.maya, {})) == ["reason"]
    answer = api.call("POST", "/executions/1/cancel", cast.maya, {"reason": "Twice"})
    assert answer.status_code == 200
    assert answer.json is not None
    assert (answer.json["status"], answer.json["reason"]) == ("cancelled", "Cancelled by Maya: Twice")


APPROVES = {**FAILS, "with": {"leave_request_id": "${context.leave_request_id}"}}
UNDO = {"reason": "Twice", "undo": True}


def test_a_run_is_cancelled_and_undone_with_one_call(flow: Flow, cast: Cast, api: Api) -> None:
    went(flow, cast, APPROVES, WAITS)
    for _ in range(2):
        answer = api.call("POST", "/executions/1/cancel", cast.maya, UNDO)
        assert answer.status_code == 200, answer.text
    shown = api.call("GET", "/executions/1", cast.maya).json
    assert shown is not None
    assert (shown["status"], [each["state"] for each in shown["undone"]]) == ("cancelled", ["undone"])


def test_what_was_cut_short_between_the_two_goes_on_with_the_same_call(flow: Flow, cast: Cast, api: Api) -> None:
    went(flow, cast, APPROVES, WAITS)
    key = {"Idempotency-Key": "k-1"}
    faults.arm("undo.before_commit:1:raise")
    try:
        assert api.call("POST", "/executions/1/cancel", cast.maya, UNDO, **key).status_code == 500
    finally:
        faults.arm(None)
    assert (runs(flow)[0].status, states(flow)) == ("cancelled", [("a", "registered")])
    assert api.call("POST", "/executions/1/cancel", cast.maya, UNDO, **key).status_code == 200
    assert states(flow) == [("a", "undone")]


def test_a_run_that_had_done_nothing_is_simply_cancelled(flow: Flow, cast: Cast, api: Api) -> None:
    went(flow, cast, WAITS)
    assert api.call("POST", "/executions/1/cancel", cast.maya, UNDO).status_code == 200


def test_a_run_that_another_one_goes_on_from_is_not_cancelled_to_be_undone(flow: Flow, cast: Cast, api: Api) -> None:
    child = a_child(flow, cast, WAITS)
    went(flow, cast, APPROVES, {"id": "s", "type": "workflow", "workflow": child, "wait": False}, WAITS)
    assert "is still under way" in refused(api.call("POST", "/executions/1/cancel", cast.maya, UNDO), 409)
    assert (runs(flow)[0].status, states(flow)) == ("waiting", [("a", "registered")])


def test_what_it_waits_for_is_cancelled_and_undone_with_it(flow: Flow, cast: Cast, api: Api) -> None:
    child = a_child(flow, cast, WAITS)
    went(flow, cast, APPROVES, {"id": "s", "type": "workflow", "workflow": child})
    assert api.call("POST", "/executions/1/cancel", cast.maya, UNDO).status_code == 200
    assert [each.status for each in runs(flow)] == ["cancelled", "cancelled"]
    assert states(flow) == [("a", "undone")]


def test_a_failed_step_is_retried_and_skipped(flow: Flow, cast: Cast, api: Api) -> None:
    went(flow, cast, FAILS, notify("tell"))
    answer = api.call("POST", "/executions/1/retry", cast.maya, {"from": "failed"})
    assert answer.json is not None
    assert (answer.json["id"], answer.json["status"]) == (1, "running")
    refused(api.call("POST", "/executions/1/retry", cast.maya, {"from": "failed"}), 409)
    run_all(flow)
    assert places(api.call("POST", "/executions/1/skip", cast.maya, {"path": "tell"})) == ["path"]
    assert api.call("POST", "/executions/1/skip", cast.maya, {}).status_code == 200
    run_all(flow)
    assert runs(flow)[0].status == "completed"


def test_a_retry_from_the_start_answers_the_new_run_and_both_name_each_other(flow: Flow, cast: Cast, api: Api) -> None:
    went(flow, cast, FAILS)
    for _ in range(2):
        answer = api.call("POST", "/executions/1/retry", cast.maya, {"from": "start", "version": "current"})
        assert answer.json is not None
        assert (answer.json["id"], answer.json["retry_of"]) == (2, 1)
    before = api.call("GET", "/executions/1", cast.maya).json
    assert before is not None
    assert before["retried_as"] == 2


def test_a_failed_run_is_given_up(flow: Flow, cast: Cast, api: Api) -> None:
    went(flow, cast, FAILS)
    answer = api.call("POST", "/executions/1/give-up", cast.maya, {})
    assert answer.json is not None
    assert answer.json["given_up_by"] == "Maya"
    shown = api.call("GET", "/executions/1", cast.sorcha).json
    assert shown is not None
    assert "given_up_by" in shown  # a senior knows the data of her home's runs


@pytest.mark.parametrize("call", CALLS)
def test_who_may_not_step_in_is_refused(flow: Flow, cast: Cast, api: Api, call: str) -> None:
    went(flow, cast, FAILS)
    sent = {"path": "a"} if call in ("was-done", "do-again") else {}
    address = f"/executions/1/{call}"
    for person, status in ((cast.dan, 403), (cast.hana, 403), (cast.erin, 404)):
        refused(api.call("POST", address, person, sent), status)
    refused(api.call("POST", f"/executions/99/{call}", cast.maya, sent), 404)
    assert "'run'" in refused(api.call("POST", address, cast.maya, sent, scopes=("read", "rota")), 403)


@pytest.mark.parametrize(
    ("call", "sent", "place"),
    [
        ("retry", {"from": "middle"}, "from"),
        ("retry", {"version": "next"}, "version"),
        ("skip", {"path": "x" * 401}, "path"),
        ("was-done", {}, "path"),
        ("give-up", {"why": "no"}, "why"),
    ],
)
def test_a_body_that_makes_no_sense_is_named(
    flow: Flow, cast: Cast, api: Api, call: str, sent: dict[str, Any], place: str
) -> None:
    went(flow, cast, FAILS)
    assert places(api.call("POST", f"/executions/1/{call}", cast.maya, sent)) == [place]


def test_a_step_of_which_nobody_doubts_is_left_alone(flow: Flow, cast: Cast, api: Api) -> None:
    went(flow, cast, WAITS)
    for call in ("was-done", "do-again"):
        refused(api.call("POST", f"/executions/1/{call}", cast.maya, {"path": "later"}), 409)
