"""Turning what went wrong in a step into words for people and a trace for those who mend it."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

from pydantic import ValidationError

from flowapp.engine.changes import StepError
from flowapp.kernel.errors import FlowError
from flowapp.workflows.kinds import StepFailed


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A step's failure: what people read, where it happened, and whether it may be tried again."""

    error: StepError
    trace: str
    retryable: bool = False
    retry_after_seconds: float | None = None


def failure_of(error: Exception) -> Failure:
    """Put an exception into words; ours carry their own, any other is a fault of FlowApp and says so."""
    trace = "".join(traceback.format_exception(error))
    if isinstance(error, StepFailed):
        after = error.retry_after_seconds
        return Failure(error=_in_words(error), trace=trace, retryable=error.retryable, retry_after_seconds=after)
    return Failure(error=_in_words(error), trace=trace)


def _in_words(error: Exception) -> StepError:
    if isinstance(error, FlowError):
        return StepError(code=error.code, message=error.message)
    if isinstance(error, ValidationError):
        wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg'].lower()}" for each in error.errors())
        return StepError(code="bad_value", message=f"A setting of this step has a value it cannot use. {wrong}.")
    return StepError(
        code="internal",
        message=f"Something went wrong inside FlowApp ({type(error).__name__}). The administrator can see where.",
    )
