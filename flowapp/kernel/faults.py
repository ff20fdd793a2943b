"""Named points where a test can make the process die, fail, sleep or hang.

`FLOWAPP_FAULT=<point>:<nth>:kill|raise|sleep|hang`, heeded only with `FLOWAPP_TESTING=1`. In ordinary running
`fault()` is a look at one variable that is None.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from dataclasses import dataclass, field

from flowapp.kernel.errors import BadSetting, FlowError

log = logging.getLogger(__name__)
POINTS = (
    "accept.in_change",  # the change and its event are written, nothing is committed
    "accept.mid_tx",  # executions are written, their first steps are not
    "accept.before_commit",
    "accept.after_commit",  # committed, nobody told yet
    "claim.mid_tx",  # rows are marked as taken, not committed
    "claim.after_commit",  # taken for good, nothing done yet
    "effect.before",
    "effect.after",  # the effect is done, its result is not written
    "complete.mid_tx",  # the step's rows are written, the execution's are not
    "complete.before_commit",
    "complete.after_commit",
    "undo.before_commit",
    "undo.after_commit",  # some steps are undone for good, others not yet
    "mail.before_send",
    "mail.after_send",
    "retention.mid_tx",  # what belongs to some runs is removed, the runs are not
    "import.mid_tx",  # rows of a list are written, how far it is is not
    "move.mid_tx",  # some tables are copied to the other database, nothing is committed
)
KINDS = ("kill", "raise", "sleep", "hang")
SLEEP_SECONDS = 3.0


class FaultRaised(FlowError):
    """A test asked for a failure here."""

    code = "fault"


@dataclass
class Fault:
    """One fault to happen at the nth time its point is passed."""

    point: str
    nth: int
    kind: str
    _passed: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def passes(self, point: str) -> bool:
        """Count a pass, and answer whether this is the one."""
        if point != self.point:
            return False
        with self._lock:
            self._passed += 1
            return self._passed == self.nth


_armed: Fault | None = None


def arm(text: str | None) -> None:
    """Set the fault that is to happen, or none; raises BadSetting for one that could never happen."""
    global _armed
    _armed = _parse(text) if text else None


def _parse(text: str) -> Fault:
    point, _, rest = text.partition(":")
    nth, _, kind = rest.partition(":")
    if point not in POINTS or kind not in KINDS or not nth.isdecimal() or int(nth) < 1:
        raise BadSetting(
            f"FLOWAPP_FAULT is {text!r}: it must be <point>:<nth>:<kind>, the kind one of {', '.join(KINDS)} "
            f"and the point one of {', '.join(POINTS)}."
        )
    return Fault(point, int(nth), kind)


def fault(point: str) -> None:
    """Do nothing, unless a test armed a fault for this pass of this point."""
    if _armed is not None and _armed.passes(point):
        _happen(_armed.kind, point)


def _happen(kind: str, point: str) -> None:
    log.warning(
        "fault %s at %s in process %d", kind, point, os.getpid()
    )  # whoever watches from outside waits for this line
    if kind == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if kind == "raise":
        raise FaultRaised(f"A test asked for a failure at {point}.")
    threading.Event().wait(SLEEP_SECONDS if kind == "sleep" else None)
