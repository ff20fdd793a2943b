"""Seeing care homes over the API; opening and changing one is in test_homes_changes.py."""

from __future__ import annotations

from typing import Any

from flowapp.bootstrap import Flow
from flowapp.events.cause import SYSTEM, Cause
from flowapp.rota.units import UnitKind, add_unit
from tests.cast import Cast
from tests.support.visitors import Api


def names(answer: Any) -> list[str]:
    """Answer the names of a list."""
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json["items"]]


def test_everybody_sees_the_homes_they_belong_to(api: Api, cast: Cast) -> None:
    assert names(api.call("GET", "/homes", cast.dan)) == ["Rose House"]
    assert names(api.call("GET", "/homes", cast.erin)) == ["Elm House"]
    assert names(api.call("GET", "/homes", cast.hana)) == ["Rose House", "Elm House"]


def test_a_list_of_homes_goes_on_where_it_stopped(api: Api, cast: Cast) -> None:
    first = api.call("GET", "/homes?limit=1", cast.ada)
    assert (names(first), first.json["next"]) == (["Rose House"], str(cast.rose))
    rest = api.call("GET", f"/homes?limit=1&cursor={first.json['next']}", cast.ada)
    assert (names(rest), rest.json["next"]) == (["Elm House"], None)


def test_a_home_is_shown_with_its_units(api: Api, cast: Cast, flow: Flow) -> None:
    cause = Cause(actor=SYSTEM, at=flow.clock.now())
    for name in ("Thistle", "Bluebell"):
        flow.database.write(
            lambda s, n=name: add_unit(s, cause, home_id=cast.rose, name=n, kind=UnitKind.DEMENTIA, beds=16).id
        )

    body = api.call("GET", f"/homes/{cast.rose}", cast.dan).json

    units, uid = body.pop("units"), body.pop("uid")
    assert body == {
        "id": cast.rose, "code": "ROSE", "name": "Rose House", "nation": "scotland", "timezone": "Europe/London",
        "leave_year_start": "04-01", "is_active": True, "version": 1,
    }  # fmt: skip
    assert (len(uid), [len(unit["uid"]) for unit in units]) == (26, [26, 26])
    assert [(unit["name"], unit["kind"], unit["beds"]) for unit in units] == [
        ("Bluebell", "dementia", 16), ("Thistle", "dementia", 16)]  # fmt: skip


def test_for_an_outsider_a_home_does_not_exist(api: Api, cast: Cast) -> None:
    hidden, missing = api.call("GET", f"/homes/{cast.rose}", cast.vic), api.call("GET", "/homes/999", cast.vic)
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert hidden.json == missing.json


def test_a_missing_home_is_404(api: Api, cast: Cast) -> None:
    assert api.call("GET", "/homes/999", cast.ada).status_code == 404


def test_a_senseless_limit_is_told(api: Api, cast: Cast) -> None:
    answer = api.call("GET", "/homes?limit=0", cast.dan)
    assert (answer.status_code, answer.json["problems"][0]["path"]) == (422, "limit")


def test_a_token_that_may_not_read_is_refused(api: Api, cast: Cast) -> None:
    assert api.call("GET", "/homes", cast.dan, scopes=("rota",)).status_code == 403
    assert api.call("GET", f"/homes/{cast.rose}", cast.dan, scopes=("rota",)).status_code == 403
