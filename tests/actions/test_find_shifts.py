"""Finding shifts as a step of a workflow."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from flowapp.bootstrap import Flow, registries
from flowapp.workflows.kinds import StepFailed
from tests.actions.performing import perform
from tests.cast import Cast
from tests.unit.rota_shifts.rota import Rota

ACTIONS = registries().actions


@pytest.fixture
def rota(flow: Flow, cast: Cast) -> Rota:
    """The rota of Rose House."""
    return Rota(flow, cast)


def do(rota: Rota, kind: str, who: Any = None, *, home_id: int | None = 0, **fields: Any) -> Any:
    """Do it as a workflow of Rose House does."""
    return perform(rota.flow, kind, who or rota.cast.maya, fields, home_id=rota.cast.rose if home_id == 0 else home_id)


def days(found: Any) -> list[int]:
    """Answer the days of December that were found."""
    assert found.count == len(found.shifts)
    return [each.date.day for each in found.shifts]


@pytest.fixture
def planned(rota: Rota) -> Rota:
    """Shifts on three days, one of them Dan's, and one at Elm House."""
    for day in (7, 1, 20):
        rota.plan(date=date(2026, 12, day), staff_id=rota.cast.dan.staff_id if day == 7 else None)
    rota.plan(rota.cast.erin, home_id=rota.cast.elm, date=date(2026, 12, 2))
    return rota


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"within_days": 14}, [1, 7]),
        ({"within_days": 365}, [1, 7, 20]),
        ({"from": "2026-12-07"}, [7, 20]),
        ({"to": "2026-12-07"}, [1, 7]),
        ({"from": "2026-12-02", "to": "2026-12-19"}, [7]),
        ({"within_days": 365, "status": "open"}, [1, 20]),
        ({"within_days": 365, "status": "assigned"}, [7]),
        ({"within_days": 0}, []),
    ],
)
def test_shifts_are_found_by_day_and_status(planned: Rota, asked: dict[str, Any], expected: list[int]) -> None:
    assert days(do(planned, "find_shifts", **asked)) == expected


def test_another_home_is_only_for_those_who_see_it(planned: Rota) -> None:
    assert days(do(planned, "find_shifts", planned.cast.ada, home="ELM", within_days=20)) == [2]
    assert days(do(planned, "find_shifts", planned.cast.ada, home_id=None, within_days=20)) == [1, 2, 7]
    with pytest.raises(StepFailed, match="There is no home"):
        do(planned, "find_shifts", home="ELM")


def test_it_says_where_a_document_has_a_field_that_is_none() -> None:
    fields = ACTIONS["find_shifts"].Fields.model_json_schema()["properties"]
    assert list(fields) == ["home", "within_days", "from", "to", "status"]


def test_its_sentence() -> None:
    fields = {"status": "open", "within_days": 14}
    assert ACTIONS["find_shifts"].sentence(fields) == "Find **open** shifts within **14 days**"
    assert ACTIONS["find_shifts"].sentence({}) == "Find shifts"
