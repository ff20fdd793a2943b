"""Faults happen only where a test asked for one, and only while testing."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from flowapp.bootstrap import Flow
from flowapp.kernel import faults
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.errors import BadSetting
from flowapp.kernel.faults import POINTS, FaultRaised, fault
from flowapp.kernel.settings import Settings
from tests.conftest import MONDAY_MORNING
from tests.engine.patience import in_threads


@pytest.fixture(autouse=True)
def _no_fault_is_left_behind() -> Iterator[None]:
    yield
    faults.arm(None)


def test_nothing_happens_unless_asked_for() -> None:
    faults.arm(None)
    for point in POINTS:
        fault(point)


def test_an_empty_setting_arms_nothing() -> None:
    faults.arm("claim.mid_tx:1:raise")
    faults.arm("")
    fault("claim.mid_tx")


def test_a_fault_happens_at_its_own_point_only() -> None:
    faults.arm("claim.mid_tx:1:raise")
    for point in POINTS:
        if point != "claim.mid_tx":
            fault(point)
    with pytest.raises(FaultRaised, match=r"claim\.mid_tx"):
        fault("claim.mid_tx")


def test_a_fault_happens_at_the_nth_pass_and_no_other() -> None:
    faults.arm("effect.after:3:raise")
    fault("effect.after")
    fault("effect.after")
    with pytest.raises(FaultRaised):
        fault("effect.after")
    for _ in range(5):
        fault("effect.after")


def test_arming_again_begins_to_count_again() -> None:
    faults.arm("effect.after:2:raise")
    fault("effect.after")
    faults.arm("effect.after:2:raise")
    fault("effect.after")
    with pytest.raises(FaultRaised):
        fault("effect.after")


def test_of_many_threads_exactly_one_meets_the_fault() -> None:
    faults.arm("effect.before:150:raise")
    raised = in_threads(6, lambda _: [fault("effect.before") for _ in range(50)] and None)
    assert [type(error) for error in raised] == [FaultRaised]


@pytest.mark.parametrize(
    "text",
    [
        "claim.mid_tx",  # neither count nor kind
        "claim.mid_tx:1",
        "claim.mid_tx:0:raise",  # never
        "claim.mid_tx:-1:raise",
        "claim.mid_tx:1.5:raise",
        "claim.mid_tx:one:raise",
        "claim.mid_tx:1:explode",  # no such kind
        "claim.nowhere:1:raise",  # no such point
        ":1:raise",
        "claim.mid_tx:1:raise:again",
        "nonsense",
    ],
)
def test_a_fault_that_could_never_happen_is_refused(text: str) -> None:
    with pytest.raises(BadSetting, match="FLOWAPP_FAULT") as raised:
        faults.arm(text)
    assert repr(text) in raised.value.message
    assert "claim.mid_tx" in raised.value.message  # it says which points there are


@pytest.mark.parametrize(("testing", "happens"), [(True, True), (False, False)])
def test_the_setting_counts_only_while_testing(settings: Settings, testing: bool, happens: bool) -> None:
    chosen = settings.model_copy(update={"testing": testing, "fault": "mail.before_send:1:raise"})
    flow = Flow(chosen, clock=FrozenClock(MONDAY_MORNING))
    try:
        if happens:
            with pytest.raises(FaultRaised):
                fault("mail.before_send")
        else:
            fault("mail.before_send")
    finally:
        flow.close()


def test_killing_ends_the_process_at_once_without_any_farewell() -> None:
    program = (
        "from flowapp.kernel import faults\n"
        "faults.arm('claim.mid_tx:1:kill')\n"
        "try:\n    faults.fault('claim.mid_tx')\n"
        "finally:\n    print('farewell', flush=True)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert ended.stdout == ""
