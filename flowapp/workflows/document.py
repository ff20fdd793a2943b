"""A workflow document: the one model behind builder, API, import and export.

What a document says is in `docs/workflows.md`. Trigger types and actions are open families, so their own fields
are checked by `workflows.check` against the registries; everything else is checked here. The types of step are in
`workflows/steps`, one file each.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, Literal, cast, get_args

from pydantic import BaseModel, ConfigDict, Field

from flowapp.kernel.plain import plain
from flowapp.workflows.durations import Duration
from flowapp.workflows.mode import MOST, AnyMode, Limit, Mode
from flowapp.workflows.steps.action import ActionStep
from flowapp.workflows.steps.branch import BranchStep, Way
from flowapp.workflows.steps.condition import ConditionStep, Otherwise
from flowapp.workflows.steps.delay import DelayStep
from flowapp.workflows.steps.failing import Instead
from flowapp.workflows.steps.loop import LoopStep
from flowapp.workflows.steps.part import Expression, Identifier, Part
from flowapp.workflows.steps.repeat import RepeatStep
from flowapp.workflows.steps.set_values import SetStep
from flowapp.workflows.steps.step import Lane, instead
from flowapp.workflows.steps.stop import StopStep
from flowapp.workflows.steps.wait import WaitStep
from flowapp.workflows.steps.workflow import WorkflowStep

MOST_STEPS = 200
DEEPEST = 8
MOST_TRIGGERS = 20
MOST_BYTES = 256 * 1024

AnyStep = (
    ActionStep
    | ConditionStep
    | SetStep
    | StopStep
    | DelayStep
    | RepeatStep
    | LoopStep
    | BranchStep
    | WaitStep
    | WorkflowStep
)
Step = Annotated[AnyStep, Field(discriminator="type")]
STEP_TYPES: tuple[str, ...] = tuple(get_args(each.model_fields["type"].annotation)[0] for each in get_args(AnyStep))


class Category(StrEnum):
    """What a workflow is about; for finding it again."""

    LEAVE = "leave"
    SHIFT = "shift"
    COMPLIANCE = "compliance"
    NOTIFICATION = "notification"
    APPROVAL = "approval"
    CUSTOM = "custom"


class TriggerSpec(BaseModel):
    """One thing that starts the workflow; the fields beside `id` and `type` are the trigger type's own."""

    model_config = ConfigDict(frozen=True, extra="allow")

    id: Identifier
    type: str

    @property
    def fields(self) -> dict[str, Any]:
        """The trigger type's own fields."""
        return dict(self.model_extra or {})


class Settings(Part):
    """How the workflow runs as a whole."""

    timeout: Duration | None = None
    mode: AnyMode | None = None
    max: int | None = Field(default=None, ge=1, le=1000)
    key: Expression | None = None

    @property
    def limit(self) -> Limit | None:
        """How many runs there may be at once; None where there may be any number."""
        if self.mode is None and self.max is None:
            return None
        mode = self.mode or Mode.PARALLEL
        most = 1 if mode in (Mode.SINGLE, Mode.RESTART) else self.max or MOST
        return Limit(mode=mode, most=most, key=self.key)


class Document(Part):
    """A whole workflow; immutable once published."""

    format: Literal["flowapp/1"] = "flowapp/1"
    name: str = Field(min_length=1, max_length=120)
    description: str = Field(default="", max_length=2000)
    category: Category = Category.CUSTOM
    settings: Settings = Settings()
    triggers: tuple[TriggerSpec, ...] = Field(default=(), max_length=MOST_TRIGGERS)
    steps: tuple[Step, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Write the document as plain data, leaving out what was not said."""
        # Pydantic's own JSON would write a decimal as text, and a step that sets 1.5 would set "1.5" ever after.
        return cast(dict[str, Any], plain(self.model_dump(by_alias=True, exclude_unset=True)))


for _model in (Otherwise, Instead, Way, *get_args(AnyStep), Document):
    _model.model_rebuild(_types_namespace={"Step": Step})


def lists(step: AnyStep) -> Iterator[Lane]:
    """Go through the step lists inside a step."""
    yield from step.lanes()
    yield from instead(step)


def lanes(step: AnyStep) -> Iterator[tuple[str, tuple[AnyStep, ...]]]:
    """Go through the step lists inside a step: their names in paths, and the steps."""
    for lane in lists(step):
        yield lane.name, lane.steps


def lane_prefix(path: str, lane: str) -> str:
    """Answer what the paths of the steps in a lane begin with: `short.then.`, `each[3].`."""
    return f"{path}{lane}." if lane.startswith("[") else f"{path}.{lane}."


def walk(steps: tuple[AnyStep, ...], prefix: str = "", place: str = "steps") -> Iterator[tuple[str, str, AnyStep]]:
    """Go through every step in reading order: its path, its place in the document, and the step.

    A path reads like the document: `short.then.approve`; a place is for messages: `steps[0].then[0]`.
    """
    for index, step in enumerate(steps):
        path, here = f"{prefix}{step.id}", f"{place}[{index}]"
        yield path, here, step
        for lane in lists(step):
            yield from walk(lane.steps, lane_prefix(path, lane.name), f"{here}.{lane.place}")


def depth(path: str) -> int:
    """Answer how many steps a path lies inside of."""
    return path.replace("[].", ".[].").count(".") // 2
