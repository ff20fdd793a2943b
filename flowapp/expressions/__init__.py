"""The little language of conditions and of texts with values in them; pure, and never Python's own eval."""

from __future__ import annotations

from flowapp.expressions.check import Check, check, with_item
from flowapp.expressions.checking.findings import Finding
from flowapp.expressions.checking.schema import Schema
from flowapp.expressions.environment import WEEKDAYS_ONLY, Calendar, Environment
from flowapp.expressions.errors import CODES, ExpressionError
from flowapp.expressions.expression import Condition, Expression, condition, expression
from flowapp.expressions.fields import render
from flowapp.expressions.frame import Names
from flowapp.expressions.functions import FunctionEntry, catalogue
from flowapp.expressions.template import Template, Value, template, value
from flowapp.expressions.values import Kind, kind_of

__all__ = [
    "CODES",
    "WEEKDAYS_ONLY",
    "Calendar",
    "Check",
    "Condition",
    "Environment",
    "Expression",
    "ExpressionError",
    "Finding",
    "FunctionEntry",
    "Kind",
    "Names",
    "Schema",
    "Template",
    "Value",
    "catalogue",
    "check",
    "condition",
    "expression",
    "kind_of",
    "render",
    "template",
    "value",
    "with_item",
]
