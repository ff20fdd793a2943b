"""What a workflow missed while FlowApp was away is shown on its page, with the run that made it good."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from flowapp.bootstrap import Flow
from flowapp.engine.schedules import start_due
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.factories import a_document, a_workflow, run_all
from tests.support.page import PageClient
from tests.support.visitors import sign_in

TITLE = "Missed while FlowApp was away"


def scheduled(flow: Flow, clock: FrozenClock, cast: Cast, **given: Any) -> int:
    """Publish a workflow of Rose House that starts every hour, and have the clock looked at once."""
    trigger = {"id": "clock", "type": "schedule", "cron": "0 * * * *", **given}
    made = a_workflow(flow, cast.maya, a_document(triggers=[trigger]), home_id=cast.rose)
    start_due(flow.parts, clock.now())
    return made


def away(flow: Flow, clock: FrozenClock, hours: float) -> None:
    """Let FlowApp be away for a time."""
    clock.advance(hours=hours)
    start_due(flow.parts, clock.now())
    run_all(flow)


def rows(page: PageClient) -> list[str]:
    """Answer the rows of the list: when it was due, and what became of it."""
    return [" | ".join(cell.get_text(" ", strip=True) for cell in row.select("[role=rowheader], [role=cell]")[:2])
            for row in page.soup.select("#missed tbody tr")]  # fmt: skip


def test_a_workflow_that_missed_nothing_says_nothing_of_it(
    flow: Flow, clock: FrozenClock, cast: Cast, app: Flask
) -> None:
    made = scheduled(flow, clock, cast)
    away(flow, clock, 1)
    as_maya = sign_in(app, flow, cast.maya)  # nobody stays signed in for hours without doing anything
    as_maya.get(f"/workflows/{made}/")
    assert "Every hour, on the hour" in as_maya.text
    assert TITLE not in as_maya.text
    assert "its schedule" in as_maya.text  # who started the run


def test_what_was_missed_is_told_with_what_became_of_it(flow: Flow, clock: FrozenClock, cast: Cast, app: Flask) -> None:
    made = scheduled(flow, clock, cast)
    away(flow, clock, 2.5)
    as_maya = sign_in(app, flow, cast.maya)
    as_maya.get(f"/workflows/{made}/")
    assert TITLE in as_maya.text
    assert rows(as_maya) == [
        "Monday 23 November 2026, 11:00 | Started late",
        "Monday 23 November 2026, 10:00 | Not started",
    ]
    link = as_maya.soup.select_one("#missed a")
    assert link is not None
    as_maya.get(str(link["href"]))
    assert "Every hour, on the hour" in as_maya.text


def test_the_latest_ten_are_shown(flow: Flow, clock: FrozenClock, cast: Cast, app: Flask) -> None:
    made = scheduled(flow, clock, cast, catch_up="none")
    away(flow, clock, 12.5)
    as_dan = sign_in(app, flow, cast.dan)
    as_dan.get(f"/workflows/{made}/")
    assert len(rows(as_dan)) == 10
    assert rows(as_dan)[0].startswith("Monday 23 November 2026, 21:00")
    assert as_dan.soup.select_one("#missed a") is None


@pytest.mark.parametrize(("who", "links"), [("dan", 0), ("hana", 1)])
def test_who_may_not_see_the_run_gets_no_link_to_it(
    app: Flask, flow: Flow, clock: FrozenClock, cast: Cast, who: str, links: int
) -> None:
    trigger = {"id": "clock", "type": "schedule", "cron": "0 10 * * *"}
    made = a_workflow(flow, cast.hana, a_document(triggers=[trigger]), home_id=None)
    start_due(flow.parts, clock.now())
    away(flow, clock, 2)
    browser = sign_in(app, flow, getattr(cast, who))
    browser.get(f"/workflows/{made}/")
    assert rows(browser) == ["Monday 23 November 2026, 10:00 | Started late"]
    assert len(browser.soup.select("#missed a")) == links
