"""Switching a workflow on and off, putting it away and bringing it back: who may, whence and whither, and the trace."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from flowapp.accounts.audit import AuditEntry
from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from flowapp.workflows.publishing import create_workflow, publish
from flowapp.workflows.reading import read_document
from flowapp.workflows.switching import _REFUSALS, LEADS, Switch, pause_by_itself
from flowapp.workflows.visible import visible
from flowapp.workflows.workflow import Subscription, Version, Workflow, WorkflowStatus
from tests.cast import Cast
from tests.factories import a_document, a_workflow, cause_of, switched

DRAFT, ACTIVE, PAUSED, ARCHIVED = WorkflowStatus
HOURLY = a_document(triggers=[{"id": "clock", "type": "schedule", "cron": "0 * * * *"}])


def read(flow: Flow, workflow_id: int) -> Workflow:
    """Read a workflow as it stands."""
    with flow.database.read() as session:
        return session.get_one(Workflow, workflow_id)


def listens(flow: Flow) -> list[Subscription]:
    """Read what is waited for."""
    with flow.database.read() as session:
        return list(session.scalars(select(Subscription).order_by(Subscription.id)))


def audited(flow: Flow) -> AuditEntry:
    """Read the last entry of the audit."""
    with flow.database.read() as session:
        return session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()


def a_draft(flow: Flow, cast: Cast) -> int:
    """Write a workflow that was never published."""

    def write(session: Session) -> int:
        cause = cause_of(cast.maya, flow.clock.now())
        document = read_document(a_document())
        return create_workflow(session, cause, document, owner_id=cast.maya.user_id, home_id=cast.rose).id

    return flow.database.write(write)


def standing(flow: Flow, cast: Cast, status: WorkflowStatus) -> int:
    """Write a workflow of Rose House that stands like this."""
    if status is DRAFT:
        return a_draft(flow, cast)
    made = a_workflow(flow, cast.maya, home_id=cast.rose)
    ways = {ACTIVE: (), PAUSED: (Switch.PAUSE,), ARCHIVED: (Switch.ARCHIVE,)}
    for way in ways[status]:
        switched(flow, cast.maya, made, way)
    return made


WAYS = [(way, status) for way in Switch for status in WorkflowStatus]


def test_every_way_from_everywhere_leads_somewhere_or_is_refused_in_words() -> None:
    assert {*LEADS, *_REFUSALS} == set(WAYS)
    assert not LEADS.keys() & _REFUSALS


@pytest.mark.parametrize(("way", "status"), LEADS)
def test_what_may_be_done_is_done_and_audited(flow: Flow, cast: Cast, way: Switch, status: WorkflowStatus) -> None:
    made = standing(flow, cast, status)
    before = read(flow, made).rev
    assert switched(flow, cast.maya, made, way, reason="The lift is broken.") == made
    found, entry = read(flow, made), audited(flow)
    assert (found.status, found.rev, found.updated_at) == (LEADS[way, status], before + 1, flow.clock.now())
    assert (entry.action, entry.entity, entry.entity_id, entry.home_id) == (f"workflow.{way}", "workflow", made,
                                                                           cast.rose)  # fmt: skip
    assert (entry.before, entry.after) == ({"status": status.value}, {"status": LEADS[way, status].value})
    assert (entry.actor, entry.reason) == (f"user:{cast.maya.user_id}", "The lift is broken.")


@pytest.mark.parametrize(("way", "status"), _REFUSALS)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    flow: Flow, cast: Cast, way: Switch, status: WorkflowStatus
) -> None:
    made = standing(flow, cast, status)
    before = read(flow, made)
    with pytest.raises(Conflict, match=r"“A workflow” (is|was) .+\.$"):
        switched(flow, cast.maya, made, way)
    after = read(flow, made)
    assert (after.status, after.rev) == (before.status, before.rev)


def test_a_paused_one_says_who_paused_it_when_and_why(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    made = a_workflow(flow, cast.maya, home_id=cast.rose)
    clock.advance(hours=1)
    switched(flow, cast.maya, made, Switch.PAUSE, reason=" The lift\nis broken. ")
    found = read(flow, made)
    assert (found.paused_at, found.paused_reason) == (clock.now(), "Paused by Maya: The lift is broken.")
    switched(flow, cast.maya, made, Switch.ACTIVATE)
    found = read(flow, made)
    assert (found.paused_at, found.paused_reason) == (None, None)
    switched(flow, cast.maya, made, Switch.PAUSE)
    assert read(flow, made).paused_reason == "Paused by Maya"


def test_an_archived_one_waits_for_nothing_and_is_brought_back_paused(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, home_id=cast.rose)
    switched(flow, cast.maya, made, Switch.ARCHIVE)
    found = read(flow, made)
    assert (found.archived_at, found.archived_by, listens(flow)) == (flow.clock.now(), "Maya", [])
    switched(flow, cast.maya, made, Switch.RESTORE)
    found = read(flow, made)
    assert (found.status, found.archived_at, found.archived_by) == (PAUSED, None, None)
    assert found.paused_reason == "Brought back by Maya, and not switched on since"
    assert [each.event_type for each in listens(flow)] == ["leave_requested"]


def test_a_draft_that_was_archived_is_a_draft_again(flow: Flow, cast: Cast) -> None:
    made = a_draft(flow, cast)
    switched(flow, cast.maya, made, Switch.ARCHIVE)
    switched(flow, cast.maya, made, Switch.RESTORE)
    found = read(flow, made)
    assert (found.status, found.paused_reason, listens(flow)) == (DRAFT, None, [])


def test_times_that_passed_while_it_was_off_count_for_nothing(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    made = a_workflow(flow, cast.maya, HOURLY, home_id=cast.rose)
    flow.tick()
    assert listens(flow)[0].next_fire_at == clock.now() + timedelta(hours=1)
    switched(flow, cast.maya, made, Switch.PAUSE)
    clock.advance(hours=3.5)  # and nobody looked meanwhile
    switched(flow, cast.maya, made, Switch.ACTIVATE)
    [found] = listens(flow)
    assert (found.next_fire_at, found.plan_from) == (None, clock.now())


@pytest.mark.parametrize(
    ("name", "home", "raised"),
    [
        ("dan", "rose", NotAllowed),
        ("sorcha", "rose", NotAllowed),
        ("hana", "rose", NotAllowed),
        ("erin", "rose", NotFound),
        ("vic", "rose", NotFound),
        ("maya", None, NotAllowed),  # everybody sees those of the organisation
    ],
)
def test_who_may_not(flow: Flow, cast: Cast, name: str, home: str | None, raised: type[Exception]) -> None:
    made = a_workflow(flow, cast.maya, home_id=getattr(cast, home) if home else None)
    with pytest.raises(raised):
        switched(flow, getattr(cast, name), made, Switch.PAUSE)
    assert read(flow, made).status is ACTIVE


def test_the_organisations_is_switched_by_those_responsible_for_all_of_it(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.ada, home_id=None)
    switched(flow, cast.ada, made, Switch.PAUSE)
    assert read(flow, made).status is PAUSED


def test_one_that_does_not_exist_is_not_found(flow: Flow, cast: Cast) -> None:
    with pytest.raises(NotFound):
        switched(flow, cast.maya, 99, Switch.PAUSE)


def test_one_that_changed_since_it_was_seen_is_left(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, home_id=cast.rose)
    seen = read(flow, made).rev
    switched(flow, cast.maya, made, Switch.PAUSE, seen=seen)
    with pytest.raises(Conflict, match="Somebody changed this"):
        switched(flow, cast.maya, made, Switch.ACTIVATE, seen=seen)
    switched(flow, cast.maya, made, Switch.ACTIVATE, seen=seen + 1)


@pytest.mark.parametrize("reason", ["x" * 301, "a\x00b", "a\ud800"])
def test_a_reason_that_cannot_be_shown_is_refused(flow: Flow, cast: Cast, reason: str) -> None:
    made = a_workflow(flow, cast.maya, home_id=cast.rose)
    with pytest.raises(Refused, match="The reason has"):
        switched(flow, cast.maya, made, Switch.PAUSE, reason=reason)


def test_one_whose_action_has_gone_is_brought_back_but_not_switched_on(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, home_id=cast.rose)
    switched(flow, cast.maya, made, Switch.ARCHIVE)
    gone: Any = {"id": "tell", "type": "action", "action": "gone", "with": {}}
    data = read_document(a_document(gone)).as_data()
    flow.database.write(lambda session: session.execute(update(Version).values(document=data)) and None)
    switched(flow, cast.maya, made, Switch.RESTORE)
    assert read(flow, made).status is PAUSED
    with pytest.raises(Refused, match="gone"):
        switched(flow, cast.maya, made, Switch.ACTIVATE)
    assert read(flow, made).status is PAUSED


def test_switching_it_on_begins_the_counting_of_failures_anew(flow: Flow, cast: Cast) -> None:
    made = standing(flow, cast, PAUSED)
    failing = update(Workflow).values(failures_in_a_row=10, failing_since=flow.clock.now())
    flow.database.write(lambda session: session.execute(failing) and None)
    switched(flow, cast.maya, made, Switch.ACTIVATE)
    found = read(flow, made)
    assert (found.failures_in_a_row, found.failing_since) == (0, None)


def test_pausing_it_leaves_the_count_of_failures(flow: Flow, cast: Cast) -> None:
    made = standing(flow, cast, ACTIVE)
    failing = update(Workflow).values(failures_in_a_row=4, failing_since=flow.clock.now())
    flow.database.write(lambda session: session.execute(failing) and None)
    switched(flow, cast.maya, made, Switch.PAUSE)
    assert read(flow, made).failures_in_a_row == 4  # whatever still runs may yet work


@pytest.mark.parametrize("status", [DRAFT, PAUSED, ARCHIVED])
def test_only_an_active_one_is_paused_by_itself(flow: Flow, cast: Cast, status: WorkflowStatus) -> None:
    made, cause = standing(flow, cast, status), cause_of(cast.maya, flow.clock.now())
    assert flow.database.write(lambda session: pause_by_itself(session, cause, made, "it failed.")) is False
    assert read(flow, made).status is status


@pytest.mark.parametrize(("status", "then"), [(DRAFT, ACTIVE), (ACTIVE, ACTIVE), (PAUSED, PAUSED)])
def test_only_the_first_publishing_switches_it_on(
    flow: Flow, cast: Cast, status: WorkflowStatus, then: WorkflowStatus
) -> None:
    made = standing(flow, cast, status)
    published(flow, cast, made)
    assert read(flow, made).status is then


def test_an_archived_one_is_not_published(flow: Flow, cast: Cast) -> None:
    made = standing(flow, cast, ARCHIVED)
    with pytest.raises(Conflict, match="Bring it back first"):
        published(flow, cast, made)
    assert listens(flow) == []


def published(flow: Flow, cast: Cast, workflow_id: int) -> None:
    """Publish the newest version of a workflow."""
    cause = cause_of(cast.maya, flow.clock.now())

    def write(session: Session) -> None:
        found = session.get_one(Workflow, workflow_id)
        publish(session, cause, found, actions=flow.actions, triggers=flow.triggers)

    flow.database.write(write)


def test_archived_ones_are_listed_only_when_they_are_asked_for(flow: Flow, cast: Cast) -> None:
    made = {status: standing(flow, cast, status) for status in WorkflowStatus}
    with flow.database.read() as session:
        assert {each.id for each in visible(session, cast.maya)} == {made[DRAFT], made[ACTIVE], made[PAUSED]}
        for status in WorkflowStatus:
            assert [each.id for each in visible(session, cast.maya, status)] == [made[status]]
