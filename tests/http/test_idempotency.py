"""The same request twice is one request: by key in the API, by the form's own number on pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask, request
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.engine.execution import Execution
from flowapp.http.access import allow
from flowapp.http.changes import change
from flowapp.http.idempotency import IdempotencyKey, once
from flowapp.kernel.clock import FrozenClock
from flowapp.rota.leave import LeaveRequest
from tests.cast import Cast
from tests.factories import a_document, a_workflow, leave_asked
from tests.support.page import PageClient
from tests.support.visitors import Api

DAY = {"type": "ANNUAL", "start_date": "2026-12-07", "end_date": "2026-12-07"}
OTHER_DAY = DAY | {"start_date": "2026-12-08", "end_date": "2026-12-08"}


def ask(api: Api, who: Person, body: Any, key: str | None = None) -> TestResponse:
    """Ask for leave with a key."""
    return api.call("POST", "/leave-requests", who, body, **({"Idempotency-Key": key} if key else {}))


def count(flow: Flow, table: Any) -> int:
    """Count the rows of a table."""
    with flow.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_same_request_with_the_same_key_gets_the_first_answer(flow: Flow, cast: Cast, api: Api) -> None:
    first, second = (ask(api, cast.dan, DAY, "k-1") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json
    assert first.headers["Location"] == second.headers["Location"]
    assert count(flow, LeaveRequest) == 1


def test_without_a_key_the_rules_decide(flow: Flow, cast: Cast, api: Api) -> None:
    assert ask(api, cast.dan, DAY).status_code == 201
    assert ask(api, cast.dan, DAY).status_code == 422  # these days are asked for already
    assert count(flow, IdempotencyKey) == 0


def test_the_same_key_with_another_body_is_a_mistake_and_says_so(flow: Flow, cast: Cast, api: Api) -> None:
    ask(api, cast.dan, DAY, "k-1")
    answer = ask(api, cast.dan, OTHER_DAY, "k-1")
    assert answer.status_code == 422
    assert answer.json is not None
    assert [(p["path"], p["code"]) for p in answer.json["problems"]] == [("Idempotency-Key", "key_reused")]
    assert count(flow, LeaveRequest) == 1


def test_another_key_is_another_request(flow: Flow, cast: Cast, api: Api) -> None:
    assert ask(api, cast.dan, DAY, "k-1").status_code == 201
    assert ask(api, cast.dan, OTHER_DAY, "k-2").status_code == 201
    assert count(flow, LeaveRequest) == 2


def test_somebody_elses_key_is_another_key(flow: Flow, cast: Cast, api: Api) -> None:
    first, second = ask(api, cast.dan, DAY, "k-1"), ask(api, cast.vic, DAY, "k-1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json["id"] != second.json["id"]  # type: ignore[index]


def test_a_key_belongs_to_its_address(flow: Flow, cast: Cast, api: Api) -> None:
    made = [a_workflow(flow, cast.maya, a_document(triggers=[{"id": "m", "type": "manual"}]), home_id=cast.rose)
            for _ in range(2)]  # fmt: skip
    for number in (*made, *made):
        key = {"Idempotency-Key": "k-1"}
        assert api.call("POST", f"/workflows/{number}/execute", cast.maya, {}, **key).status_code == 202
    assert count(flow, Execution) == 2


def test_a_refused_request_may_be_sent_again_under_its_key(flow: Flow, cast: Cast, api: Api) -> None:
    saturday = DAY | {"start_date": "2026-12-05", "end_date": "2026-12-05"}
    assert ask(api, cast.dan, saturday, "k-1").status_code == 422
    assert ask(api, cast.dan, DAY, "k-1").status_code == 201


@pytest.mark.parametrize(("hours", "same"), [(71.9, True), (72.1, False)])
def test_a_key_is_kept_for_three_days(
    flow: Flow, cast: Cast, api: Api, clock: FrozenClock, hours: float, same: bool
) -> None:
    ask(api, cast.dan, DAY, "k-1")
    clock.advance(hours=hours)
    assert ask(api, cast.dan, OTHER_DAY, "k-1").status_code == (422 if same else 201)
    assert count(flow, IdempotencyKey) == 1  # the old one is gone, not kept beside the new one


def test_at_the_very_end_of_three_days_nothing_breaks(cast: Cast, api: Api, clock: FrozenClock) -> None:
    ask(api, cast.dan, DAY, "k-1")
    clock.advance(hours=72)
    assert ask(api, cast.dan, OTHER_DAY, "k-1").status_code in (201, 422)


@pytest.mark.parametrize(("length", "status"), [(255, 201), (256, 422), (4000, 422)])
def test_a_key_has_255_characters_at_most(cast: Cast, api: Api, length: int, status: int) -> None:
    assert ask(api, cast.dan, DAY, "k" * length).status_code == status


WRITES = [
    ("/leave-requests/1/approve", {}),
    ("/leave-requests/1/reject", {"reason": "No"}),
    ("/leave-requests/1/cancel", {}),
]


@pytest.mark.parametrize(("path", "body"), WRITES, ids=[path for path, _ in WRITES])
def test_every_call_that_writes_heeds_the_key(flow: Flow, cast: Cast, api: Api, path: str, body: Any) -> None:
    leave_asked(flow, cast.dan)
    key = {"Idempotency-Key": "k-1"}
    first, second = (api.call("POST", path, cast.maya, body, **key) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json == second.json


def typed(page: PageClient, **given: str) -> dict[str, str]:
    """Fill in the form for leave."""
    page.get("/leave/")
    nonce = page.soup.select_one("#ask input[name=nonce]")
    assert nonce is not None
    form = {"type": "ANNUAL", "start_date": "2026-12-07", "end_date": "2026-12-07", "nonce": str(nonce["value"])}
    return form | given


def test_a_form_sent_twice_asks_once(flow: Flow, as_dan: PageClient) -> None:
    form = typed(as_dan)
    first, second = (as_dan.post("/leave/", form, status=303) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert count(flow, LeaveRequest) == 1


def test_two_forms_opened_one_after_the_other_are_two_requests(flow: Flow, as_dan: PageClient) -> None:
    as_dan.post("/leave/", typed(as_dan), status=303)
    as_dan.post("/leave/", typed(as_dan, start_date="2026-12-08", end_date="2026-12-08"), status=303)
    assert count(flow, LeaveRequest) == 2


def test_a_form_put_right_after_a_refusal_is_taken(flow: Flow, as_dan: PageClient) -> None:
    form = typed(as_dan, start_date="2026-12-05", end_date="2026-12-05")
    as_dan.post("/leave/", form, status=422)
    as_dan.post("/leave/", form | {"start_date": "2026-12-07", "end_date": "2026-12-07"}, status=303)
    assert count(flow, LeaveRequest) == 1


def test_a_form_sent_again_with_other_days_is_told_what_to_do_and_can_do_it(flow: Flow, as_dan: PageClient) -> None:
    """As after the browser's Back button."""
    form = typed(as_dan)
    as_dan.post("/leave/", form, status=303)
    changed = form | {"start_date": "2026-12-08", "end_date": "2026-12-08"}
    as_dan.post("/leave/", changed, status=422)
    assert "Idempotency-Key" not in as_dan.text
    nonce = as_dan.soup.select_one("#ask input[name=nonce]")
    assert nonce is not None
    as_dan.post("/leave/", changed | {"nonce": str(nonce["value"])}, status=303)
    with flow.database.read() as session:
        assert {each.start_date for each in session.scalars(select(LeaveRequest))} == {
            date(2026, 12, 7), date(2026, 12, 8),
        }  # fmt: skip


def test_what_answers_nothing_is_done_once_as_well(own_app: Flask, flow: Flow, cast: Cast) -> None:
    done: list[int] = []

    @allow("execution.view")
    def nothing() -> str:
        now = flow.clock.now()
        key = request.headers["Idempotency-Key"]
        return str(change(lambda session: once(session, key, now, lambda: done.append(1))))

    own_app.add_url_rule("/api/v1/nothing", view_func=nothing, methods=["POST"])
    api = Api(own_app, flow)
    for _ in range(2):
        answer = api.call("POST", "/nothing", cast.maya, {}, **{"Idempotency-Key": "k-1"})
        assert (answer.status_code, answer.text) == (200, "None")
    assert done == [1]
