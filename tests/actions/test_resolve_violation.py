"""Putting a violation right as a step of a workflow."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from flowapp.bootstrap import Flow, registries
from flowapp.kernel.errors import Conflict, NotAllowed, NotFound
from flowapp.rota.compliance import changes
from flowapp.rota.compliance.violation import ViolationStatus
from tests.actions.performing import perform
from tests.cast import Cast
from tests.unit.rota_compliance.reporting import do, told, violation

RESOLVE = registries().actions["resolve_violation"]


def test_it_is_put_right_with_its_words(flow: Flow, cast: Cast) -> None:
    number = told(flow, cast.maya, staff_id=cast.dan.staff_id).violation_id
    fields = {"violation_id": number, "resolution": "Trained on Friday"}
    output = perform(flow, "resolve_violation", cast.maya, fields, home_id=cast.rose)
    assert output.model_dump().items() >= {"violation_id": number, "status": "resolved"}.items()
    assert violation(flow, number).resolution == "Trained on Friday"
    with pytest.raises(Conflict, match="over already"):
        perform(flow, "resolve_violation", cast.maya, fields, home_id=cast.rose)


@pytest.mark.parametrize(("owner", "error"), [("sorcha", NotAllowed), ("erin", NotFound), ("dan", NotFound)])
def test_it_acts_with_the_rights_of_the_owner(flow: Flow, cast: Cast, owner: str, error: type[Exception]) -> None:
    number = told(flow, cast.maya, staff_id=cast.dan.staff_id).violation_id
    fields = {"violation_id": number, "resolution": "Done"}
    with pytest.raises(error):
        perform(flow, "resolve_violation", getattr(cast, owner), fields, home_id=cast.rose)


def test_one_that_does_not_exist_is_said_to_be_none(flow: Flow, cast: Cast) -> None:
    with pytest.raises(NotFound, match="4711"):
        perform(flow, "resolve_violation", cast.maya, {"violation_id": 4711, "resolution": "x"}, home_id=cast.rose)


def test_undoing_gives_it_back_its_state_unless_it_was_found_again(flow: Flow, cast: Cast) -> None:
    number = told(flow, cast.maya, staff_id=cast.dan.staff_id).violation_id
    do(flow, changes.take_on, cast.maya, number)
    note = {"violation_id": number, "status": "in_progress", "version": 2}
    do(flow, changes.resolve, cast.maya, number, resolution="Done")
    do(flow, changes.back_to, cast.maya, number, note_of=note)
    assert violation(flow, number).status is ViolationStatus.IN_PROGRESS
    do(flow, changes.resolve, cast.maya, number, resolution="Done")
    with pytest.raises(Conflict, match="changed"):
        do(flow, changes.back_to, cast.maya, number, note_of=note)
    assert told(flow, cast.maya, staff_id=cast.dan.staff_id).created
    with pytest.raises(Conflict, match="found again"):
        do(flow, changes.back_to, cast.maya, number, note_of=note | {"version": 4})


@pytest.mark.parametrize("fields", [{}, {"violation_id": 1}, {"violation_id": "x", "resolution": "y"},
                                    {"violation_id": 1, "resolution": ""}])  # fmt: skip
def test_fields_that_do_not_fit_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RESOLVE.Fields.model_validate(fields)


def test_its_sentence() -> None:
    assert RESOLVE.sentence({"resolution": "Trained"}) == "Resolve the violation: **Trained**"
