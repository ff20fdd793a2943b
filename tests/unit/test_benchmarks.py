"""What the benchmarks are made of still fits the tables, and their table says what was measured."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks import five_steps
from benchmarks.__main__ import MEASURES
from benchmarks.accepting import leave_event
from benchmarks.bare import counts, database_like, in_groups, insert, left_since, small_commits
from benchmarks.bare_flask import app as bare_app
from benchmarks.grown import grow
from benchmarks.house import flow_on
from benchmarks.million.filling import fill
from benchmarks.release import last_release, save
from benchmarks.row import Goal, Row
from benchmarks.table import as_text
from flowapp.bootstrap import Flow
from flowapp.engine.execution import Execution, ExecutionStatus
from flowapp.events.outbox import record
from flowapp.http.tables import metadata


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "flowapp.sqlite3"


@pytest.fixture
def flow(path: Path) -> Flow:
    made = flow_on(path)
    metadata().create_all(made.database.writer)
    return made


@pytest.fixture
def ran_once(flow: Flow, path: Path) -> dict[str, int]:
    """Let the workflow of five steps run once, and answer what was counted before."""
    place = five_steps.furnish(flow)
    before = counts(path)
    five_steps.start_one(flow, place)
    flow.worker.work_off()
    flow.close()
    return before


def ended(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute("SELECT count(*) FROM execution WHERE status = 'completed'").fetchone()[0])


def test_the_five_steps_are_kept_of_a_run(ran_once: dict[str, int], path: Path) -> None:
    left = left_since(path, ran_once)
    assert [step["status"] for step in left["step_execution"]] == ["completed"] * 5
    assert ended(path) == 1


def test_an_event_starts_the_five_steps_too(flow: Flow) -> None:
    place = five_steps.furnish(flow, by_event=True)
    flow.database.write(lambda session: record(session, leave_event(place.home_id)))
    flow.worker.work_off()
    with flow.database.read() as session:
        assert [run.status for run in session.query(Execution)] == [ExecutionStatus.COMPLETED]
    flow.close()


def test_bare_sqlite_takes_the_rows_a_run_leaves(ran_once: dict[str, int], path: Path, tmp_path: Path) -> None:
    left = left_since(path, ran_once)
    with database_like(path, tmp_path / "bare.sqlite3") as bare:
        assert insert(bare, in_groups(left, 1)) > 0
    assert ended(tmp_path / "bare.sqlite3") == 1
    assert small_commits(tmp_path, 3) > 0


def test_the_bare_endpoint_writes_as_many_rows_as_a_run_leaves(
    ran_once: dict[str, int], path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = {table: rows for table, rows in left_since(path, ran_once).items() if rows}
    rows = {"execution": left.pop("execution"), **left}
    (tmp_path / "rows.json").write_text(json.dumps(rows))
    with database_like(path, tmp_path / "bare.sqlite3"):
        monkeypatch.setenv("BARE_DATABASE", str(tmp_path / "bare.sqlite3"))
        monkeypatch.setenv("BARE_ROWS", str(tmp_path / "rows.json"))
        client = bare_app().test_client()
        answers = [client.post("/start", json={"inputs": five_steps.INPUTS}).status_code for _ in range(2)]
    assert answers == [202, 202]
    assert {t: n for t, n in counts(tmp_path / "bare.sqlite3").items() if n} == {t: 2 * len(r) for t, r in rows.items()}


def test_a_database_grows_by_copies_of_its_run(ran_once: dict[str, int], path: Path) -> None:
    grow(path, ran_once, to=20)
    with closing(sqlite3.connect(path)) as database:
        (steps,) = database.execute(
            "SELECT count(*) FROM step_execution s JOIN execution e ON e.id = s.execution_id"
        ).fetchone()
    assert (ended(path), steps) == (20, 100)


def test_the_million_can_still_be_filled(flow: Flow, path: Path) -> None:
    fill(flow, path, lambda _: None, runs=20)
    assert counts(path)["step_execution"] == 60
    flow.close()


SPEED = Row(
    key="speed", words="runs", unit="/s", figures=[6, 7, 8], beside="bare", references=[10, 10, 10],
    goal=Goal(at_least=0.6, ratio=True),
)  # fmt: skip


@pytest.mark.parametrize(
    ("goal", "met"),
    [
        (Goal(at_least=0.7, ratio=True), True),  # the median of the ratios
        (Goal(at_least=0.71, ratio=True), False),
        (Goal(at_most=7.0), True),  # the median of the figures
        (Goal(at_most=6.9), False),
        (None, True),  # only shown
    ],
)
def test_a_goal_is_reached_by_the_median_of_the_rounds(goal: Goal | None, met: bool) -> None:
    row = Row(key="a", words="a", unit="", figures=[1, 7, 8], beside="b", references=[10, 10, 10], goal=goal)
    assert row.met is met


def test_the_table_says_that_no_release_was_measured(tmp_path: Path) -> None:
    assert "No release has been measured yet" in as_text([SPEED], last_release(tmp_path))


def test_the_table_has_what_the_highest_release_measured_beside_it(tmp_path: Path) -> None:
    for number in ("0.9", "0.10"):
        save(number, [SPEED], tmp_path)
    text = as_text([SPEED], last_release(tmp_path), markdown=True)
    assert "release 0.10" in text
    assert text.splitlines()[-1].endswith("| ratio ≥ 0.6 | yes | 7.00 /s, ratio 0.70 |")


def test_saving_some_rows_keeps_the_others_of_that_release(tmp_path: Path) -> None:
    save("0.1", [SPEED], tmp_path)
    save("0.1", [Row(key="b", words="b", unit="s", figures=[1], beside="c", references=[2])], tmp_path)
    kept = last_release(tmp_path)
    assert kept is not None
    assert set(kept.rows) == {"speed", "b"}


def test_every_benchmark_is_found_by_its_name() -> None:
    assert {name.partition(":")[0] for name in MEASURES} >= {"http", "inside", "ready", "decisions", "pages"}
