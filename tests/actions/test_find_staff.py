"""Finding members of staff as a step of a workflow."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.bootstrap import Flow, registries
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


def names(found: Any) -> list[str]:
    """Answer the names that were found."""
    assert found.count == len(found.staff)
    return [each.name for each in found.staff]


def test_those_of_the_home_who_are_at_work_are_found_by_name(rota: Rota) -> None:
    assert names(do(rota, "find_staff")) == ["Dan", "Maya", "Sorcha"]
    assert names(do(rota, "find_staff", rota.cast.ada, home="ELM")) == ["Erin", "Vic"]
    assert len(names(do(rota, "find_staff", rota.cast.ada, home_id=None))) == 5
    assert names(do(rota, "find_staff", home_id=None)) == ["Dan", "Maya", "Sorcha"]


def test_a_job_and_a_status_are_asked_for(rota: Rota) -> None:
    rota.change_member(rota.cast.dan, role=JobRole.COOK)
    rota.change_member(rota.cast.sorcha, status=StaffStatus.SUSPENDED)

    assert names(do(rota, "find_staff", role="cook")) == ["Dan"]
    assert names(do(rota, "find_staff", status="suspended")) == ["Sorcha"]


def test_a_home_that_one_may_not_see_is_as_good_as_none(rota: Rota) -> None:
    for home in ("ELM", "Nowhere"):
        with pytest.raises(StepFailed, match="There is no home"):
            do(rota, "find_staff", home=home)


def test_its_sentence() -> None:
    assert ACTIONS["find_staff"].sentence({"role": "Carer"}) == "Find members of staff who work as **Carer**"
    assert ACTIONS["find_staff"].sentence({}) == "Find members of staff"
