"""Violations, rules and checks over the API."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.bootstrap import Flow
from tests.cast import Cast
from tests.support.visitors import Api
from tests.unit.rota_compliance.test_checks import late_then_early


def made(api: Api, cast: Cast, **given: Any) -> dict[str, Any]:
    """Say that Dan works too much, and answer the violation."""
    body = {"rule": "WTD_48_HOURS", "description": "51 hours a week", "staff_id": cast.dan.staff_id} | given
    answer = api.call("POST", "/violations", cast.maya, body)
    assert answer.status_code == 201, answer.json
    found: dict[str, Any] = answer.json
    return found


def test_a_violation_is_written_once(api: Api, cast: Cast) -> None:
    found = made(api, cast, due_on="2026-12-01")
    assert found.items() >= {
        "severity": "high", "status": "open", "care_home_id": cast.rose, "staff_name": "Dan", "created": True,
        "due_on": "2026-12-01", "evidence": [], "raised_by": "Maya",
    }.items()  # fmt: skip
    assert made(api, cast).items() >= {"id": found["id"], "created": False}.items()


def test_a_violation_goes_to_its_end(api: Api, cast: Cast) -> None:
    one = f"/violations/{made(api, cast)['id']}"
    assert api.call("POST", f"{one}/acknowledge", cast.sorcha).json["acknowledged_by"] == "Sorcha"
    assert api.call("POST", f"{one}/take-on", cast.maya).json["owner_name"] == "Maya"
    answer = api.call("POST", f"{one}/resolve", cast.maya, {"reason": "Two shifts fewer"}, **{"If-Match": "3"})
    assert (answer.json["status"], answer.json["resolution"], answer.headers["ETag"]) == (
        "resolved", "Two shifts fewer", '"4"')  # fmt: skip
    assert api.call("POST", f"{one}/resolve", cast.maya, {"reason": "Again"}).status_code == 409
    again = api.call("POST", f"{one}/reopen", cast.maya, {"reason": "They are back"}).json
    assert (again["status"], again["id"] != int(one.split("/")[-1])) == ("open", True)


def test_a_risk_is_accepted_by_whoever_may(api: Api, cast: Cast) -> None:
    one, body = f"/violations/{made(api, cast)['id']}/accept-risk", {"reason": "A wedding", "until": "2026-12-31"}
    assert api.call("POST", one, cast.maya, body).status_code == 403
    assert api.call("POST", one, cast.ada, body | {"until": "2026-01-01"}).json["problems"][0]["path"] == "until"
    assert api.call("POST", one, cast.ada, body).json["accepted_until"] == "2026-12-31"


def test_a_rule_that_was_not_broken_after_all(api: Api, cast: Cast) -> None:
    one = f"/violations/{made(api, cast)['id']}/not-broken"
    assert api.call("POST", one, cast.maya, {"reason": ""}).status_code == 422
    assert api.call("POST", one, cast.maya, {"reason": "On call"}).json["status"] == "false_positive"


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 2), ("?live=true", 1), ("?live=false", 1), ("?rule=wtd_breaks", 1), ("?severity=medium", 1),
     ("?status=resolved", 1), ("?home=ELM", 0)],
)  # fmt: skip
def test_the_list_is_narrowed(api: Api, cast: Cast, query: str, count: int) -> None:
    over = made(api, cast)["id"]
    api.call("POST", f"/violations/{over}/resolve", cast.maya, {"reason": "Done"})
    made(api, cast, rule="WTD_BREAKS")
    assert len(api.call("GET", f"/violations{query}", cast.maya).json["items"]) == count


def test_nobody_of_another_home_sees_or_changes_a_violation(api: Api, cast: Cast) -> None:
    number = made(api, cast)["id"]
    assert api.call("GET", "/violations", cast.erin).json["items"] == []
    assert api.call("GET", f"/violations/{number}", cast.erin).status_code == 404
    for act, body in (
        ("acknowledge", {}), ("take-on", {}), ("resolve", {"reason": "x"}), ("not-broken", {"reason": "x"}),
        ("reopen", {"reason": "x"}),
    ):  # fmt: skip
        assert api.call("POST", f"/violations/{number}/{act}", cast.erin, body).status_code == 404
    assert api.call("GET", "/violations", cast.dan).status_code == 403
    assert api.call("GET", f"/violations/{number}", cast.maya).json["version"] == 1


@pytest.mark.parametrize(
    ("given", "path"),
    [({"rule": "NONE"}, "rule"), ({"description": ""}, "description"), ({"severity": "awful"}, "severity"),
     ({"staff_id": 2**70}, "staff_id"), ({"staff_id": 4711}, "staff_id"), ({"description": "\x00"}, "description")],
)  # fmt: skip
def test_what_makes_no_sense_is_named(api: Api, cast: Cast, given: dict[str, Any], path: str) -> None:
    body = {"rule": "HOUSE_RULE", "description": "No drill", "care_home_id": cast.rose} | given
    answer = api.call("POST", "/violations", cast.maya, body)
    assert (answer.status_code, answer.json["problems"][0]["path"]) == (422, path)


def test_the_rules_are_listed_as_shipped_until_somebody_changes_one(api: Api, cast: Cast) -> None:
    found = {each["code"]: each for each in api.call("GET", "/compliance-rules", cast.sorcha).json["items"]}
    assert found["WTD_48_HOURS"].items() >= {"parameters": {"weeks": 17}, "severity": "high", "version": 0}.items()
    changed = api.call("PATCH", "/compliance-rules/WTD_48_HOURS", cast.ada, {"parameters": {"weeks": 26}})
    assert (changed.json["parameters"], changed.json["version"]) == ({"weeks": 26}, 1)
    assert api.call("GET", "/compliance-rules/WTD_48_HOURS", cast.maya).json == changed.json
    late = api.call("PATCH", "/compliance-rules/WTD_48_HOURS", cast.ada, {"severity": "low"}, **{"If-Match": "0"})
    assert late.status_code == 409
    assert api.call("PATCH", "/compliance-rules/NO_SUCH", cast.ada, {"severity": "low"}).status_code == 404
    assert api.call("PATCH", "/compliance-rules/WTD_BREAKS", cast.maya, {"severity": "low"}).status_code == 403


def test_a_rule_of_ones_own_is_added_once_and_told_of(api: Api, cast: Cast) -> None:
    body = {"code": "FIRE_DRILL", "name": "A fire drill each month"}
    assert api.call("POST", "/compliance-rules", cast.ada, body).json["version"] == 1
    assert api.call("POST", "/compliance-rules", cast.ada, body).json["problems"][0]["code"] == "taken"
    assert api.call("POST", "/compliance-rules", cast.ada, body | {"code": "fire"}).status_code == 422
    assert made(api, cast, rule="FIRE_DRILL")["severity"] == "medium"


def test_a_home_is_checked_now(api: Api, flow: Flow, cast: Cast) -> None:
    late_then_early(flow, cast)
    answer = api.call("POST", "/compliance-checks", cast.maya, {"care_home_id": cast.rose})
    assert answer.json.items() >= {"status": "done", "raised": 1, "found": 1, "shifts": 2}.items()
    (found,) = api.call("GET", "/violations", cast.maya).json["items"]
    assert (found["rule"], found["check_id"]) == ("WTD_REST_11_HOURS", answer.json["id"])
    assert [each["id"] for each in api.call("GET", "/compliance-checks", cast.maya).json["items"]] == [
        answer.json["id"]
    ]
    assert api.call("GET", "/compliance-checks", cast.erin).json["items"] == []
    assert api.call("GET", f"/compliance-checks/{answer.json['id']}", cast.erin).status_code == 404
    assert api.call("POST", "/compliance-checks", cast.erin, {"care_home_id": cast.rose}).status_code == 404
