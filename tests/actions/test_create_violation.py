"""Writing down that a rule is broken, as a step of a workflow."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from flowapp.bootstrap import Flow, registries
from flowapp.kernel.errors import Conflict, Refused
from flowapp.rota.compliance import changes
from flowapp.rota.compliance.raising import unreport
from flowapp.workflows.kinds import Run
from tests.actions.performing import EXECUTION, perform
from tests.cast import Cast
from tests.factories import cause_of
from tests.unit.rota_compliance.reporting import do, violation

CREATE = registries().actions["create_violation"]
TOLD = {"rule": "WTD_48_HOURS", "severity": "high", "description": "51 hours a week"}


def number(output: Any) -> int:
    """Answer the number of what a step wrote."""
    return int(output.violation_id)


def test_it_is_written_down_once_for_a_person(flow: Flow, cast: Cast) -> None:
    fields = {**TOLD, "staff_id": cast.dan.staff_id, "due_on": "2026-12-01"}
    first, again = (perform(flow, "create_violation", cast.maya, fields, home_id=cast.rose) for _ in range(2))
    found = violation(flow, number(first))
    assert (found.staff_id, found.home_id, found.execution_id, found.raised_by) == (
        cast.dan.staff_id, cast.rose, EXECUTION, "the workflow “Tea at three”")  # fmt: skip
    assert first.model_dump().items() >= {**TOLD, "status": "open", "created": True}.items()
    assert again.model_dump().items() >= {"violation_id": number(first), "created": False}.items()


def test_without_a_person_it_is_the_homes(flow: Flow, cast: Cast) -> None:
    fields = {**TOLD, "rule": "HOUSE_RULE", "description": "No fire drill", "staff_id": "", "due_on": ""}
    output = perform(flow, "create_violation", cast.maya, fields, home_id=cast.rose)
    assert violation(flow, number(output)).home_id == cast.rose


def test_a_rule_that_there_is_not_is_refused_with_those_there_are(flow: Flow, cast: Cast) -> None:
    with pytest.raises(Refused, match="WTD_48_HOURS, WTD_REST_11_HOURS"):
        perform(flow, "create_violation", cast.maya, {**TOLD, "rule": "NONE"}, home_id=cast.rose)


@pytest.mark.parametrize("owner", ["dan", "erin", "vic"])
def test_it_acts_with_the_rights_of_the_owner(flow: Flow, cast: Cast, owner: str) -> None:
    fields = {**TOLD, "staff_id": cast.sorcha.staff_id}
    with pytest.raises(Refused, match="none with the number"):
        perform(flow, "create_violation", getattr(cast, owner), fields, home_id=cast.rose)


def test_one_that_somebody_has_touched_is_not_taken_out_again(flow: Flow, cast: Cast) -> None:
    fields = {**TOLD, "staff_id": cast.dan.staff_id}
    written = number(perform(flow, "create_violation", cast.maya, fields, home_id=cast.rose))
    do(flow, changes.acknowledge, cast.maya, written)
    cause = cause_of(cast.maya, flow.clock.now())
    with pytest.raises(Conflict):
        flow.database.write(lambda session: unreport(session, cause, cast.maya, written))


def test_one_that_was_there_already_is_not_taken_out_by_undoing() -> None:
    facts = {**TOLD, "violation_id": 1, "status": "open", "staff_id": None, "shift_id": None, "created": False}
    assert CREATE.undo_note_afterwards({}, CREATE.Output(**facts), Run.__new__(Run)) is None


@pytest.mark.parametrize(
    "fields",
    [{}, {**TOLD, "severity": "awful"}, {**TOLD, "description": ""}, {**TOLD, "description": "x" * 2001},
     {**TOLD, "staff_id": "Dan"}, {**TOLD, "rule": ""}, {**TOLD, "because": "x"}],
)  # fmt: skip
def test_fields_that_do_not_fit_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CREATE.Fields.model_validate(fields)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (TOLD, "Record that **48 hours a week on average** is broken: 51 hours a week"),
        ({"rule": "${breach.rule}", "description": "x"}, "Record that **a rule** is broken: x"),
        ({"rule": "FIRE_DRILL"}, "Record that **FIRE_DRILL** is broken"),
    ],
)
def test_its_sentence(fields: dict[str, Any], words: str) -> None:
    assert CREATE.sentence(fields) == words
