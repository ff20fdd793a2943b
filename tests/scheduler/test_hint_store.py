"""The store of hints, by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from apscheduler.jobstores.base import ConflictingIdError

from flowapp.kernel.backends import backend_of
from flowapp.scheduler.hardened import Hardened
from flowapp.scheduler.hint_store import HintStore

AT = datetime(2026, 11, 23, 9, 0, 1, tzinfo=UTC)


def look() -> None:
    """Do nothing."""


@pytest.fixture
def scheduler(bare_url: str) -> Iterator[Hardened]:
    """A scheduler that stands still, with a store on a database of its own."""
    made = Hardened()
    made.add_jobstore(HintStore(backend_of(bare_url), {"look": look}), "hints")
    made.start(paused=True)
    yield made
    made.shutdown()


def add(scheduler: Hardened, name: str = "look:1") -> None:
    """Add a hint."""
    scheduler.add_job(look, "date", run_date=AT, id=name, name="look", jobstore="hints")


def test_a_hint_is_read_as_it_was_written(scheduler: Hardened) -> None:
    add(scheduler)
    (job,) = scheduler.get_jobs("hints")
    assert (job.id, job.name, job.func, job.next_run_time) == ("look:1", "look", look, AT)
    # however late it is, and once
    assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)
    assert scheduler.get_job("look:1", "hints") == job
    assert scheduler.get_job("look:2", "hints") is None


def test_there_is_one_hint_of_a_name(scheduler: Hardened) -> None:
    add(scheduler)
    with pytest.raises(ConflictingIdError):
        add(scheduler)
    assert len(scheduler.get_jobs("hints")) == 1


def test_a_hint_that_somebody_else_removed_is_removed_without_a_word(scheduler: Hardened) -> None:
    add(scheduler)
    scheduler.remove_job("look:1", "hints")
    scheduler.remove_job("look:1", "hints")
    assert scheduler.get_jobs("hints") == []


def test_a_hint_can_be_moved(scheduler: Hardened) -> None:
    add(scheduler)
    later = AT.replace(second=30)
    scheduler.modify_job("look:1", "hints", next_run_time=later)
    assert [job.next_run_time for job in scheduler.get_jobs("hints")] == [later]
