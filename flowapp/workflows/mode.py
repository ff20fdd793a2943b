"""What becomes of a start while other runs of the same workflow are under way, as in Home Assistant."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from flowapp.workflows.steps.words import value_words

MOST = 10  # runs under way and waiting, where the document does not say


class Mode(StrEnum):
    """How runs of one workflow stand to each other."""

    SINGLE = "single"  # while one is under way, a further start is refused
    RESTART = "restart"  # a start takes the place of the run under way
    QUEUED = "queued"  # one after the other, in the order of their starts
    PARALLEL = "parallel"  # side by side


def _known(given: Any) -> Any:
    if given in list(Mode):
        return given
    near = get_close_matches(str(given), list(Mode), 1)
    offer = f"; {str(near[0])!r} is the nearest to what was given" if near else ""
    words = f"it must be one of {', '.join(Mode)}{offer}"
    raise PydanticCustomError("unknown_mode", "{words}", {"words": words, "suggestion": str(near[0]) if near else None})


AnyMode = Annotated[Mode, BeforeValidator(_known)]


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How many runs there may be at once, and of what: of everything, or of each value of the key."""

    mode: Mode
    most: int
    key: str | None

    @property
    def each(self) -> str:
        """Whose runs are counted together, after “for”: `each person`; nothing where all of them are."""
        return f" for each {_noun(self.key)}" if self.key else ""

    @property
    def this(self) -> str:
        """The same, of one start: `this person`."""
        return f" for this {_noun(self.key)}" if self.key else ""

    def sentence(self) -> str:
        """Say it for the workflow's paragraph; nothing where nothing is limited."""
        runs = "One run at a time" if self.mode is not Mode.PARALLEL or self.most == 1 else f"{self.most} runs at most"
        return f"{runs}{self.each}{_THEN[self.mode].format(most=self.most)}."


_THEN = {
    Mode.SINGLE: "; while it is under way, nothing else is started",
    Mode.RESTART: "; a new one takes the place of the one before",
    Mode.QUEUED: "; others wait their turn, {most} at most in all",
    Mode.PARALLEL: "; beyond that, nothing is started",
}
_NOUNS = {
    "staff_id": "person",
    "user_id": "person",
    "shift_id": "shift",
    "leave_request_id": "leave request",
    "care_home_id": "home",
    "unit_id": "unit",
    "task_id": "task",
    "violation_id": "violation",
    "certificate_id": "certificate",
}


def _noun(key: str) -> str:
    """Answer what a key tells apart: `${context.staff_id}` is a person."""
    last = key.strip().removeprefix("${").removesuffix("}").strip().rsplit(".", 1)[-1]
    return _NOUNS.get(last) or f"value of “{value_words(key).strip('[]')}”"
