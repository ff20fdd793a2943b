"""What a function of the language is, and the table in which each one enters itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from flowapp.expressions.functions.parameter import REQUIRED, WORDS, Parameter
from flowapp.expressions.values import Kind

Group = Literal["text", "numbers", "lists", "dates", "other"]
# "item" and "same" are for the checker: an item of the list given, or whatever comes in first.
Gives = Kind | Literal["item", "same", "texts"]
Needs = Literal["nothing", "zone", "moment"]
Example = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One row of the table: name, what it takes and gives, how it is explained, and what it does.

    `says` puts a call into words, with {0}, {1} for its values; `denies` is the opposite of a yes-or-no one.
    `needs` says what of the environment the answer hangs on: moment and calendar, the zone, or nothing.
    """

    name: str
    group: Group
    parameters: tuple[Parameter, ...]
    gives: Gives
    description: str
    says: str
    denies: str
    needs: Needs
    examples: tuple[Example, ...]
    run: Callable[..., object]

    @property
    def least(self) -> int:
        """How many values it needs at least."""
        return sum(parameter.default is REQUIRED for parameter in self.parameters)

    @property
    def most(self) -> int | None:
        """How many values it takes at most; None is any number."""
        return None if any(parameter.repeats for parameter in self.parameters) else len(self.parameters)

    @property
    def signature(self) -> str:
        """How it is written: `round(x, digits=0)`."""
        return f"{self.name}({', '.join(map(_written, self.parameters))})"

    def parameter(self, place: int) -> Parameter:
        """Answer the parameter for the value at this place."""
        return self.parameters[min(place, len(self.parameters) - 1)]

    def wanted(self) -> str:
        """How many values it takes, in words."""
        if not self.parameters:
            return "no value"
        named = ", ".join(f"{parameter.name} ({WORDS[parameter.takes]})" for parameter in self.parameters)
        return f"{named} and more" if self.most is None else named


TABLE: Final[dict[str, Function]] = {}


def function(
    group: Group,
    *parameters: Parameter,
    gives: Gives,
    says: str,
    denies: str = "",
    needs: Needs = "nothing",
    examples: tuple[Example, ...],
) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Enter the decorated function into the table, under its own name; its docstring is the description."""

    def enter(run: Callable[..., object]) -> Callable[..., object]:
        name = run.__name__.rstrip("_")
        TABLE[name] = Function(
            name=name,
            group=group,
            parameters=parameters,
            gives=gives,
            description=(run.__doc__ or "").strip(),
            says=says,
            denies=denies,
            needs=needs,
            examples=examples,
            run=run,
        )
        return run

    return enter


def _written(parameter: Parameter) -> str:
    if parameter.repeats:
        return f"{parameter.name}, …"
    return parameter.name if parameter.default is REQUIRED else f"{parameter.name}={parameter.default}"
