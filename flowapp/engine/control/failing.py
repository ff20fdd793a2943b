"""What happens when a step fails: another try, its own way of going on, or the step around it fails too."""

from __future__ import annotations

from datetime import datetime, timedelta
from zlib import crc32

from flowapp.engine.changes import Failed, Settled, StepError
from flowapp.engine.control.walk import Walk
from flowapp.engine.execution import StepStatus
from flowapp.engine.places import ON_ERROR, Path, place_of
from flowapp.workflows.durations import Duration
from flowapp.workflows.steps.action import ActionStep
from flowapp.workflows.steps.failing import Instead, Retry
from flowapp.workflows.steps.loop import LoopStep

LONGEST_ASKED_FOR = 24 * 3600.0  # what another system may ask us to wait, in seconds


def next_try(walk: Walk, news: Failed) -> datetime | None:
    """Answer when a step is tried again, or None when it is not."""
    step = walk.plan.node(news.path).step
    retry = step.retry or (Retry() if isinstance(step, ActionStep) else None)
    if not retry or not news.retryable or news.attempt >= retry.attempts:
        return None
    seconds = min(
        retry.first.length.total_seconds() * retry.factor ** (news.attempt - 1), retry.max.length.total_seconds()
    )
    if retry.jitter:
        # Made of the effect's key and not of chance, so that deciding twice decides the same.
        seconds *= 0.5 + crc32(f"{news.key}:{news.attempt}".encode()) / 2**33
    asked_for = min(news.retry_after_seconds or 0.0, LONGEST_ASKED_FOR)
    return walk.now + timedelta(seconds=max(seconds, asked_for))


def error_record(path: Path, error: StepError) -> dict[str, str]:
    """Answer an error as later steps read it."""
    return {"code": error.code, "message": error.message, "step": path[len(place_of(path).prefix) :]}


def late(timeout: Duration | None) -> StepError:
    """Say that something took longer than it may."""
    allowed = timeout.words if timeout else "it may"
    return StepError(code="timed_out", message=f"This took longer than {allowed}.")


def goes_on(walk: Walk, path: Path, failed: Path, error: StepError) -> bool:
    """Say whether a step goes on in its own way although it failed, and if so, go on."""
    how = walk.plan.node(path).step.on_error
    if how in ("stop", "rollback") or under_way(walk, path):
        return False
    record = error_record(failed, error)
    if isinstance(how, Instead):
        walk.hold(path, {"error": record})
        walk.open(path, error=error)
        walk.begin_list(path, ON_ERROR, record)
    else:
        _settle(walk, path, record, error)
    return True


def rolls_back(walk: Walk, path: Path) -> bool:
    """Say whether a step that failed asks for everything to be undone.

    So may a condition around it, which is not under way any more and so is never itself what fails.
    """
    if walk.plan.node(path).step.on_error == "rollback":
        return True
    for owner in reversed(place_of(path).owners):
        if owner.path in walk.memory.live:
            return False
        if walk.plan.nodes[owner.static].step.on_error == "rollback":
            return True
    return False


def instead_ended(walk: Walk, path: Path, output: object) -> None:
    """Settle a step whose steps of `on_error` have been gone through."""
    record = walk.held(path)["error"]
    _settle(walk, path, output, StepError(code=record["code"], message=record["message"]))


def left_behind(walk: Walk, path: Path) -> bool:
    """Say whether a failed step is of an item that its loop neither waits for nor minds; the rest of it is dropped."""
    for owner in reversed(place_of(path).owners):
        if owner.path in walk.memory.live:
            return False
        step = walk.plan.nodes[owner.static].step
        if isinstance(step, LoopStep) and step.on_item_error == "continue":
            walk.cancel_list(owner.path, owner.lane)
            return True
    return False


def under_way(walk: Walk, path: Path) -> bool:
    """Say whether a step is going through its steps of `on_error`: a failure there is not caught again."""
    return path in walk.memory.live and "error" in (walk.memory.held.get(path) or {})


def _settle(walk: Walk, path: Path, output: object, error: StepError) -> None:
    walk.memory.keep(path, output)
    walk.settle(Settled(path=path, status=StepStatus.COMPLETED, output=output, error=error))
    walk.go_on(path, output)
