"""Every trigger and step as a sentence, and a workflow as a paragraph; `**` stands around values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from pydantic import ValidationError

from flowapp.workflows.document import AnyStep, Document, TriggerSpec
from flowapp.workflows.kinds import Action, Trigger
from flowapp.workflows.steps.action import ActionStep
from flowapp.workflows.steps.condition import ConditionStep
from flowapp.workflows.steps.words import LABELS, condition_words
from flowapp.workflows.steps.workflow import Names, WorkflowStep

__all__ = ["LABELS", "condition_words", "done_sentence", "plain_words", "step_sentence", "summary", "trigger_sentence"]

_ONE_VALUE = re.compile(r"\s*\$\{[^}]*\}\s*")
_UNFINISHED = "When something happens that is not chosen yet"
_NAMELESS: Names = MappingProxyType({})


def trigger_sentence(spec: TriggerSpec, triggers: Mapping[str, Trigger]) -> str:
    """Say what starts the workflow: `When leave is requested`."""
    trigger = triggers.get(spec.type)
    try:
        return trigger.sentence(trigger.Fields.model_validate(spec.fields)) if trigger else _UNFINISHED
    except ValidationError:
        return _UNFINISHED


def step_sentence(step: AnyStep, actions: Mapping[str, Action], names: Names = _NAMELESS) -> str:
    """Say what a step does, from its settings; `names` are those of the workflows that it may start."""
    return step.sentence_with(names) if isinstance(step, WorkflowStep) else step.sentence(actions)


def done_sentence(step: AnyStep, given: object, actions: Mapping[str, Action], names: Names = _NAMELESS) -> str:
    """Say what a step did: texts with values in them as they came out; `given` is what the step was given.

    A field that is nothing but one value keeps its words: “the person” says more than their number.
    """
    if isinstance(step, ActionStep) and isinstance(given, Mapping):
        came = {name: given[name] for name, text in step.with_.items() if name in given and _has_values_in_it(text)}
        if came:
            step = step.model_copy(update={"with_": {**step.with_, **came}})
    return step_sentence(step, actions, names)


def _has_values_in_it(text: object) -> bool:
    return isinstance(text, str) and "${" in text and _ONE_VALUE.fullmatch(text) is None


def summary(
    document: Document, actions: Mapping[str, Action], triggers: Mapping[str, Trigger], names: Names = _NAMELESS
) -> str:
    """Say what the whole workflow does, in one paragraph."""
    starts = " or ".join(_lower(trigger_sentence(spec, triggers)) for spec in document.triggers)
    does = _list_words(document.steps, actions, names)
    said = plain_words(f"{_upper(starts) or 'Nothing starts it yet'}: {does or 'nothing is done yet'}")
    limit = document.settings.limit
    after = f" {limit.sentence()}" if limit else ""
    return f"{said.removesuffix('.')}.{after}"  # what a step says may end like a sentence


def plain_words(sentence: str) -> str:
    """Take the marks around values out of a sentence."""
    return sentence.replace("**", "")


def _list_words(steps: tuple[AnyStep, ...], actions: Mapping[str, Action], names: Names) -> str:
    return ", then ".join(_step_words(step, actions, names) for step in steps if step.enabled)


def _step_words(step: AnyStep, actions: Mapping[str, Action], names: Names) -> str:
    if not isinstance(step, ConditionStep):
        return _lower(step_sentence(step, actions, names))
    ways = [f"if {condition_words(step.if_)}, {_list_words(step.then, actions, names) or 'do nothing'}"]
    ways += [
        f"or if {condition_words(e.if_)}, {_list_words(e.then, actions, names) or 'do nothing'}" for e in step.elif_
    ]
    if step.else_:
        ways.append(f"otherwise {_list_words(step.else_, actions, names)}")
    return "; ".join(ways)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
