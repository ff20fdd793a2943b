"""A run that failed leaves its trace: where, why, and for those who mend it where exactly in the program."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from flowapp.engine.manual import start_by_hand
from flowapp.workflows.publishing import create_workflow, publish
from flowapp.workflows.reading import read_document
from tests.factories import a_document, approve, cause_of, condition, notify
from tests.kill.doors import Keys, call
from tests.kill.evidence import evidence
from tests.kill.place import Place, place_in
from tests.kill.server import Server, reason_not_available
from tests.kill.waiting import until
from tests.kill.world import ADMIN, MANAGER, at_hand, keys_of, person, prepare
from tests.support.databases import Databases

pytestmark = pytest.mark.skipif(reason_not_available() is not None, reason=str(reason_not_available()))
SENTENCE = "There is no leave request number 999999."


@pytest.fixture(scope="module")
def database(lasting: Databases, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A home with a run that waits to begin, and that will fail."""
    made = prepare(place_in(tmp_path_factory.mktemp("failed"), lasting))
    hopeless = approve() | {"with": {"leave_request_id": 999_999}}
    steps = [condition("always", "1 < 2", then=[hopeless, notify("tell")])]
    with at_hand(made) as flow:

        def write(session: Session) -> int:
            owner = person(session, MANAGER)
            cause, home_id = cause_of(owner, flow.clock.now()), min(owner.home_ids)
            document = read_document(a_document(*steps, name="Approve the impossible"))
            workflow = create_workflow(session, cause, document, owner_id=owner.user_id, home_id=home_id)
            publish(session, cause, workflow, actions=flow.actions, triggers=flow.triggers)
            return start_by_hand(flow.parts, session, cause, workflow.id, triggers=flow.triggers, inputs={})

        flow.database.write(write)
    return made


@pytest.fixture(scope="module")
def server(database: Place) -> Iterator[Server]:
    """The server once it has carried the run to its end."""

    def look() -> bool:
        with evidence(database) as found:
            return found.one("SELECT count(*) FROM execution WHERE status = 'failed'") == 1

    with Server(database) as server:
        until(look, within=20, for_what="the run to fail")
        yield server


@pytest.fixture(scope="module")
def admin(database: Place) -> Keys:
    return keys_of(database, ADMIN)


@pytest.fixture(scope="module")
def manager(database: Place) -> Keys:
    return keys_of(database, MANAGER)


def test_the_list_of_failed_runs_says_which_step_and_why(server: Server, manager: Keys) -> None:
    items = ask(server, manager, "/executions?status=failed")["items"]
    assert [(each["status"], each["workflow"]["name"]) for each in items] == [("failed", "Approve the impossible")]
    assert items[0]["error"]["path"] == "always.then.approve"
    assert items[0]["error"]["message"] == SENTENCE
    assert ask(server, manager, "/executions?status=completed")["items"] == []


def test_the_administrator_finds_the_stack_trace_at_the_step(server: Server, admin: Keys) -> None:
    steps = steps_of(server, admin)
    assert steps["always"]["status"] == "completed"
    failed = steps["always.then.approve"]
    assert failed["status"] == "failed"
    assert failed["error"] == {"code": "not_found", "message": SENTENCE}
    assert failed["attempt"] == 1
    assert len(failed["traces"]) == 1
    assert "Traceback" in failed["traces"][0]
    assert "leave_reopening.py" in failed["traces"][0]
    assert "always.then.tell" not in steps  # never reached


def test_the_manager_reads_why_and_no_stack_trace(server: Server, manager: Keys) -> None:
    failed = steps_of(server, manager)["always.then.approve"]
    assert failed["error"]["message"] == SENTENCE
    assert "traces" not in failed


def test_the_page_of_the_run_says_why_at_the_step_and_shows_the_administrator_where(
    server: Server, admin: Keys
) -> None:
    step = page_of(server, admin).select_one("#step-always-then-approve")
    assert step is not None
    assert SENTENCE in step.get_text(" ")
    assert "Failed" in step.get_text(" ")
    trace = step.select_one("details")
    assert trace is not None
    assert "leave_reopening.py" in trace.get_text()


def test_the_page_of_the_run_shows_the_manager_no_stack_trace(server: Server, manager: Keys) -> None:
    page = page_of(server, manager).get_text(" ")
    assert SENTENCE in page
    assert "leave_reopening.py" not in page


def ask(server: Server, keys: Keys, path: str) -> Any:
    answer, text = call(server, "GET", f"/api/v1{path}", {"Authorization": f"Bearer {keys.token}"})
    assert answer.status == 200, text
    return json.loads(text)


def steps_of(server: Server, keys: Keys) -> Mapping[str, Any]:
    number = ask(server, keys, "/executions?status=failed")["items"][0]["id"]
    return {step["path"]: step for step in ask(server, keys, f"/executions/{number}")["steps"]}


def page_of(server: Server, keys: Keys) -> BeautifulSoup:
    number = ask(server, keys, "/executions?status=failed")["items"][0]["id"]
    cookie = {"Cookie": f"flowapp={keys.cookie}"}
    answer, html = call(server, "GET", f"/workflows/executions/{number}/", cookie)
    assert answer.status == 200, html
    return BeautifulSoup(html, "html.parser")
