"""What people and programs are told when something goes wrong: what it was, what to do, and no more."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from flask import Flask

from flowapp.http.access import public
from flowapp.http.errors import STATUS, status_of
from flowapp.kernel.changes import OutcomeUnknown
from flowapp.kernel.db import DatabaseBusy
from flowapp.kernel.errors import BadSetting, Conflict, FlowError, NotAllowed, NotFound, Problem, Refused
from tests.cast import Cast
from tests.support.page import PageClient
from tests.support.visitors import Api


class OurOwnConflict(Conflict):
    """Somebody was faster than you were."""


RAISED: dict[str, Callable[[], Exception]] = {
    "burst": lambda: ZeroDivisionError("the boiler in the cellar"),
    "refused": lambda: Refused([Problem(path="days", code="too_many", message="Ask for fewer days.", suggestion="3")]),
    "missing": lambda: NotFound("There is no such shift."),
    "forbidden": lambda: NotAllowed("Only the manager may do this."),
    "conflict": lambda: OurOwnConflict(),
    "busy": lambda: DatabaseBusy(),
    "unknown": lambda: OutcomeUnknown(),
    "unheard-of": lambda: BadSetting("FLOWAPP_SECRET is hunter2"),
}
STATUSES = {"burst": 500, "refused": 422, "missing": 404, "forbidden": 403, "conflict": 409, "busy": 503,
            "unknown": 503, "unheard-of": 500}  # fmt: skip


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """An application to which pages that fail can be added."""
    return own_app


@pytest.fixture
def failing_app(app: Flask) -> Flask:
    """The application with a page and a call of the API that fail, for each kind of error."""

    def add(name: str, make: Callable[[], Exception]) -> None:
        def fail() -> NoReturn:
            raise make()

        app.add_url_rule(f"/{name}", f"page_{name}", public(fail))
        app.add_url_rule(f"/api/v1/{name}", f"call_{name}", public(fail))

    for name, make in RAISED.items():
        add(name, make)
    return app


@pytest.fixture
def call(failing_app: Flask) -> Callable[[str], Any]:
    """Ask one of the calls that fail, and answer what came."""
    return lambda name: failing_app.test_client().get(f"/api/v1/{name}")


@pytest.mark.parametrize("name", RAISED)
def test_programs_are_told_as_rfc_9457_says(call: Callable[[str], Any], name: str) -> None:
    answer = call(name)
    assert answer.status_code == STATUSES[name]
    assert answer.mimetype == "application/problem+json"
    body = answer.json
    assert body["status"] == STATUSES[name]
    assert set(body) >= {"type", "title", "status", "detail"}
    assert body["title"]
    assert body["detail"].endswith(".")


def test_every_problem_of_a_refusal_has_place_code_and_sentence(call: Callable[[str], Any]) -> None:
    assert call("refused").json["problems"] == [
        {"path": "days", "code": "too_many", "message": "Ask for fewer days.", "suggestion": "3"}
    ]
    assert "problems" not in call("missing").json


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing", "There is no such shift."),
        ("forbidden", "Only the manager may do this."),
        ("conflict", "Somebody was faster than you were."),
        ("busy", "The database is busy with something long."),
        ("unknown", "The connection to the database broke while this was being saved"),
    ],
)
def test_our_own_words_reach_programs(call: Callable[[str], Any], name: str, words: str) -> None:
    assert words in call(name).json["detail"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("refused", "Ask for fewer days."),
        ("missing", "There is no such shift."),
        ("forbidden", "Only the manager may do this."),
        ("conflict", "Somebody was faster than you were."),
    ],
)
def test_our_own_words_reach_people(failing_app: Flask, as_dan: PageClient, name: str, words: str) -> None:
    as_dan.get(f"/{name}", status=STATUSES[name])
    assert words in as_dan.text


def test_who_finds_the_database_busy_is_told_to_try_again(failing_app: Flask, as_dan: PageClient) -> None:
    as_dan.get("/busy", status=503)
    assert "The database is busy" in as_dan.text
    assert "try again in a minute" in as_dan.text


INSIDE = ("Traceback", "ZeroDivisionError", "boiler", "hunter2", "/flowapp/", ".py")


@pytest.mark.parametrize("name", ["burst", "unheard-of"])
def test_an_unforeseen_error_shows_programs_a_reference_and_nothing_from_inside(
    call: Callable[[str], Any], name: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = call(name)
    assert not any(each in answer.text for each in INSIDE)
    [reference] = re.findall(r"Reference: ([0-9a-f]{8})\.", answer.json["detail"])
    assert reference in caplog.text  # the administrator finds it in the log, with the trace
    assert "Traceback" in caplog.text


def test_an_unforeseen_error_shows_people_nothing_from_inside(failing_app: Flask, as_dan: PageClient) -> None:
    as_dan.get("/burst", status=500)
    assert "You did nothing wrong" in as_dan.text
    assert not any(each in str(as_dan.soup) for each in INSIDE)


def test_an_unforeseen_error_shows_people_a_reference_that_is_in_the_log(
    failing_app: Flask, as_dan: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        as_dan.get("/burst", status=500)
    [logged] = re.findall(r"reference ([0-9a-f]{8})", caplog.text)
    assert logged in as_dan.text


def test_each_reference_is_another_one(call: Callable[[str], Any]) -> None:
    assert call("burst").json["detail"] != call("burst").json["detail"]


def test_an_error_page_is_whole_for_somebody_who_is_not_signed_in(failing_app: Flask, page: PageClient) -> None:
    for name in ("burst", "missing", "forbidden", "busy"):
        page.get(f"/{name}", status=STATUSES[name])
    page.get("/nowhere", status=404)
    assert "Page not found" in page.text


def test_an_error_inside_a_fragment_is_told_in_a_page_that_can_be_read(failing_app: Flask, as_dan: PageClient) -> None:
    answer = as_dan.client.get("/missing", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert "There is no such shift." in answer.text


def test_an_address_that_takes_another_method_is_not_told_as_our_fault(as_dan: PageClient) -> None:
    as_dan.get("/sign-out", status=405)
    assert "That cannot be done at this address." in as_dan.text
    assert "Something went wrong on our side" not in as_dan.text


def test_a_form_that_is_too_large_is_not_told_as_our_fault(as_dan: PageClient) -> None:
    as_dan.post("/leave/", {"reason": "x" * 3_000_000}, status=413)
    assert "larger than is allowed" in as_dan.text


@pytest.mark.parametrize("path", ["/api/v1/executions", "/sign-out"])
def test_an_answer_about_the_wrong_method_names_the_right_ones(as_dan: PageClient, path: str) -> None:
    answer = as_dan.client.delete(path) if path.startswith("/api") else as_dan.client.get(path)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"] or "POST" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/v1/nowhere", 404), ("DELETE", "/api/v1/executions", 405), ("GET", "/api/v2/executions", 404)],
)
def test_the_api_answers_in_its_own_form_at_addresses_it_does_not_have(
    app: Flask, method: str, path: str, status: int
) -> None:
    answer = app.test_client().open(path, method=method)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_without_a_token_the_api_says_how_to_come_in(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/workflows")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


TOKENS = ["Bearer", "Bearer ", "Bearer nonsense", "Basic Zm9vOmJhcg==", "Token x", "Bearer flow_", "Bearer flow_é", ""]


@pytest.mark.parametrize("header", TOKENS)
def test_a_token_that_is_none_is_not_signed_in(app: Flask, header: str) -> None:
    assert app.test_client().get("/api/v1/workflows", headers={"Authorization": header}).status_code == 401


def test_the_scheme_of_a_token_may_be_written_in_small_letters(app: Flask, api: Api, cast: Cast) -> None:
    headers = {"Authorization": f"bearer {api.token(cast.dan)}"}
    assert app.test_client().get("/api/v1/workflows", headers=headers).status_code == 200


def test_every_error_of_ours_has_a_status_and_those_nobody_foresaw_are_our_fault() -> None:
    assert {status_of(cls("x") if cls is not Refused else Refused([])) for cls in STATUS} <= set(range(400, 504))
    assert status_of(FlowError()) == 500
    assert status_of(OurOwnConflict()) == 409
