"""Starting a workflow by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.workflows.workflow import WorkflowStatus, workflow
from tests.cast import Cast
from tests.factories import a_document, a_workflow, run_all, runs
from tests.support.page import PageClient
from tests.support.visitors import sign_in

INPUTS = [
    {"name": "unit", "label": "Which unit?"},
    {"name": "weeks", "label": "Weeks", "type": "number"},
    {"name": "first", "label": "First day", "type": "date", "required": False},
    {"name": "urgent", "label": "Is it urgent?", "type": "yes_no", "required": False},
]
CHOICE = {"name": "shift", "label": "Which shift?", "type": "choice", "choices": ["day", "night"]}
FILLED_IN = {"unit": "Ash", "weeks": "2.5", "first": "2026-12-07", "urgent": "yes"}


def by_hand(flow: Flow, cast: Cast, *inputs: dict[str, Any]) -> str:
    """Write a workflow that asks for these, and answer the address of its form."""
    document = a_document(triggers=[{"id": "m", "type": "manual", "inputs": list(inputs)}])
    return f"/workflows/{a_workflow(flow, cast.maya, document, home_id=cast.rose)}/execute/"


@pytest.fixture
def form(flow: Flow, cast: Cast) -> str:
    """The address of a form with a field of most kinds."""
    return by_hand(flow, cast, *INPUTS)


def send(page: PageClient, url: str, typed: dict[str, str], *, status: int) -> str:
    """Open the form, fill it in and send it; answer where it led."""
    page.get(url)
    nonce = page.soup.select_one("input[name=nonce]")
    assert nonce is not None
    return page.post(url, {"nonce": str(nonce["value"]), **typed}, status=status).headers.get("Location", "")


def test_a_form_that_is_filled_in_starts_the_workflow(flow: Flow, as_maya: PageClient, form: str) -> None:
    address = send(as_maya, form, FILLED_IN, status=303)
    run_all(flow)
    [found] = runs(flow)
    assert address == f"/workflows/executions/{found.id}/"
    assert {name: found.context[name] for name in FILLED_IN} == {
        "unit": "Ash", "weeks": Decimal("2.5"), "first": "2026-12-07", "urgent": True,
    }  # fmt: skip
    as_maya.get(address)
    assert "Maya" in as_maya.text


def test_fields_that_are_not_needed_may_be_left_empty(flow: Flow, as_maya: PageClient, form: str) -> None:
    send(as_maya, form, {"unit": " Ash ", "weeks": "2", "first": "", "urgent": "no"}, status=303)
    context = runs(flow)[0].context
    assert context["unit"] == "Ash"
    assert "first" not in context
    assert context["urgent"] is False


BAD = [
    ({"unit": ""}, "unit", "needed"),
    ({"weeks": ""}, "weeks", "needed"),
    ({"weeks": "two"}, "weeks", "must be a number"),
    ({"first": "tomorrow"}, "first", "date"),
]


@pytest.mark.parametrize(("typed", "field", "words"), BAD, ids=[str(row[0]) for row in BAD])
def test_what_is_wrong_is_told_beside_its_field_and_what_was_typed_is_kept(
    flow: Flow, as_maya: PageClient, form: str, typed: dict[str, str], field: str, words: str
) -> None:
    send(as_maya, form, {**FILLED_IN, **typed}, status=422)
    assert runs(flow) == []
    assert words in as_maya.text
    assert as_maya.soup.select_one(f'main a[href="#{field}"]') is not None
    for name in ("unit", "weeks", "first"):
        kept = as_maya.soup.select_one(f"input[name={name}]")
        assert kept is not None
        assert kept["value"] == {**FILLED_IN, **typed}[name]
    chosen = as_maya.soup.select_one("input[name=urgent][checked]")
    assert chosen is not None
    assert chosen["value"] == "yes"


def test_everything_that_is_missing_is_told_at_once(as_maya: PageClient, form: str) -> None:
    send(as_maya, form, {}, status=422)
    assert {str(a["href"]) for a in as_maya.soup.select('main a[href^="#"]')} >= {"#unit", "#weeks"}


def test_a_field_is_called_by_its_label(as_maya: PageClient, form: str) -> None:
    send(as_maya, form, {**FILLED_IN, "weeks": ""}, status=422)
    assert "Weeks is needed" in as_maya.text


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "sNaN", "1e999999999"])
def test_a_number_that_is_none_or_beyond_all_use_is_refused_in_words(
    flow: Flow, as_maya: PageClient, form: str, number: str
) -> None:
    send(as_maya, form, {**FILLED_IN, "weeks": number}, status=422)
    assert "must be a number" in as_maya.text
    assert runs(flow) == []


def test_a_choice_shows_what_there_is_to_choose_from(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    url = by_hand(flow, cast, CHOICE)
    as_maya.get(url)
    offered = [str(option["value"]) for option in as_maya.soup.select("select[name=shift] option")]
    assert {"day", "night"} <= set(offered)
    send(as_maya, url, {"shift": "night"}, status=303)
    assert runs(flow)[0].context["shift"] == "night"


def test_what_is_not_offered_cannot_be_chosen(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    url = by_hand(flow, cast, CHOICE)
    as_maya.get(url)
    as_maya.post(url, {"shift": "twilight"}, status=422)
    assert runs(flow) == []


def test_a_workflow_that_asks_for_nothing_starts_with_one_button(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    send(as_maya, by_hand(flow, cast), {}, status=303)
    assert len(runs(flow)) == 1


def test_a_form_sent_twice_starts_it_once(flow: Flow, as_maya: PageClient, form: str) -> None:
    as_maya.get(form)
    nonce = as_maya.soup.select_one("input[name=nonce]")
    assert nonce is not None
    typed = {**FILLED_IN, "nonce": str(nonce["value"])}
    first, second = (as_maya.post(form, typed, status=303) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(runs(flow)) == 1


@pytest.mark.parametrize(
    ("name", "status"), [("dan", 403), ("sorcha", 403), ("hana", 403), ("vic", 403), ("erin", 404)]
)
def test_who_may_not_start_it(app: Flask, flow: Flow, cast: Cast, form: str, name: str, status: int) -> None:
    browser = sign_in(app, flow, getattr(cast, name))
    browser.get(form, status=status)
    browser.get("/account")
    browser.post(form, FILLED_IN, status=status)
    assert runs(flow) == []


def test_a_workflow_that_nobody_starts_by_hand_has_no_such_form(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    made = a_workflow(flow, cast.maya, home_id=cast.rose)
    as_maya.get(f"/workflows/{made}/execute/", status=404)
    as_maya.get("/account")
    as_maya.post(f"/workflows/{made}/execute/", status=404)


def test_a_workflow_that_was_paused_meanwhile_is_not_started(flow: Flow, as_maya: PageClient, form: str) -> None:
    as_maya.get(form)

    def pause(session: Session) -> None:
        workflow(session, 1).status = WorkflowStatus.PAUSED

    flow.database.write(pause)
    answer = as_maya.client.post(form, data={"csrf_token": as_maya._token, **FILLED_IN})
    assert answer.status_code == 409
    assert "is not active" in answer.text
    assert runs(flow) == []


def test_nobody_passes_themselves_off_as_somebody_else(flow: Flow, as_maya: PageClient, form: str) -> None:
    send(as_maya, form, {**FILLED_IN, "user": "Hana", "care_home_id": "2", "staff_id": "1"}, status=303)
    context = runs(flow)[0].context
    assert context["user"]["name"] == "Maya"
    assert context["care_home_id"] == 1
    assert "staff_id" not in context
