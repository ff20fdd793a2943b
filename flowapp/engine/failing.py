"""Turning what went wrong in a step into words for people and a trace for those who mend it."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

from pydantic import ValidationError

from flowapp.engine.changes import StepError
from flowapp.kernel.errors import FlowError
from flowapp.workflows.kinds import NO_RETRY, Retry, StepFailed


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A step's failure: what people read, where it happened, and whether doing it again may help."""

    error: StepError
    trace: str
    retry: Retry = NO_RETRY


def failure_of(error: Exception) -> Failure:
    """Put an exception into words; ours carry their own, any other is a fault of FlowApp and says so."""
    retry = error.retry if isinstance(error, StepFailed) else NO_RETRY
    return Failure(error=_in_words(error), trace="".join(traceback.format_exception(error)), retry=retry)


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
