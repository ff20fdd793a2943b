"""What a step says about its failing: whether it is tried again, and what happens instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag

from flowapp.workflows.durations import Duration
from flowapp.workflows.steps.part import Part, some

if TYPE_CHECKING:
    from flowapp.workflows.document import Step

A_WORD, A_LIST = "a word", "a list of steps"  # how mistakes name the two forms; left out of their places


class Retry(Part):
    """How often an action is tried that may be tried again, and the pauses between."""

    attempts: int = Field(default=4, ge=1, le=10)
    first: Duration = Duration(seconds=1)
    factor: int = Field(default=2, ge=1, le=10)
    max: Duration = Duration(seconds=100)
    jitter: bool = True


class Instead(Part):
    """Steps to go through instead of stopping."""

    steps: Annotated[tuple[Step, ...], AfterValidator(some)]


def _form(given: Any) -> str:
    return A_LIST if isinstance(given, dict | Instead) else A_WORD


OnError = Annotated[
    Annotated[Literal["stop", "continue", "rollback"], Tag(A_WORD)] | Annotated[Instead, Tag(A_LIST)],
    Discriminator(_form),
]
