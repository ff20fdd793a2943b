"""The list of staff, and one person's record."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.rota.leave_decisions import approve
from flowapp.rota.staff import JobRole, add_staff
from flowapp.web.staff.week import week_words
from tests.cast import Cast
from tests.factories import a_member, cause_of, leave_asked
from tests.support.page import PageClient
from tests.support.visitors import sign_in


def linked(page: PageClient, words: str) -> str:
    """Answer where a link leads."""
    return str(next(link["href"] for link in page.soup.find_all("a") if link.get_text(strip=True) == words))


def names(page: PageClient) -> list[str]:
    """Answer the names in the list, from the top."""
    return [cell.get_text(strip=True) for cell in page.soup.select("#people tbody th")]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        # the long days of a carer
        ({"mon": 11, "tue": 11, "wed": 11}, "Monday to Wednesday, 11 hours"),
        # two days in a row are no run
        ({"mon": Decimal("7.5"), "tue": Decimal("7.5")}, "Monday and Tuesday, 7.5 hours"),
        # days apart, and a shorter one
        ({"mon": 8, "thu": 8, "fri": 4}, "Monday and Thursday, 8 hours; Friday, 4 hours"),
        # a run and a day apart
        ({"mon": 6, "tue": 6, "wed": 6, "sat": 6}, "Monday to Wednesday and Saturday, 6 hours"),
        # the same hours every day, and one hour
        (dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), 1), "Every day, 1 hour"),
        # bank staff
        ({}, "No fixed days"),
        ({"mon": 0}, "No fixed days"),
    ],
)
def test_a_usual_week_is_said_in_words(pattern: dict[str, Decimal], words: str) -> None:
    assert week_words(pattern) == words


def test_a_manager_sees_the_staff_of_their_home_by_name(as_maya: PageClient) -> None:
    as_maya.get("/staff/")
    assert names(as_maya) == ["Dan", "Maya", "Sorcha"]
    assert "3 people" in as_maya.text
    assert "Monday to Friday, 7.5 hours" in as_maya.text


def test_a_carer_sees_only_their_own_record(as_dan: PageClient, cast: Cast) -> None:
    as_dan.get("/staff/")
    assert names(as_dan) == ["Dan"]
    assert as_dan.soup.select_one("form[role=search]") is None
    as_dan.get(f"/staff/{cast.sorcha.staff_id}/", status=404)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=or", ["Sorcha"]),  # part of a name, however it is written
        ("q=DAN", ["Dan"]),
        ("q=%25", []),  # a sign that would find everything if it were taken as a pattern
        ("role=MGR", []),
        ("role=SCW", ["Dan", "Maya", "Sorcha"]),
        ("home=ELM", []),  # not one of Maya's homes
        ("role=nonsense", ["Dan", "Maya", "Sorcha"]),
    ],
)
def test_the_list_is_narrowed_by_name_home_and_role(as_maya: PageClient, query: str, expected: list[str]) -> None:
    as_maya.get(f"/staff/?{query}")
    assert names(as_maya) == expected
    assert expected or "Nobody matches" in as_maya.text


def test_somebody_with_several_homes_chooses_one(app: Flask, flow: Flow, cast: Cast) -> None:
    hana = sign_in(app, flow, cast.hana)
    hana.get("/staff/")
    assert names(hana) == ["Dan", "Erin", "Maya", "Sorcha", "Vic"]
    hana.fragment("/staff/?home=ELM")
    assert names(hana) == ["Erin", "Vic"]


def test_a_long_list_has_pages(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    def write(session: Session) -> None:
        for number in range(50):
            a_member(session, flow.clock.now(), name=f"Zoe{number:02}", home_id=cast.rose)

    flow.database.write(write)
    as_maya.get("/staff/")
    assert len(names(as_maya)) == 50
    as_maya.get(linked(as_maya, "Names after these"))
    assert names(as_maya) == ["Zoe47", "Zoe48", "Zoe49"]
    assert "51 to 53 of 53 people" in as_maya.text
    as_maya.get("/staff/?page=99")
    assert names(as_maya) == ["Zoe47", "Zoe48", "Zoe49"]


def test_a_record_says_the_contract_and_what_is_left_of_both_leave_years(
    as_maya: PageClient, flow: Flow, cast: Cast
) -> None:
    approved = leave_asked(flow, cast.dan, start=date(2026, 12, 7), end=date(2026, 12, 8))
    leave_asked(flow, cast.dan, start=date(2027, 1, 11))
    cause = cause_of(cast.maya, flow.clock.now())
    flow.database.write(lambda session: approve(session, cause, cast.maya, approved))

    as_maya.get(f"/staff/{cast.dan.staff_id}/")
    for words in (
        "Permanent, 37.5 hours a week", "Monday to Friday, 7.5 hours", "8 January 2024",
        "This leave year, to 31 March 2027", "195 hours", "of 210 hours; 15 approved; 7.5 asked for",
        "Next leave year, from 1 April 2027", "7 to 8 December 2026", "11 January 2027", "Waiting for a decision",
    ):  # fmt: skip
        assert words in as_maya.text, words


def test_a_senior_sees_a_colleagues_leave_but_not_what_is_left_of_it(app: Flask, flow: Flow, cast: Cast) -> None:
    leave_asked(flow, cast.dan)
    sorcha = sign_in(app, flow, cast.sorcha)
    sorcha.get(f"/staff/{cast.dan.staff_id}/")
    assert "7 December 2026" in sorcha.text
    assert "leave year" not in sorcha.text
    sorcha.get(f"/staff/{cast.sorcha.staff_id}/")
    assert "This leave year" in sorcha.text


def test_somebody_without_an_allowance_is_told_so(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    made = flow.database.write(
        lambda session: (
            add_staff(
                session,
                employee_no="E-9",
                name="Bea",
                email="bea@example.org",
                home_id=cast.rose,
                role=JobRole.CARER,
                pattern={},
                start_date=date(2027, 1, 4),
                at=flow.clock.now(),
            ).id
        )
    )
    as_maya.get(f"/staff/{made}/")
    assert "None set" in as_maya.text
    assert "No fixed days" in as_maya.text
    assert "No leave asked for" in as_maya.text
    assert "Starts" in as_maya.text


def test_an_outsider_and_a_missing_record_look_the_same(as_vic: PageClient, as_maya: PageClient, cast: Cast) -> None:
    as_vic.get(f"/staff/{cast.dan.staff_id}/", status=404)
    outside = as_vic.text
    as_maya.get("/staff/9999/", status=404)
    as_vic.get("/staff/9999/", status=404)
    assert as_vic.text == outside


def test_whoever_is_not_signed_in_is_sent_to_sign_in(page: PageClient) -> None:
    assert "/sign-in" in page.get("/staff/", status=303).location


def test_another_homes_staff_are_not_counted(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    flow.database.write(lambda session: a_member(session, flow.clock.now(), name="Gus", home_id=cast.elm))
    as_maya.get("/staff/")
    assert "Gus" not in as_maya.text
    assert "3 people" in as_maya.text
