"""One's own leave, and asking for more."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from flowapp.bootstrap import Flow
from flowapp.cli.demo.workflows import AUTO_APPROVE
from flowapp.rota.leave import LeaveRequest, LeaveStatus
from tests.cast import Cast
from tests.factories import a_workflow, leave_asked
from tests.support.page import PageClient
from tests.support.visitors import sign_in

DAY = {"type": "ANNUAL", "start_date": "2026-12-07", "start_part": "all", "end_date": "2026-12-07", "end_part": "all"}


def ask(page: PageClient, *, status: int, **typed: str) -> str:
    """Fill in the form, send it, and answer where it led."""
    page.get("/leave/")
    nonce = page.soup.select_one("#ask input[name=nonce]")
    answer = page.post("/leave/", {"nonce": str(nonce["value"]) if nonce else "", **DAY, **typed}, status=status)
    return answer.headers.get("Location", "")


def requests(flow: Flow) -> list[LeaveRequest]:
    """Read every request."""
    with flow.database.read() as session:
        return list(session.scalars(select(LeaveRequest).order_by(LeaveRequest.id)))


def test_a_form_that_is_filled_in_asks_for_leave(flow: Flow, as_dan: PageClient) -> None:
    address = ask(as_dan, status=303, end_date="2026-12-08", reason="A wedding")
    [found] = requests(flow)
    assert address == f"/leave/{found.id}/"
    assert (found.start_date, found.end_date, found.reason) == (date(2026, 12, 7), date(2026, 12, 8), "A wedding")
    as_dan.get(address)
    assert "Nobody has decided yet." in as_dan.text
    assert "A wedding" in as_dan.text


def test_a_short_leave_is_approved_when_the_page_comes_back(flow: Flow, cast: Cast, as_dan: PageClient) -> None:
    a_workflow(flow, cast.maya, AUTO_APPROVE, home_id=cast.rose)
    flow.start()
    as_dan.get(ask(as_dan, status=303))
    assert "Approved by the workflow “Auto-approve short leave”" in as_dan.text


def test_the_page_shows_what_is_left_and_what_was_asked_for(flow: Flow, cast: Cast, as_dan: PageClient) -> None:
    leave_asked(flow, cast.dan)
    as_dan.get("/leave/")
    assert "210 hours" in as_dan.text
    own = as_dan.soup.select_one("#own, section:has(#own)")
    assert own is not None
    row = as_dan.soup.select_one('a[href="/leave/1/"]')
    assert row is not None
    assert "Waiting for a decision" in as_dan.text


def test_without_any_leave_the_page_says_what_to_do(as_dan: PageClient) -> None:
    as_dan.get("/leave/")
    assert "No leave booked" in as_dan.text


BAD = [
    # typed, the field that is told, part of what it is told
    ({"start_date": ""}, "start_date", "first day"),
    ({"start_date": "tomorrow"}, "start_date", "first day"),
    ({"end_date": ""}, "end_date", "last day"),
    ({"end_date": "2026-12-01"}, "end_date", ""),  # before it begins
    ({"start_date": "2026-12-05", "end_date": "2026-12-05"}, "start_date", "No work is due"),
    ({"end_date": "2027-02-28"}, "end_date", "too many"),
    ({"type": "GARDENING"}, "type", "Choose a type"),
    ({"start_part": "evening"}, "start_part", ""),
]


@pytest.mark.parametrize(("typed", "field", "words"), BAD, ids=[str(row[0]) for row in BAD])
def test_what_is_wrong_is_told_beside_its_field_and_what_was_typed_is_kept(
    flow: Flow, as_dan: PageClient, typed: dict[str, str], field: str, words: str
) -> None:
    ask(as_dan, status=422, reason="A wedding <b>", **typed)
    assert requests(flow) == []
    assert as_dan.soup.title is not None
    summary = as_dan.soup.select_one(f'main a[href="#{field}"]')
    assert summary is not None, "the summary above the form leads to the field"
    assert words in as_dan.text
    target = as_dan.soup.select_one(f"#{field}")
    assert target is not None, "what the summary leads to is on the page"
    reason = as_dan.soup.select_one("textarea[name=reason]")
    assert reason is not None
    assert reason.get_text().strip() == "A wedding <b>"
    for name in ("start_date", "end_date"):
        kept = as_dan.soup.select_one(f"input[name={name}]")
        assert kept is not None
        assert kept["value"] == {**DAY, **typed}[name]


def test_days_asked_for_already_are_refused_in_words(flow: Flow, cast: Cast, as_dan: PageClient) -> None:
    leave_asked(flow, cast.dan)
    ask(as_dan, status=422)
    assert "already asked for" in as_dan.text
    assert len(requests(flow)) == 1


def test_every_field_in_error_says_so_to_those_who_cannot_see_it(as_dan: PageClient) -> None:
    ask(as_dan, status=422, start_date="")
    field = as_dan.soup.select_one("#start_date")
    assert field is not None
    assert field.get("aria-invalid") == "true"
    described = [as_dan.soup.find(id=name) for name in str(field.get("aria-describedby", "")).split()]
    assert described
    assert all(described)


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"start_date": "x" * 10_000},
        {"reason": "\x00"},
        {"start_date": "9999-12-31", "end_date": "9999-12-31"},
        {"start_date": "0001-01-01", "end_date": "9999-12-31"},
        {"start_date": "\uff12\uff10\uff12\uff16-\uff11\uff12-\uff10\uff17"},
        {"type": "ANNUAL' OR '1'='1"},
    ],
)
def test_nonsense_is_refused_and_breaks_nothing(as_dan: PageClient, typed: dict[str, str]) -> None:
    as_dan.get("/leave/")
    answer = as_dan.post("/leave/", {**({} if not typed else DAY), **typed})
    assert answer.status_code in (303, 422)


def test_a_reason_has_the_same_length_on_the_page_as_in_the_api(flow: Flow, as_dan: PageClient) -> None:
    ask(as_dan, status=422, reason="x" * 2001)


def test_somebody_who_is_no_member_of_staff_is_not_asked_to_ask(app: Flask, flow: Flow, cast: Cast) -> None:
    hana = sign_in(app, flow, cast.hana)
    hana.get("/leave/")
    assert hana.soup.select("#ask") == []
    hana.post("/leave/", DAY, status=404)
    assert "does not belong to a member of staff" in hana.text


def test_it_needs_somebody_to_be_signed_in(page: PageClient) -> None:
    assert page.get("/leave/", status=303).headers["Location"] == "/sign-in?next=/leave/"


def waiting(page: PageClient) -> list[str]:
    """Answer who is listed as waiting for a decision."""
    page.get("/leave/")
    table = page.soup.find("caption", string="Leave requests that wait for a decision")
    parent = table.find_parent("table") if table else None
    return [" ".join(a.get_text(" ").split()) for a in parent.select("tbody a")] if parent else []


def test_those_who_decide_see_what_waits_in_their_homes_but_not_their_own(
    app: Flask, flow: Flow, cast: Cast, as_maya: PageClient, as_dan: PageClient
) -> None:
    for who in (cast.dan, cast.maya, cast.vic):
        leave_asked(flow, who)
    assert waiting(as_maya) == ["Dan"]
    assert waiting(as_dan) == []
    assert "Waiting for a decision" in as_dan.text  # how his own stands
    assert sorted(waiting(sign_in(app, flow, cast.hana))) == ["Dan", "Maya", "Vic"]


def test_nobody_sees_the_leave_of_another_home(flow: Flow, cast: Cast, as_vic: PageClient) -> None:
    leave_asked(flow, cast.dan)
    as_vic.get("/leave/")
    assert "Dan" not in as_vic.text


def test_what_was_decided_is_shown_with_by_whom(
    flow: Flow, cast: Cast, as_dan: PageClient, as_maya: PageClient
) -> None:
    leave_id = leave_asked(flow, cast.dan)
    as_maya.get(f"/leave/{leave_id}/")
    as_maya.post(f"/leave/{leave_id}/approve", status=303)
    as_dan.get("/leave/")
    assert "Approved" in as_dan.text
    assert "Maya" in as_dan.text
    assert "202.5 hours" in as_dan.text


def test_a_form_without_javascript_and_a_fragment_show_the_same(as_dan: PageClient) -> None:
    as_dan.get("/leave/")
    whole: Any = as_dan.text
    as_dan.fragment("/leave/")
    assert as_dan.text in whole


def test_two_hundred_requests_are_no_trouble(flow: Flow, cast: Cast, as_dan: PageClient) -> None:
    leave_id = leave_asked(flow, cast.dan)

    def many(session: Any) -> None:
        found = session.get_one(LeaveRequest, leave_id)
        values = {c.key: getattr(found, c.key) for c in LeaveRequest.__table__.columns if c.key not in ("id", "uid")}
        for number in range(200):
            session.add(LeaveRequest(**{**values, "uid": f"{number:026}", "status": LeaveStatus.REJECTED}))

    flow.database.write(many)
    as_dan.get("/leave/")
    with flow.database.read() as session:
        assert session.scalar(select(func.count()).select_from(LeaveRequest)) == 201
