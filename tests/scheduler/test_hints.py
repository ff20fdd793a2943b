"""Hints say when to look; they lose nothing, double nothing, and hold up nobody."""

from __future__ import annotations

import logging
import math
import signal
import threading
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from flowapp.bootstrap import Flow
from flowapp.http.tables import metadata
from flowapp.kernel.backends.lock import FileLock
from flowapp.scheduler.hint_store import TABLE, is_migrated
from tests.cast import Cast
from tests.engine.made_actions import do
from tests.engine.old_runs import carry_out
from tests.engine.patience import until
from tests.factories import runs
from tests.scheduler.conftest import Lead
from tests.scheduler.leading import lead_until_killed
from tests.scheduler.timed import comes_due, hints, locked, scheduled, words

LATE = timedelta(seconds=3)  # a second by design, the rest for a machine with other things to do


def test_with_the_tick_switched_off_hints_alone_start_schedules_and_end_delays_on_time(
    live: Flow, cast: Cast, lead: Lead
) -> None:
    wait = {"id": "wait", "type": "delay", "for": {"seconds": 1}}
    scheduled(live, cast.maya, cast.rose, wait, do("note", "later"))
    due = comes_due(live, seconds=1.5)
    lead()
    assert until(lambda: words(live) == ["noted"])
    (run,) = runs(live)
    assert due <= run.created_at < due + LATE
    assert run.finished_at is not None
    assert run.created_at + timedelta(seconds=1) <= run.finished_at < run.created_at + timedelta(seconds=1) + LATE


def test_what_becomes_due_after_the_lead_was_taken_gets_its_hint_too(live: Flow, cast: Cast, lead: Lead) -> None:
    scheduled(live, cast.maya, cast.rose)
    leader = lead()
    assert until(lambda: leader.leads)
    comes_due(live, seconds=2)
    assert until(lambda: words(live) == ["noted"])


def test_there_is_one_hint_for_each_second_within_ten_minutes(live: Flow, cast: Cast, lead: Lead) -> None:
    for _ in range(3):
        scheduled(live, cast.maya, cast.rose)
    due = comes_due(live, minutes=5)
    lead()
    assert until(lambda: hints(live))
    second = math.ceil(due.timestamp())
    assert hints(live) == {f"look:{second}": (float(second), '{"kind": "look"}')}


def test_what_is_due_in_more_than_ten_minutes_has_no_hint_yet(live: Flow, cast: Cast, lead: Lead) -> None:
    scheduled(live, cast.maya, cast.rose)
    comes_due(live, minutes=11)
    lead()
    assert until(lambda: TABLE in tables(live))
    assert not until(lambda: hints(live), seconds=1)


def test_a_hint_that_cannot_be_read_is_kept_and_logged_and_holds_up_no_other(
    live: Flow, cast: Cast, lead: Lead, caplog: pytest.LogCaptureFixture
) -> None:
    leader = lead()
    assert until(lambda: TABLE in tables(live))
    strange = {"pickle": "\x80\x04K\x01.", "list": "[]", "kind": '{"kind": "poll"}', "half": "{"}
    soon = datetime.now(UTC).timestamp() + 0.5
    rows = [{"name": name, "soon": soon, "state": state} for name, state in strange.items()]
    for row in rows:
        carry_out(live, text("INSERT INTO scheduler_hint VALUES (:name, :soon, :state)"), **row)
    scheduled(live, cast.maya, cast.rose)
    comes_due(live, seconds=2)
    assert until(lambda: words(live) == ["noted"])
    # without a time: they would be due again and again
    aside = {name: (None, state) for name, state in strange.items()}
    assert {name: hint for name, hint in hints(live).items() if name in strange} == aside
    assert all(f"the hint {name} cannot be read" in caplog.text for name in strange)
    leader.stop()
    lead()
    assert until(lambda: hints(live) == aside)


def test_a_database_that_is_locked_for_seconds_costs_neither_the_thread_nor_the_hint(
    live: Flow, cast: Cast, lead: Lead, caplog: pytest.LogCaptureFixture
) -> None:
    scheduled(live, cast.maya, cast.rose)
    comes_due(live, seconds=1)
    lead()
    assert until(lambda: hints(live))
    with caplog.at_level(logging.ERROR), locked(live):
        assert until(lambda: "the scheduler could not look at its jobs" in caplog.text)
        assert words(live) == []
    assert until(lambda: words(live) == ["noted"])
    assert until(lambda: not hints(live))
    scheduler = next(each for each in threading.enumerate() if each.name == "APScheduler")
    assert scheduler.is_alive()
    assert len(runs(live)) == 1


def test_two_that_lead_at_once_start_each_time_once(
    live: Flow, cast: Cast, lead: Lead, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a server two lead for a moment only: when the connection broke of the one that has not noticed yet.
    monkeypatch.setattr(live.database.backend, "lock", FileLock)
    scheduled(live, cast.maya, cast.rose)
    comes_due(live, seconds=2)
    both = [lead("one"), lead("two")]
    assert until(lambda: all(each.leads for each in both))
    assert until(lambda: words(live) == ["noted"])
    assert until(lambda: not hints(live))
    assert len(runs(live)) == 1


def test_when_the_leader_is_killed_the_next_one_makes_the_hints_anew(
    live: Flow, cast: Cast, lead: Lead, tmp_path: Path
) -> None:
    scheduled(live, cast.maya, cast.rose)
    first = comes_due(live, minutes=5)
    other = get_context("spawn").Process(target=lead_until_killed, args=(live.database.url, tmp_path / "leader.lock"))
    other.start()
    assert until(lambda: hints(live), seconds=60)
    leader = lead()
    assert not leader.leads
    other.kill()
    other.join(10)
    assert other.exitcode == -signal.SIGKILL
    second = comes_due(live, seconds=3)
    assert until(lambda: leader.leads)
    assert until(lambda: list(hints(live)) == [f"look:{math.ceil(second.timestamp())}"])
    assert f"look:{math.ceil(first.timestamp())}" not in hints(live)
    assert until(lambda: words(live) == ["noted"])


def test_the_table_of_hints_is_no_matter_of_migrations(live: Flow, lead: Lead) -> None:
    lead()
    assert until(lambda: TABLE in tables(live))
    with live.database.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True, "include_name": is_migrated})
        assert compare_metadata(context, metadata()) == []


def tables(flow: Flow) -> set[str]:
    """Name the tables there are."""
    return set(inspect(flow.database.reader).get_table_names())
