"""What comes to the one who decides, and what is decided: values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flowapp.engine.execution import ExecutionStatus, StepStatus
from flowapp.engine.memory import Memory
from flowapp.engine.places import Path


@dataclass(frozen=True, kw_only=True)
class StepError:
    """Why a step could not do its work, in words people read."""

    code: str
    message: str


@dataclass(frozen=True)
class Enter:
    """A step's turn has come."""

    path: Path


@dataclass(frozen=True)
class Woken:
    """A waiting step is woken: its time has come, or what it waits for; `told` is what has come."""

    path: Path
    told: Any = None


@dataclass(frozen=True)
class Done:
    """A step has done its work."""

    path: Path
    output: Any


@dataclass(frozen=True)
class Failed:
    """A step could not do its work; `attempt` is the try that failed, `key` tells one execution from another."""

    path: Path
    error: StepError
    attempt: int = 1
    key: str = ""
    retryable: bool = False
    retry_after_seconds: float | None = None


@dataclass(frozen=True)
class TimedOut:
    """A step, or the whole execution, has taken longer than it may."""

    path: Path | None


@dataclass(frozen=True)
class Skip:
    """A step is passed over, because a person says so."""

    path: Path
    why: str | None = None


@dataclass(frozen=True)
class LaneEnded:
    """A list inside a step had been gone through when the execution failed, and the step had not heard of it."""

    path: Path
    lane: str
    output: Any


News = Enter | Woken | Done | Failed | TimedOut | Skip | LaneEnded


@dataclass(frozen=True, kw_only=True)
class Settled:
    """A step that has come to its end."""

    path: Path
    status: StepStatus
    output: Any = None
    explanation: str | None = None
    error: StepError | None = None


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A step that lives on: ready, waiting, or with others at work inside it.

    Without `run_at` it waits until it is woken.
    """

    path: Path
    status: StepStatus
    run_at: datetime | None
    given: Any = None
    error: StepError | None = None


@dataclass(frozen=True, kw_only=True)
class End:
    """The execution is over; a message is what a step that ended it says.

    With `rollback`, what it did is undone in the transaction in which it ends.
    """

    status: ExecutionStatus
    path: Path | None = None
    error: StepError | None = None
    message: str | None = None
    rollback: bool = False


@dataclass
class Changes:
    """What follows: rows that live on, rows that are settled, steps to act now, and the end.

    `memory` is what the execution remembers afterwards, `held` which containers remember something else than before.
    `listening` has the steps that wait for events, with the last event they looked at now (0 for none; None where
    they only begin), and `took` the event that a step took, by its number.
    """

    memory: Memory
    opened: list[Opened] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    held: set[Path] = field(default_factory=set)
    act: list[Path] = field(default_factory=list)
    listening: dict[Path, int | None] = field(default_factory=dict)
    took: dict[Path, int] = field(default_factory=dict)
    end: End | None = None
