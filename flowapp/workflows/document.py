"""A workflow document: the one model behind builder, API, import and export.

What a document says is in `docs/workflows.md`. Trigger types and actions are open families, so their own fields
are checked by `workflows.check` against the registries; everything else is checked here.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MOST_STEPS = 200
DEEPEST = 8
MOST_TRIGGERS = 20
MOST_BYTES = 256 * 1024

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Expression = Annotated[str, Field(min_length=1, max_length=2000)]


class Category(StrEnum):
    """What a workflow is about; for finding it again."""

    LEAVE = "leave"
    SHIFT = "shift"
    COMPLIANCE = "compliance"
    NOTIFICATION = "notification"
    APPROVAL = "approval"
    CUSTOM = "custom"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class TriggerSpec(BaseModel):
    """One thing that starts the workflow; the fields beside `id` and `type` are the trigger type's own."""

    model_config = ConfigDict(frozen=True, extra="allow")

    id: Identifier
    type: str

    @property
    def fields(self) -> dict[str, Any]:
        """The trigger type's own fields."""
        return dict(self.model_extra or {})


class _Step(_Part):
    id: Identifier
    name: str | None = Field(default=None, max_length=120)
    enabled: bool = True
    note: str | None = Field(default=None, max_length=2000)


class ActionStep(_Step):
    """Do one registered thing."""

    type: Literal["action"]
    action: str
    with_: dict[str, Any] = Field(default_factory=dict, alias="with")


class Otherwise(_Part):
    """A further question, asked when the ones before were answered no."""

    if_: Expression = Field(alias="if")
    then: tuple[Step, ...] = ()


class ConditionStep(_Step):
    """Go exactly one way."""

    type: Literal["condition"]
    if_: Expression = Field(alias="if")
    then: tuple[Step, ...] = ()
    elif_: tuple[Otherwise, ...] = Field(default=(), alias="elif")
    else_: tuple[Step, ...] = Field(default=(), alias="else")


Step = Annotated[ActionStep | ConditionStep, Field(discriminator="type")]


class Document(_Part):
    """A whole workflow; immutable once published."""

    format: Literal["flowapp/1"] = "flowapp/1"
    name: str = Field(min_length=1, max_length=120)
    description: str = Field(default="", max_length=2000)
    category: Category = Category.CUSTOM
    triggers: tuple[TriggerSpec, ...] = Field(default=(), max_length=MOST_TRIGGERS)
    steps: tuple[Step, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Write the document as plain data, leaving out what was not said."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


Otherwise.model_rebuild()
ConditionStep.model_rebuild()
Document.model_rebuild()


def lanes(step: ActionStep | ConditionStep) -> Iterator[tuple[str, tuple[ActionStep | ConditionStep, ...]]]:
    """Go through the step lists inside a step: their names in paths, and the steps."""
    if isinstance(step, ConditionStep):
        yield "then", step.then
        for number, further in enumerate(step.elif_):
            yield f"elif[{number}]", further.then
        yield "else", step.else_


def walk(
    steps: tuple[ActionStep | ConditionStep, ...], prefix: str = "", place: str = "steps"
) -> Iterator[tuple[str, str, ActionStep | ConditionStep]]:
    """Go through every step in reading order: its path, its place in the document, and the step.

    A path reads like the document: `short.then.approve`; a place is for messages: `steps[0].then[0]`.
    """
    for index, step in enumerate(steps):
        path, here = f"{prefix}{step.id}", f"{place}[{index}]"
        yield path, here, step
        for lane, inside in lanes(step):
            lane_place = f"{lane}.then" if lane.startswith("elif") else lane
            yield from walk(inside, f"{path}.{lane}.", f"{here}.{lane_place}")
