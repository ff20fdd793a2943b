"""Changing a shift as a step of a workflow."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from flowapp.bootstrap import Flow, registries
from flowapp.kernel.errors import NotAllowed, NotFound, Refused
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


def test_what_is_given_is_changed_and_the_rest_stays(rota: Rota) -> None:
    shift_id = rota.plan()

    output = do(rota, "update_shift", shift_id=shift_id, end="21:00", notes="Late bus")

    assert (output.end, output.notes, output.start) == ("21:00", "Late bus", "08:00")
    assert output.changes == ["end", "notes"]
    assert do(rota, "update_shift", shift_id=shift_id, end="21:00").changes == []


def test_it_is_handed_to_somebody_else_in_the_same_moment(rota: Rota) -> None:
    shift_id = rota.plan(staff_id=rota.cast.dan.staff_id)

    output = do(rota, "update_shift", shift_id=shift_id, staff_id=rota.cast.sorcha.staff_id)

    assert (output.staff_name, output.changes) == ("Sorcha", ["staff_id"])


def test_whoever_has_it_must_still_be_able_to_work_it(rota: Rota) -> None:
    shift_id = rota.plan(staff_id=rota.cast.dan.staff_id)
    rota.leave(rota.cast.dan, start=date(2026, 12, 9))

    with pytest.raises(Refused, match="annual leave"):
        do(rota, "update_shift", shift_id=shift_id, date="2026-12-09")


def test_it_stays_in_its_home(rota: Rota) -> None:
    with pytest.raises(StepFailed, match="stays in its home"):
        do(rota, "update_shift", rota.cast.ada, shift_id=rota.plan(), home="ELM")
    assert do(rota, "update_shift", shift_id=rota.plan(), home="ROSE").changes == []


@pytest.mark.parametrize(("owner", "error"), [("dan", NotFound), ("sorcha", NotAllowed), ("erin", NotFound)])
def test_it_acts_with_the_rights_of_the_owner(rota: Rota, owner: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        do(rota, "update_shift", getattr(rota.cast, owner), shift_id=rota.plan(), notes="x")


def test_a_shift_that_does_not_exist_is_said_to_be_none(rota: Rota) -> None:
    with pytest.raises(NotFound, match="4711"):
        do(rota, "update_shift", shift_id=4711, notes="x")


def test_its_sentence() -> None:
    fields = {"shift_id": 1, "start": "07:00", "staff_id": 2}
    assert ACTIONS["update_shift"].sentence(fields) == "Change the shift: **start, who has it**"
    assert ACTIONS["update_shift"].sentence({}) == "Change the shift: **nothing yet**"
