"""A step that goes several ways side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from flowapp.workflows.kinds import Action
from flowapp.workflows.steps.part import Expression, Identifier, Part
from flowapp.workflows.steps.step import ON_ERROR, BaseStep, Lane, Schema, Schemas, Text, either_of, record_of
from flowapp.workflows.steps.words import condition_words, listed

if TYPE_CHECKING:
    from flowapp.workflows.document import Step

MOST_BRANCHES = 20
_NOTHING = {"type": "null"}


def _merge(given: Any) -> Any:
    if given in ("all", "first") or (type(given) is int and given >= 1):
        return given
    raise ValueError('say "all", "first", or how many branches must have ended')


class Way(Part):
    """One of the ways that are gone side by side."""

    name: Identifier
    label: str | None = Field(default=None, max_length=120)
    if_: Expression | None = Field(default=None, alias="if")
    steps: tuple[Step, ...] = ()

    @property
    def shown(self) -> str:
        """What people call it."""
        return self.label or self.name.replace("_", " ")


class BranchStep(BaseStep):
    """Go several ways side by side, and on when enough of them have ended."""

    type: Literal["branch"]
    branches: tuple[Way, ...] = Field(max_length=MOST_BRANCHES)
    merge: Annotated[Literal["all", "first"] | int, BeforeValidator(_merge)] = "all"
    others: Literal["cancel", "finish"] = "cancel"
    one_at_a_time: bool = False

    @model_validator(mode="after")
    def _named_apart(self) -> Self:
        names = [way.name for way in self.branches]
        for name in names:
            if names.count(name) > 1 or name == ON_ERROR:
                raise ValueError(f"two branches cannot be called {name!r}" if name != ON_ERROR else
                                 f"{name!r} means something else already; choose another name")  # fmt: skip
        if not names:
            raise ValueError("give one branch at least")
        if isinstance(self.merge, int) and self.merge > len(names):
            raise ValueError(f"merge waits for {self.merge} branches, and there are only {len(names)}")
        return self

    def lanes(self) -> Iterable[Lane]:
        """Answer its branches."""
        for number, way in enumerate(self.branches):
            label = f"{way.shown}, if {condition_words(way.if_)}" if way.if_ else way.shown
            yield Lane(way.name, way.steps, f"branches[{number}].steps", label, sure=self._surely_ends(way))

    def _surely_ends(self, way: Way) -> bool:
        return way.if_ is None and self.merge in ("all", len(self.branches))

    def texts(self) -> Iterable[Text]:
        """Answer the conditions of its branches."""
        for number, way in enumerate(self.branches):
            if way.if_ is not None:
                yield Text(f"branches[{number}].if", way.if_, "condition")

    def sentence(self, actions: Mapping[str, Action]) -> str:
        """Say which ways there are, and when it goes on."""
        names = listed([f"**{way.shown}**" for way in self.branches])
        begin = f"One after the other: {names}" if self.one_at_a_time else f"At the same time: {names}"
        if self.merge == "all":
            return begin
        enough = "the first has" if self.merge in ("first", 1) else f"{self.merge} have"
        return f"{begin}; go on when {enough} ended"

    def output(self, actions: Mapping[str, Action], lasts: Schemas) -> Schema | None:
        """Answer the record, by branch, of what its last step gives; null where it did not end."""
        fields = {way.name: lasts[way.name] if way.steps else _NOTHING for way in self.branches}
        sure = {way.name for way in self.branches if self._surely_ends(way)}
        return record_of({name: each if name in sure else either_of(each, _NOTHING) for name, each in fields.items()})
