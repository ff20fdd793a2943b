"""What leave would take, said while its dates are being chosen."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from flowapp.bootstrap import Flow
from flowapp.rota.leave import LeaveRequest
from tests.cast import Cast
from tests.factories import leave_asked
from tests.support.page import PageClient
from tests.support.visitors import sign_in

TWO_DAYS = "start_date=2026-12-07&end_date=2026-12-08"


def said(page: PageClient) -> str:
    """Answer the words beside the form."""
    return " ".join(page.soup.select_one("#takes").get_text(" ").split())


def test_the_page_says_what_the_dates_take_and_what_is_left_afterwards(as_dan: PageClient) -> None:
    as_dan.get(f"/leave/balance/?type=ANNUAL&{TWO_DAYS}")
    assert said(as_dan) == "Takes 2 days, 15 hours; 195 hours left afterwards. Nothing stands in the way."
    assert as_dan.soup.select_one("#start_date")["value"] == "2026-12-07"
    assert as_dan.soup.select_one("#takes")["role"] == "status"


def test_htmx_gets_the_words_alone(as_dan: PageClient) -> None:
    answer = as_dan.fragment(f"/leave/balance/?type=ANNUAL&{TWO_DAYS}&start_part=pm")
    assert as_dan.text.startswith("Takes 1.5 days, 11.25 hours; 198.75 hours left afterwards.")
    assert as_dan.soup.find("form") is None
    assert "HX-Request" in answer.headers["Vary"]


def test_what_stands_in_the_way_is_said_in_the_rules_own_words(as_dan: PageClient, flow: Flow, cast: Cast) -> None:
    leave_asked(flow, cast.dan, start=date(2026, 12, 8))
    as_dan.get(f"/leave/balance/?type=ANNUAL&{TWO_DAYS}")
    assert "Takes 2 days, 15 hours" in said(as_dan)
    assert "Nothing stands in the way" not in said(as_dan)
    assert "Not possible Other leave Leave on 8 December 2026 is already asked for" in said(as_dan)

    as_dan.get("/leave/")
    as_dan.post("/leave/", {"type": "ANNUAL", "start_date": "2026-12-07", "end_date": "2026-12-08"}, status=422)
    assert "Leave on 8 December 2026 is already asked for" in as_dan.text


def test_more_than_is_left_is_told_before_it_is_asked_for(as_dan: PageClient) -> None:
    as_dan.get("/leave/balance/?type=ANNUAL&start_date=2026-12-07&end_date=2027-02-12")
    assert "left afterwards" not in said(as_dan)
    assert "Not possible Allowance" in said(as_dan)


def test_leave_over_the_years_end_says_what_is_left_of_both_years(as_dan: PageClient) -> None:
    as_dan.get("/leave/balance/?type=ANNUAL&start_date=2027-03-30&end_date=2027-04-01")
    left = "195 hours of the leave year to 31 March 2027 and 202.5 hours of the leave year to 31 March 2028"
    assert f"Takes 3 days, 22.5 hours; left afterwards are {left}." in said(as_dan)


def test_leave_that_is_not_taken_from_the_allowance_says_so(as_dan: PageClient) -> None:
    as_dan.get(f"/leave/balance/?type=UNPAID&{TWO_DAYS}")
    assert "Takes 2 days, 15 hours; this type is not taken from your allowance." in said(as_dan)


@pytest.mark.parametrize("query", ["", "start_date=2026-12-07", "end_date=2026-12-07", "start_date=&end_date="])
def test_half_chosen_dates_are_no_mistake(as_dan: PageClient, query: str) -> None:
    as_dan.fragment(f"/leave/balance/?{query}")
    assert as_dan.text == "Choose the first and the last day to see what the leave takes."
    as_dan.get(f"/leave/balance/?{query}")
    assert as_dan.soup.select_one(".error-summary") is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("start_date=yesterday&end_date=2026-12-07", "start_date"),
        ("start_date=2026-12-08&end_date=2026-12-07", "end_date"),  # the wrong way round
        ("start_date=2026-12-07&end_date=2026-12-08&type=NONSENSE", "type"),
        ("start_date=2026-12-07&end_date=2026-12-08&start_part=noon", "start_part"),
    ],
)
def test_dates_that_make_no_sense_are_told_in_words(as_dan: PageClient, query: str, field: str) -> None:
    as_dan.get(f"/leave/balance/?{query}", status=422)
    assert as_dan.soup.select_one(f'.error-summary a[href="#{field}"]')
    as_dan.fragment(f"/leave/balance/?{query}", status=422)
    assert as_dan.text


def test_the_button_for_browsers_without_javascript_keeps_what_was_typed_and_changes_nothing(
    as_dan: PageClient, flow: Flow
) -> None:
    as_dan.get("/leave/")
    nonce = as_dan.soup.select_one("input[name=nonce]")["value"]
    button = as_dan.soup.find("button", string="What would it take?")
    typed = {"type": "ANNUAL", "start_date": "2026-12-07", "end_date": "2026-12-07", "reason": "A day out"}
    as_dan.post(button["formaction"], {**typed, "nonce": nonce}, status=200)
    assert said(as_dan).startswith("Takes 1 day, 7.5 hours; 202.5 hours left afterwards.")
    assert as_dan.soup.select_one("#reason").get_text(strip=True) == "A day out"
    assert as_dan.soup.select_one("input[name=nonce]")["value"] == nonce
    with flow.database.read() as session:
        assert session.scalar(select(func.count(LeaveRequest.id))) == 0


def test_neither_the_reason_nor_the_token_is_sent_with_the_dates(as_dan: PageClient) -> None:
    as_dan.get("/leave/")
    asked = as_dan.soup.select_one("[hx-get='/leave/balance/']")
    names = {field["name"] for field in asked.select("[name]")}
    assert names == {"type", "start_date", "start_part", "end_date", "end_part"}
    assert (asked["hx-include"], asked["hx-sync"]) == ("this", "this:replace")


def test_only_members_of_staff_have_leave_to_ask_for(app: Flask, flow: Flow, cast: Cast, page: PageClient) -> None:
    sign_in(app, flow, cast.ada).get(f"/leave/balance/?{TWO_DAYS}", status=404)
    assert "/sign-in" in page.get("/leave/balance/", status=303).location
