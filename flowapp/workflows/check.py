"""What is wrong with a workflow, in sentences; used by the builder, the API, publishing and import alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import TypeAdapter, ValidationError

from flowapp.expressions import Finding, Schema
from flowapp.expressions import check as check_expression
from flowapp.kernel.errors import Problem
from flowapp.workflows.document import ActionStep, ConditionStep, Document, TriggerSpec, lanes, walk
from flowapp.workflows.kinds import Action, Trigger
from flowapp.workflows.reading import problems_of

AnyStep = ActionStep | ConditionStep
Use = Literal["condition", "value"]
_NO_STEPS = {"type": "object", "properties": {}, "additionalProperties": False}
_WAY = {"type": "object", "properties": {"way": {"type": "string"}}, "required": ["way"]}


@dataclass(frozen=True)
class DocumentCheck:
    """What must be mended before publishing, and what is only odd."""

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def check_document(
    document: Document, *, actions: Mapping[str, Action], triggers: Mapping[str, Trigger]
) -> DocumentCheck:
    """Look through the whole document and answer everything that is wrong with it."""
    return _Checker(document, actions, triggers).check()


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
        return DocumentCheck(tuple(self.problems), tuple(self.warnings))

    def _problem(self, path: str, code: str, message: str, suggestion: str | None = None) -> None:
        self.problems.append(Problem(path=path, code=code, message=message, suggestion=suggestion))

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
        for index, step in enumerate(steps):
            here = f"{place}[{index}]"
            for text_place, text, use in self._texts(here, step):
                self._expression(text_place, text, schema, use)
            for lane, inside in lanes(step):
                self._steps(inside, f"{here}.{lane}.then" if lane.startswith("elif") else f"{here}.{lane}", schema)
            schema = self._after(step, schema)
        return schema

    def _after(self, step: AnyStep, schema: Schema) -> Schema:
        """Add what a step leaves to be read; what lies in one of its ways may not have run."""
        if isinstance(step, ActionStep):
            action = self.actions.get(step.action)
            output = action.Output.model_json_schema() if action else None
            return schema.with_step(step.id, output, sure=step.enabled)
        for _, inside in lanes(step):
            for _, _, each in walk(inside):
                action = self.actions.get(each.action) if isinstance(each, ActionStep) else None
                output = action.Output.model_json_schema() if action else None
                schema = schema.with_step(each.id, output, sure=False)
        return schema.with_step(step.id, _WAY, sure=step.enabled)

    def _texts(self, place: str, step: AnyStep) -> list[tuple[str, str, Use]]:
        if isinstance(step, ConditionStep):
            further: list[tuple[str, str, Use]] = [
                (f"{place}.elif[{n}].if", each.if_, "condition") for n, each in enumerate(step.elif_)
            ]
            return [(f"{place}.if", step.if_, "condition"), *further]
        action = self.actions.get(step.action)
        if action is None:
            self._unknown(f"{place}.action", "action", step.action, self.actions)
            return []
        self._fields(place, step, action)
        return list(_strings(f"{place}.with", step.with_))

    def _fields(self, place: str, step: ActionStep, action: Action) -> None:
        known = action.Fields.model_fields
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
        info = action.Fields.model_fields[name]
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


def _as_problem(path: str, finding: Finding) -> Problem:
    return Problem(path=path, code=finding.code, message=finding.message, suggestion=finding.suggestion)


def _strings(place: str, value: Any) -> list[tuple[str, str, Use]]:
    if isinstance(value, str):
        return [(place, value, "value")]
    if isinstance(value, dict):
        return [each for key, inside in value.items() for each in _strings(f"{place}.{key}", inside)]
    if isinstance(value, list):
        return [each for n, inside in enumerate(value) for each in _strings(f"{place}[{n}]", inside)]
    return []
