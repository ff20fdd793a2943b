"""The pages of tasks: what waits, one task from hand to hand, and making one."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from flowapp.bootstrap import Flow
from flowapp.rota.tasks.task import Queue
from tests.cast import Cast
from tests.support.page import PageClient
from tests.support.visitors import sign_in
from tests.unit.rota_tasks.test_tasks import TODAY, made, task


def text(client: PageClient, url: str) -> str:
    """Answer a page as text."""
    return str(client.get(url).text)


def test_an_empty_list_says_what_to_do_next(as_maya: PageClient, as_dan: PageClient) -> None:
    assert "Make a task" in text(as_maya, "/tasks/")
    assert "Nothing is yours to do" in text(as_dan, "/tasks/")
    assert "New task" not in text(as_dan, "/tasks/")


def test_each_tab_shows_its_tasks(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    made(flow, cast.maya, cast.rose, title="Ring the plumber")
    made(flow, cast.maya, cast.rose, title="Order linen", assignee_id=cast.maya.user_id)
    made(flow, cast.maya, cast.rose, title="Check the store", queue=Queue.SENIOR)
    for tab, shown in (("mine", {"Order linen"}), ("queue", {"Ring the plumber"}),
                       ("all", {"Ring the plumber", "Order linen", "Check the store"})):  # fmt: skip
        page = text(as_maya, f"/tasks/?tab={tab}")
        assert {each for each in ("Ring the plumber", "Order linen", "Check the store") if each in page} == shown
    assert "No task matches" in text(as_maya, "/tasks/?tab=all&q=gardener")


def test_a_task_goes_from_hand_to_hand_on_its_page(app: Flask, flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    number = made(flow, cast.maya, cast.rose, due_on=TODAY).task_id
    sorcha = sign_in(app, flow, cast.sorcha)
    sorcha.get(f"/tasks/{number}/")
    sorcha.post(f"/tasks/{number}/take-on")
    assert "Sorcha has it." in text(as_maya, f"/tasks/{number}/")
    sorcha.post(f"/tasks/{number}/finish", data={"outcome": "He comes on Friday"})
    page = text(as_maya, f"/tasks/{number}/")
    assert "Done by Sorcha: He comes on Friday." in page
    assert "Let it wait again" in page
    assert "Take it on" not in page


def test_cancelling_without_a_reason_says_what_is_missing(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    number = made(flow, cast.maya, cast.rose).task_id
    as_maya.get(f"/tasks/{number}/")
    answer = as_maya.post(f"/tasks/{number}/cancel", data={"reason": ""})
    assert answer.status_code == 422
    assert "Say why it need not be done any more" in answer.text


def test_a_task_is_made_with_the_form_once(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    sent = {"title": "Fire drill", "queue": "senior", "home": str(cast.rose), "due_on": "2026-12-01",
            "priority": "high", "assignee": str(cast.sorcha.user_id), "nonce": "n1"}  # fmt: skip
    as_maya.get("/tasks/new/")
    first, again = (as_maya.post("/tasks/new/", data=sent) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    found = task(flow, int(first.headers["Location"].rstrip("/").split("/")[-1]))
    assert (found.title, found.queue, found.assignee_name) == ("Fire drill", Queue.SENIOR, "Sorcha")


@pytest.mark.parametrize(
    ("given", "words"),
    [({"title": ""}, "Say in a few words"), ({"queue": "cook"}, "Choose whose task it is"),
     ({"due_on": "soon"}, "Enter the day by which"), ({"home": "x"}, "Choose a home of the list"),
     ({"assignee": "Dan"}, "Choose somebody of the list"), ({"assignee": "9999"}, "Choose somebody who has an account"),
     ({"priority": "now"}, "Choose how much it presses")],
)  # fmt: skip
def test_a_form_that_makes_no_sense_comes_back_with_its_mistake(
    cast: Cast, as_maya: PageClient, given: dict[str, Any], words: str
) -> None:
    sent = {"title": "Fire drill", "queue": "senior", "home": str(cast.rose), "priority": "low"} | given
    as_maya.get("/tasks/new/")
    answer = as_maya.post("/tasks/new/", data=sent)
    assert (answer.status_code, words in answer.text) == (422, True)


def test_today_says_how_many_wait(flow: Flow, cast: Cast, as_maya: PageClient, as_dan: PageClient) -> None:
    made(flow, cast.maya, cast.rose)
    made(flow, cast.maya, cast.rose, assignee_id=cast.maya.user_id)
    page = text(as_maya, "/")
    assert "2 tasks that wait for you" in page
    assert "1 is yours, 1 in your queue." in page
    assert "wait for you" not in text(as_dan, "/")
