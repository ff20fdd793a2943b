"""Handovers over the API, and what is looked out for in a home."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.bootstrap import Flow
from flowapp.rota.units import UnitKind, add_unit
from tests.cast import Cast
from tests.factories import cause_of
from tests.support.visitors import Api

MORNING = "2026-11-23T08:00:00Z"


@pytest.fixture
def body(flow: Flow, cast: Cast) -> dict[str, Any]:
    """What the night tells the day at Rose House, in the unit Bluebell."""
    cause = cause_of(cast.maya, flow.clock.now())
    unit = flow.database.write(
        lambda s: add_unit(s, cause, home_id=cast.rose, name="Bluebell", kind=UnitKind.STANDARD, beds=8).id
    )
    told = {"text": "A quiet night.", "items": ["Call the doctor", "Weigh Mr Kerr"]}
    return {"care_home_id": cast.rose, "unit_id": unit, "change_at": MORNING, **told}


def test_a_handover_is_written_acknowledged_and_ticked_off(api: Api, cast: Cast, body: dict[str, Any]) -> None:
    made = api.call("POST", "/handovers", cast.dan, body, **{"Idempotency-Key": "one"})
    assert (made.status_code, made.json["unit_name"], made.json["written_by"]) == (201, "Bluebell", "Dan")
    assert api.call("POST", "/handovers", cast.dan, body, **{"Idempotency-Key": "one"}).json == made.json
    path = f"/handovers/{made.json['id']}"

    own = api.call("POST", f"{path}/acknowledge", cast.dan)
    assert (own.status_code, "whoever takes over" in own.json["detail"]) == (409, True)
    read = api.call("POST", f"{path}/acknowledge", cast.sorcha, **{"If-Match": "1"})
    assert (read.status_code, read.json["acknowledged_by"], read.headers["ETag"]) == (200, "Sorcha", '"2"')
    item = made.json["items"][1]["id"]
    for done, by in ((True, "Sorcha"), (False, "")):
        ticked = api.call("POST", f"{path}/items/{item}/tick", cast.sorcha, {"done": done})
        assert [each["done_by"] for each in ticked.json["items"]] == ["", by]
    assert api.call("GET", path, cast.maya).json == ticked.json


def test_a_list_has_the_handovers_of_a_unit_and_of_the_whole_home(api: Api, cast: Cast, body: dict[str, Any]) -> None:
    of_unit = api.call("POST", "/handovers", cast.dan, body).json["id"]
    of_home = api.call("POST", "/handovers", cast.dan, body | {"unit_id": None}).json["id"]

    def found(query: str) -> list[int]:
        return [each["id"] for each in api.call("GET", f"/handovers?{query}", cast.maya).json["items"]]

    assert found(f"unit={body['unit_id']}") == [of_home, of_unit]
    assert found("unit=999999") == [of_home]
    assert (found("home=ROSE"), found("home=ELM")) == ([of_home, of_unit], [])
    assert found(f"cursor={of_home}") == [of_unit]


def test_a_home_keeps_its_handovers_to_itself(api: Api, cast: Cast, body: dict[str, Any]) -> None:
    made = api.call("POST", "/handovers", cast.dan, body).json
    path, item = f"/handovers/{made['id']}", made["items"][0]["id"]
    for who in (cast.vic, cast.erin):
        assert api.call("GET", "/handovers", who).json["items"] == []
        assert api.call("GET", path, who).status_code == 404
        assert api.call("POST", "/handovers", who, body).status_code == 404
        assert api.call("POST", f"{path}/acknowledge", who).status_code == 404
        assert api.call("POST", f"{path}/items/{item}/tick", who, {}).status_code == 404
    assert api.call("GET", path, cast.hana).status_code == 403  # HR has no part in the care of residents


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"text": ""}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"items": ["x" * 201]}, "items"),
        ({"items": ["x"] * 21}, "items"),
        ({"unit_id": 999_999}, "unit_id"),
        ({"change_at": "2026-11-23T08:00:00"}, "change_at"),
        ({"change_at": "2027-11-23T08:00:00Z"}, "change_at"),
        ({"from_shift_id": 999_999}, "from_shift_id"),
    ],
)
def test_what_makes_no_sense_is_told_by_its_field(
    api: Api, cast: Cast, body: dict[str, Any], given: dict[str, Any], path: str
) -> None:
    answer = api.call("POST", "/handovers", cast.dan, body | given)
    assert (answer.status_code, [each["path"] for each in answer.json["problems"]]) == (422, [path])


def test_a_home_says_what_is_looked_out_for(api: Api, cast: Cast) -> None:
    path = f"/homes/{cast.rose}/watch"
    before = api.call("GET", path, cast.maya)
    assert before.json == {"care_home_id": cast.rose, "no_show_minutes": None, "handover_minutes": None, "version": 0}
    wanted = {"no_show_minutes": 30, "handover_minutes": None}
    after = api.call("PUT", path, cast.maya, wanted, **{"If-Match": "0"})
    assert (after.status_code, after.json["no_show_minutes"], after.headers["ETag"]) == (200, 30, '"1"')
    assert api.call("PUT", path, cast.maya, wanted | {"handover_minutes": 60}, **{"If-Match": "0"}).status_code == 409
    assert api.call("PUT", path, cast.maya, wanted).status_code == 428
    assert (
        api.call(
            "PUT", path, cast.maya, {"no_show_minutes": 4, "handover_minutes": None}, **{"If-Match": "1"}
        ).status_code
        == 422
    )
    assert api.call("PUT", path, cast.dan, wanted, **{"If-Match": "1"}).status_code == 403
    assert api.call("PUT", path, cast.erin, wanted, **{"If-Match": "1"}).status_code == 404
    assert api.call("GET", path, cast.erin).status_code == 404
