"""The first page: what needs one."""

from __future__ import annotations

import pytest
from flask import Flask

from flowapp.bootstrap import Flow
from flowapp.engine.operating.presence import note_tick
from flowapp.events.outbox import record
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.factories import a_document, a_workflow, approve, leave_asked, leave_event, notify, run_all
from tests.support.page import PageClient
from tests.support.visitors import sign_in


def needs(page: PageClient) -> str:
    """Answer the words of what needs one."""
    page.get("/")
    section = page.soup.select_one("#needs-you, [aria-labelledby=needs-you], section:has(#needs-you)")
    assert section is not None
    holder = section if section.name == "section" else section.find_parent("section")
    assert holder is not None
    return " ".join(holder.get_text(" ").split())


def test_a_quiet_day_says_so_and_shows_the_next_thing_to_do(as_dan: PageClient) -> None:
    assert "Nothing needs you" in needs(as_dan)
    assert "Monday 23 November" in as_dan.text


def test_the_manager_is_told_of_leave_to_decide_and_nobody_else_is(
    app: Flask, flow: Flow, cast: Cast, as_maya: PageClient
) -> None:
    leave_asked(flow, cast.dan)
    leave_asked(flow, cast.sorcha)
    leave_asked(flow, cast.maya)  # her own is for somebody else
    leave_asked(flow, cast.vic)  # another home
    assert "2 leave requests to decide" in needs(as_maya)
    for who in (cast.dan, cast.sorcha):
        assert "leave request" not in needs(sign_in(app, flow, who))
    assert "4 leave requests to decide" in needs(sign_in(app, flow, cast.hana))


def test_runs_that_stopped_are_told_to_those_who_can_do_something(
    app: Flask, flow: Flow, cast: Cast, as_maya: PageClient
) -> None:
    a_workflow(flow, cast.sorcha, a_document(approve()), home_id=cast.rose)  # she may not decide
    leave_asked(flow, cast.dan)
    run_all(flow)
    assert "1 run needs attention" in needs(as_maya)
    assert "stopped" not in needs(sign_in(app, flow, cast.dan))
    assert "stopped" not in needs(sign_in(app, flow, cast.erin))


def test_news_is_told_until_it_is_read(flow: Flow, cast: Cast, as_dan: PageClient) -> None:
    a_workflow(flow, cast.maya, a_document(notify("tell", to="dan@example.org")), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    assert "1 new notification" in needs(as_dan)
    as_dan.post("/notifications/read-all", status=303)
    assert "new notification" not in needs(as_dan)


def test_the_latest_runs_of_ones_homes_are_listed(
    flow: Flow, cast: Cast, as_dan: PageClient, as_vic: PageClient
) -> None:
    a_workflow(flow, cast.maya, a_document(name="Tell the manager"), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    as_dan.get("/")
    assert "Tell the manager" in as_dan.text
    as_vic.get("/")
    assert "Tell the manager" not in as_vic.text
    assert "No runs yet" in as_vic.text


def test_it_needs_somebody_to_be_signed_in(page: PageClient) -> None:
    assert page.get("/", status=303).headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("name", ["dan", "sorcha", "maya", "vic", "erin", "hana", "ada"])
def test_everybody_has_a_first_page(app: Flask, flow: Flow, cast: Cast, name: str) -> None:
    browser = sign_in(app, flow, getattr(cast, name))
    browser.get("/")
    browser.fragment("/")
    assert "Today" in browser.text


def test_the_frame_names_the_home_and_the_person(as_maya: PageClient) -> None:
    as_maya.get("/")
    assert "Rose House" in as_maya.text
    assert "Elm House" not in as_maya.text
    current = as_maya.soup.select("nav [aria-current=page]")
    assert {" ".join(each.get_text(" ").split()) for each in current} == {"Today"}


def test_held_runs_are_told_to_those_who_can_answer_until_somebody_does(
    app: Flask, flow: Flow, cast: Cast, as_maya: PageClient
) -> None:
    flow.parts.gauge.limit = 1
    made = a_workflow(flow, cast.ada, a_document(), home_id=cast.rose)
    for number in range(1, 4):
        event = leave_event(cast.dan, flow.clock.now(), home_id=cast.rose, request_id=number)
        flow.database.write(lambda session, event=event: record(session, event))  # type: ignore[misc]
    assert "1 workflow with held runs" in needs(as_maya)
    assert as_maya.soup.select_one(f'main a[href="/workflows/{made}/"]') is not None
    for who in (cast.dan, cast.sorcha, cast.erin):
        assert "held runs" not in needs(sign_in(app, flow, who))
    assert "1 workflow with held runs" in needs(sign_in(app, flow, cast.ada))
    as_maya.post(f"/workflows/{made}/held/drop", status=303)
    assert "held runs" not in needs(as_maya)


def test_managers_are_told_on_the_day_on_which_flowapp_came_back_that_it_was_away(
    app: Flask, flow: Flow, cast: Cast, as_maya: PageClient, as_dan: PageClient
) -> None:
    assert isinstance(flow.clock, FrozenClock)
    flow.clock.advance(hours=-7)
    for minutes in (0, 275):  # 02:00 and 06:35
        flow.clock.advance(minutes=minutes)
        flow.database.write(lambda session: note_tick(session, flow.clock.now()))
    words = "FlowApp was not running from 02:00 to 06:35. Nothing fell due in it."
    flow.clock.advance(hours=2)
    as_maya.get("/")
    assert words in as_maya.text
    as_dan.get("/")
    assert "not running" not in as_dan.text
    flow.clock.advance(hours=20)
    the_next_day = sign_in(app, flow, cast.maya)
    the_next_day.get("/")
    assert "not running" not in the_next_day.text
