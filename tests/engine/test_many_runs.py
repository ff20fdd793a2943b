"""What is asked of a million runs is answered by an index, in the order in which it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.engine import claim, coming, newest, queries
from flowapp.engine.accept import _already_in_chain
from flowapp.engine.execution import ExecutionStatus
from flowapp.engine.keeping.clean_up import Events, run_batches
from flowapp.engine.keeping.retention import removed_before
from flowapp.engine.newest import Filters
from flowapp.engine.schedules import missed_starts
from flowapp.events.outbox import Recorded
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.plain import kept
from tests.cast import Cast
from tests.conftest import MONDAY_MORNING as NOW
from tests.engine.asked_plans import plans_of, read_to_the_end
from tests.engine.old_runs import old_runs
from tests.factories import a_workflow, leave_asked, leave_event, runs
from tests.support.statements import sorted_afterwards

Question = Callable[[Session], object]
FAILED = ExecutionStatus.FAILED
# Of PostgreSQL only the plans of full tables mean anything: those of empty ones it chooses by no cost that counts.
QUESTIONS: dict[str, Question] = {
    "what is due": lambda session: claim.due(session, NOW, limit=50),
    "how much is due": lambda session: claim.count_due(session, NOW),
    "what was taken": lambda session: claim.taken(session, 1, 1),
    "the rows before": lambda session: claim.rows_before(session, [1, 2]),
    "late steps": lambda session: claim.late_steps(session, NOW),
    "late executions": lambda session: claim.late_executions(session, NOW),
    "leases that ran out": lambda session: claim.release_expired(session, NOW),
    "what is due next": lambda session: coming.next_due(session, NOW),
    "whether they have ended": lambda session: queries.settled(session, [1, 2]),
    "what was missed": lambda session: missed_starts(session, 1, limit=5),
    "the clean-up of events": lambda session: Events(NOW)(session, 100),
}


@pytest.mark.sqlite
@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_what_the_engine_asks_is_found_by_an_index(flow: Flow, cast: Cast, question: Question) -> None:
    plan = plans_of(flow, question)
    assert plan
    assert not read_to_the_end(plan)


@pytest.mark.sqlite
@pytest.mark.parametrize("kept_for", ["dull_runs", "ordinary_runs", "lasting_runs", "unjudged_runs"])
def test_the_clean_up_reads_a_range_of_an_index(flow: Flow, kept_for: str) -> None:
    batch = run_batches(removed_before(NOW, days=90, dull_days=14))[kept_for]
    plan = plans_of(flow, lambda session: batch(session, 100))
    assert any("ix_execution_retention" in line for line in plan), plan
    assert not [*read_to_the_end(plan), *sorted_afterwards(plan)]


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["maya", "hana"])
def test_a_run_and_its_record_are_found_by_an_index(flow: Flow, cast: Cast, name: str) -> None:
    a_workflow(flow, cast.maya, home_id=cast.rose)
    leave_asked(flow, cast.dan)
    (run,) = runs(flow)
    person = getattr(cast, name)
    recorded = Recorded(leave_event(cast.dan, NOW, home_id=cast.rose), 1, "u", kept({}))
    for question in (
        lambda session: queries.detail(session, person, run.id),
        lambda session: queries.about(session, person, "leave_request", 1),
        lambda session: _already_in_chain(session, 1, recorded),
    ):
        plan = plans_of(flow, question)
        assert plan
        assert not read_to_the_end(plan)


@pytest.mark.sqlite
@pytest.mark.parametrize("homes", [[1], [1, 2], None])
@pytest.mark.parametrize(
    "filters",
    [Filters(), Filters(status=FAILED), Filters(workflow_id=1), Filters(workflow_id=1, status=FAILED)],
    ids=["all", "failed", "workflow", "workflow and failed"],
)
def test_a_page_of_runs_and_their_number_are_read_in_order(
    flow: Flow, cast: Cast, filters: Filters, homes: list[int] | None
) -> None:
    person = cast.hana if homes is None else replace(cast.maya, home_ids=frozenset(homes))
    several, every = homes is not None and len(homes) > 1, homes is None and filters == Filters()
    for before in (None, 1000):
        query = newest.newest(person, filters, limit=51, before=before)
        plan = plans_of(flow, lambda session, query=query: session.execute(query).all())
        # the pages of several homes, which are short, become one page at the end
        assert len(sorted_afterwards(plan)) == (len(homes or ()) if several and filters.workflow_id is None else 0)
        # of all runs the newest are read from the end of the table
        assert read_to_the_end(plan) == (["execution"] if every and before is None else [])
    for question in (
        lambda session: queries.executions(session, person, filters, limit=51),
        lambda session: queries.count(session, person, filters),
    ):
        assert every or not read_to_the_end(plans_of(flow, question))


def test_runs_of_several_homes_come_in_one_order(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    rose = a_workflow(flow, cast.maya, home_id=cast.rose)
    elm = a_workflow(flow, cast.erin, home_id=cast.elm)
    numbers = []
    for person, workflow_id in ((cast.maya, rose), (cast.erin, elm)) * 3:
        numbers += old_runs(flow, person, workflow_id, ("dull", 1))
    both = replace(cast.maya, home_ids=frozenset({cast.rose, cast.elm}))
    nowhere = replace(cast.maya, home_ids=frozenset())
    with flow.database.read() as session:

        def shown(person: Any, **given: Any) -> list[int]:
            found = queries.executions(session, person, given.pop("filters", Filters()), **given)
            return [row.execution.id for row in found]

        assert shown(both, limit=4) == numbers[:1:-1]
        assert shown(both, limit=4, before=numbers[2]) == [numbers[1], numbers[0]]
        assert shown(both, limit=9, filters=Filters(workflow_id=elm)) == numbers[::-1][0::2]
        assert shown(cast.maya, limit=9, filters=Filters(workflow_id=elm)) == []
        assert shown(nowhere, limit=9) == []
        assert queries.count(session, both, Filters()) == 6
        assert queries.count(session, cast.maya, Filters(until=clock.now() - timedelta(days=2))) == 0


def test_more_than_can_be_counted_at_a_glance_is_not_counted(
    flow: Flow, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow_id = a_workflow(flow, cast.maya, home_id=cast.rose)
    old_runs(flow, cast.maya, workflow_id, *[("dull", 1)] * 5)
    monkeypatch.setattr(newest, "MOST_COUNTED", 3)
    with flow.database.read() as session:
        assert queries.count(session, cast.maya, Filters()) == 4


def test_reading_a_table_to_its_end_and_sorting_are_found(flow: Flow) -> None:
    plan = plans_of(flow, lambda session: session.execute(text("SELECT * FROM execution ORDER BY created_at")).all())
    assert read_to_the_end(plan) == ["execution"]
    assert len(sorted_afterwards(plan)) == 1
