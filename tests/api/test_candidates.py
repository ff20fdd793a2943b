"""Who can take a shift, over the API: the order, the reasons, and giving it to one of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from flowapp.bootstrap import Flow
from flowapp.rota.staff import JobRole, StaffStatus
from tests.cast import Cast
from tests.factories import leave_asked
from tests.support.visitors import Api
from tests.unit.rota_shifts.rota import Rota


@pytest.fixture
def rota(flow: Flow, cast: Cast) -> Rota:
    """The rota of Rose House."""
    return Rota(flow, cast)


def asked(api: Api, cast: Cast, shift_id: int, who: Any = None) -> Any:
    """Ask who can take a shift."""
    answer = api.call("GET", f"/shifts/{shift_id}/candidates", who or cast.maya)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_everybody_of_the_home_who_does_the_job_is_in_the_answer(api: Api, cast: Cast, rota: Rota) -> None:
    found = asked(api, cast, rota.plan())

    assert (found["count"], found["found"], found["summary"]["considered"]) == (3, True, 3)
    assert {each["name"] for each in found["eligible"]} == {"Dan", "Maya", "Sorcha"}
    assert found["best"]["staff_id"] == found["eligible"][0]["staff_id"]
    assert set(found["eligible"][0]["parts"]) == {"fairness", "continuity", "skill", "preference", "rest", "travel"}
    assert found["eligible"][0]["score"] == sum(found["eligible"][0]["parts"].values())


def test_whoever_cannot_take_it_is_there_with_every_reason(api: Api, cast: Cast, rota: Rota) -> None:
    early = rota.plan(staff_id=cast.dan.staff_id)
    rota.leave(cast.sorcha, start=date(2026, 12, 7))

    found = asked(api, cast, rota.plan(start=rota.shift(early).plan.start))

    blocked = {each["name"]: [reason["rule"] for reason in each["reasons"]] for each in found["blocked"]}
    assert blocked == {"Sorcha": ["E06"], "Dan": ["E05"]}
    assert found["summary"]["blocked_by"] == {"E05": 1, "E06": 1}
    assert found["blocked"][0]["reasons"][0]["evidence"] == {"shift_id": early}


@pytest.mark.parametrize(
    "known", [{"status": StaffStatus.SUSPENDED}, {"role": JobRole.COOK}, {"start_date": date(2026, 12, 8)}]
)
def test_who_is_not_at_work_or_does_another_job_is_not_looked_at(
    api: Api, cast: Cast, rota: Rota, known: dict[str, Any]
) -> None:
    rota.change_member(cast.dan, **known)

    assert asked(api, cast, rota.plan())["summary"]["considered"] == 2


def test_a_senior_is_told_the_best_whom_they_may_put_on_it_themselves(api: Api, cast: Cast, rota: Rota) -> None:
    leave_asked(rota.flow, cast.dan, start=date(2026, 12, 7))
    for person in (cast.maya, cast.sorcha):
        rota.change_member(person, status=StaffStatus.SUSPENDED)
    shift_id = rota.plan()

    found = asked(api, cast, shift_id, cast.sorcha)

    assert (found["count"], found["found"], found["best"]) == (1, False, None)
    assert found["eligible"][0]["warnings"][0]["code"] == "LEAVE_REQUESTED"
    assert asked(api, cast, shift_id)["best"]["name"] == "Dan"


def test_the_rules_are_told_one_by_one(api: Api, cast: Cast, rota: Rota) -> None:
    rota.plan(date=date(2026, 12, 6), staff_id=cast.dan.staff_id)
    shift_id = rota.plan()

    answer = api.call("GET", f"/shifts/{shift_id}/explain?staff_id={cast.dan.staff_id}", cast.maya).json

    assert (answer["name"], answer["eligible"], len(answer["rules"])) == ("Dan", True, 21)
    said = {each["rule"]: (each["result"], each["text"]) for each in answer["rules"]}
    assert said["E09"] == ("pass", "12 hours to the nearest other shift (needs 11).")
    assert said["E13"] == ("pass", "2 days in a row with this one (at most 6).")
    assert said["E17"][0] == "warn"  # nobody leads


def test_somebody_of_another_home_is_nobody(api: Api, cast: Cast, rota: Rota) -> None:
    shift_id = rota.plan()
    paths = [f"/shifts/{shift_id}/explain?staff_id={cast.vic.staff_id}", f"/shifts/{shift_id}/explain?staff_id=999"]

    answers = [api.call("GET", path, cast.maya) for path in paths]

    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].json == answers[1].json
    seen = api.call("GET", paths[0], cast.ada).json
    assert [each["rule"] for each in seen["rules"] if each["result"] == "block"] == ["E16"]


@pytest.mark.parametrize("query", ["", "?staff_id=", "?staff_id=Dan", "?staff_id=0", "?staff_id=99999999999999999999"])
def test_without_a_person_nothing_is_explained(api: Api, cast: Cast, rota: Rota, query: str) -> None:
    answer = api.call("GET", f"/shifts/{rota.plan()}/explain{query}", cast.maya)

    assert (answer.status_code, answer.json["problems"][0]["path"]) == (422, "staff_id")


@pytest.mark.parametrize("path", ["candidates", "explain?staff_id=2"])
def test_only_those_who_give_shifts_may_ask(api: Api, cast: Cast, rota: Rota, path: str) -> None:
    shift_id = rota.plan()
    rota.publish(shift_id)

    def status(who: Any, number: int = shift_id) -> int:
        return api.call("GET", f"/shifts/{number}/{path}", who).status_code

    assert [status(who) for who in (cast.maya, cast.sorcha, cast.ada)] == [200, 200, 200]
    assert [status(cast.dan), status(cast.hana), status(cast.erin), status(cast.maya, 999)] == [403, 403, 404, 404]


def test_a_warning_is_overruled_by_name_and_with_a_reason(api: Api, cast: Cast, rota: Rota) -> None:
    leave_asked(rota.flow, cast.dan, start=date(2026, 12, 7))
    shift_id = rota.plan()

    def give(who: Any, **further: Any) -> Any:
        body = {"staff_id": cast.dan.staff_id} | further
        return api.call("POST", f"/shifts/{shift_id}/assign", who, body)

    named = {"overrule": ["E06"], "reason": "He takes it another day"}
    codes = [
        [problem["code"] for problem in give(who, **further).json["problems"]]
        for who, further in (
            (cast.maya, {}),
            (cast.maya, {"reason": "He takes it another day"}),
            (cast.maya, {"overrule": ["E06"]}),
            (cast.maya, {"overrule": ["E06"], "reason": "  "}),
            (cast.sorcha, named),  # a senior overrules nothing
        )
    ]
    assert codes == [["E06"], ["E06"], ["required"], ["required"], ["E06"]]
    assert give(cast.maya, **named).json["staff_name"] == "Dan"
    assert rota.audit()[-1].reason == "He takes it another day"
    assert rota.audit()[-1].after["overruled"] == ["E06"]


@pytest.mark.parametrize("rules", [["E6"], ["all"], [6], "E06"])
def test_a_rule_that_is_none_is_told(api: Api, cast: Cast, rota: Rota, rules: Any) -> None:
    body = {"staff_id": cast.dan.staff_id, "overrule": rules}
    answer = api.call("POST", f"/shifts/{rota.plan()}/assign", cast.maya, body)

    assert (answer.status_code, answer.json["problems"][0]["path"].split(".")[0].split("[")[0]) == (422, "overrule")
