"""One leave request: seeing it, deciding it, taking it back."""

from __future__ import annotations

import pytest
from flask import Flask

from flowapp.bootstrap import Flow
from flowapp.cli.demo.workflows import AUTO_APPROVE
from flowapp.rota.leave import LeaveStatus, leave_request
from flowapp.rota.leave_balance import LedgerEntry
from tests.cast import Cast
from tests.factories import a_workflow, leave_asked, run_all
from tests.support.page import PageClient
from tests.support.visitors import sign_in


@pytest.fixture
def dans(flow: Flow, cast: Cast) -> int:
    """The number of Dan's leave request."""
    return leave_asked(flow, cast.dan)


def status(flow: Flow, leave_id: int) -> LeaveStatus:
    """Answer how a request stands."""
    with flow.database.read() as session:
        return LeaveStatus(leave_request(session, leave_id).status)


def test_the_page_tells_whose_leave_it_is_when_and_how_it_stands(
    as_dan: PageClient, as_maya: PageClient, dans: int
) -> None:
    as_maya.get(f"/leave/{dans}/")
    heading = as_maya.soup.select_one("h1")
    assert heading is not None
    assert heading.get_text().strip() == "Dan’s leave, 7 December 2026"
    for words in ("Nobody has decided yet.", "Annual leave", "1 day, 7.5 hours", "What the rules say"):
        assert words in as_maya.text
    as_dan.get(f"/leave/{dans}/")
    assert "Your leave, 7 December 2026" in as_dan.text


def test_maya_approves_and_it_is_said_so(flow: Flow, as_maya: PageClient, dans: int) -> None:
    as_maya.get(f"/leave/{dans}/")
    answer = as_maya.post(f"/leave/{dans}/approve", {"reason": "Enjoy it"}, status=303)
    assert answer.headers["Location"] == f"/leave/{dans}/"
    assert status(flow, dans) is LeaveStatus.APPROVED
    as_maya.get(f"/leave/{dans}/")
    assert "Leave approved." in as_maya.text
    assert "Approved by Maya: Enjoy it" in as_maya.text
    assert as_maya.soup.select(f'form[action="/leave/{dans}/approve"]') == []
    as_maya.get(f"/leave/{dans}/")
    assert "Leave approved." not in as_maya.text  # said once


def test_maya_turns_it_down_with_a_reason(flow: Flow, as_maya: PageClient, as_dan: PageClient, dans: int) -> None:
    as_maya.get(f"/leave/{dans}/")
    as_maya.post(f"/leave/{dans}/reject", {"reason": "Nobody else is there"}, status=303)
    assert status(flow, dans) is LeaveStatus.REJECTED
    as_dan.get(f"/leave/{dans}/")
    assert "Nobody else is there" in as_dan.text


def test_turning_down_without_a_reason_is_told_beside_the_field(flow: Flow, as_maya: PageClient, dans: int) -> None:
    as_maya.get(f"/leave/{dans}/")
    as_maya.post(f"/leave/{dans}/reject", {"reason": "  "}, status=422)
    assert "Say why the leave is turned down" in as_maya.text
    assert as_maya.soup.select_one('main a[href="#reason"]') is not None
    assert as_maya.soup.select_one("textarea#reason") is not None
    assert status(flow, dans) is LeaveStatus.REQUESTED


def test_what_a_rule_forbids_is_told_and_the_reason_typed_is_kept(
    flow: Flow, cast: Cast, as_maya: PageClient, dans: int
) -> None:

    as_maya.get(f"/leave/{dans}/")
    flow.database.write(lambda s: s.execute(LedgerEntry.__table__.update().values(balance_after=0)) and None)
    as_maya.post(f"/leave/{dans}/approve", {"reason": "Enjoy <it>"}, status=422)
    assert "too many" in as_maya.text
    reason = as_maya.soup.select_one("textarea#reason")
    assert reason is not None
    assert reason.get_text().strip() == "Enjoy <it>"
    assert status(flow, dans) is LeaveStatus.REQUESTED


def test_dan_cannot_decide_his_own(flow: Flow, as_dan: PageClient, dans: int) -> None:
    as_dan.get(f"/leave/{dans}/")
    assert as_dan.soup.select('form[action$="/approve"]') == []
    for verb in ("approve", "reject"):
        as_dan.post(f"/leave/{dans}/{verb}", {"reason": "Please"}, status=403)
    assert status(flow, dans) is LeaveStatus.REQUESTED


