"""What becomes of a start while others are under way: decided from values alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flowapp.workflows.mode import Limit, Mode


class Verdict(StrEnum):
    """What becomes of a start."""

    BEGINS = "begins"
    WAITS = "waits"  # for the runs before it
    REPLACES = "replaces"  # begins, and ends those that are under way
    REFUSED = "refused"


@dataclass(frozen=True)
class Admission:
    """What becomes of a start; `ends` are the runs whose place it takes."""

    verdict: Verdict
    ends: tuple[int, ...] = ()


def admit(limit: Limit, live: Sequence[int]) -> Admission:
    """Decide on a start; `live` are the runs that count with it, under way or waiting, the first one first."""
    if not live:
        return Admission(Verdict.BEGINS)
    match limit.mode:
        case Mode.RESTART:
            return Admission(Verdict.REPLACES, tuple(live))
        case Mode.QUEUED if len(live) < limit.most:
            return Admission(Verdict.WAITS)
        case Mode.PARALLEL if len(live) < limit.most:
            return Admission(Verdict.BEGINS)
    return Admission(Verdict.REFUSED)


def refusal(limit: Limit, name: str, live: Sequence[int]) -> str:
    """Say why a start was refused."""
    if limit.most == 1:
        return f"Not started: “{name}” was already running{limit.this} (run {live[0]})."
    under_way = "running or waiting" if limit.mode is Mode.QUEUED else "running"
    return (
        f"Not started: “{name}” had {len(live)} runs {under_way}{limit.this} already, and no more are allowed at once."
    )


def waiting_words(limit: Limit, live: Sequence[int]) -> str:
    """Say what a run waits for that has its turn later."""
    return f"Waiting for its turn: run {live[-1]}{limit.this} comes before it."


def replaced_words(execution_id: int) -> str:
    """Say why a run was ended."""
    return f"Ended because the workflow was started again: run {execution_id} has taken its place."
