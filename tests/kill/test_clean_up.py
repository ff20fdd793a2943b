"""A process is killed while it cleans up: what it had removed is removed whole, and the next one does the rest."""

from __future__ import annotations

import signal
import threading
from datetime import datetime
from multiprocessing import get_context

from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.settings import read_settings
from flowapp.scheduler.nightly import Nightly
from tests.cast import Cast
from tests.engine.old_runs import left, old_runs
from tests.factories import a_workflow

PATIENCE = 60.0


def test_a_clean_up_that_is_killed_leaves_no_run_in_half(flow: Flow, clock: FrozenClock, cast: Cast) -> None:
    workflow_id = a_workflow(flow, cast.maya, home_id=cast.rose)
    numbers = old_runs(flow, cast.maya, workflow_id, *[("dull", 20)] * 25)
    given = (flow.database.url, "retention.mid_tx:2:kill", clock.now())
    process = get_context("spawn").Process(target=clean_until_killed, args=given)
    process.start()
    process.join(PATIENCE)
    assert process.exitcode == -signal.SIGKILL
    kept = left(flow)  # a batch has ten of them, or as many as there was time for
    assert 1 <= len(numbers) - len(kept) <= 10
    assert set(kept) < set(numbers)  # which of them come first is left to the database: all are as old
    removed = Nightly(flow).run(threading.Event())
    assert removed is not None
    assert removed["dull_runs"] == len(kept)
    assert left(flow) == []


def clean_until_killed(url: str, fault: str, at: datetime) -> None:
    """Be a process that cleans up with a fault in its way."""
    flow = Flow(read_settings(database_url=url, fault=fault, testing=True), clock=FrozenClock(at))
    Nightly(flow).run(threading.Event())
