"""What the rules of working time know of somebody, and where they help out, on their page."""

from __future__ import annotations

from flask import Flask

from flowapp.bootstrap import Flow
from tests.cast import Cast
from tests.support.page import PageClient
from tests.support.visitors import sign_in

FORM = {
    "born": "1990-02-28", "opted_out_on": "2026-01-02", "opt_out_notice_days": "14", "most_days_in_a_row": "5",
    "most_week_hours": "45.5", "wants_extra": "yes", "restrictions": "no_nights", "version": "1",
}  # fmt: skip


def test_a_manager_changes_what_the_rules_must_know(as_maya: PageClient, as_dan: PageClient, cast: Cast) -> None:
    record = f"/staff/{cast.dan.staff_id}/"
    as_maya.get(f"{record}work-limits/")
    assert as_maya.soup.select_one("#restriction_note") is None
    as_maya.post(f"{record}work-limits/", FORM, status=303)
    for page in (as_maya, as_dan):
        page.get(record)
        for words in ("28 February 1990", "Agreed on 2 January 2026, with 14 days of notice", "5 days", "45.5 hours",
                      "Glad to be asked", "No nights"):  # fmt: skip
            assert words in page.text, words
    assert as_dan.soup.select_one("a[href$=work-limits\\/]") is None
    as_maya.post(f"{record}work-limits/", FORM | {"born": "1991-01-01"}, status=409)


def test_what_occupational_health_wrote_is_kept_when_a_manager_saves(app: Flask, flow: Flow, cast: Cast) -> None:
    record = f"/staff/{cast.dan.staff_id}/"
    hana, maya = sign_in(app, flow, cast.hana), sign_in(app, flow, cast.maya)
    hana.get(f"{record}work-limits/")
    hana.post(f"{record}work-limits/", FORM | {"restriction_note": "Epilepsy"}, status=303)
    maya.get(record)
    assert "Epilepsy" not in maya.text
    maya.get(f"{record}work-limits/")
    sent = FORM | {"version": "2", "most_days_in_a_row": "4", "restriction_note": "Nosy"}
    maya.post(f"{record}work-limits/", sent, status=303)
    hana.get(record)
    assert "Epilepsy" in hana.text


def test_those_who_may_not_see_a_birthday_do_not(app: Flask, flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    record = f"/staff/{cast.dan.staff_id}/"
    as_maya.get(f"{record}work-limits/")
    as_maya.post(f"{record}work-limits/", FORM, status=303)
    for who in (cast.sorcha, cast.ada):
        page = sign_in(app, flow, who)
        page.get(record)
        assert "1990" not in page.text
        page.get(f"{record}work-limits/", status=403)


def test_hr_says_where_somebody_helps_out(app: Flask, flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    record = f"/staff/{cast.dan.staff_id}/"
    hana = sign_in(app, flow, cast.hana)
    hana.get(record)
    hana.post(f"{record}homes", {"care_home": str(cast.elm), "scope": "relief"}, status=303)
    hana.get(record)
    assert "Elm House Helps out" in hana.text
    for wrong in ({"care_home": "9" * 30}, {"care_home": str(cast.elm)}, {"care_home": "999", "scope": "relief"}):
        hana.post(f"{record}homes", wrong, status=303)
    hana.get(record)
    assert "choose one of them" in hana.text
    as_maya.get(record)
    assert "Another home" not in as_maya.text  # she looks after one home alone
