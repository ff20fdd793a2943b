"""Cancelling a shift as a step of a workflow."""

from __future__ import annotations

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


def test_it_is_cancelled_with_its_reason(rota: Rota) -> None:
    shift_id = rota.plan(staff_id=rota.cast.dan.staff_id)

    output = do(rota, "cancel_shift", shift_id=shift_id, reason="The unit is closed")

    assert (output.status, rota.shift(shift_id).cancel_reason) == ("cancelled", "The unit is closed")
    with pytest.raises(Conflict, match="is cancelled"):
        do(rota, "cancel_shift", shift_id=shift_id, reason="Again")


@pytest.mark.parametrize(("owner", "error"), [("dan", NotAllowed), ("sorcha", NotAllowed), ("erin", NotFound)])
def test_it_acts_with_the_rights_of_the_owner(rota: Rota, owner: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        do(rota, "cancel_shift", getattr(rota.cast, owner), shift_id=rota.plan(), reason="x")


def test_a_shift_that_does_not_exist_is_said_to_be_none(rota: Rota) -> None:
    with pytest.raises(NotFound, match="4711"):
        do(rota, "cancel_shift", shift_id=4711, reason="x")


def test_its_sentence() -> None:
    assert ACTIONS["cancel_shift"].sentence({"reason": "Closed"}) == "Cancel the shift: **Closed**"
