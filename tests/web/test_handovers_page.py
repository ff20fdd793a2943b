"""The pages of handovers: written by one, read and taken over by another."""

from __future__ import annotations

import pytest
from flask import Flask

from flowapp.bootstrap import Flow
from flowapp.rota.units import UnitKind, add_unit
from tests.cast import Cast
from tests.factories import cause_of
from tests.support.page import PageClient
from tests.support.visitors import sign_in


@pytest.fixture
def bluebell(flow: Flow, cast: Cast) -> int:
    """A unit of Rose House."""
    cause = cause_of(cast.maya, flow.clock.now())
    return flow.database.write(
        lambda s: add_unit(s, cause, home_id=cast.rose, name="Bluebell", kind=UnitKind.STANDARD, beds=8).id
    )


def written(page: PageClient, place: str, **given: str) -> str:
    """Write a handover, and answer the address of its page."""
    page.get("/handovers/write/")
    sent = {"place": place, "day": "2026-11-23", "time": "08:00", "text": "A quiet night.\n\nAll slept.", **given}
    return page.post("/handovers/write/", sent, status=303).location


def test_a_handover_is_written_taken_over_and_ticked_off(
    bluebell: int, cast: Cast, as_dan: PageClient, as_maya: PageClient
) -> None:
    path = written(as_dan, f"{cast.rose}-{bluebell}", items="Call the doctor\n\nWeigh Mr Kerr")
    as_dan.get(path)
    assert "Bluebell, Monday 23 November 2026, 08:00" in as_dan.text
    assert "I have read this and take over" not in as_dan.text
    assert "Nobody has taken over yet" in as_dan.text

    as_maya.get("/handovers/")
    assert [each.get_text() for each in as_maya.soup.select("article p")][:2] == ["A quiet night.", "All slept."]
    as_maya.get(as_maya.post(f"{path}acknowledge", status=303).location)
    assert "Taken over by Maya" in as_maya.text
    assert "I have read this" not in as_maya.text
    tick = as_maya.soup.select("form[action$=tick]")[0]["action"]
    as_maya.get(as_maya.post(str(tick), {"done": "yes"}, status=303).location)
    assert "Call the doctor Done by Maya." in as_maya.text
    as_maya.get(as_maya.post(str(tick), {"done": "no"}, status=303).location)
    assert "Call the doctor Not done yet." in as_maya.text


def test_the_form_begins_with_ones_home_and_the_hour(bluebell: int, cast: Cast, as_dan: PageClient) -> None:
    as_dan.get("/handovers/write/")
    chosen = as_dan.soup.select_one("option[selected]")
    assert chosen is not None
    assert (chosen["value"], chosen.get_text()) == (f"{cast.rose}-0", "All of Rose House")
    assert [each["value"] for each in as_dan.soup.select("input[type=date], input[type=time]")] == [
        "2026-11-23", "09:00"]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": ""}, "text"),
        ({"items": "x" * 300}, "items"),
        ({"day": "soon"}, "day"),
        ({"day": "2026-11-01"}, "day"),
        ({"time": "noon"}, "time"),
        ({"place": "1-999999"}, "place"),
        ({"place": "2-0"}, "place"),
        ({"place": "1-x"}, "place"),
        ({"place": ""}, "place"),
    ],
)
def test_what_makes_no_sense_is_told_at_its_field(
    bluebell: int, as_dan: PageClient, given: dict[str, str], field: str
) -> None:
    as_dan.get("/handovers/write/")
    sent = {"place": "1-0", "day": "2026-11-23", "time": "08:00", "text": "A quiet night.", **given}
    as_dan.post("/handovers/write/", sent, status=422)
    assert as_dan.soup.select(f"#{field}-error")


def test_a_list_is_narrowed_to_a_unit_and_goes_back_in_time(bluebell: int, cast: Cast, as_dan: PageClient) -> None:
    written(as_dan, f"{cast.rose}-{bluebell}", text="Of Bluebell")
    for number in range(11):
        written(as_dan, f"{cast.rose}-0", text=f"Of the home, {number}")
    as_dan.get("/handovers/?unit=")
    assert len(as_dan.soup.select("article")) == 10
    older = as_dan.soup.select_one("a[rel=next]")
    assert older is not None
    as_dan.get(str(older["href"]))
    assert "Of Bluebell" in as_dan.text
    as_dan.get("/handovers/?unit=999999")
    assert "Of Bluebell" not in as_dan.text


def test_a_home_keeps_its_handovers_to_itself(
    bluebell: int, cast: Cast, as_dan: PageClient, as_vic: PageClient, app: Flask, flow: Flow
) -> None:
    path = written(as_dan, f"{cast.rose}-0")
    as_vic.get(path, status=404)
    as_vic.get("/handovers/?unit=")
    assert "A quiet night" not in as_vic.text
    hana = sign_in(app, flow, cast.hana)
    hana.get("/handovers/", status=403)
    hana.get("/leave/")
    assert "Handovers" not in hana.soup.get_text()
