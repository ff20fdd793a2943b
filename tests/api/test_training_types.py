"""Types of training over the API, and who needs them."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.bootstrap import Flow
from flowapp.events.cause import SYSTEM, Cause
from flowapp.rota.training.catalogue import CATALOGUE, write_catalogue
from tests.cast import Cast
from tests.support.visitors import Api

PEG = {"code": "PEG", "name": "PEG feeding", "category": "clinical", "validity_months": 12}


@pytest.fixture(autouse=True)
def catalogue(flow: Flow) -> None:
    """The types of training that FlowApp brings."""
    flow.database.write(lambda session: write_catalogue(session, Cause(actor=SYSTEM, at=flow.clock.now())))


def test_everybody_reads_the_types(api: Api, cast: Cast) -> None:
    for who in (cast.dan, cast.maya, cast.hana):
        found = api.call("GET", "/training-types?limit=200", who).json["items"]
        assert [each["code"] for each in found] == [each.code for each in CATALOGUE]
    assert found[1]["requirements"] == [
        {"id": found[1]["requirements"][0]["id"], "care_home_id": None, "role": None, "grace_days": 14}
    ]


def test_hr_adds_changes_and_puts_away_a_type(api: Api, cast: Cast) -> None:
    made = api.call("POST", "/training-types", cast.hana, PEG)
    assert (made.status_code, made.headers["ETag"], made.json["reminder_days"]) == (201, '"1"', [90, 60, 30, 14, 7, 0])
    path = f"/training-types/{made.json['id']}"
    assert made.headers["Location"].endswith(path)
    assert api.call("PATCH", path, cast.hana, {"name": "Feeding"}).status_code == 428
    changed = api.call("PATCH", path, cast.hana, {"validity_months": None, "is_active": False}, **{"If-Match": "1"})
    assert (changed.status_code, changed.json["validity_months"], changed.json["name"]) == (200, None, "PEG feeding")
    assert api.call("PATCH", path, cast.hana, {"name": "Feeding"}, **{"If-Match": "1"}).status_code == 409
    away = api.call("GET", "/training-types?active=false", cast.dan).json["items"]
    assert [each["code"] for each in away] == ["PEG"]


def test_who_needs_a_type_is_said_and_taken_back(api: Api, cast: Cast) -> None:
    path = f"/training-types/{api.call('POST', '/training-types', cast.hana, PEG).json['id']}"
    said = api.call("POST", f"{path}/requirements", cast.hana, {"care_home_id": cast.rose, "role": "RN"})
    (asked,) = said.json["requirements"]
    assert (said.status_code, asked["care_home_id"], asked["role"], asked["grace_days"]) == (201, cast.rose, "RN", 0)
    assert api.call("GET", path, cast.maya).json["requirements"] == [asked]
    assert api.call("GET", path, cast.erin).json["requirements"] == []  # of another home
    dropped = api.call("DELETE", f"/training-requirements/{asked['id']}", cast.hana)
    assert (dropped.status_code, dropped.json["requirements"]) == (200, [])
    assert api.call("DELETE", f"/training-requirements/{asked['id']}", cast.hana).status_code == 404


@pytest.mark.parametrize("who", ["dan", "sorcha", "maya", "erin"])
def test_others_change_nothing(api: Api, cast: Cast, who: str) -> None:
    person = getattr(cast, who)
    assert api.call("POST", "/training-types", person, PEG).status_code == 403
    assert api.call("PATCH", "/training-types/1", person, {"name": "x"}, **{"If-Match": "1"}).status_code == 403
    assert api.call("POST", "/training-types/1/requirements", person, {}).status_code == 403
    assert api.call("DELETE", "/training-requirements/1", person).status_code == 403


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"code": "?"}, "code"),
        ({"code": "FIRE"}, "code"),
        ({"name": ""}, "name"),
        ({"name": "x\x00"}, "name"),
        ({"validity_months": 0}, "validity_months"),
        ({"validity_months": "12"}, "validity_months"),
        ({"reminder_days": [1000]}, "reminder_days"),
        ({"applies_to_roles": ["PIRATE"]}, "applies_to_roles.0"),
        ({"nations": ["france"]}, "nations.0"),
        ({"category": "fun"}, "category"),
        ({"blocks_rostering": "yes"}, "blocks_rostering"),
        ({"version": 3}, "version"),
    ],
)
def test_a_type_without_sense_is_told_by_its_field(api: Api, cast: Cast, given: dict[str, Any], path: str) -> None:
    answer = api.call("POST", "/training-types", cast.hana, PEG | given)
    assert (answer.status_code, [each["path"] for each in answer.json["problems"]]) == (422, [path])


def test_a_type_that_is_not_there_is_said_to_be_none(api: Api, cast: Cast) -> None:
    assert api.call("GET", "/training-types/999999", cast.hana).status_code == 404
    assert api.call("POST", "/training-types/999999/requirements", cast.hana, {}).status_code == 404
    assert api.call("PATCH", "/training-types/999999", cast.hana, {}, **{"If-Match": "1"}).status_code == 404
