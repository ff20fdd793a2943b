"""The story of one run."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from flowapp.workflows.workflow import Version
from tests.cast import Cast
from tests.factories import a_document, a_workflow, approve, condition, leave_asked, notify, run_all, runs
from tests.support.page import PageClient
from tests.support.visitors import sign_in

SHORT = condition("short", "${context.days} <= 3", then=[approve(), notify("tell", "Yes")], else_=[notify("ask", "No")])


def went(flow: Flow, cast: Cast, *steps: dict[str, Any], who: Person | None = None, owner: Person | None = None,
         **leave: Any) -> str:  # fmt: skip
    """Let somebody ask for leave, carry on what that starts, and answer the address of the run."""
    a_workflow(flow, owner or cast.maya, a_document(*(steps or (SHORT,)), name="Decide"), home_id=cast.rose)
    leave_asked(flow, who or cast.dan, **leave)
    run_all(flow)
    return f"/workflows/executions/{runs(flow)[-1].id}/"


def states(page: PageClient) -> dict[str, str]:
    """Answer the words of each step of the story, by the step's path."""
    story = page.soup.select_one("main")
    assert story is not None
    items = story.select('li[id^="step-"]')
    return {str(item["id"]).removeprefix("step-"): " ".join(item.get_text(" ").split()) for item in items}


