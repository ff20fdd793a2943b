"""What people do with executions: what is asked for."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from flowapp.api.schemas.values import ReasonBody


class NothingMore(BaseModel):
    """Nothing has to be said."""

    model_config = ConfigDict(extra="forbid")


class CancelBody(ReasonBody):
    """Why a run is cancelled, and what becomes of what it did."""

    undo: bool = Field(default=False, description="Whether what it did is undone then, as the call `undo` does")


class RetryBody(NothingMore):
    """Where to begin again, and with which version."""

    from_: Literal["failed", "start"] = Field(
        default="failed", alias="from", description="At the step that failed, or anew from the start"
    )
    version: Literal["same", "current"] = Field(
        default="same", description="From the start: the version it ran, or the one that is published now"
    )


class SkipBody(NothingMore):
    """Which step to pass over."""

    path: str | None = Field(
        default=None, max_length=400, description="Where the step is; without it, the one that failed or waits"
    )


class StepBody(NothingMore):
    """Which step it is about."""

    path: str = Field(max_length=400, description="Where the step is in the document, such as short.then.pay")
