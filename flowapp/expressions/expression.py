"""An expression that has been read and compiled; conditions are those that give yes or no."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache

from flowapp.expressions.compile import compiled
from flowapp.expressions.environment import Environment
from flowapp.expressions.errors import ExpressionError, Fault, error_of, placed
from flowapp.expressions.frame import Frame, Names, frame
from flowapp.expressions.parser import parse
from flowapp.expressions.result import result
from flowapp.expressions.used import names_in, refuse_secrets
from flowapp.expressions.values import shown
from flowapp.expressions.words.describe import described, stated
from flowapp.expressions.words.explain import explained

Labels = Mapping[str, str]


class Expression:
    """Any expression, with or without `${…}` around it."""

    def __init__(self, text: str) -> None:
        self.text = text
        with placed(text):
            self.node = parse(text)
            refuse_secrets(self.node)
            self._run = compiled(self.node)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The dotted names it reads."""
        return names_in(self.node)

    def evaluate(self, names: Names, environment: Environment) -> object:
        """Work it out; the kind of the value is kept."""
        with placed(self.text):
            begun = frame(names, environment)
            return result(self._run(begun), begun)

    def describe(self, labels: Labels | None = None) -> str:
        """Put it into words: `days requested plus 1`."""
        with placed(self.text):
            return described(self.node, labels or {})


class Condition(Expression):
    """An expression that must give yes or no."""

    def evaluate(self, names: Names, environment: Environment) -> bool:
        """Answer yes or no; an ExpressionError is neither."""
        begun = Frame()  # as `frame` does, without the call: a tenth of a typical evaluation
        begun.names = names if type(names) is dict else dict(names)
        begun.environment = environment
        try:
            answer = self._run(begun)
        except (Fault, RecursionError) as wrong:
            raise error_of(wrong, self.text) from None
        if answer is True or answer is False:
            return answer
        raise not_boolean(answer).error(self.text)

    def describe(self, labels: Labels | None = None) -> str:
        """Put into words what must be so: `days requested is 3 or fewer`."""
        with placed(self.text):
            return stated(self.node, labels or {})

    def explain(self, names: Names, environment: Environment, labels: Labels | None = None) -> str:
        """Say in full sentences what the values were, which part decided, and how.

        Raises the same errors as `evaluate`.
        """
        self.evaluate(names, environment)
        with placed(self.text):
            return explained(self.node, frame(names, environment), labels or {})


def not_boolean(answer: object) -> Fault:
    """Say that a condition gives something else than yes or no."""
    return Fault("not_boolean", f"This condition gives {shown(answer)}, not yes or no.")


def condition(text: str) -> Condition:
    """Read a condition, or take it from those read lately."""
    return _condition(_text(text))


def expression(text: str) -> Expression:
    """Read an expression of any kind, or take it from those read lately."""
    return _expression(_text(text))


@lru_cache(maxsize=1024)
def _condition(text: str) -> Condition:
    return Condition(text)


@lru_cache(maxsize=1024)
def _expression(text: str) -> Expression:
    return Expression(text)


def _text(text: object) -> str:
    if type(text) is str:
        return text
    raise ExpressionError("syntax", "An expression is a text.")
