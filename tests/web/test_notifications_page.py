"""What FlowApp told somebody."""

from __future__ import annotations

import pytest
from flask import Flask

from flowapp.bootstrap import Flow
from tests.cast import Cast
from tests.factories import a_document, a_workflow, leave_asked, notify, run_all
from tests.support.page import PageClient

TELL_DAN = notify("tell", "Tea is ready", to="dan@example.org")
TELL_DAN["with"] |= {"title": "Tea", "link": "/leave/${context.leave_request_id}/"}


@pytest.fixture
def told(flow: Flow, cast: Cast) -> None:
    """Dan was told something."""
    a_workflow(flow, cast.maya, a_document(TELL_DAN), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)


@pytest.mark.usefixtures("told")
def test_what_one_was_told_is_listed_as_new_with_where_to_look(as_dan: PageClient) -> None:
    as_dan.get("/notifications/")
    for words in ("Tea is ready", "1 new.", "New"):
        assert words in as_dan.text
    assert as_dan.soup.select_one('main a[href="/leave/1/"]') is not None
    place = as_dan.soup.select_one('nav a[href="/notifications/"]')
    assert place is not None
    assert "1" in place.get_text()


@pytest.mark.usefixtures("told")
def test_what_was_read_is_listed_and_not_new_any_more(as_dan: PageClient) -> None:
    as_dan.get("/notifications/")
    as_dan.post("/notifications/read-all", status=303)
    as_dan.get("/notifications/")
    assert "All marked as read." in as_dan.text
    assert "Tea is ready" in as_dan.text
    assert "1 new." not in as_dan.text
    assert as_dan.soup.select('form[action="/notifications/read-all"]') == []


@pytest.mark.usefixtures("told")
def test_nobody_reads_what_somebody_else_was_told(as_maya: PageClient, as_vic: PageClient, as_dan: PageClient) -> None:
    for browser in (as_maya, as_vic):
        browser.get("/notifications/")
        assert "Tea is ready" not in browser.text
        assert "You are up to date" in browser.text
        browser.post("/notifications/read-all", status=303)
    as_dan.get("/notifications/")
    assert "1 new." in as_dan.text  # nor marks it as read


def test_only_the_latest_are_listed(flow: Flow, cast: Cast, as_dan: PageClient) -> None:
    steps = [notify(f"tell{n}", f"Message {n}", to="dan@example.org") for n in range(60)]
    a_workflow(flow, cast.maya, a_document(*steps), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    as_dan.get("/notifications/")
    assert "Message 59" in as_dan.text
    assert "Message 3 " not in as_dan.text
    assert "60 new." in as_dan.text


def test_it_needs_somebody_to_be_signed_in(app: Flask, page: PageClient) -> None:
    assert page.get("/notifications/", status=303).headers["Location"] == "/sign-in?next=/notifications/"


def test_without_javascript_and_by_htmx_the_same_is_shown(as_dan: PageClient) -> None:
    as_dan.get("/notifications/")
    whole = as_dan.text
    as_dan.fragment("/notifications/")
    assert as_dan.text in whole
