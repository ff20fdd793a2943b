"""Undoing a run over the API."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.bootstrap import Flow
from flowapp.kernel import faults
from flowapp.rota.leave_decisions import take_back
from tests.cast import Cast
from tests.engine.undos import states
from tests.factories import a_document, a_workflow, approve, cause_of, leave_asked, notify, run_all, runs
from tests.support.visitors import Api


@pytest.fixture
def dans(flow: Flow, cast: Cast) -> int:
    """A run that approved Dan's leave."""
    a_workflow(flow, cast.maya, a_document(approve(), notify("tell")), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    return runs(flow)[0].id


def undone(cast: Cast, api: Api, number: int) -> Any:
    """Ask as Maya what became of undoing a run."""
    answer = api.call("GET", f"/executions/{number}", cast.maya)
    assert answer.json is not None
    return answer.json["undone"]


def test_what_was_undone_is_answered_step_by_step(cast: Cast, api: Api, dans: int) -> None:
    assert undone(cast, api, dans) == []
    answer = api.call("POST", f"/executions/{dans}/undo", cast.maya)
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    assert answer.json["status"] == "completed"
    assert answer.json["undone"] == [
        {
            "execution_id": dans,
            "path": "approve",
            "action": "approve_leave",
            "sentence": "Approve the leave request",
            "state": "undone",
            "reason": "Dan’s leave on 7 December 2026 waits for a decision again.",
            "undone_at": "2026-11-23T09:00:00Z",
            "undone_by": "Maya",
        }
    ]
    assert undone(cast, api, dans) == answer.json["undone"]


def test_a_second_time_answers_what_the_first_did(cast: Cast, api: Api, dans: int) -> None:
    first = api.call("POST", f"/executions/{dans}/undo", cast.maya)
    second = api.call("POST", f"/executions/{dans}/undo", cast.ada)
    assert first.json is not None
    assert second.json is not None
    assert (second.status_code, second.json["undone"]) == (200, first.json["undone"])


def test_what_was_changed_since_is_answered_as_refused(flow: Flow, cast: Cast, api: Api, dans: int) -> None:
    cause = cause_of(cast.maya, flow.clock.now())
    flow.database.write(lambda session: str(take_back(session, cause, cast.maya, 1)))
    answer = api.call("POST", f"/executions/{dans}/undo", cast.maya)
    assert answer.json is not None
    [step] = answer.json["undone"]
    assert step["state"] == "refused"
    assert "was changed since" in step["reason"]


def test_a_kill_after_a_commit_loses_nothing(flow: Flow, cast: Cast, api: Api, dans: int) -> None:
    faults.arm("undo.after_commit:1:raise")
    try:
        assert api.call("POST", f"/executions/{dans}/undo", cast.maya).status_code >= 400
    finally:
        faults.arm(None)
    assert states(flow) == [("approve", "undone")]
    again = api.call("POST", f"/executions/{dans}/undo", cast.maya)
    assert again.json is not None
    assert [step["state"] for step in again.json["undone"]] == ["undone"]


def test_a_run_that_did_nothing_to_undo_is_a_conflict(flow: Flow, cast: Cast, api: Api) -> None:
    a_workflow(flow, cast.maya, a_document(notify("tell")), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    answer = api.call("POST", "/executions/1/undo", cast.maya)
    assert answer.status_code == 409
    assert "did nothing that can be undone" in answer.text


@pytest.mark.parametrize(
    ("name", "status"), [("dan", 403), ("sorcha", 403), ("hana", 403), ("vic", 403), ("erin", 404)]
)
def test_who_may_not_is_refused(flow: Flow, cast: Cast, api: Api, dans: int, name: str, status: int) -> None:
    assert api.call("POST", f"/executions/{dans}/undo", getattr(cast, name)).status_code == status
    assert states(flow) == [("approve", "registered")]


def test_a_token_that_only_reads_undoes_nothing(flow: Flow, cast: Cast, api: Api, dans: int) -> None:
    assert api.call("POST", f"/executions/{dans}/undo", cast.maya, scopes=("read",)).status_code == 403
    assert states(flow) == [("approve", "registered")]


def test_a_colleague_learns_neither_why_nor_by_whom(flow: Flow, cast: Cast, api: Api) -> None:
    a_workflow(flow, cast.maya, a_document(approve()), home_id=cast.rose)
    leave_asked(flow, cast.sorcha)
    run_all(flow)
    api.call("POST", "/executions/1/undo", cast.maya)
    answer = api.call("GET", "/executions/1", cast.dan)
    assert answer.json is not None
    [step] = answer.json["undone"]
    assert set(step) == {"execution_id", "path", "action", "sentence", "state", "undone_at"}
    assert "Sorcha" not in answer.text
    assert "Maya" not in answer.text
