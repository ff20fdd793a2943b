"""The page “When can you work?”: for oneself, for a manager, and for those who only look."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from flowapp.bootstrap import Flow
from flowapp.rota.availability.reading import exceptions_of, patterns_of
from tests.cast import Cast
from tests.factories import a_shift
from tests.support.page import PageClient
from tests.support.visitors import sign_in

SUNDAYS = {"valid_from": "2026-11-23", "repeat_weeks": "1", "day-0": "sun", "kind-0": "unavailable"}
DENTIST = {"first_day": "2026-11-25", "start": "09:00", "end": "11:00", "kind": "unavailable", "reason": "Dentist"}


def page_of(cast: Cast) -> str:
    """Answer where Dan's page is."""
    return f"/availability/{cast.dan.staff_id}/"


def hidden(page: PageClient, name: str) -> str:
    """Answer what a form carries along unseen."""
    return str(page.soup.select_one(f"#say-weeks input[name={name}]")["value"])


def test_a_carer_says_that_sundays_are_not_possible_and_says_it_anew(
    as_dan: PageClient, cast: Cast, flow: Flow
) -> None:
    as_dan.get("/availability/")
    assert "When can you work?" in as_dan.text
    as_dan.post(f"{page_of(cast)}weeks/", {**SUNDAYS, "nonce": hidden(as_dan, "nonce")}, status=303)
    as_dan.get(page_of(cast))
    assert "Sunday, all day: cannot work" in as_dan.text

    both = SUNDAYS | {"repeat_weeks": "2", "day-1": "mon", "kind-1": "preferred", "from-1": "20:00", "to-1": "08:00"}
    kept = {name: hidden(as_dan, name) for name in ("pattern", "version", "nonce")}
    as_dan.post(f"{page_of(cast)}weeks/", {**both, "week-1": "2", **kept}, status=303)
    as_dan.get(page_of(cast))
    assert "Week 2, Monday, 20:00 to 08:00 the next day: would like to work" in as_dan.text
    assert "every second week; week 1 begins on 23 November 2026" in as_dan.text
    with flow.database.read() as session:
        assert [row.version for row in patterns_of(session, cast.dan.staff_id or 0)] == [2]


def test_what_somebody_else_changed_meanwhile_is_not_written_over(as_dan: PageClient, cast: Cast) -> None:
    as_dan.get(page_of(cast))
    as_dan.post(f"{page_of(cast)}weeks/", SUNDAYS)
    as_dan.get(page_of(cast))
    seen = {"pattern": hidden(as_dan, "pattern"), "version": hidden(as_dan, "version")}
    as_dan.post(f"{page_of(cast)}weeks/", SUNDAYS | seen | {"valid_to": "2027-01-31"}, status=303)
    as_dan.post(f"{page_of(cast)}weeks/", SUNDAYS | seen | {"valid_to": "2027-02-28"}, status=409)


def test_a_single_day_is_said_once_and_removed(as_dan: PageClient, cast: Cast, flow: Flow) -> None:
    as_dan.get(page_of(cast))
    form = DENTIST | {"nonce": hidden(as_dan, "nonce")}
    for _ in range(2):  # pressed twice
        as_dan.post(f"{page_of(cast)}days/", form, status=303)
    as_dan.get(page_of(cast))
    assert "25 November 2026, 09:00 to 11:00" in as_dan.text
    assert "Dentist" in as_dan.text
    (gone,) = [str(each["action"]) for each in as_dan.soup.select("#days form")]
    as_dan.post(gone, status=303)
    with flow.database.read() as session:
        assert exceptions_of(session, cast.dan.staff_id or 0) == []


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"valid_from": ""}, "valid_from", "Enter the first day it holds"),
        ({"day-0": "", "from-0": "09:00"}, "day-0", "Choose a day of the week"),
        ({"from-0": "9 o’clock"}, "from-0", "is not a time of day"),
        ({"day-0": ""}, "day-0", "Say at least one time"),
        ({"repeat_weeks": "99"}, "repeat_weeks", "1 to 12 weeks"),
        ({"valid_to": "2026-01-01"}, "valid_to", "before the first"),
    ],
)
def test_a_mistake_is_told_at_its_field(
    as_dan: PageClient, cast: Cast, given: dict[str, str], field: str, words: str
) -> None:
    as_dan.get(page_of(cast))
    as_dan.post(f"{page_of(cast)}weeks/", SUNDAYS | given, status=422)
    (link,) = as_dan.soup.select(".error-summary li a")
    assert link["href"] == f"#{field}"
    assert words in link.get_text()


def test_shifts_at_times_that_are_not_possible_are_named(
    as_dan: PageClient, as_maya: PageClient, cast: Cast, flow: Flow
) -> None:
    a_shift(flow, cast.maya, cast.rose, day=date(2026, 11, 29), staff=cast.dan)
    as_dan.get(page_of(cast))
    assert "not possible. Speak" not in as_dan.text
    as_dan.post(f"{page_of(cast)}weeks/", SUNDAYS)
    as_dan.get(page_of(cast))
    assert "you have 1 shift at a time when work is not possible. Speak to your manager" in as_dan.text
    as_maya.get(page_of(cast))
    assert "Dan has 1 shift" in as_maya.text


def test_a_senior_sees_it_and_has_no_form(app: Flask, flow: Flow, as_dan: PageClient, cast: Cast) -> None:
    as_dan.get(page_of(cast))
    as_dan.post(f"{page_of(cast)}weeks/", SUNDAYS)
    sorcha = sign_in(app, flow, cast.sorcha)
    sorcha.get(page_of(cast))
    assert "Sunday, all day: cannot work" in sorcha.text
    assert not sorcha.soup.select("main form")
    hana = sign_in(app, flow, cast.hana)
    hana.get("/availability/", status=404)  # no member of staff herself


def test_weeks_of_somebody_else_cannot_be_changed_through_ones_own_page(
    as_dan: PageClient, as_vic: PageClient, cast: Cast
) -> None:
    as_dan.get(page_of(cast))
    as_dan.post(f"{page_of(cast)}weeks/", SUNDAYS)
    as_dan.get(page_of(cast))
    number = hidden(as_dan, "pattern")
    own = f"/availability/{cast.vic.staff_id}/"
    as_vic.get(own)
    as_vic.post(f"{own}weeks/", SUNDAYS | {"pattern": number, "version": "1"}, status=404)
    # Whether there is such a number is not told by what is said of a mistake either.
    as_vic.post(f"{own}weeks/", SUNDAYS | {"pattern": number, "valid_from": ""}, status=404)
    as_vic.post(f"{own}weeks/{number}/remove", status=404)
