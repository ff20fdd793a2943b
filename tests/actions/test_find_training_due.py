"""Finding training that is due as a step of a workflow."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from flowapp.bootstrap import Flow, registries
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.errors import NotFound
from flowapp.workflows.kinds import Effect
from tests.actions.performing import perform
from tests.cast import Cast
from tests.unit.rota_training.records import TODAY, Records

FIND = registries().actions["find_training_due"]


@pytest.fixture
def records(flow: Flow, cast: Cast, clock: FrozenClock) -> Records:
    """Rose House, where Dan has one certificate that is due, one that has run out, and one that nobody needs."""
    made = Records(flow, cast, clock)
    made.record()  # 14 days
    made.record(code="IPC", expires_on=TODAY - timedelta(days=2))
    made.record(code="FAW", expires_on=TODAY)  # is not needed
    return made


def found(records: Records, owner: str = "maya", *, home_id: int | None = 0, **fields: Any) -> list[dict[str, Any]]:
    """Answer what is found."""
    at = records.cast.rose if home_id == 0 else home_id
    output = perform(records.flow, "find_training_due", getattr(records.cast, owner), fields, home_id=at)
    answer = output.model_dump()
    assert answer["count"] == len(answer["training"])
    training: list[dict[str, Any]] = answer["training"]
    return training


def of_dan(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Answer why each type of training is due for Dan."""
    return {each["type"]: each["why"] for each in rows if each["staff_name"] == "Dan"}


def test_it_finds_what_is_missing_out_of_date_and_due(records: Records) -> None:
    dans = of_dan(found(records, within_days=30))
    assert (dans["FIRE"], dans["IPC"], dans["RTW"]) == ("due", "expired", "missing")
    assert "FAW" not in dans
    assert "FIRE" not in of_dan(found(records, within_days=13))
    records.record(code="RTW")
    assert "RTW" not in of_dan(found(records, within_days=3650))


def test_what_holds_still_is_due_when_one_looks_further_ahead(records: Records) -> None:
    records.record(code="HS", expires_on=TODAY + timedelta(days=80))
    assert "HS" not in of_dan(found(records, within_days=79))
    assert of_dan(found(records, within_days=80))["HS"] == "due"


def test_it_gives_what_later_steps_need(records: Records) -> None:
    rows = found(records, within_days=30)
    fire = next(each for each in rows if each["staff_name"] == "Dan" and each["type"] == "FIRE")
    assert fire == {
        "staff_id": records.cast.dan.staff_id, "staff_name": "Dan", "staff_email": "dan@example.org",
        "home_id": records.cast.rose, "type": "FIRE", "type_name": "Fire safety", "why": "due",
        "due_on": date(2026, 12, 7), "days_left": 14, "certificate_id": 1,
    }  # fmt: skip
    assert rows[-1] == fire  # what is missing or out of date comes first


def test_it_looks_where_the_owner_may(records: Records) -> None:
    everywhere = {each["home_id"] for each in found(records, "hana", home_id=None, within_days=0)}
    assert everywhere == {records.cast.rose, records.cast.elm}
    assert {each["home_id"] for each in found(records, "maya", home_id=None, within_days=0)} == {records.cast.rose}
    assert {each["home_id"] for each in found(records, "hana", home="elm", within_days=0)} == {records.cast.elm}
    with pytest.raises(NotFound):
        found(records, "maya", home="ELM", within_days=0)


@pytest.mark.parametrize("fields", [{}, {"within_days": -1}, {"within_days": "soon"}, {"within_days": 3651}])
def test_fields_that_do_not_fit_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        FIND.Fields.model_validate(fields)


def test_it_only_asks() -> None:
    assert FIND.effect is Effect.READ


def test_its_sentence() -> None:
    sentence = "Find training that is missing, out of date or due within **30** days"
    assert FIND.sentence({"within_days": 30}) == sentence
