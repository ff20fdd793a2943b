"""What accepting an event costs follows the number of workflows that match, not the number there are."""

from __future__ import annotations

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.events.outbox import record
from flowapp.kernel.ids import new_uid
from flowapp.workflows.reading import read_document
from flowapp.workflows.workflow import Subscription, Version, Workflow, WorkflowStatus
from tests.cast import Cast
from tests.factories import a_document, leave_event, runs
from tests.support.statements import heard, plan, read_to_the_end

MATCHING = 3


def many_workflows(flow: Flow, cast: Cast, number: int) -> None:
    """Write this many active workflows, of which three wait for leave in Rose House."""
    at, data = flow.clock.now(), read_document(a_document()).as_data()

    def write(session: Session) -> None:
        homes = [cast.rose if n < MATCHING else (cast.rose, cast.elm)[n % 2] for n in range(number)]
        events = ["leave_requested" if n < MATCHING or home == cast.elm else "leave_cancelled"
                  for n, home in enumerate(homes)]  # fmt: skip
        session.execute(insert(Workflow), [
            {"id": n + 1, "uid": new_uid(at), "name": f"W{n}", "category": "leave", "home_id": home,
             "status": WorkflowStatus.ACTIVE, "owner_id": cast.maya.user_id, "current_version": 1, "rev": 1,
             "created_at": at, "updated_at": at}
            for n, home in enumerate(homes)
        ])  # fmt: skip
        session.execute(insert(Version), [
            {"id": n + 1, "workflow_id": n + 1, "number": 1, "document": data, "sha256": "x", "note": "",
             "published_at": at, "published_by_id": None}
            for n in range(number)
        ])  # fmt: skip
        session.execute(insert(Subscription), [
            {"workflow_id": n + 1, "version_id": n + 1, "trigger_id": "asked", "trigger_type": "event",
             "event_type": event, "home_id": home, "when": None}
            for n, (home, event) in enumerate(zip(homes, events, strict=True))
        ])  # fmt: skip

    flow.database.write(write)


def statements(flow: Flow, cast: Cast) -> list[str]:
    """Record an event, and answer the text of every statement that reached the database meanwhile."""
    seen: list[str] = []

    def write(session: Session) -> None:
        with heard(session) as those:
            record(session, leave_event(cast.dan, flow.clock.now(), home_id=cast.rose))
        seen.extend(those)

    flow.database.write(write)
    return seen


@pytest.fixture
def cost_of_twenty(flow: Flow, cast: Cast) -> int:
    """What accepting costs where there are only twenty."""
    many_workflows(flow, cast, 20)
    statements(flow, cast)  # the plans are laid out at the first use
    found = len(statements(flow, cast))
    assert len(runs(flow)) == 2 * MATCHING
    return found


def test_with_two_thousand_workflows_it_takes_as_many_statements_as_with_twenty(
    flow: Flow, cast: Cast, cost_of_twenty: int
) -> None:
    assert cost_of_twenty > MATCHING  # the counting counts

    def clear(session: Session) -> None:
        for table in ("step_execution", "execution", "subscription", "workflow_version", "workflow"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")

    flow.database.write(clear)
    many_workflows(flow, cast, 2_000)
    statements(flow, cast)
    assert len(statements(flow, cast)) == cost_of_twenty
    assert len(runs(flow)) == 2 * MATCHING


@pytest.mark.sqlite
def test_what_matches_is_found_by_an_index_and_not_by_looking_through_all(flow: Flow, cast: Cast) -> None:
    many_workflows(flow, cast, 50)
    [looking] = [each for each in statements(flow, cast) if "FROM subscription" in each]
    with flow.database.read() as session:
        found = plan(session, looking)
    assert any("ix_subscription_event_home" in each for each in found), found
    assert not read_to_the_end(found), found
