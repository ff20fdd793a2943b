"""The pages about absences: reporting somebody, being back, and the talk afterwards."""

from __future__ import annotations

from datetime import date

from flask import Flask

from flowapp.bootstrap import Flow
from tests.cast import Cast
from tests.factories import a_shift
from tests.support.page import PageClient
from tests.support.visitors import sign_in


def report(page: PageClient, cast: Cast, **given: str) -> str:
    """Report Dan off sick on the page, and answer where the absence is."""
    page.get(f"/absences/report/?staff={cast.dan.staff_id}")
    assert page.soup.select_one("#staff_id option[selected]").get_text() == "Dan"
    nonce = str(page.soup.select_one("input[name=nonce]")["value"])
    form = {"staff_id": str(cast.dan.staff_id), "kind": "sickness", "first_day": "2026-11-23", "nonce": nonce}
    return str(page.post("/absences/report/", form | {"reason": "A bad back"} | given, status=303).location)


def test_an_illness_goes_its_way_from_the_call_to_the_talk(
    app: Flask, flow: Flow, cast: Cast, as_maya: PageClient
) -> None:
    a_shift(flow, cast.maya, cast.rose, day=date(2026, 11, 24), staff=cast.dan)
    sorcha = sign_in(app, flow, cast.sorcha)
    where = report(sorcha, cast)
    sorcha.get(where)
    assert "Tuesday 24 November 2026, 08:00 to 20:00" in sorcha.text
    assert "A bad back" not in sorcha.text  # what was said of it is for the manager
    assert sorcha.soup.select_one("#change") is None

    as_maya.get("/")
    assert "1 person off sick" in as_maya.text
    as_maya.get(where)
    assert "A bad back" in as_maya.text
    as_maya.post(f"{where}end", {"last_day": "2026-11-23", "version": "1"}, status=303)
    as_maya.get("/")
    assert "1 talk after sickness due" in as_maya.text
    sorcha.get(where)
    assert sorcha.soup.select_one("#talk") is None
    sorcha.post(f"{where}talk", {"note": "Fine"}, status=403)

    as_maya.get(where)
    as_maya.post(f"{where}talk", {"note": "Lifts nothing for a week", "version": "2"}, status=303)
    as_maya.get("/absences/")
    assert "Nobody is off sick" in as_maya.text
    as_maya.get(f"/staff/{cast.dan.staff_id}/")
    assert "Closed" in as_maya.soup.select_one("#absence").get_text()


def test_a_form_that_is_out_of_date_changes_nothing(as_maya: PageClient, cast: Cast) -> None:
    where = report(as_maya, cast)
    as_maya.get(where)
    form = {"first_day": "2026-11-22", "expected_return": "", "reason": "A bad back", "version": "1"}
    as_maya.post(f"{where}change", form, status=303)
    as_maya.post(f"{where}change", form | {"first_day": "2026-11-21"}, status=409)
    as_maya.get(where)
    assert "22 November 2026" in as_maya.text


def test_somebody_sees_their_own_absence_and_nobody_elses(as_dan: PageClient, as_maya: PageClient, cast: Cast) -> None:
    where = report(as_maya, cast)
    as_dan.get(where)
    assert "A bad back" in as_dan.text
    assert not as_dan.soup.select("main form")
    as_dan.get("/absences/")
    assert "Dan" in as_dan.text
    as_dan.get(f"/staff/{cast.dan.staff_id}/")
    assert "Off sick at this time." in as_dan.text


def test_only_ones_own_staff_can_be_chosen(app: Flask, flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    as_maya.get("/absences/report/")
    names = [each.get_text() for each in as_maya.soup.select("#staff_id option")]
    assert names == ["Choose somebody", "Dan", "Maya", "Sorcha"]
    form = {"staff_id": str(cast.vic.staff_id), "first_day": "2026-11-23"}
    as_maya.post("/absences/report/", form, status=422)
    assert "choose somebody from the list" in as_maya.text
    as_maya.post("/absences/report/", form | {"staff_id": ""}, status=422)
    assert "Choose who is not there." in as_maya.text