def test_maya_cannot_decide_her_own_either(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    own = leave_asked(flow, cast.maya)
    as_maya.get(f"/leave/{own}/")
    assert as_maya.soup.select('form[action$="/approve"]') == []
    as_maya.post(f"/leave/{own}/approve", {"reason": ""}, status=403)
    assert "somebody else" in as_maya.text
    assert status(flow, own) is LeaveStatus.REQUESTED


def test_a_senior_sees_it_and_does_not_decide(app: Flask, flow: Flow, cast: Cast, dans: int) -> None:
    sorcha = sign_in(app, flow, cast.sorcha)
    sorcha.get(f"/leave/{dans}/")
    assert sorcha.soup.select('form[action$="/approve"]') == []
    sorcha.post(f"/leave/{dans}/approve", status=403)
    assert status(flow, dans) is LeaveStatus.REQUESTED


@pytest.mark.parametrize("name", ["vic", "erin"])
def test_an_outsider_is_told_that_there_is_none(app: Flask, flow: Flow, cast: Cast, dans: int, name: str) -> None:
    browser = sign_in(app, flow, getattr(cast, name))
    browser.get(f"/leave/{dans}/", status=404)
    assert "Dan" not in browser.text
    answer = browser.post(f"/leave/{dans}/take-back")
    assert answer.status_code == 404
    assert browser.post(f"/leave/{dans}/approve").status_code in (403, 404)
    assert status(flow, dans) is LeaveStatus.REQUESTED


def test_a_request_that_does_not_exist_is_not_found(as_maya: PageClient) -> None:
    as_maya.get("/leave/99/", status=404)
    for verb in ("approve", "reject", "take-back", "let-cancel", "keep"):
        as_maya.post("/leave/99/" + verb, {"reason": "x"}, status=404)


@pytest.mark.parametrize(
    "url",
    [
        f"/leave/{2**63}/",
        f"/workflows/{2**63}/",
        f"/workflows/executions/{2**63}/",
        f"/workflows/executions/?workflow={2**63}",
        f"/workflows/executions/?before={10**30}",
    ],
)
def test_an_impossible_number_is_not_found(as_maya: PageClient, url: str) -> None:
    assert as_maya.client.get(url).status_code in (200, 404)


def test_two_pages_open_at_once_cannot_both_decide(
    app: Flask, flow: Flow, cast: Cast, as_maya: PageClient, dans: int
) -> None:
    hana = sign_in(app, flow, cast.hana)
    as_maya.get(f"/leave/{dans}/")
    hana.get(f"/leave/{dans}/")
    as_maya.post(f"/leave/{dans}/approve", status=303)
    answer = hana.client.post(f"/leave/{dans}/reject", data={"csrf_token": hana._token, "reason": "No"})
    assert answer.status_code == 409
    assert "already approved by Maya" in answer.text
    assert status(flow, dans) is LeaveStatus.APPROVED


def test_one_withdraws_ones_own_request(flow: Flow, as_dan: PageClient, dans: int) -> None:
    as_dan.get(f"/leave/{dans}/")
    assert "Withdraw this request" in as_dan.text
    as_dan.post(f"/leave/{dans}/take-back", status=303)
    assert status(flow, dans) is LeaveStatus.WITHDRAWN
    as_dan.get(f"/leave/{dans}/")
    assert as_dan.soup.select('form[action$="/take-back"]') == []


def test_a_manager_cancels_her_own_approved_leave_at_once(
    app: Flask, flow: Flow, cast: Cast, as_maya: PageClient
) -> None:
    own = leave_asked(flow, cast.maya)
    hana = sign_in(app, flow, cast.hana)
    hana.get(f"/leave/{own}/")
    hana.post(f"/leave/{own}/approve", status=303)
    as_maya.get(f"/leave/{own}/")
    assert "Cancel this leave" in as_maya.text
    as_maya.post(f"/leave/{own}/take-back", status=303)
    assert status(flow, own) is LeaveStatus.CANCELLED
    as_maya.get(f"/leave/{own}/")
    assert "Approved by Hana. Later it was cancelled." in as_maya.text


@pytest.mark.parametrize(
    ("name", "sees"), [("dan", True), ("maya", True), ("hana", True), ("sorcha", False), ("ada", False)]
)
def test_why_somebody_is_off_is_shown_to_those_who_may_know(
    app: Flask, flow: Flow, cast: Cast, as_dan: PageClient, name: str, sees: bool
) -> None:
    as_dan.get("/leave/")
    form = {"type": "ANNUAL", "start_date": "2026-12-07", "end_date": "2026-12-07", "reason": "An operation"}
    address = as_dan.post("/leave/", form, status=303).headers["Location"]
    browser = sign_in(app, flow, getattr(cast, name))
    browser.get(address)
    assert ("An operation" in str(browser.soup)) is sees


def test_the_page_tells_what_the_workflows_did_and_why(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    a_workflow(flow, cast.maya, AUTO_APPROVE, home_id=cast.rose)
    leave_id = leave_asked(flow, cast.dan)
    run_all(flow)
    as_maya.get(f"/leave/{leave_id}/")
    assert "What the workflows did" in as_maya.text
    assert "Auto-approve short leave" in as_maya.text
    assert "Days requested was 1" in as_maya.text


def test_text_that_people_write_stays_text(flow: Flow, as_maya: PageClient, dans: int) -> None:
    as_maya.get(f"/leave/{dans}/")
    evil = '<script>alert(1)</script><a href="javascript:x">"\'&amp;'
    as_maya.post(f"/leave/{dans}/reject", {"reason": evil}, status=303)
    as_maya.get(f"/leave/{dans}/")
    assert evil in as_maya.text.replace("  ", " ")
    assert "<script>alert" not in as_maya.client.get(f"/leave/{dans}/").text
