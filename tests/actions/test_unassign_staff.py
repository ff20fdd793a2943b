"""Taking somebody off a shift as a step of a workflow."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from flowapp.bootstrap import Flow, registries
from flowapp.kernel.errors import Conflict, NotAllowed, NotFound
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


def test_the_shift_is_open_again(rota: Rota) -> None:
    shift_id = rota.plan(staff_id=rota.cast.dan.staff_id)

    output = do(rota, "unassign_staff", shift_id=shift_id, staff_id=rota.cast.dan.staff_id, reason="Off sick")

    assert (output.status, output.staff_id, output.warnings) == ("open", None, [])
    assert rota.audit()[-1].reason == "Off sick"


def test_only_whoever_is_meant_is_taken_off_it(rota: Rota) -> None:
    dan, sorcha = rota.cast.dan.staff_id, rota.cast.sorcha.staff_id
    with pytest.raises(Conflict, match="Dan has shift number"):
        do(rota, "unassign_staff", shift_id=rota.plan(staff_id=dan), staff_id=sorcha)
    with pytest.raises(Conflict, match="Nobody has shift number"):
        do(rota, "unassign_staff", shift_id=rota.plan(date=date(2026, 12, 8)), staff_id=sorcha)


@pytest.mark.parametrize(("owner", "error"), [("dan", NotFound), ("hana", NotAllowed), ("erin", NotFound)])
def test_it_acts_with_the_rights_of_the_owner(rota: Rota, owner: str, error: type[Exception]) -> None:
    dan = rota.cast.dan.staff_id
    with pytest.raises(error):
        do(rota, "unassign_staff", getattr(rota.cast, owner), shift_id=rota.plan(staff_id=dan), staff_id=dan)


def test_a_shift_that_does_not_exist_is_said_to_be_none(rota: Rota) -> None:
    with pytest.raises(NotFound, match="4711"):
        do(rota, "unassign_staff", shift_id=4711, staff_id=1)


def test_its_sentence() -> None:
    assert ACTIONS["unassign_staff"].sentence({}) == "Take somebody off the shift"
