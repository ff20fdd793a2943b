"""What is wrong with a workflow, in sentences; used by the builder, the API, publishing and import alike."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from flowapp.expressions import Finding, Schema, with_item
from flowapp.expressions import check as check_expression
from flowapp.expressions.values import KIND_WORDS
from flowapp.kernel.errors import Problem
from flowapp.workflows.document import AnyStep, Document, TriggerSpec, lists, walk
from flowapp.workflows.kinds import Action, Trigger
from flowapp.workflows.mode import Mode
from flowapp.workflows.reading import problems_of
from flowapp.workflows.steps.action import ActionStep
from flowapp.workflows.steps.condition import ConditionStep
from flowapp.workflows.steps.loop import LoopStep
from flowapp.workflows.steps.step import ERROR, ON_ERROR, TURN, Lane, Text, Use, either_of
from flowapp.workflows.steps.step import Schema as JsonSchema
from flowapp.workflows.steps.stop import StopStep
from flowapp.workflows.steps.wait import WaitStep
from flowapp.workflows.steps.workflow import Reference, WorkflowStep

AT_ONCE = ("condition", "set", "stop")
_GO_ON_INSIDE = (ConditionStep, WaitStep)  # the last step of their way gives what they give as the last of a list
_NO_STEPS = {"type": "object", "properties": {}, "additionalProperties": False}


@dataclass(frozen=True)
class DocumentCheck:
    """What must be mended before publishing, and what is only odd."""

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def check_document(
    document: Document,
    *,
    actions: Mapping[str, Action],
    triggers: Mapping[str, Trigger],
    unknown: Collection[Reference] = (),
) -> DocumentCheck:
    """Look through the whole document and answer everything that is wrong with it.

    `unknown` are those of the workflows it starts that are known not to exist.
    """
    found = _Checker(document, actions, triggers).check()
    return replace(found, warnings=(*found.warnings, *_lost(document, unknown)))


class _Checker:
    def __init__(self, document: Document, actions: Mapping[str, Action], triggers: Mapping[str, Trigger]) -> None:
        self.document = document
        self.actions = actions
        self.triggers = triggers
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def check(self) -> DocumentCheck:
        if not self.document.triggers:
            self._problem("triggers", "no_trigger", "Say what starts the workflow: it has no trigger yet.")
        if not self.document.steps:
            self._problem("steps", "no_steps", "Add a first step: the workflow does nothing yet.")
        contexts = [self._trigger(number, spec) for number, spec in enumerate(self.document.triggers)]
        schema = Schema.of_roots({"vars": None, "steps": _NO_STEPS}).with_root("context", *(contexts or [None]))
        self._steps(self.document.steps, "steps", schema)
        self._mode(schema)
        return DocumentCheck(tuple(self.problems), tuple(self.warnings))

    def _problem(self, path: str, code: str, message: str, suggestion: str | None = None) -> None:
        self.problems.append(Problem(path=path, code=code, message=message, suggestion=suggestion))

    def _mode(self, schema: Schema) -> None:
        """Look at what is said about several runs at once; before a run begins only its context can be read."""
        settings = self.document.settings
        if settings.key is not None:
            use: Use = "value" if "${" in settings.key else "expression"
            self._expression("settings.key", settings.key, Schema({"context": schema.roots["context"]}), use)
            if settings.limit is None:
                self._not_used("key", "it does nothing without a mode. Say single, restart, queued or parallel.")
        if settings.max is not None and settings.mode in (Mode.SINGLE, Mode.RESTART):
            self._not_used("max", f"with the mode {settings.mode.value!r} there is one run at a time.")

    def _not_used(self, name: str, words: str) -> None:
        path = f"settings.{name}"
        self.warnings.append(Problem(path=path, code="not_used", message=f"{path}: {words}"))

    def _trigger(self, number: int, spec: TriggerSpec) -> dict[str, Any] | None:
        """Look at a trigger and answer the schema of its context; None when anything may come."""
        place = f"triggers[{number}]"
        trigger = self.triggers.get(spec.type)
        if trigger is None:
            self._unknown(f"{place}.type", "trigger", spec.type, self.triggers)
            return None
        try:
            fields = trigger.Fields.model_validate(spec.fields)
        except ValidationError as error:
            self.problems += problems_of(error, trigger.Fields, place)
            return None
        context = trigger.context_schema(fields)
        if (when := trigger.when(fields)) is not None:
            self._expression(f"{place}.when", when, Schema().with_root("context", context), "condition")
        return context

    def _unknown(self, path: str, family: str, kind: str, known: Mapping[str, Any]) -> None:
        near = get_close_matches(kind, list(known), 1)
        offer = f" Did you mean {near[0]!r}?" if near else f" Known: {', '.join(sorted(known))}."
        self._problem(
            path,
            f"unknown_{family}",
            f"There is no {family} called {kind!r}.{offer}",
            near[0] if near else None,
        )

    def _steps(self, steps: tuple[AnyStep, ...], place: str, schema: Schema) -> Schema:
        """Look at a list of steps and answer what may be read after it."""
        ended = False
        for index, step in enumerate(steps):
            here = f"{place}[{index}]"
            if ended:
                message = f"{here} is never reached, because the step before it ends the run."
                self.warnings.append(Problem(path=here, code="never_reached", message=message))
            ended = isinstance(step, StopStep) and step.enabled
            self._step(step, here, schema)
            schema = self._after(step, schema)
        return schema

    def _step(self, step: AnyStep, here: str, schema: Schema) -> None:
        """Look at one step and at the lists inside it."""
        if isinstance(step, ActionStep):
            self._action(step, here)
        elif step.retry is not None and not _awaits(step):
            message = f"{here}.retry: only an action, or a workflow that is waited for, can be tried again."
            self._problem(f"{here}.retry", "not_an_action", message)
        if step.timeout is not None and (step.type in AT_ONCE or (step.type == "workflow" and not _awaits(step))):
            message = f"{here}.timeout: this step is done at once, so it needs no timeout."
            self._problem(f"{here}.timeout", "done_at_once", message)
        if isinstance(step, LoopStep):
            self._items(step, here, schema)
        for fault in step.faults():
            self._problem(f"{here}.{fault.place}", fault.code, fault.message, fault.suggestion)
        inside = {lane.name: self._lane(step, lane, here, schema) for lane in lists(step)}
        for text in step.texts():
            self._text(text, here, schema if text.lane is None else inside[text.lane])

    def _text(self, text: Text, here: str, schema: Schema) -> None:
        for name, known in text.names.items():
            schema = schema.with_root(name, known)
        self._expression(f"{here}.{text.place}", text.text, schema, text.use)

    def _items(self, step: LoopStep, here: str, schema: Schema) -> None:
        kind = check_expression(step.items, schema, kind="expression").type
        if kind not in (None, "list"):
            message = f"{here}.items must give a list, to go through its items; this gives {KIND_WORDS[kind]}."
            self._problem(f"{here}.items", "wrong_type", message)

    def _lane(self, step: AnyStep, lane: Lane, here: str, schema: Schema) -> Schema:
        """Look at a list inside a step and answer what may be read at its end."""
        for name, known in lane.names.items():
            schema = schema.with_root(name, known or {})
        if lane.own is not None:
            schema = schema.with_step(step.id, lane.own)
        if isinstance(step, LoopStep) and lane.name == TURN:
            schema = with_item(schema, step.as_, step.items)
        return self._steps(lane.steps, f"{here}.{lane.place}", schema)

    def _after(self, step: AnyStep, schema: Schema, *, sure: bool = True) -> Schema:
        """Add what a step leaves to be read; what lies in one of its ways may not have run."""
        for lane in lists(step):
            for each in lane.steps if lane.name != TURN else ():
                schema = self._after(each, schema, sure=sure and lane.sure)
        return schema.with_step(step.id, self._output(step), sure=sure and step.enabled)

    def _output(self, step: AnyStep) -> JsonSchema | None:
        lasts = {lane.name: self._last(lane.steps) for lane in lists(step)}
        output = step.output(self.actions, lasts)
        if step.on_error == "continue":
            return either_of(output, ERROR)
        return either_of(output, lasts[ON_ERROR]) if ON_ERROR in lasts else output

    def _last(self, steps: tuple[AnyStep, ...]) -> JsonSchema | None:
        """Answer what a list of steps gives, which is what its last step gives; None when that cannot be said."""
        last = steps[-1] if steps else None
        return self._output(last) if last and last.enabled and not isinstance(last, _GO_ON_INSIDE) else None

    def _action(self, step: ActionStep, place: str) -> None:
        action = self.actions.get(step.action)
        if action is None:
            self._unknown(f"{place}.action", "action", step.action, self.actions)
        else:
            self._fields(place, step, action)

    def _fields(self, place: str, step: ActionStep, action: Action) -> None:
        known = _as_written(action)
        for name in step.with_:
            if name not in known:
                near = get_close_matches(name, list(known), 1)
                offer = f" Did you mean {near[0]!r}?" if near else f" Known: {', '.join(known)}."
                message = f"{action.label} has no {name!r}.{offer}"
                self._problem(f"{place}.with.{name}", "unknown_key", message, near[0] if near else None)
            elif "${" not in repr(step.with_[name]):
                self._fixed(f"{place}.with.{name}", action, name, step.with_[name])
        for name, info in known.items():
            if info.is_required() and name not in step.with_:
                self._problem(f"{place}.with.{name}", "missing", f"{action.label} needs {name!r}: {info.description}.")

    def _fixed(self, path: str, action: Action, name: str, value: Any) -> None:
        """Look at a value without expressions in it: whether it can ever fit its field."""
        info = _as_written(action)[name]
        try:
            wanted: Any = Annotated[info.annotation, name, *info.metadata]
            TypeAdapter(wanted).validate_python(value)
        except ValidationError as error:
            words = error.errors()[0]["msg"].removeprefix("Value error, ").replace("Input should be", "it must be")
            self._problem(path, "bad_value", f"{path}: {words[:1].lower()}{words[1:]}.")

    def _expression(self, path: str, text: str, schema: Schema, kind: Use) -> None:
        result = check_expression(text, schema, kind=kind)
        for findings, kept in ((result.problems, self.problems), (result.warnings, self.warnings)):
            for finding in findings:
                problem = _as_problem(path, finding)
                if problem not in kept:
                    kept.append(problem)


def _lost(document: Document, unknown: Collection[Reference]) -> Iterator[Problem]:
    for _, place, step in walk(document.steps):
        if isinstance(step, WorkflowStep) and step.workflow in unknown:
            message = f"{place}.workflow: there is no workflow {step.workflow!r} here, so this step would fail."
            yield Problem(path=f"{place}.workflow", code="unknown_workflow", message=message)


def _as_written(action: Action) -> dict[str, FieldInfo]:
    """Answer an action's fields by the names that documents have for them; some are words of Python, such as `from`."""
    return {info.alias or name: info for name, info in action.Fields.model_fields.items()}


def _awaits(step: AnyStep) -> bool:
    """Say whether it starts a workflow and waits for its end."""
    return isinstance(step, WorkflowStep) and step.wait


def _as_problem(path: str, finding: Finding) -> Problem:
    return Problem(path=path, code=finding.code, message=finding.message, suggestion=finding.suggestion)
