"""Planning a shift as a step of a workflow."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from flowapp.bootstrap import Flow, registries
from flowapp.kernel.errors import NotAllowed, Refused
from flowapp.rota.shifts import ShiftStatus
from flowapp.rota.staff import JobRole, StaffStatus
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


GIVEN = {"role": "Carer", "date": "2026-12-07", "start": "08:00", "end": "20:00"}


def test_a_shift_is_planned_in_the_home_of_the_workflow(rota: Rota) -> None:
    rota.unit("Bluebell")

    output = do(rota, "create_shift", **GIVEN, unit="bluebell", skills=["FIRE"], notes="Bring keys")

    shift = rota.shift(output.shift_id)
    assert (shift.home_id, shift.unit_name, shift.role) == (rota.cast.rose, "Bluebell", JobRole.CARER)
    assert (shift.status, shift.skills, shift.notes) == (ShiftStatus.OPEN, ["FIRE"], "Bring keys")
    assert (output.date, output.start, output.end, output.version) == (date(2026, 12, 7), "08:00", "20:00", 1)


def test_it_is_given_to_somebody_at_once_where_no_rule_forbids_it(rota: Rota) -> None:
    assert do(rota, "create_shift", **GIVEN, staff_id=rota.cast.dan.staff_id).staff_name == "Dan"
    rota.change_member(rota.cast.sorcha, status=StaffStatus.SUSPENDED)
    with pytest.raises(Refused, match="Sorcha is suspended"):
        do(rota, "create_shift", **GIVEN, staff_id=rota.cast.sorcha.staff_id)


@pytest.mark.parametrize("home", ["elm", "Elm House", "number"])
def test_the_home_is_named_by_its_code_name_or_number(rota: Rota, home: str) -> None:
    named = str(rota.cast.elm) if home == "number" else home
    assert do(rota, "create_shift", rota.cast.ada, home_id=None, **GIVEN, home=named).care_home_id == rota.cast.elm


def test_a_home_that_one_may_not_see_is_as_good_as_none(rota: Rota) -> None:
    for home in ("ELM", "Nowhere", rota.cast.elm, 999):
        with pytest.raises(StepFailed, match="There is no home"):
            do(rota, "create_shift", **GIVEN, home=home)
    with pytest.raises(StepFailed, match="say which one"):
        do(rota, "create_shift", home_id=None, **GIVEN)


@pytest.mark.parametrize("unit", ["Heather", 999])
def test_a_unit_that_the_home_has_not_is_told(rota: Rota, unit: Any) -> None:
    with pytest.raises(StepFailed, match="no unit"):
        do(rota, "create_shift", **GIVEN, unit=unit)


@pytest.mark.parametrize("given", [{"start": "noon"}, {"date": "1066-12-07"}, {"end": "08:00", "notes": "24 hours"}])
def test_a_plan_without_sense_is_refused(rota: Rota, given: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        do(rota, "create_shift", **GIVEN | given)


@pytest.mark.parametrize("owner", ["dan", "sorcha", "hana"])
def test_only_whoever_plans_shifts_lets_a_workflow_do_so(rota: Rota, owner: str) -> None:
    with pytest.raises(NotAllowed):
        do(rota, "create_shift", getattr(rota.cast, owner), **GIVEN)


def test_its_sentence() -> None:
    assert ACTIONS["create_shift"].sentence(GIVEN) == "Create a shift on **2026-12-07** from **08:00 to 20:00**"
