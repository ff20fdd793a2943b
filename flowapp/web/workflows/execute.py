"""The form by which a person starts a workflow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import url_for

from flowapp.bootstrap import Flow
from flowapp.kernel.errors import Problem, Refused
from flowapp.triggers.manual import Input, OnRequest
from flowapp.workflows.document import Document, TriggerSpec
from flowapp.workflows.sentences import summary
from flowapp.workflows.steps.workflow import Names
from flowapp.workflows.workflow import Workflow


@dataclass(frozen=True, kw_only=True)
class ExecutePage:
    """The form, what was typed, and what is wrong with it."""

    name: str
    summary: str
    action: str
    nonce: str
    inputs: tuple[Input, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each problem with the id of its field."""
        return tuple(self.errors.items())

    def with_problems(self, errors: Mapping[str, str], typed: Mapping[str, str]) -> ExecutePage:
        """Answer the same form with what was typed and what is wrong with it."""
        return replace(self, errors=errors, values=dict(typed))


def execute_page(
    workflow: Workflow, document: Document, spec: TriggerSpec, flow: Flow, nonce: str, names: Names
) -> ExecutePage:
    """Put together the form."""
    return ExecutePage(
        name=workflow.name,
        summary=summary(document, flow.actions, flow.triggers, names),
        nonce=nonce,
        action=url_for("workflows.execute_now", workflow_id=workflow.id),
        inputs=OnRequest.Fields.model_validate(spec.fields).inputs,
    )


def typed_inputs(inputs: tuple[Input, ...], typed: Mapping[str, str]) -> dict[str, Any]:
    """Turn what was typed into values; the trigger checks them. Raises Refused for a number that is none."""
    return {each.name: _value(each, typed.get(each.name, "").strip()) for each in inputs if _given(each, typed)}


def _given(each: Input, typed: Mapping[str, str]) -> bool:
    return each.type == "yes_no" or bool(typed.get(each.name, "").strip())


def _value(each: Input, text: str) -> Any:
    if each.type == "yes_no":
        return text == "yes"
    if each.type == "number":
        try:
            return Decimal(text)
        except InvalidOperation:
            message = f"{each.label} must be a number, such as 3 or 2.5."
            raise Refused([Problem(path=each.name, code="not_a_number", message=message)]) from None
    return text
