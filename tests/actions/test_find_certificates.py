"""Finding certificates as a step of a workflow."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from flowapp.bootstrap import Flow, registries
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.errors import NotFound
from flowapp.workflows.kinds import Effect, StepFailed
from tests.actions.performing import perform
from tests.cast import Cast
from tests.unit.rota_training.records import TODAY, Records

FIND = registries().actions["find_certificates"]


@pytest.fixture
def records(flow: Flow, cast: Cast, clock: FrozenClock) -> Records:
    """Rose House with one certificate that is due, one that has run out and one without an end; Elm House with one."""
    made = Records(flow, cast, clock)
    made.record()  # 14 days
    made.record(code="IPC", expires_on=TODAY - timedelta(days=2))
    made.record(code="RTW")
    made.record(cast.erin, of=cast.vic, expires_on=TODAY)
    return made


def found(records: Records, owner: str = "maya", *, home: str | None = "rose", **fields: Any) -> list[str]:
    """Answer whose certificates of which type are found."""
    home_id = {"rose": records.cast.rose, "elm": records.cast.elm, None: None}[home]
    output = perform(records.flow, "find_certificates", getattr(records.cast, owner), fields, home_id=home_id)
    answer = output.model_dump()
    assert answer["count"] == len(answer["certificates"])
    return [f"{each['staff_name']} {each['type']} {each['status']}" for each in answer["certificates"]]


def test_it_finds_what_runs_out_what_has_run_out_or_all(records: Records) -> None:
    assert found(records, expiring_within_days=30) == ["Dan FIRE due"]
    assert found(records, expiring_within_days=13) == []
    assert found(records, expired=True) == ["Dan IPC expired"]
    assert found(records, expiring_within_days=30, expired=True) == ["Dan IPC expired", "Dan FIRE due"]
    assert found(records) == ["Dan IPC expired", "Dan FIRE due", "Dan RTW valid"]
    assert found(records, type="rtw") == ["Dan RTW valid"]
    assert found(records, expired=True, type="FIRE") == []


def test_it_gives_what_later_steps_need(records: Records) -> None:
    fields = {"expiring_within_days": 30}
    output = perform(records.flow, "find_certificates", records.cast.maya, fields, home_id=records.cast.rose)
    (each,) = output.model_dump()["certificates"]
    assert each == {
        "certificate_id": 1, "staff_id": records.cast.dan.staff_id, "staff_name": "Dan",
        "staff_email": "dan@example.org", "home_id": records.cast.rose, "type": "FIRE", "type_name": "Fire safety",
        "issued_on": TODAY.replace(year=2025, month=12, day=7), "expires_on": TODAY.replace(month=12, day=7),
        "days_left": 14, "status": "due",
    }  # fmt: skip


def test_it_looks_in_the_workflows_home_the_home_named_or_all_the_owner_sees(records: Records) -> None:
    soon = {"expiring_within_days": 30}
    assert found(records, "hana", home="elm", **soon) == ["Vic FIRE due"]
    assert found(records, "hana", home=None, **soon) == ["Vic FIRE due", "Dan FIRE due"]
    assert found(records, "maya", home=None, **soon) == ["Dan FIRE due"]
    for named in ("elm", "ELM", records.cast.elm, str(records.cast.elm)):
        output = perform(
            records.flow, "find_certificates", records.cast.hana, {"home": named} | soon, home_id=records.cast.rose
        )
        assert [each["staff_name"] for each in output.model_dump()["certificates"]] == ["Vic"]


@pytest.mark.parametrize("home", ["ELM", 999999, "nowhere"])
def test_a_home_that_the_owner_may_not_see_is_not_there(records: Records, home: Any) -> None:
    with pytest.raises(NotFound, match="no care home"):
        perform(records.flow, "find_certificates", records.cast.maya, {"home": home}, home_id=records.cast.rose)


def test_a_type_that_does_not_exist_fails_the_step(records: Records) -> None:
    with pytest.raises(StepFailed, match="NONSENSE"):
        found(records, type="NONSENSE")


@pytest.mark.parametrize(
    "fields",
    [
        {"expiring_within_days": -1},
        {"expiring_within_days": "soon"},
        {"expiring_within_days": 99999},
        {"expired": "perhaps"},
        {"type": "x" * 41},
        {"days": 3},  # no such field
    ],
)
def test_fields_that_do_not_fit_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        FIND.Fields.model_validate(fields)


def test_it_only_asks() -> None:
    assert FIND.effect is Effect.READ


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Find certificates"),
        ({"expiring_within_days": 30}, "Find certificates that run out within **30** days"),
        ({"expired": True}, "Find certificates that have run out"),
        ({"expired": True, "expiring_within_days": 7},
         "Find certificates that run out within **7** days or have run out"),
    ],
)  # fmt: skip
def test_its_sentence(fields: dict[str, Any], sentence: str) -> None:
    assert FIND.sentence(fields) == sentence
