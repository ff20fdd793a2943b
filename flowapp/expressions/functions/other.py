"""The two functions that allow a name to be missing; compile.py gives them the name itself, not its value."""

from __future__ import annotations

from flowapp.expressions.frame import Frame
from flowapp.expressions.functions.function import function
from flowapp.expressions.functions.parameter import Parameter
from flowapp.expressions.values import MISSING


@function(
    "other",
    Parameter("x"),
    Parameter("fallback"),
    gives="same",
    says="{0} (or {1} when there is none)",
    examples=(('default(null, "no phone")', '"no phone"'), ('default("x", "y")', '"x"')),
)
def default(frame: Frame, value: object, fallback: object) -> object:
    """The value, or the fallback when the name does not exist or holds null."""
    return fallback if value is None or value is MISSING else value


@function(
    "other",
    Parameter("name"),
    gives="boolean",
    says="there is {0}",
    denies="there is no {0}",
    examples=(("exists(context.no_such_field)", "false"),),
)
def exists(frame: Frame, value: object) -> bool:
    """Whether the name exists, even when it holds null."""
    return value is not MISSING
