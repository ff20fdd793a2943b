"""The invariants tell a good ending from each bad one, so that no crash passes for a success."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from tests.kill.ending import Sent
from tests.kill.evidence import evidence
from tests.kill.journal import Journal, my_share
from tests.kill.kinds import KINDS
from tests.kill.kinds_world import KindsWorld, prepare_kinds
from tests.kill.place import place_in
from tests.kill.server import reason_not_available
from tests.kill.sink import a_sink
from tests.kill.store import Came, Store
from tests.kill.waiting import until
from tests.support.databases import Databases

pytestmark = pytest.mark.skipif(reason_not_available() is not None, reason=str(reason_not_available()))
SINGLE_FILE = "SELECT created_at, started_at, finished_at FROM execution WHERE run_key LIKE '%http%' ORDER BY id"
A_RUN = "(SELECT min(execution_id) FROM step_execution WHERE path = 'tell')"
EVENT = (
    "type, version, occurred_at, subject_type, subject_id, actor, changes, context, correlation_id, depth, execution_id"
)
QUEUED = "FROM execution WHERE run_key LIKE '%http%'"


@pytest.fixture(scope="module")
def well(lasting: Databases, tmp_path_factory: pytest.TempPathFactory) -> KindsWorld:
    """A world in which every kind of step has been done, as it should be."""
    folder = tmp_path_factory.mktemp("well")
    with a_sink(folder / "came") as sink:
        place = place_in(folder, lasting)
        made = KindsWorld(prepare_kinds(place), place, sink)
        with made.server() as server:
            for kind in KINDS:
                made.start_all(server, kind)
                made.attend(server)
            until(lambda: made.is_quiet_with(server), within=40, for_what="every kind to end")
            server.stop()
    return made


@pytest.fixture
def world(well: KindsWorld, lasting: Databases, tmp_path: Path) -> Iterator[KindsWorld]:
    """A copy of it to be spoilt."""
    copy = place_in(tmp_path, lasting, of=well.database)
    shutil.copy(well.sink.store.path, tmp_path / "came")
    sink = replace(well.sink, store=Store(tmp_path / "came"))
    yield replace(well, database=copy, sink=sink, sent=list(well.sent))
    lasting.drop(copy.url)


def test_a_good_ending_breaks_nothing(world: KindsWorld) -> None:
    assert world.broken() == []
    assert len(world.sent) == sum(kind.starts for kind in KINDS)


def test_the_queue_has_really_held_somebody_back(world: KindsWorld) -> None:
    with evidence(world.database) as found:
        runs = found.rows(SINGLE_FILE)
    assert all(after["created_at"] < before["finished_at"] for before, after in pairwise(runs))


def test_one_event_has_come_before_its_step_and_one_after(world: KindsWorld) -> None:
    query = (
        "SELECT s.started_at, g.event_seq, e.occurred_at FROM step_execution s JOIN signal g ON "
        "g.execution_id = s.execution_id AND g.path = s.path JOIN event e ON e.seq = g.event_seq ORDER BY s.id"
    )
    with evidence(world.database) as found:
        early, late = found.rows(query)
    assert early["occurred_at"] < early["started_at"]
    assert late["occurred_at"] > late["started_at"]


@pytest.mark.parametrize(
    ("tampering", "promise"),
    [
        # I1: acknowledged and gone
        ("DELETE FROM idempotency_key WHERE id = 1", "one_execution_for_each_key"),
        # I2: the result of a claim that was taken over
        ("UPDATE step_execution SET epoch = epoch + 1 WHERE path = 'call'", "one_ending_for_each_step"),
        # I2: done twice
        ("INSERT INTO step_attempt (execution_id, path, epoch, owner, result, at) "
         "SELECT execution_id, path, epoch, owner, result, at FROM step_attempt WHERE result = 'completed'",
         "one_ending_for_each_step"),
        # I3: told twice
        ("INSERT INTO notification (user_id, title, message, execution_id, created_at) "
         f"SELECT user_id, title, message, execution_id, created_at FROM notification WHERE execution_id = {A_RUN}",
         "effects"),
        # I3: called without an attempt
        ("DELETE FROM step_attempt WHERE result = 'taken'", "effects"),
        # I3: a mail that was never sent
        ("UPDATE mail SET status = 'queued'", "effects"),
        # I4: gone on before its time
        ("UPDATE step_execution SET finished_at = started_at WHERE type = 'delay'", "timers"),
        # I4: tried again without a pause
        ("UPDATE step_attempt SET at = (SELECT min(at) FROM step_attempt)", "timers"),
        # I5: stuck
        (f"UPDATE execution SET status = 'running' WHERE id = {A_RUN}", "nothing_is_stuck"),
        # I5: lives on in what has ended
        ("UPDATE step_execution SET status = 'pending' WHERE path = 'tell'", "nothing_is_stuck"),
        # I6: a way left out
        ("DELETE FROM step_execution WHERE path = 'b.late.later'", "each_step"),
        # I6: gone on before all ways had ended
        ("UPDATE step_execution SET finished_at = '2026-01-01 00:00:00.000000' WHERE path = 'b'", "each_step"),
        # I7: one step was not undone
        ("UPDATE undo SET state = 'registered' WHERE path = 'first'", "what_is_undone"),
        # I7: undone in the order in which it was done, and not the other way round
        ("UPDATE event SET seq = -seq WHERE type = 'leave_reopened'", "what_is_undone"),
        # I7: taken back twice
        (f"INSERT INTO event (uid, {EVENT}) SELECT 'x', {EVENT} FROM event WHERE type = 'leave_reopened' LIMIT 1",
         "what_is_undone"),
        # I7: how it is undone is kept, and it was never done
        ("UPDATE undo SET path = 'third' WHERE path = 'first'", "what_is_undone"),
        # I7: the leave waits again, its hours are gone
        ("DELETE FROM leave_ledger WHERE id = (SELECT max(id) FROM leave_ledger WHERE kind = 'refund')",
         "what_is_undone"),
        # I8: the next one began too soon
        (f"UPDATE execution SET started_at = '2026-01-01 00:00:00.000000' WHERE id = (SELECT max(id) {QUEUED})",
         "one_after_the_other"),
        # I8: the next one acted too soon
        (f"UPDATE step_attempt SET at = '2026-01-01 00:00:00.000000' WHERE execution_id = (SELECT max(id) {QUEUED})",
         "one_after_the_other"),
        # I8: nobody let the first one go
        (f"UPDATE execution SET held_back = 'queue', finished_at = NULL WHERE id = (SELECT min(id) {QUEUED})",
         "nobody_queues"),
        # I10: the step that waits was not woken
        ("UPDATE step_execution SET status = 'waiting', run_at = NULL WHERE type = 'workflow'", "families"),
        # I10: the step went on, its run lives
        ("UPDATE execution SET finished_at = NULL WHERE parent_id IS NOT NULL", "families"),
        # I10: the step went on too soon
        ("UPDATE step_execution SET finished_at = started_at WHERE type = 'workflow'", "families"),
        # I10: started and lost
        ("UPDATE execution SET parent_path = 'nowhere' WHERE parent_id IS NOT NULL", "families"),
        # I11: listens on
        ("INSERT INTO awaited (execution_id, path, event_type, home_id, after_seq) "
         "SELECT execution_id, path, 'leave_requested', 1, 0 FROM signal", "each_event"),
        # I11: nobody knows which event it took
        ("DELETE FROM signal WHERE path = 'early'", "each_event"),
        # I11: one event for two steps
        ("UPDATE signal SET event_seq = (SELECT min(event_seq) FROM signal)", "each_event"),
        # I9: done without a trace
        ("DELETE FROM step_attempt WHERE path = 'tell'", "the_file_is_whole"),
        # I9: points nowhere
        ("INSERT INTO step_attempt (execution_id, path, epoch, owner, result, at) "
         "VALUES (9999, 'x', 1, 'o', 'taken', '2026-01-01')", "the_file_is_whole"),
    ],
)  # fmt: skip
def test_a_bad_ending_is_told(tampering: str, promise: str, world: KindsWorld) -> None:
    world.database.say(tampering)
    assert any(wrong.startswith(promise) for wrong in world.broken()), world.broken()


def test_an_answer_that_is_not_kept_is_told(world: KindsWorld) -> None:
    world.sent.append(Sent("inside", "a key", 77))
    assert any("a key" in wrong for wrong in world.broken())


def test_a_call_of_nobody_and_a_call_with_another_text_are_told(world: KindsWorld) -> None:
    came = world.sink.store.all()
    call = next(each for each in came if each.place != "mail")
    with world.sink.store.path.open("a") as file:
        lines = [Came("/ok", "of nobody", "", call.at), replace(call, body="another")]
        file.writelines(_line(each) for each in lines)
    wrong = world.broken()
    assert any("calls of nobody" in each for each in wrong)
    assert any("times in" in each for each in wrong)


def _line(came: Came) -> str:
    return f'["{came.place}", "{came.key}", "{came.body}", "{came.at}"]\n'


def test_shards_share_all_cases_and_a_journal_remembers_what_passed(tmp_path: Path) -> None:
    cases = list(range(10))
    shares = [my_share(cases, f"{number}/3") for number in (1, 2, 3)]
    assert sorted(each for share in shares for each in share) == cases
    journal = Journal(str(tmp_path))
    assert not journal.passed("a")
    journal.note("a")
    assert Journal(str(tmp_path)).passed("a")
    assert not journal.passed("b")
