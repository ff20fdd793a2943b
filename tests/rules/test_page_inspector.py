"""The inspecting client refuses what must not be shown; each row breaks a good page in one way."""

from __future__ import annotations

import pytest
from flask import Flask, Response, make_response, redirect, request
from werkzeug.wrappers import Response as Answer

from tests.support.page import PageClient, PageFault
from tests.support.page_faults import fragment_faults, page_faults

GOOD = """<!doctype html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>Leave – FlowApp</title><link rel="stylesheet" href="/static/a.css"></head>
<body>
<h1>Leave</h1>
<form method="post" action="/leave/">
<input type="hidden" name="csrf_token" value="t0ken">
<label for="days">Days</label><input id="days" name="days">
<label>Reason <textarea name="reason"></textarea></label>
<select name="type" aria-label="Type"><option>Annual</option></select>
<button>Ask for leave</button>
</form>
<p id="list" hx-get="/leave/" hx-target="#list" hx-trigger="every 30s">None yet</p>
<p><a href="https://localhost/rota/">Rota</a> <a href="/home/"><img src="/static/a.png" alt="Home"></a></p>
</body></html>
"""


def test_a_good_page_has_no_faults() -> None:
    assert page_faults(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("</h1>", "</h2>", "HTML, line 5"),  # a tag closed by another
        ("<p id", "<p class='a' class='b' id", "HTML, line 13"),  # an attribute twice
        ("<!doctype html>", "", "HTML, line"),  # no document type
        ("<h1>Leave</h1>", "<h1>Leave</h1><h1>Rota</h1>", "exactly one h1"),
        ("<h1>Leave</h1>", "", "exactly one h1"),
        ("<title>Leave", "<title>FlowApp", "must begin with the h1"),
        ('lang="en-GB"', 'lang="en"', "lang"),
        ('id="list"', 'id="days"', "'days' is used 2 times"),
        ('<label for="days">Days</label>', "", "no label: <input"),
        ('<label for="days">Days</label>', '<label for="days"></label>', "no label: <input"),
        ('aria-label="Type"', "", "no label: <select"),
        ("<label>Reason", "<p>Reason</p><div>", "no label: <textarea"),
        ("Ask for leave", "", "no words: <button"),
        ('alt="Home"', 'alt=""', "no words: <a"),
        (' method="post"', "", "no method"),
        (' action="/leave/"', "", "no action"),
        ('name="csrf_token"', 'name="token"', "no csrf_token"),
        ('hx-target="#list"', 'hx-target="#gone"', "'#gone' is not on the page"),
        ('hx-target="#list"', 'hx-target:inherited="#gone"', "'#gone' is not on the page"),
        ("<p id", "<p style='color: red' id", "inline script or style"),
        ("</body>", "<script>go()</script></body>", "inline script or style"),
        ("</head>", "<style>a {}</style></head>", "inline script or style"),
        ("<button>", "<button onclick='go()'>", "inline handler onclick"),
        ("/static/a.png", "https://example.org/a.png", "src leads outside"),
        ("/static/a.css", "//example.org/a.css", "href leads outside"),
        ('href="/home/"', 'href="javascript:go()"', "href leads outside"),
    ],
)
def test_a_page_broken_in_one_way_is_refused(old: str, new: str, expected: str) -> None:
    broken = GOOD.replace(old, new, 1)
    assert broken != GOOD
    assert [fault for fault in page_faults(broken) if expected in fault], page_faults(broken)


def test_a_page_that_says_what_went_wrong_begins_its_title_with_error() -> None:
    assert page_faults(GOOD.replace("<title>", "<title>Error: ")) == []


@pytest.mark.parametrize(
    "html",
    [
        '<ol id="timeline"><li>Done</li></ol>',
        "<tr><td>Night shift</td></tr>",  # a row of a table that is on the page
        '<p hx-get="/x/" hx-target="#elsewhere">Later</p>',  # its target is on the page
    ],
)
def test_a_good_fragment_needs_no_heading(html: str) -> None:
    assert fragment_faults(html) == []


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a</div>", "HTML, line 1"),
        ("<p id='a'></p><p id='a'></p>", "used 2 times"),
        ("<input name='a'>", "no label"),
        ("<form method='post' action='/a/'></form>", "no csrf_token"),
    ],
)
def test_a_bad_fragment_is_refused(html: str, expected: str) -> None:
    assert [fault for fault in fragment_faults(html) if expected in fault], fragment_faults(html)


@pytest.fixture
def page() -> PageClient:
    app = Flask(__name__)

    @app.get("/leave/")
    def leave() -> str:
        return "<p id='list'>One</p>" if "HX-Request" in request.headers else GOOD

    @app.post("/leave/")
    def ask() -> Answer:
        if request.form.get("csrf_token") != "t0ken":
            return make_response(GOOD.replace("<title>", "<title>Error: "), 422)
        return redirect("/leave/", 303)

    @app.get("/bad/")
    def bad() -> str:
        return "<h1>Bad"

    @app.get("/data")
    def data() -> Response:
        return Response("{}", mimetype="application/json")

    return PageClient(app.test_client())


def test_the_client_keeps_the_page_it_fetched(page: PageClient) -> None:
    assert page.get("/leave/").status_code == 200
    assert page.soup.select_one("h1").get_text() == "Leave"
    assert "None yet Rota" in page.text


def test_the_client_refuses_a_bad_page_and_another_status(page: PageClient) -> None:
    with pytest.raises(PageFault, match="/bad/ has faults"):
        page.get("/bad/")
    with pytest.raises(PageFault, match="404 NOT FOUND, not 200"):
        page.get("/gone/")
    with pytest.raises(PageFault, match="No page has been fetched"):
        PageClient(page.client).soup  # noqa: B018 -- the property itself refuses


def test_the_client_asks_for_a_fragment_as_htmx_does(page: PageClient) -> None:
    assert page.fragment("/leave/").get_data(as_text=True) == "<p id='list'>One</p>"
    assert page.text == "One"


def test_the_client_sends_the_token_of_the_page_it_has_seen(page: PageClient) -> None:
    assert page.post("/leave/", {"days": "2"}).status_code == 422  # no page seen yet, but this one shows the token
    assert page.post("/leave/", {"days": "2"}, status=303).location == "/leave/"
    assert page.post("/leave/", {"csrf_token": "forged"}, status=422).status_code == 422


def test_what_is_no_page_is_not_inspected(page: PageClient) -> None:
    assert page.get("/data").get_json() == {}


def test_a_page_that_was_judged_before_brings_its_own_token_and_is_judged_anew_where_it_differs() -> None:
    app, shown = Flask(__name__), []

    @app.get("/leave/")
    def leave() -> str:
        return shown[-1]

    page = PageClient(app.test_client())
    for token in ("a" * 43, "b" * 43):
        shown.append(GOOD.replace("t0ken", token))
        page.get("/leave/")
        assert page._token == token
        assert page.soup.select_one("input")["value"] == token
    shown.append(shown[-1].replace("</h1>", "</h2>"))
    with pytest.raises(PageFault, match="HTML, line 5"):
        page.get("/leave/")
