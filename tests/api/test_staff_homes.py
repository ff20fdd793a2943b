"""The homes in which somebody works, over the API."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.events.outbox import EventRecord
from flowapp.rota.eligibility.candidate import Scope
from flowapp.rota.home_scope.scopes import scopes_of, who_may_help
from tests.api.problems import places
from tests.cast import Cast
from tests.support.visitors import Api


def set_to(api: Api, who: Person, of: Person, home_id: int, kind: str | None) -> Any:
    """Say how somebody belongs to a home."""
    return api.call("POST", f"/staff/{of.staff_id}/homes", who, {"care_home_id": home_id, "kind": kind})


def test_somebody_helps_out_in_another_home(api: Api, cast: Cast, flow: Flow) -> None:
    answer = set_to(api, cast.hana, cast.dan, cast.elm, "relief")
    assert answer.json == {"staff_id": cast.dan.staff_id, "items": [
        {"care_home_id": cast.rose, "name": "Rose House", "kind": "base"},
        {"care_home_id": cast.elm, "name": "Elm House", "kind": "relief"},
    ]}  # fmt: skip
    assert api.call("GET", f"/staff/{cast.dan.staff_id}/homes", cast.dan).json == answer.json
    numbers = [cast.dan.staff_id or 0, cast.vic.staff_id or 0]
    with flow.database.read() as session:
        assert scopes_of(session, numbers) == {
            cast.dan.staff_id: {cast.rose: Scope.BASE, cast.elm: Scope.RELIEF},
            cast.vic.staff_id: {cast.elm: Scope.BASE},
        }
        assert cast.dan.staff_id in who_may_help(session, cast.elm)

    set_to(api, cast.hana, cast.dan, cast.elm, "never")
    with flow.database.read() as session:
        assert cast.dan.staff_id not in who_may_help(session, cast.elm)
    assert len(set_to(api, cast.hana, cast.dan, cast.elm, None).json["items"]) == 1
    with flow.database.read() as session:
        events = list(session.scalars(select(EventRecord).filter_by(type="staff_updated")))
        audit = [each.after for each in session.scalars(select(AuditEntry).filter_by(action="staff.homes"))]
    assert [event.context["changed"] for event in events] == [["homes"]] * 3
    assert audit == [{str(cast.elm): "relief"}, {str(cast.elm): "never"}, {str(cast.elm): None}]


def test_a_change_of_nothing_tells_nobody(api: Api, cast: Cast, flow: Flow) -> None:
    for _ in range(2):
        set_to(api, cast.hana, cast.dan, cast.elm, "relief")
    with flow.database.read() as session:
        assert len(list(session.scalars(select(EventRecord).filter_by(type="staff_updated")))) == 1


@pytest.mark.parametrize(
    ("home", "kind", "path"),
    [
        ("rose", "relief", "care_home_id"),  # their own
        ("elm", "base", "kind"),
        ("elm", "sometimes", "kind"),
        (None, "relief", "care_home_id"),  # there is none
    ],
)
def test_what_makes_no_sense_is_told_by_its_field(api: Api, cast: Cast, home: str | None, kind: str, path: str) -> None:
    number = {"rose": cast.rose, "elm": cast.elm, None: 999}[home]
    assert places(set_to(api, cast.hana, cast.dan, number, kind)) == [path]


def test_it_is_said_by_whoever_looks_after_the_person_and_the_home(api: Api, cast: Cast) -> None:
    assert places(set_to(api, cast.maya, cast.dan, cast.elm, "relief")) == ["care_home_id"]  # not one of Maya's homes
    assert set_to(api, cast.erin, cast.dan, cast.elm, "relief").status_code == 404
    assert set_to(api, cast.dan, cast.dan, cast.elm, "relief").status_code == 403
    assert api.call("GET", f"/staff/{cast.dan.staff_id}/homes", cast.erin).status_code == 404
    assert api.call("GET", "/staff/999/homes", cast.ada).status_code == 404
