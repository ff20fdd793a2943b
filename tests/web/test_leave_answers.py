"""Leave that is asked back or ran out: what the person and the managers read, and the answers."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from flowapp.rota.leave import LeaveStatus
from flowapp.rota.leave_decisions import approve
from tests.cast import Cast
from tests.factories import cause_of, leave_asked
from tests.support.page import PageClient
from tests.support.visitors import sign_in
from tests.web.test_leave_request_page import status
from tests.web.test_team_calendar import row_of

MONDAY = date(2026, 12, 7)


@pytest.fixture
def granted(flow: Flow, cast: Cast) -> int:
    """Leave of Dan's that Maya has approved."""
    leave_id, cause = leave_asked(flow, cast.dan, start=MONDAY), cause_of(cast.maya, flow.clock.now())
    flow.database.write(lambda session: approve(session, cause, cast.maya, leave_id))
    return leave_id


@pytest.fixture
def dans(as_dan: PageClient, granted: int) -> int:
    """The same, which Dan asks to cancel on its page."""
    as_dan.get(f"/leave/{granted}/")
    as_dan.post(f"/leave/{granted}/take-back", status=303)
    return granted


def test_a_carer_asks_to_cancel_and_reads_that_it_stays_approved_until_then(
    flow: Flow, as_dan: PageClient, granted: int
) -> None:
    as_dan.get(f"/leave/{granted}/")
    assert "Ask to cancel this leave" in as_dan.text
    as_dan.post(f"/leave/{granted}/take-back", status=303)
    assert status(flow, granted) is LeaveStatus.CANCEL_REQUESTED
    as_dan.get(f"/leave/{granted}/")
    assert "You have asked to cancel this leave. It stays approved until somebody answers." in as_dan.text
    assert "Approved by Maya. Now it is asked to be cancelled" in as_dan.text
    for gone in ("/take-back", "/let-cancel", "/keep"):
        assert as_dan.soup.select(f'[action$="{gone}"], [formaction$="{gone}"]') == []
    as_dan.get("/leave/")
    assert "Approved, asked to be cancelled" in as_dan.text


def test_the_manager_finds_it_beside_what_waits_and_on_the_first_page(as_maya: PageClient, dans: int) -> None:
    as_maya.get("/leave/")
    row = as_maya.soup.select_one("#waiting tbody tr")
    assert row is not None
    assert "Dan" in row.get_text()
    assert "To cancel leave" in row.get_text()
    as_maya.get("/")
    assert "1 wish to cancel leave" in as_maya.text


def test_maya_lets_dan_cancel_and_he_is_told(flow: Flow, as_maya: PageClient, as_dan: PageClient, dans: int) -> None:
    as_maya.get(f"/leave/{dans}/")
    assert "Let them cancel" in as_maya.text
    as_maya.post(f"/leave/{dans}/let-cancel", {"reason": ""}, status=303)
    assert status(flow, dans) is LeaveStatus.CANCELLED
    as_maya.get(f"/leave/{dans}/")
    assert "Leave cancelled." in as_maya.text
    as_dan.get("/notifications/")
    assert "Your leave is cancelled" in as_dan.text


def test_maya_keeps_the_leave_with_a_reason_and_he_reads_it(
    flow: Flow, as_maya: PageClient, as_dan: PageClient, dans: int
) -> None:
    as_maya.get(f"/leave/{dans}/")
    as_maya.post(f"/leave/{dans}/keep", {"reason": " "}, status=422)
    assert "Say why the leave is kept" in as_maya.text
    assert as_maya.soup.select_one('main a[href="#reason"]') is not None
    as_maya.post(f"/leave/{dans}/keep", {"reason": "The rota is out"}, status=303)
    assert status(flow, dans) is LeaveStatus.APPROVED
    as_dan.get("/notifications/")
    assert "Your leave stays approved" in as_dan.text
    assert "The rota is out" in as_dan.text


def test_whoever_may_not_decide_does_not_answer(app: Flask, flow: Flow, cast: Cast, dans: int) -> None:
    for name, code in (("dan", 403), ("sorcha", 403), ("erin", 404)):
        browser = sign_in(app, flow, getattr(cast, name))
        browser.get("/leave/")
        for verb in ("let-cancel", "keep"):
            browser.post(f"/leave/{dans}/{verb}", {"reason": "No"}, status=code)
    assert status(flow, dans) is LeaveStatus.CANCEL_REQUESTED


def test_the_team_calendar_shows_it_as_approved(as_maya: PageClient, dans: int) -> None:
    as_maya.get("/leave/calendar/?month=2026-12&home=ROSE")
    assert row_of(as_maya, "Dan") == [(1, "Approved, annual leave, 7 December 2026")]


def test_the_team_calendar_shows_leave_that_was_taken_as_approved(
    app: Flask, flow: Flow, cast: Cast, clock: FrozenClock, granted: int
) -> None:
    clock.set(datetime(2026, 12, 8, tzinfo=UTC))
    flow.tick()
    assert status(flow, granted) is LeaveStatus.TAKEN
    as_maya = sign_in(app, flow, cast.maya)
    as_maya.get("/leave/calendar/?month=2026-12&home=ROSE")
    assert row_of(as_maya, "Dan") == [(1, "Approved, annual leave, 7 December 2026")]
    as_maya.get(f"/leave/{granted}/")
    assert "Approved by Maya. It is over." in as_maya.text


def test_a_request_that_ran_out_is_read_by_the_person_and_by_the_manager_for_two_weeks(
    app: Flask, flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    leave_id = leave_asked(flow, cast.dan, start=MONDAY)
    clock.set(datetime(2026, 12, 7, 9, tzinfo=UTC))
    flow.tick()
    as_dan, as_maya, as_erin = (sign_in(app, flow, who) for who in (cast.dan, cast.maya, cast.erin))
    as_dan.get("/leave/")
    assert "Ran out undecided" in as_dan.text
    as_dan.get(f"/leave/{leave_id}/")
    assert "Ran out undecided: its first day came before anybody decided." in as_dan.text
    assert as_dan.soup.select('form[action$="/take-back"]') == []
    as_maya.get("/leave/")
    assert as_maya.soup.select_one("#waiting tbody tr") is None
    ran_out = as_maya.soup.select_one("#ran-out tbody tr")
    assert ran_out is not None
    assert "Dan" in ran_out.get_text()
    as_maya.get(f"/leave/{leave_id}/")
    assert as_maya.soup.select('form[action$="/approve"]') == []
    as_erin.get("/leave/")
    assert as_erin.soup.select_one("#ran-out") is None
    clock.advance(days=15)
    later = sign_in(app, flow, cast.maya)
    later.get("/leave/")
    assert later.soup.select_one("#ran-out") is None
