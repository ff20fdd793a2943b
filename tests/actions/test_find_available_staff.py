"""Finding who can take a shift as a step of a workflow."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from flowapp.bootstrap import Flow, registries
from flowapp.kernel.errors import NotAllowed, NotFound
from flowapp.rota.staff import StaffStatus
from tests.actions.performing import perform
from tests.cast import Cast
from tests.unit.rota_shifts.rota import Rota, at

ACTIONS = registries().actions


@pytest.fixture
def rota(flow: Flow, cast: Cast) -> Rota:
    """The rota of Rose House."""
    return Rota(flow, cast)


def do(rota: Rota, kind: str, who: Any = None, *, home_id: int | None = 0, **fields: Any) -> Any:
    """Do it as a workflow of Rose House does."""
    return perform(rota.flow, kind, who or rota.cast.maya, fields, home_id=rota.cast.rose if home_id == 0 else home_id)


def test_those_who_can_take_it_are_found_and_why_the_others_cannot(rota: Rota) -> None:
    rota.leave(rota.cast.dan, start=date(2026, 12, 7))

    found = do(rota, "find_available_staff", shift_id=rota.plan())

    assert (found.count, found.found, found.summary.considered) == (2, True, 3)
    assert found.best.staff_id == found.eligible[0].staff_id
    assert [(each.name, [reason.rule for reason in each.reasons]) for each in found.blocked] == [("Dan", ["E06"])]


def test_nobody_is_the_best_where_a_workflow_would_have_to_overrule_something(rota: Rota) -> None:
    for person in (rota.cast.maya, rota.cast.sorcha):
        rota.change_member(person, status=StaffStatus.SUSPENDED)
    rota.plan(start=at("21:00"), end=at("23:00"), staff_id=None)
    rota.assign(rota.plan(date=date(2026, 12, 7), start=at("00:00"), end=at("04:00")), rota.cast.dan)

    found = do(rota, "find_available_staff", shift_id=rota.plan(start=at("16:00"), end=at("20:00")))

    assert [each.code for each in found.eligible[0].warnings] == ["NO_LEAD", "DOUBLE_DAY"]
    assert (found.count, found.found, found.best) == (1, False, None)


def test_each_list_is_cut_where_that_is_asked_for(rota: Rota) -> None:
    found = do(rota, "find_available_staff", shift_id=rota.plan(), limit=1)

    assert (found.count, len(found.eligible)) == (3, 1)


@pytest.mark.parametrize(("owner", "error"), [("dan", NotFound), ("hana", NotAllowed), ("erin", NotFound)])
def test_it_acts_with_the_rights_of_the_owner(rota: Rota, owner: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        do(rota, "find_available_staff", getattr(rota.cast, owner), shift_id=rota.plan())


def test_a_shift_that_does_not_exist_is_said_to_be_none(rota: Rota) -> None:
    with pytest.raises(NotFound, match="4711"):
        do(rota, "find_available_staff", shift_id=4711)


def test_its_sentence() -> None:
    assert ACTIONS["find_available_staff"].sentence({}) == "Find who can take the shift"
