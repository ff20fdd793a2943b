"""Giving shifts to people as a step of a workflow, and finding who can take one first."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from flowapp.bootstrap import Flow, registries
from flowapp.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from flowapp.rota.assignment.entries import AssignmentKind, ShiftAssignment, Source
from flowapp.rota.shifts import ShiftStatus
from flowapp.rota.staff import StaffStatus
from tests.actions.performing import EXECUTION, perform
from tests.cast import Cast
from tests.factories import leave_asked
from tests.unit.rota_shifts.rota import Rota

ACTIONS = registries().actions


@pytest.fixture
def rota(flow: Flow, cast: Cast) -> Rota:
    """The rota of Rose House."""
    return Rota(flow, cast)


def give(rota: Rota, shift_id: int, who: Any = None, to: Any = None, **further: Any) -> Any:
    """Let a workflow give a shift to Dan."""
    fields = {"shift_id": shift_id, "staff_id": (to or rota.cast.dan).staff_id} | further
    return perform(rota.flow, "assign_staff", who or rota.cast.maya, fields, home_id=rota.cast.rose)


def test_the_shift_is_theirs_and_it_is_written_down_which_run_gave_it_to_them(rota: Rota) -> None:
    shift_id = rota.plan()

    output = give(rota, shift_id, reason="They asked first")

    assert (output.shift_id, output.staff_name, output.status) == (shift_id, "Dan", "assigned")
    assert [each.code for each in output.warnings] == ["NO_LEAD"]
    with rota.flow.database.read() as session:
        entry = session.scalars(select(ShiftAssignment)).one()
    assert (entry.shift_id, entry.staff_id, entry.kind) == (shift_id, rota.cast.dan.staff_id, AssignmentKind.GIVEN)
    assert (entry.source, entry.by_execution_id, entry.reason) == (Source.WORKFLOW, EXECUTION, "They asked first")
    assert entry.score is not None
    assert [each["code"] for each in entry.explanation] == ["NO_LEAD"]


def test_the_one_who_was_found_is_given_the_shift(rota: Rota) -> None:
    shift_id = rota.plan()
    found: Any = perform(
        rota.flow, "find_available_staff", rota.cast.maya, {"shift_id": shift_id}, home_id=rota.cast.rose
    )

    perform(rota.flow, "assign_staff", rota.cast.maya, {"shift_id": shift_id, "staff_id": found.best.staff_id},
            home_id=rota.cast.rose)  # fmt: skip

    assert rota.shift(shift_id).staff_id == found.best.staff_id


def test_a_workflow_overrules_nothing_whatever_its_owner_may(rota: Rota) -> None:
    leave_asked(rota.flow, rota.cast.dan, start=date(2026, 12, 7))
    shift_id = rota.plan()

    for owner in (rota.cast.maya, rota.cast.ada):
        with pytest.raises(Refused, match="has asked for annual leave"):
            give(rota, shift_id, owner, reason="They will come")
    assert rota.shift(shift_id).status is ShiftStatus.OPEN


def test_the_rules_are_asked_again_as_it_happens(rota: Rota) -> None:
    shift_id = rota.plan()
    rota.change_member(rota.cast.dan, status=StaffStatus.SUSPENDED)

    with pytest.raises(Refused) as refused:
        give(rota, shift_id)
    assert [(each.code, each.message) for each in refused.value.problems] == [
        ("E01", "Dan is suspended. Choose somebody else.")
    ]


def test_a_shift_that_somebody_has_is_not_given_again(rota: Rota) -> None:
    shift_id = rota.plan(staff_id=rota.cast.sorcha.staff_id)

    with pytest.raises(Conflict, match="Sorcha already has this shift"):
        give(rota, shift_id)


@pytest.mark.parametrize(("owner", "error"), [("dan", NotAllowed), ("erin", NotFound), ("hana", NotAllowed)])
def test_it_acts_with_the_rights_of_the_owner_and_no_others(rota: Rota, owner: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        give(rota, rota.plan(), getattr(rota.cast, owner))


def test_a_shift_that_does_not_exist_is_said_to_be_none(rota: Rota) -> None:
    with pytest.raises(NotFound, match="4711"):
        give(rota, 4711)


@pytest.mark.parametrize(
    "fields",
    [{}, {"shift_id": 1}, {"shift_id": "one", "staff_id": 2}, {"shift_id": 0, "staff_id": 2},
     {"shift_id": 1, "staff_id": 2**63}, {"shift_id": 1, "staff_id": 2, "force": True},
     {"shift_id": 1, "staff_id": 2, "reason": "x" * 501}],
)  # fmt: skip
def test_fields_that_do_not_fit_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ACTIONS["assign_staff"].Fields.model_validate(fields)


def test_its_sentence() -> None:
    assert ACTIONS["assign_staff"].sentence({}) == "Give the shift to somebody"
