"""Two who change a workflow at once, or change it as it starts: nobody writes over the other, and no start is lost."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from flowapp.accounts.audit import AuditEntry
from flowapp.bootstrap import Flow
from flowapp.engine.accept import NOT_RUN_PAUSED
from flowapp.engine.execution import Execution, ExecutionStatus
from flowapp.kernel.errors import Conflict
from flowapp.workflows.drafting import publish_draft, save_draft
from flowapp.workflows.reading import read_document
from flowapp.workflows.switching import Switch
from flowapp.workflows.workflow import Version, Workflow, WorkflowStatus
from tests.cast import Cast
from tests.engine.made_actions import do
from tests.engine.stepping_in import by_hand
from tests.engine.waits import recorded
from tests.factories import a_document, a_workflow, cause_of, runs, switched
from tests.races.racing import Lap, Race
from tests.races.runs import count, last_runs, settle, words


def save(flow: Flow, cast: Cast, workflow_id: int, word: str, seen: int | None) -> str:
    """Save a draft that notes a word, and answer the word."""
    document, cause = read_document(a_document(do("note", "a", word))), cause_of(cast.maya, flow.clock.now())
    flow.database.write(lambda session: save_draft(session, cause, cast.maya, workflow_id, document, seen=seen))
    return word


def publish(flow: Flow, cast: Cast, workflow_id: int, seen: int | None = None) -> int:
    """Publish the draft, and answer the number of its version."""
    cause, kinds = cause_of(cast.maya, flow.clock.now()), {"actions": flow.actions, "triggers": flow.triggers}
    return flow.database.write(
        lambda session: publish_draft(session, cause, cast.maya, workflow_id, seen=seen, **kinds)
    )


def read(flow: Flow, workflow_id: int) -> Workflow:
    """Read a workflow as it stands."""
    with flow.database.read() as session:
        return session.get_one(Workflow, workflow_id)


def newest(flow: Flow, workflow_id: int) -> tuple[int, Any, bool]:
    """Read the number of the newest version, the word that it notes, and whether it is published."""
    query = select(Version).where(Version.workflow_id == workflow_id).order_by(Version.number.desc()).limit(1)
    with flow.database.read() as session:
        found = session.scalars(query).one()
    return found.number, found.document["steps"][0]["with"]["word"], found.published_at is not None


def test_of_two_who_edit_one_draft_the_second_is_told(flow: Flow, cast: Cast, race: Race) -> None:
    made = a_workflow(flow, cast.maya, home_id=cast.rose)

    def repetition(lap: Lap) -> str:
        seen = read(flow, made).rev
        told = lap.meet(
            lambda each: save(each, cast, made, "one", seen), lambda each: save(each, cast, made, "other", seen)
        )
        [kept] = [each for each in told if isinstance(each, str)]
        assert [type(each) for each in told].count(Conflict) == 1
        assert (newest(flow, made)[1:], read(flow, made).rev) == ((kept, False), seen + 1)
        return kept

    race.run(repetition)


def test_a_draft_is_published_as_somebody_saw_it_or_not_at_all(flow: Flow, cast: Cast, race: Race) -> None:
    made = a_workflow(flow, cast.maya, home_id=cast.rose)

    def repetition(lap: Lap) -> str:
        save(race.one, cast, made, "old", None)
        seen = read(flow, made).rev
        number, *_ = newest(flow, made)
        published, saved = lap.meet(
            lambda each: publish(each, cast, made, seen), lambda each: save(each, cast, made, "new", seen)
        )
        assert isinstance(published, Conflict) != isinstance(saved, Conflict)
        expected = (number, "old", True) if published == number else (number, "new", False)
        assert newest(flow, made) == expected
        return "published" if published == number else "saved"

    race.run(repetition)


def test_a_start_as_another_version_is_published_runs_one_of_the_two_to_its_end(
    flow: Flow, cast: Cast, race: Race
) -> None:
    made = a_workflow(flow, cast.maya, a_document(do("note", "a", "0")), home_id=cast.rose)

    def repetition(lap: Lap) -> str:
        before, now = str(lap.number - 1), str(lap.number)
        save(race.one, cast, made, now, None)
        lap.meet(lambda each: publish(each, cast, made), lambda each: recorded(each, cast, lap.number))
        settle(race)
        assert words(flow)[lap.number - 1 :] in ([before], [now])
        return "old" if words(flow)[-1] == before else "new"

    ends = race.run(repetition)
    assert [each.status for each in runs(flow)] == [ExecutionStatus.COMPLETED] * ends.total()


def test_a_start_as_the_workflow_is_paused_runs_or_says_why_not(flow: Flow, cast: Cast, race: Race) -> None:
    made = a_workflow(flow, cast.maya, a_document(do("note", "a")), home_id=cast.rose)

    def repetition(lap: Lap) -> str:
        lap.meet(
            lambda each: switched(each, cast.maya, made, Switch.PAUSE), lambda each: recorded(each, cast, lap.number)
        )
        settle(race)
        assert count(flow, Execution) == lap.number
        switched(race.one, cast.maya, made, Switch.ACTIVATE)
        return "ran" if last_runs(flow)[0].reason != NOT_RUN_PAUSED else "noted"

    ends = race.run(repetition)
    assert len(words(flow)) == ends["ran"]


def test_a_start_as_the_workflow_is_archived_runs_or_is_refused(flow: Flow, cast: Cast, race: Race) -> None:
    made = a_workflow(flow, cast.maya, a_document(do("note", "a")), home_id=cast.rose)

    def repetition(lap: Lap) -> str:
        before = count(flow, Execution)
        archived, started = lap.meet(
            lambda each: switched(each, cast.maya, made, Switch.ARCHIVE), lambda each: by_hand(each, cast.maya, made)
        )
        settle(race)
        assert archived == made
        assert isinstance(started, Conflict) == (count(flow, Execution) == before)
        assert read(flow, made).status == WorkflowStatus.ARCHIVED
        with flow.database.read() as session:
            [last] = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(1))
        assert last == "workflow.archive"  # nothing is started after it
        for way in (Switch.RESTORE, Switch.ACTIVATE):
            switched(race.one, cast.maya, made, way)
        return "refused" if isinstance(started, Conflict) else "ran"

    ends = race.run(repetition)
    assert len(words(flow)) == ends["ran"]


def test_of_two_who_pause_a_workflow_one_is_told_that_it_is_paused(flow: Flow, cast: Cast, race: Race) -> None:
    made = a_workflow(flow, cast.maya, home_id=cast.rose)

    def repetition(lap: Lap) -> str:
        rev = read(flow, made).rev
        told = lap.meet(*[lambda each: switched(each, cast.maya, made, Switch.PAUSE)] * 2)
        assert [type(each) for each in told].count(Conflict) == 1
        assert read(flow, made).rev == rev + 1
        switched(race.one, cast.maya, made, Switch.ACTIVATE)
        return "one"

    race.run(repetition)
