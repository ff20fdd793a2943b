"""What every part of a document is made of."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Expression = Annotated[str, Field(min_length=1, max_length=2000)]


class Part(BaseModel):
    """Any part of a document; immutable, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def some(steps: tuple[Any, ...]) -> tuple[Any, ...]:
    """Refuse an empty list of steps; said here, since a length of one's own is also missed when a step is wrong."""
    if not steps:
        raise ValueError("give one step at least")
    return steps