def test_the_page_tells_why_it_went_the_way_it_went(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    as_maya.get(went(flow, cast))
    heading = as_maya.soup.select_one("h1")
    assert heading is not None
    assert heading.get_text().strip() == "Decide"
    for words in ("Days requested was 1, which is 3 or fewer.", "When leave is requested.", "Dan"):
        assert words in as_maya.text


def test_the_way_not_taken_is_shown_as_not_reached(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    as_maya.get(went(flow, cast, end=date(2026, 12, 11)))  # five days
    found = states(as_maya)
    assert set(found) >= {"short", "short-then-approve", "short-then-tell", "short-else-ask"}
    assert "Not reached" in found["short-then-approve"]
    assert "Not reached" not in found["short-else-ask"]
    assert "Days requested was 5" in as_maya.text


def test_a_failed_run_says_at_which_step_and_why(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    as_maya.get(went(flow, cast, owner=cast.sorcha))
    reason = runs(flow)[0].reason or ""
    assert "This run stopped" in as_maya.text
    assert reason in as_maya.text
    assert reason in states(as_maya)["short-then-approve"]
    assert "Not reached" in states(as_maya)["short-then-tell"]


def test_where_in_the_code_it_went_wrong_is_shown_to_the_administrator_alone(
    app: Flask, flow: Flow, cast: Cast, as_maya: PageClient
) -> None:
    url = went(flow, cast, owner=cast.sorcha)
    assert "Traceback" not in as_maya.get(url).text
    ada = sign_in(app, flow, cast.ada)
    assert "Traceback" in ada.get(url).text


def test_a_colleague_sees_the_story_without_names_or_reasons(flow: Flow, cast: Cast, as_dan: PageClient) -> None:
    url = went(flow, cast, who=cast.sorcha, end=date(2026, 12, 11))
    answer = as_dan.get(url)
    assert "a colleague" in as_dan.text
    assert "short-else-ask" in states(as_dan)
    for private in ("Sorcha", "sorcha@example.org", "Days requested was", "37.5", "2026-12-11", "11 December"):
        assert private not in answer.text, private
    assert "/leave/1/" not in answer.text


def waiting(**given: Any) -> dict[str, Any]:
    """Answer a step that waits until leave is asked for or approved."""
    events = [{"event": "leave_approved"}, {"event": "leave_requested"}]
    return {"id": "w", "type": "wait", "for_events": events, "then": [notify("tell", "It came")], **given}


def test_a_run_that_waits_says_what_for(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    as_maya.get(went(flow, cast, waiting()))
    found = states(as_maya)["w"]
    assert "Waiting for this: leave is approved or leave is requested." in found
    assert "When it comes" in found
    assert "goes on without it" not in found


def test_a_run_that_waits_says_when_it_goes_on_by_itself(
    flow: Flow, cast: Cast, as_maya: PageClient, clock: FrozenClock
) -> None:
    url = went(flow, cast, waiting(timeout={"minutes": 20}))
    as_maya.get(url)
    assert "The run goes on without it on Monday 23 November 2026, 09:20." in states(as_maya)["w"]
    clock.advance(minutes=20)
    run_all(flow)
    as_maya.get(url)
    found = states(as_maya)["w"]
    assert "It did not come in time" in found
    assert "What was waited for did not happen within 20 minutes." in found
    assert "Waiting for this" not in found


def test_a_run_that_waited_says_what_came(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    url = went(flow, cast, waiting())
    leave_asked(flow, cast.sorcha)
    run_all(flow)
    as_maya.get(url)
    found = states(as_maya)["w"]
    assert "It came" in found
    assert "Leave is requested." in found


def test_a_colleague_does_not_learn_why_it_failed(flow: Flow, cast: Cast, as_dan: PageClient) -> None:
    url = went(flow, cast, who=cast.sorcha, owner=cast.sorcha)
    answer = as_dan.get(url)
    assert (runs(flow)[0].reason or "?") not in answer.text
    assert "Stopped before its end." in as_dan.text


def test_ones_own_run_is_told_in_full(flow: Flow, cast: Cast, as_dan: PageClient) -> None:
    as_dan.get(went(flow, cast))
    assert "Days requested was 1" in as_dan.text
    assert as_dan.soup.select_one('a[href="/leave/1/"]') is not None


@pytest.mark.parametrize("name", ["vic", "erin"])
def test_an_outsider_is_told_that_there_is_none(app: Flask, flow: Flow, cast: Cast, name: str) -> None:
    url = went(flow, cast)
    browser = sign_in(app, flow, getattr(cast, name))
    browser.get(url, status=404)
    assert browser.client.get(f"{url}live").status_code == 404
    assert "Dan" not in browser.text


def test_a_run_that_does_not_exist_is_not_found(as_maya: PageClient) -> None:
    as_maya.get("/workflows/executions/99/", status=404)
    assert as_maya.client.get("/workflows/executions/99/live").status_code == 404


def test_it_needs_somebody_to_be_signed_in(flow: Flow, cast: Cast, page: PageClient) -> None:
    url = went(flow, cast)
    assert page.get(url, status=303).headers["Location"] == f"/sign-in?next={url}"


def test_the_live_part_is_the_same_as_the_page_and_stops_asking_at_the_end(
    flow: Flow, cast: Cast, as_maya: PageClient
) -> None:
    a_workflow(flow, cast.maya, a_document(SHORT, name="Decide"), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    url = "/workflows/executions/1/"
    as_maya.get(url)
    assert "Has not begun yet." in as_maya.text
    run = as_maya.soup.select_one("#run")
    assert run is not None
    assert run.get("hx-get") == f"{url}live"
    run_all(flow)
    as_maya.fragment(f"{url}live")
    assert "Days requested was 1" in as_maya.text
    over = as_maya.soup.select_one("#run")
    assert over is not None
    assert over.get("hx-get") is None
    live = as_maya.text
    as_maya.get(f"{url}live")  # without htmx the whole page comes
    assert live in as_maya.text
    assert as_maya.soup.select_one("html title") is not None


def test_what_people_wrote_stays_text_in_the_story(
    flow: Flow, cast: Cast, as_maya: PageClient, as_dan: PageClient
) -> None:
    a_workflow(flow, cast.maya, a_document(notify("tell", "${context.leave.reason}")), home_id=cast.rose)
    as_dan.get("/leave/")
    form = {
        "type": "ANNUAL",
        "start_date": "2026-12-07",
        "end_date": "2026-12-07",
        "reason": "<script>x</script> **b**",
    }
    as_dan.post("/leave/", form, status=303)
    run_all(flow)
    answer = as_maya.get("/workflows/executions/1/")
    assert "<script>x" not in answer.text
    as_maya.get("/notifications/")
    assert "<script>x</script> **b**" in as_maya.text


def test_the_turns_of_a_loop_are_told_one_after_the_other_with_what_lies_inside(
    flow: Flow, cast: Cast, as_maya: PageClient
) -> None:
    question = condition("c", "${x} > 1", then=[notify("big", "Big")], else_=[notify("small", "Small")])
    step = {"id": "each", "type": "loop", "items": "[1, 2]", "as": "x", "steps": [question]}
    as_maya.get(went(flow, cast, step, notify("after", "Done")))
    found = states(as_maya)
    assert list(found) == [
        "each",
        "each-0-c", "each-0-c-then-big", "each-0-c-else-small",
        "each-1-c", "each-1-c-then-big", "each-1-c-else-small",
        "after",
    ]  # fmt: skip
    assert "Not reached" in found["each-0-c-then-big"]
    assert "Not reached" not in found["each-1-c-then-big"]
    assert "Item 2" in found["each"]


def test_of_very_many_turns_the_first_and_the_last_are_told(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    value = {"id": "v", "type": "set", "values": {"n": 1}}
    step = {"id": "again", "type": "repeat", "until": "${loop.number} == 100", "steps": [value], "max": 100}
    as_maya.get(went(flow, cast, step))
    found = [path for path in states(as_maya) if path != "again"]
    assert len(found) == 40
    assert (found[0], found[-1]) == ("again-0-v", "again-99-v")


def test_a_run_that_waits_says_until_when(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    ways = [{"name": "soon", "steps": [{"id": "w", "type": "delay", "for": {"hours": 2}}]}, {"name": "now"}]
    address = went(flow, cast, {"id": "both", "type": "branch", "branches": ways}, notify("after"))
    as_maya.get(address)
    found = states(as_maya)
    assert "Waiting" in found["both-soon-w"]
    assert "11:00" in found["both-soon-w"]
    assert "Not reached" in found["after"]


def test_a_step_that_failed_and_was_gone_on_from_says_both(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    step = {
        "id": "s",
        "type": "set",
        "values": {"n": "${number(context.staff.name)}"},
        "on_error": {"steps": [notify("tell", "Oh")]},
    }
    as_maya.get(went(flow, cast, step))
    found = states(as_maya)
    assert "Failed, went on" in found["s"]
    assert "If it fails" in found["s"]
    assert "Not reached" not in found["s-on_error-tell"]


def test_what_it_knew_is_told_in_words_and_what_is_empty_not_at_all(
    flow: Flow, cast: Cast, as_maya: PageClient
) -> None:
    as_maya.get(went(flow, cast))
    section = as_maya.soup.select_one("#context")
    assert section is not None
    labels = [each.get_text().strip() for each in section.select("dt")]
    assert labels[:4] == ["Type of leave", "First day", "On the first day", "Last day"]
    assert not {"Reason", "Why it is closed to leave", "Clash shifts", "User: name", "Leave type"} & set(labels)
    assert "Annual leave" in section.get_text()
    assert "ANNUAL" not in section.get_text()


WAITS = {"id": "w", "type": "wait", "for_events": [{"event": "leave_approved"}], "then": [], "timed_out": []}
HOUR = {"id": "h", "type": "delay", "for": {"hours": 1}}
BOTH = {
    "id": "b",
    "type": "branch",
    "branches": [{"name": "one", "steps": [WAITS]}, {"name": "two", "steps": [HOUR]}],
}


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (HOUR, "Waits until Monday 23 November 2026, 10:00."),
        (WAITS, "Waits for something to happen."),
        (BOTH, "Waits in several places."),
    ],
)
def test_a_run_that_waits_says_for_what(
    step: dict[str, Any], words: str, flow: Flow, cast: Cast, as_maya: PageClient
) -> None:
    as_maya.get(went(flow, cast, step))
    sentence = as_maya.soup.select_one(".page-head__sentence")
    assert sentence is not None
    assert sentence.get_text() == words


def test_a_run_whose_version_nobody_can_read_any_more_still_has_its_pages(
    flow: Flow, cast: Cast, as_maya: PageClient
) -> None:
    here = went(flow, cast)
    broken = update(Version).values(document={"format": "flowapp/0", "name": "Decide"})
    flow.database.write(lambda session: bool(session.execute(broken)))
    flow.parts.plans._kept.clear()
    for address in (here, "/workflows/", "/workflows/1/", f"{here}undo-preview"):
        as_maya.get(address)
        assert "Decide" in as_maya.text
