"""Seeing members of staff over the API; adding and changing them is in test_staff_changes.py."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast
from tests.support.visitors import Api

TERMS = {"contract", "contracted_hours", "pattern", "start_date", "end_date"}


def names(answer: Any) -> list[str]:
    """Answer the names of a list."""
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json["items"]]


def test_a_manager_sees_everybody_of_the_home_and_a_carer_only_themselves(api: Api, cast: Cast) -> None:
    assert names(api.call("GET", "/staff", cast.maya)) == ["Maya", "Dan", "Sorcha"]
    assert names(api.call("GET", "/staff", cast.sorcha)) == ["Maya", "Dan", "Sorcha"]
    assert names(api.call("GET", "/staff", cast.dan)) == ["Dan"]
    assert names(api.call("GET", "/staff", cast.hana)) == ["Maya", "Dan", "Sorcha", "Vic", "Erin"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("home=ELM", ["Vic", "Erin"]),
        ("home=elm", ["Vic", "Erin"]),
        ("home={elm}", ["Vic", "Erin"]),
        ("home=NOWHERE", []),
        ("home=999", []),
        ("q=DAN", ["Dan"]),
        ("q=e-v", ["Vic"]),  # the staff number
        ("q=%25", []),  # a sign of the database's own search means nothing
        ("role=SCW&q=s", ["Sorcha"]),
        ("role=MGR", []),
        ("home=", ["Maya", "Dan", "Sorcha", "Vic", "Erin"]),
    ],
)
def test_staff_are_found_by_home_role_and_words(api: Api, cast: Cast, filters: str, expected: list[str]) -> None:
    assert names(api.call("GET", f"/staff?{filters.format(elm=cast.elm)}", cast.hana)) == expected


def test_another_homes_staff_are_not_found_by_asking_for_their_home(api: Api, cast: Cast) -> None:
    assert names(api.call("GET", "/staff?home=ELM", cast.maya)) == []


def test_a_list_of_staff_goes_on_where_it_stopped(api: Api, cast: Cast) -> None:
    found, cursor = [], ""
    while cursor is not None:
        answer = api.call("GET", f"/staff?limit=2&cursor={cursor}", cast.hana)
        found += names(answer)
        cursor = answer.json["next"]
    assert found == ["Maya", "Dan", "Sorcha", "Vic", "Erin"]


def test_a_member_of_staff_has_the_fields_that_programs_rely_on(api: Api, cast: Cast) -> None:
    body = api.call("GET", f"/staff/{cast.dan.staff_id}", cast.maya).json
    uid = body.pop("uid")
    assert len(uid) == 26
    assert body == {
        "id": cast.dan.staff_id, "employee_no": "E-Dan", "name": "Dan", "email": "dan@example.org",
        "care_home_id": cast.rose, "unit_id": None, "role": "SCW", "status": "active", "version": 1,
        "contract": "permanent", "contracted_hours": 37.5, "start_date": "2024-01-08", "end_date": None,
        "pattern": {"mon": 7.5, "tue": 7.5, "wed": 7.5, "thu": 7.5, "fri": 7.5},
    }  # fmt: skip


def test_the_terms_of_a_contract_are_left_out_for_whom_they_do_not_concern(api: Api, cast: Cast) -> None:
    def fields(who: Any, staff_id: int | None) -> set[str]:
        return set(api.call("GET", f"/staff/{staff_id}", who).json)

    assert fields(cast.maya, cast.dan.staff_id) >= TERMS
    assert fields(cast.hana, cast.dan.staff_id) >= TERMS
    assert fields(cast.dan, cast.dan.staff_id) >= TERMS
    assert not fields(cast.sorcha, cast.dan.staff_id) & TERMS
    assert fields(cast.sorcha, cast.sorcha.staff_id) >= TERMS


def test_for_colleagues_and_outsiders_a_member_of_staff_does_not_exist(api: Api, cast: Cast) -> None:
    for who in (cast.dan, cast.vic, cast.erin):
        hidden = api.call("GET", f"/staff/{cast.maya.staff_id}", who)
        missing = api.call("GET", "/staff/999", who)
        assert (hidden.status_code, missing.status_code) == (404, 404)
        assert hidden.json == missing.json


@pytest.mark.parametrize(("query", "path"), [("role=carer", "role"), ("limit=201", "limit"), ("cursor=x", "cursor")])
def test_a_senseless_filter_is_told(api: Api, cast: Cast, query: str, path: str) -> None:
    answer = api.call("GET", f"/staff?{query}", cast.maya)
    assert (answer.status_code, [each["path"] for each in answer.json["problems"]]) == (422, [path])


def test_a_token_that_may_not_read_is_refused(api: Api, cast: Cast) -> None:
    assert api.call("GET", "/staff", cast.maya, scopes=("run",)).status_code == 403
