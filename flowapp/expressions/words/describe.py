"""An expression in plain words, without any values: `days requested is 3 or fewer`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from flowapp.expressions.functions import TABLE
from flowapp.expressions.nodes import (
    Arithmetic,
    Call,
    Choice,
    Comparison,
    ListOf,
    Literal,
    Logic,
    Loop,
    Name,
    Negate,
    Node,
    Not,
    Path,
    Test,
)
from flowapp.expressions.words.labels import Labels, listed, name_words, said
from flowapp.expressions.words.phrases import MIRRORED, OPPOSITE, manner_of, ordered

_SIGNS: Final = {
    "+": "plus",
    "-": "minus",
    "*": "times",
    "/": "divided by",
    "%": "with the remainder of dividing by",
}
STATEMENTS: Final = (Comparison, Test, Logic, Not)


def described(node: Node, labels: Labels) -> str:
    """Answer the expression in words: a statement for what is yes or no, a noun for everything else."""
    words = Words(labels)
    if is_statement(node) or node == Literal(True) or node == Literal(False):
        return words.statement(node)
    return words.noun(node)


def stated(node: Node, labels: Labels) -> str:
    """Answer a condition in words: what must be so."""
    return Words(labels).statement(node)


def is_statement(node: Node) -> bool:
    """Whether the expression is a statement, something that is so or is not."""
    if isinstance(node, Call):
        return node.name in TABLE and bool(TABLE[node.name].denies)
    if isinstance(node, Choice):
        return is_statement(node.yes) and is_statement(node.no)
    return isinstance(node, STATEMENTS) or (isinstance(node, Loop) and node.kind in ("any", "all"))


def mirrored(node: Comparison) -> Comparison:
    """Answer the comparison with the written-out value on the right: `3 >= days` is `days <= 3`."""
    if isinstance(node.left, Literal) and not isinstance(node.right, Literal) and node.sign in MIRRORED:
        return replace(node, sign=MIRRORED[node.sign], left=node.right, right=node.left)
    return node


@dataclass(frozen=True, slots=True)
class Words:
    """Puts parts into words; `own` are the names of the loops around them."""

    labels: Labels
    own: frozenset[str] = frozenset()

    def inside(self, loop: Loop) -> Words:
        """Answer the words for the inside of a loop."""
        return Words(self.labels, self.own | {loop.variable})

    def statement(self, node: Node, *, positive: bool = True) -> str:
        """Answer what is so, or what is not so."""
        match node:
            case Literal(value=bool() as value):
                return "always" if value is positive else "never"
            case Comparison():
                return self._comparison(mirrored(node), positive=positive)
            case Test():
                return self._test(node, positive=positive)
            case Not():
                return self.statement(node.operand, positive=not positive)
            case Logic():
                return self._logic(node, positive=positive)
        return self._other_statement(node, positive=positive)

    def _other_statement(self, node: Node, *, positive: bool) -> str:
        match node:
            case Call() if is_statement(node):
                return self.call(node, positive=positive)
            case Loop(kind="any" | "all"):
                return self._quantified(node, positive=positive)
            case Choice():
                return self._choice(node, lambda part: self.statement(part, positive=positive))
        return f"{self.noun(node)} is {'yes' if positive else 'no'}"

    def noun(self, node: Node) -> str:
        """Answer the name of a value."""
        match node:
            case Literal():
                return said(node.value)
            case Name() | Path():
                return name_words(node, self.labels, self.own)
            case ListOf():
                return listed([self.noun(item) for item in node.items]) or "an empty list"
            case Call() if not is_statement(node):
                return self.call(node)
            case Negate():
                return f"minus {self._inner(node.operand)}"
            case Arithmetic():
                rest = "".join(f" {_SIGNS[sign]} {self._inner(operand)}" for sign, operand in node.rest)
                return self._inner(node.first) + rest
        return self._other_noun(node)

    def _other_noun(self, node: Node) -> str:
        if isinstance(node, Choice) and not is_statement(node):
            return self._choice(node, self.noun)
        if isinstance(node, Loop) and node.kind not in ("any", "all"):
            return self._gathered(node)
        return f"whether {self.statement(node)}"

    def call(self, node: Call, *, positive: bool = True, noun: Callable[[Node], str] | None = None) -> str:
        """Answer the words for a function at work; `noun` says how to name what it is given."""
        row = TABLE[node.name]
        words = [(noun or self.noun)(argument) for argument in node.arguments]
        pattern = row.says if positive else row.denies
        filled = words + [said(parameter.default) for parameter in row.parameters[len(words) :]]
        return pattern.replace("{*}", listed(words).replace("{", "{{").replace("}", "}}")).format(*filled)

    def _inner(self, node: Node) -> str:
        words = self.noun(node)
        return f"({words})" if isinstance(node, Arithmetic | Choice) else words

    def _comparison(self, node: Comparison, *, positive: bool) -> str:
        sign = node.sign if positive else OPPOSITE[node.sign]
        left = self.noun(node.left)
        if sign in ("in", "not in"):
            return f"{left} is {self.among(node.right, negated=sign == 'not in')}"
        if isinstance(node.right, Literal) and node.right.value is None:
            return f"{left} {'has no value' if sign == '==' else 'has a value'}"
        right = self.noun(node.right)
        if sign in ("==", "!="):
            return f"{left} {'is' if sign == '==' else 'is not'} {right}"
        return f"{left} is {ordered(sign, manner_of(node.right), right)}"

    def among(self, node: Node, *, negated: bool) -> str:
        """Answer the words for being in a list."""
        if not isinstance(node, ListOf):
            return f"{'not ' * negated}in {self.noun(node)}"
        words = [self.noun(item) for item in node.items]
        if len(words) == 1:
            return f"{'not ' * negated}{words[0]}"
        if len(words) == 2:
            return f"neither {words[0]} nor {words[1]}" if negated else f"{words[0]} or {words[1]}"
        return f"{'none' if negated else 'one'} of {listed(words, 'or') or 'an empty list'}"

    def _test(self, node: Test, *, positive: bool) -> str:
        holds = positive is not node.negated
        if node.kind == "null":
            return f"{self.noun(node.operand)} has {'no' if holds else 'a'} value"
        return f"{self.noun(node.operand)} is {'' if holds else 'not '}empty"

    def _logic(self, node: Logic, *, positive: bool) -> str:
        # Not (a and b) is said as: not a, or not b.
        word = node.word if positive else ("or" if node.word == "and" else "and")
        parts = [self._grouped(part, positive=positive) for part in node.operands]
        grouped = any(isinstance(part, Logic) for part in node.operands)
        return f"{',' * grouped} {word} ".join(parts)

    def _grouped(self, node: Node, *, positive: bool) -> str:
        words = self.statement(node, positive=positive)
        if isinstance(node, Not):
            return self._grouped(node.operand, positive=not positive)
        if not isinstance(node, Logic):
            return words
        return f"{'both' if (node.word == 'and') is positive else 'either'} {words}"

    def _quantified(self, node: Loop, *, positive: bool) -> str:
        inside, items = self.inside(node), self.over(node)
        if node.kind == "any":
            amount = "at least one" if positive else "none"
        else:
            amount = "every one" if positive else "not every one"
        return f"for {amount} of {items}, {inside.statement(node.body)}"

    def over(self, node: Loop) -> str:
        """Answer the words for the list of a loop and what is asked of its items."""
        items = self.noun(node.items)
        if node.condition is None:
            return items
        return f"{items} where {self.inside(node).statement(node.condition)}"

    def _gathered(self, node: Loop) -> str:
        inside, items = self.inside(node), self.over(node)
        if node.kind == "sum":
            return f"the total of {inside.noun(node.body)} over {items}"
        if node.kind == "list":
            return f"{inside.noun(node.body)} for each of {items}"
        if not is_statement(node.body):
            return f"the number of {items}"
        joined = "and" if node.condition is not None else "where"
        return f"the number of {items} {joined} {inside.statement(node.body)}"

    def _choice(self, node: Choice, say: Callable[[Node], str]) -> str:
        return f"{say(node.yes)} if {self.statement(node.condition)}, otherwise {say(node.no)}"
