"""What every answer says to the browser, whatever went wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from flowapp.http.access import public
from flowapp.kernel.db import DatabaseBusy
from tests.cast import Cast
from tests.support.page import PageClient
from tests.support.visitors import Api

HTTPS = "https://localhost"


def burst() -> NoReturn:
    """Fail as nobody foresaw."""
    raise ZeroDivisionError("the boiler")


def busy() -> NoReturn:
    """Find the database taken."""
    raise DatabaseBusy


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """An application to which pages that fail can be added."""
    return own_app


@pytest.fixture
def broken_app(app: Flask) -> Flask:
    """The application with two pages that fail."""
    app.add_url_rule("/burst", view_func=public(burst))
    app.add_url_rule("/busy", view_func=public(busy))
    return app


Ask = Callable[[PageClient], TestResponse]
ANSWERS: dict[str, tuple[int, Ask]] = {
    "a page": (200, lambda p: p.client.get("/")),
    "a fragment": (200, lambda p: p.client.get("/workflows/executions/", headers={"HX-Request": "true"})),
    "a page that is not there": (404, lambda p: p.client.get("/nowhere")),
    "a record that is not there": (404, lambda p: p.client.get("/leave/99/")),
    "a method that is not taken": (405, lambda p: p.client.get("/sign-out")),
    "a page one may not see": (403, lambda p: p.client.get("/workflows/1/execute/")),
    "a form without its token": (400, lambda p: p.client.post("/leave/")),
    "an unforeseen error": (500, lambda p: p.client.get("/burst")),
    "a busy database": (503, lambda p: p.client.get("/busy")),
    "the address without its slash": (308, lambda p: p.client.get("/leave")),
    "only the head": (200, lambda p: p.client.head("/")),
    "the way to sign in": (303, lambda p: p.client.application.test_client().get("/leave/")),
    "a style sheet": (200, lambda p: p.client.get("/static/css/app.css")),
    "a file that is not there": (404, lambda p: p.client.get("/static/none.css")),
    "a folder of files": (404, lambda p: p.client.get("/static/css/")),
    "the API without a token": (401, lambda p: p.client.get("/api/v1/workflows")),
    "the API's unknown address": (404, lambda p: p.client.get("/api/v1/nowhere")),
    "the API's other method": (405, lambda p: p.client.delete("/api/v1/executions")),
    "the health of the process": (200, lambda p: p.client.get("/healthz")),
    "too much at once": (413, lambda p: p.client.post("/leave/", data={"x": "x" * 3_000_000})),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_every_answer_forbids_what_our_pages_do_not_need(broken_app: Flask, as_dan: PageClient, case: str) -> None:
    status, ask = ANSWERS[case]
    with ask(as_dan) as answer:
        assert answer.status_code == status
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in answer.headers  # there is no HTTPS to hold to
    assert "Server" not in answer.headers
    assert answer.headers.getlist("Content-Security-Policy") == [answer.headers["Content-Security-Policy"]]


@pytest.mark.parametrize("case", [case for case in ANSWERS if "file" not in case and case != "a style sheet"])
def test_nothing_private_stays_in_a_cache(broken_app: Flask, as_dan: PageClient, case: str) -> None:
    with ANSWERS[case][1](as_dan) as answer:
        assert "no-store" in answer.headers["Cache-Control"]


def test_over_https_the_browser_is_held_to_it(as_dan: PageClient) -> None:
    for url in ("/", "/nowhere", "/static/css/app.css"):
        with as_dan.client.get(url, base_url=HTTPS) as answer:
            assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


def test_a_file_with_its_version_in_the_address_is_kept_for_a_year(as_dan: PageClient) -> None:
    with as_dan.client.get("/static/img/favicon.svg?v=abc") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_file_without_its_version_is_asked_for_again(as_dan: PageClient) -> None:
    with as_dan.client.get("/static/img/favicon.svg") as first:
        assert first.headers["Cache-Control"] == "no-cache"
        tag = first.headers["ETag"]
    with as_dan.client.get("/static/img/favicon.svg", headers={"If-None-Match": tag}) as again:
        assert again.status_code == 304


def test_nobody_gets_out_of_the_folder_of_files(as_dan: PageClient) -> None:
    for path in ("../app.py", "%2e%2e/app.py", "..%2fapp.py", "css/../../app.py", "//etc/passwd"):
        with as_dan.client.get(f"/static/{path}") as answer:
            assert answer.status_code in (404, 308), path


def test_answers_of_the_api_are_json_and_nothing_else(api: Api, cast: Cast) -> None:
    assert api.call("GET", "/workflows", cast.dan).mimetype == "application/json"
    assert api.call("GET", "/workflows/99", cast.dan).mimetype == "application/problem+json"


def test_a_page_and_its_fragment_are_not_taken_for_each_other_by_caches(as_dan: PageClient) -> None:
    assert "HX-Request" in as_dan.get("/workflows/executions/").headers["Vary"]
    assert "HX-Request" in as_dan.fragment("/workflows/executions/").headers["Vary"]
