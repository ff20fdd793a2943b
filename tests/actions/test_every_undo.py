"""Every action that can be undone: run, then undone, the rota's tables are as they were before.

A kind that can be undone and has no case here is found by the first test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from flowapp.bootstrap import Flow, registries
from flowapp.engine.execution import ExecutionStatus
from flowapp.http.tables import metadata
from flowapp.kernel.columns import Base
from flowapp.rota.leave_balance import balance_on
from flowapp.workflows.kinds import Action, Effect
from tests.cast import Cast
from tests.engine.undos import states, undo
from tests.factories import a_document, a_workflow, leave_asked, run_all, runs
from tests.unit.rota_compliance.reporting import told
from tests.unit.rota_shifts.rota import Rota

# The ledger is only added to. A version only goes up, so that whoever saw what was undone cannot write over it.
LEFT_OUT = ("leave_ledger", "shift_assignment")
LEFT_OUT_COLUMNS = ("version", "updated_at")
REVERSIBLE = [kind for kind, action in registries().actions.items() if action.reversible]
START = date(2026, 12, 7)
Prepare = Callable[[Flow, Cast], Mapping[str, Any]]


def _asked(flow: Flow, cast: Cast) -> Mapping[str, Any]:
    return {"leave_request_id": leave_asked(flow, cast.dan, start=START, end=date(2026, 12, 9)), "reason": "So."}


def _to_do(_flow: Flow, _cast: Cast) -> Mapping[str, Any]:
    return {"title": "Ring the plumber", "queue": "manager", "dedupe_key": "lift"}


def _broken(_flow: Flow, cast: Cast) -> Mapping[str, Any]:
    said = {"rule": "WTD_48_HOURS", "severity": "high", "description": "51 hours a week"}
    return {**said, "staff_id": str(cast.dan.staff_id)}


def _recorded(flow: Flow, cast: Cast) -> Mapping[str, Any]:
    return {"violation_id": str(told(flow, cast.maya, staff_id=cast.dan.staff_id).violation_id), "resolution": "Done"}


def _dans(flow: Flow, cast: Cast) -> int:
    return Rota(flow, cast).plan(staff_id=cast.dan.staff_id)


# What makes the record that the action changes, and answers the step's settings.
CASES: Mapping[str, Prepare] = {
    "approve_leave": _asked,
    "assign_staff": lambda flow, cast: {"shift_id": Rota(flow, cast).plan(), "staff_id": cast.dan.staff_id},
    "cancel_shift": lambda flow, cast: {"shift_id": _dans(flow, cast), "reason": "Closed"},
    "create_shift": lambda _flow, _cast: {"role": "SCW", "date": "2026-12-07", "start": "08:00", "end": "20:00"},
    "reject_leave": _asked,
    "create_task": _to_do,
    "create_violation": _broken,
    "resolve_violation": _recorded,
    "unassign_staff": lambda flow, cast: {"shift_id": _dans(flow, cast), "staff_id": cast.dan.staff_id},
    "update_shift": lambda flow, cast: {
        "shift_id": _dans(flow, cast),
        "start": "07:00",
        "notes": "Early",
        "staff_id": cast.sorcha.staff_id,
    },
}


def rota_tables(flow: Flow) -> dict[str, list[tuple[object, ...]]]:
    """Answer every row of every table of the rota, but those that are only added to."""
    metadata()
    names = {
        str(mapper.local_table)
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith("flowapp.rota.")
    }
    found = {}
    with flow.database.read() as session:
        for name in sorted(names.difference(LEFT_OUT)):
            kept = [column for column in Base.metadata.tables[name].columns if column.name not in LEFT_OUT_COLUMNS]
            # A shift that is cancelled is kept, and is as good as none.
            rows = (row for row in session.execute(select(*kept)) if "cancelled" not in row)
            found[name] = sorted((tuple(row) for row in rows), key=repr)
    return found


def did(flow: Flow, cast: Cast, kind: str, fields: Mapping[str, Any]) -> int:
    """Let a workflow do it as its one step, and answer the run's number."""
    step = {"id": "it", "type": "action", "action": kind, "with": dict(fields)}
    document = a_document(step, triggers=[{"id": "asked", "type": "event", "event": "leave_requested"}])
    a_workflow(flow, cast.maya, document, home_id=cast.rose)
    leave_asked(flow, cast.sorcha, start=date(2027, 2, 1))  # what starts it has nothing to do with what it does
    return runs(flow)[-1].id


def test_every_kind_that_can_be_undone_has_a_case() -> None:
    assert set(CASES) == set(REVERSIBLE), "Say in CASES what the action changes, so that its undoing is tried."


@pytest.mark.parametrize("kind", REVERSIBLE)
def test_run_then_undone_the_rota_is_as_before(flow: Flow, cast: Cast, kind: str) -> None:
    fields = CASES[kind](flow, cast)
    execution_id = did(flow, cast, kind, fields)
    before, hours = rota_tables(flow), hours_left(flow, cast)
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED, runs(flow)[0].reason
    assert rota_tables(flow) != before, "it changes nothing, so its undoing proves nothing"
    undo(flow, cast.maya, execution_id)
    assert states(flow) == [("it", "undone")]
    assert (rota_tables(flow), hours_left(flow, cast)) == (before, hours)


@pytest.mark.parametrize("kind", REVERSIBLE)
def test_it_changes_our_own_database_alone_and_says_what_undoing_does(kind: str) -> None:
    action = registries().actions[kind]
    assert action.effect is Effect.DB
    assert type(action).undo_note is not Action.undo_note
    assert action.undoes.endswith(".")
    assert action.undoes[0].isupper()


@pytest.mark.parametrize("kind", [kind for kind in registries().actions if kind not in REVERSIBLE])
def test_any_other_says_in_half_a_sentence_why_it_stays(kind: str) -> None:
    action = registries().actions[kind]
    assert not action.undoes
    assert action.lasting[0].islower()
    assert not action.lasting.endswith(".")


def hours_left(flow: Flow, cast: Cast) -> object:
    """Answer how many hours of leave Dan has."""
    assert cast.dan.staff_id is not None
    with flow.database.read() as session:
        return balance_on(session, cast.dan.staff_id, "ANNUAL", START)
