"""The pages of compliance: the board, checking now, and one violation until it is over."""

from __future__ import annotations

from flask import Flask

from flowapp.bootstrap import Flow
from flowapp.rota.compliance import changes
from flowapp.rota.compliance.checks import ask
from tests.cast import Cast
from tests.factories import cause_of
from tests.support.page import PageClient
from tests.support.visitors import sign_in
from tests.unit.rota_compliance.reporting import do, told, violation
from tests.unit.rota_compliance.test_checks import late_then_early


def text(client: PageClient, url: str) -> str:
    """Answer a page as text."""
    return str(client.get(url).text)


def test_all_is_clear_until_somebody_looks(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    page = text(as_maya, "/compliance/")
    assert "All clear" in page
    assert "Nothing was looked through yet." in page
    late_then_early(flow, cast)
    as_maya.post("/compliance/check-now")
    page = text(as_maya, "/compliance/")
    assert "11 hours of rest a day" in page
    assert "Dan has less than 11 hours of rest once, the least 9 hours on Monday 23 November 2026." in page
    assert "Looked through just now." in page


def test_it_says_since_when_all_is_clear(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    number = told(flow, cast.maya, staff_id=cast.dan.staff_id).violation_id
    do(flow, changes.resolve, cast.maya, number, resolution="Done")
    assert "All clear since 23 November 2026" in text(as_maya, "/compliance/")
    assert "51 hours a week on average" in text(as_maya, "/compliance/?tab=over")


def test_while_homes_wait_the_page_asks_how_far_it_is(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    cause = cause_of(cast.maya, flow.clock.now())
    flow.database.write(lambda session: ask(session, cause, cast.maya, home_id=cast.rose))
    page = text(as_maya, "/compliance/")
    assert "1 home is still being looked through." in page
    assert 'hx-trigger="poll"' in page
    flow.tick()
    assert 'hx-trigger="poll"' not in text(as_maya, "/compliance/progress")


def test_the_board_is_narrowed_by_home_and_rule(app: Flask, flow: Flow, cast: Cast) -> None:
    told(flow, cast.ada, staff_id=cast.dan.staff_id, description="Dan works too much")
    told(flow, cast.ada, staff_id=cast.vic.staff_id, description="Vic works too much")
    ada = sign_in(app, flow, cast.ada)
    page = text(ada, "/compliance/?home=ELM")
    assert ("Vic works" in page, "Dan works" in page) == (True, False)
    assert "Nothing matches" in text(ada, "/compliance/?rule=WTD_BREAKS")


def test_others_homes_are_not_on_the_board(app: Flask, flow: Flow, cast: Cast) -> None:
    number = told(flow, cast.maya, staff_id=cast.dan.staff_id).violation_id
    erin = sign_in(app, flow, cast.erin)
    assert "51 hours" not in text(erin, "/compliance/")
    erin.get(f"/compliance/{number}/", status=404)


def test_a_violation_is_seen_taken_on_and_put_right_on_its_page(
    app: Flask, flow: Flow, cast: Cast, as_maya: PageClient
) -> None:
    number = told(flow, cast.maya, staff_id=cast.dan.staff_id).violation_id
    one, sorcha = f"/compliance/{number}/", sign_in(app, flow, cast.sorcha)
    assert "It is put right" not in text(sorcha, one)
    sorcha.post(f"{one}acknowledge")
    as_maya.post(f"{one}take-on")
    as_maya.post(f"{one}resolve", data={"resolution": "Two shifts fewer"})
    page = text(as_maya, one)
    assert "Two shifts fewer." in page
    answer = as_maya.post(f"{one}reopen", data={"again": "They are back"})
    assert answer.headers["Location"] != one
    assert violation(flow, number).status == "resolved"


def test_a_day_that_is_none_is_said_where_it_was_typed(app: Flask, flow: Flow, cast: Cast) -> None:
    number = told(flow, cast.maya, staff_id=cast.dan.staff_id).violation_id
    ada = sign_in(app, flow, cast.ada)
    ada.get(f"/compliance/{number}/")
    for day, words in (("soon", "Enter the last day"), ("2020-01-01", "after today, and within a year")):
        answer = ada.post(f"/compliance/{number}/accept-risk", data={"until": day, "risk": "Until Vic starts"})
        assert (answer.status_code, words in answer.text, "Until Vic starts" in answer.text) == (422, True, True)
    ada.post(f"/compliance/{number}/accept-risk", data={"until": "2026-12-31", "risk": "Until Vic starts"})
    assert "May stay so until" in text(ada, f"/compliance/{number}/")


def test_the_rules_are_told_in_words(as_maya: PageClient) -> None:
    page = text(as_maya, "/compliance/rules/")
    assert "Nobody works more than 48 hours a week, averaged over 17 weeks" in page
    assert "WTD_48" not in page
