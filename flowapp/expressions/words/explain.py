"""Why a condition came out as it did, with its values: `Days requested was 2, which is 3 or fewer.`"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flowapp.expressions.compile import comparer, compiled, is_empty
from flowapp.expressions.errors import Fault
from flowapp.expressions.frame import Frame
from flowapp.expressions.frame import frame as begin
from flowapp.expressions.nodes import (
    Call,
    Choice,
    Comparison,
    ListOf,
    Literal,
    Logic,
    Loop,
    Node,
    Not,
    Test,
    steps,
)
from flowapp.expressions.values import admit, counted
from flowapp.expressions.words.describe import Words, is_statement, mirrored
from flowapp.expressions.words.labels import Labels, said
from flowapp.expressions.words.phrases import OPPOSITE, manner_of, ordered

_ORDER: Final = ("<", "<=", ">", ">=")


@dataclass(frozen=True, slots=True)
class Told:
    """How a part came out, and why."""

    outcome: bool
    reason: str

    def sentence(self) -> str:
        """Answer the reason as a sentence; a no says that it is one."""
        return f"{self.reason[:1].upper()}{self.reason[1:]}{'' if self.outcome else ', so no'}."


def explained(node: Node, frame: Frame, labels: Labels) -> str:
    """Answer why the condition, which has been worked out without an error, gave yes or no."""
    words = Words(labels)
    try:
        told = _Account(frame, words).tell(node, alone=True)
    except Fault:
        # Telling takes a few more steps than working out; beyond the limit the answer alone must do.
        outcome = compiled(node)(begin(frame.names, frame.environment)) is True
        told = Told(outcome, words.statement(node) if outcome else f"it is not so that {words.statement(node)}")
    return told.sentence()


@dataclass(frozen=True, slots=True)
class _Account:
    """Tells the parts of one condition."""

    frame: Frame
    words: Words

    def tell(self, node: Node, *, alone: bool = False) -> Told:
        """Tell a part that is yes or no; `alone` says that no other part stands beside it."""
        match node:
            case Comparison():
                return self._comparison(mirrored(node), alone=alone)
            case Logic():
                return self._logic(node)
            case Not():
                inner = self.tell(node.operand)
                return Told(not inner.outcome, inner.reason)
            case Test():
                return self._test(node)
            case Call() if is_statement(node):
                outcome = self._value(node) is True
                return Told(outcome, self.words.call(node, positive=outcome, noun=self._noun))
        return self._other(node)

    def _other(self, node: Node) -> Told:
        match node:
            case Loop(kind="any" | "all"):
                return self._quantified(node)
            case Choice():
                asked = self.tell(node.condition)
                chosen = self.tell(node.yes if asked.outcome else node.no)
                return Told(chosen.outcome, f"{asked.reason}, and {chosen.reason}")
            case Literal():
                outcome = node.value is True
                return Told(outcome, f"this is always {said(outcome)}")
        outcome = self._value(node) is True
        return Told(outcome, f"{self.words.noun(node)} was {said(outcome)}")

    def _value(self, node: Node) -> object:
        return compiled(node)(self.frame)

    def _said(self, value: object) -> str:
        return said(value, self.frame.environment.timezone)

    def _noun(self, node: Node) -> str:
        if isinstance(node, Literal | ListOf):
            return self.words.noun(node)
        return f"{self.words.noun(node)} ({self._said(self._value(node))})"

    def _was(self, node: Node, value: object) -> str:
        if isinstance(node, Literal):
            return self._said(value)
        if value is None:
            return f"{self.words.noun(node)} had no value"
        return f"{self.words.noun(node)} was {self._said(value)}"

    def _comparison(self, node: Comparison, *, alone: bool) -> Told:
        left, right = self._value(node.left), self._value(node.right)
        outcome = comparer(node.sign)(left, right, self.frame)
        was = self._was(node.left, left)
        if node.sign in ("in", "not in"):
            among = self._among(node.right, right, negated=(node.sign == "in") is not outcome)
            return Told(outcome, f"{was}, which is {among}")
        if node.sign in ("==", "!="):
            return Told(outcome, was + self._same(node.right, right, same=(node.sign == "==") is outcome))
        return Told(outcome, was + self._order(node, right, outcome=outcome, alone=alone))

    def _order(self, node: Comparison, right: object, *, outcome: bool, alone: bool) -> str:
        manner, limit = manner_of(node.right, right), self._limit(node.right, right)
        if outcome:
            return f", which is {ordered(node.sign, manner, limit)}"
        if alone and not isinstance(node.left, Literal):
            due = "the limit is" if node.sign in ("<", "<=") and manner in ("count", "amount") else "it must be"
            return f"; {due} {ordered(node.sign, manner, limit)}"
        return f", which is {ordered(OPPOSITE[node.sign], manner, limit)}"

    def _limit(self, node: Node, value: object) -> str:
        if isinstance(node, Literal | ListOf):
            return self.words.noun(node)
        return f"{self.words.noun(node)} ({self._said(value)})"

    def _same(self, node: Node, value: object, *, same: bool) -> str:
        if isinstance(node, Literal):
            return "" if same else f", not {self._said(value)}"
        return f", {'the same as' if same else 'not the same as'} {self._limit(node, value)}"

    def _among(self, node: Node, items: object, *, negated: bool) -> str:
        if isinstance(node, ListOf):
            return self.words.among(node, negated=negated)
        return f"{'not ' * negated}in {self._limit(node, items)}"

    def _test(self, node: Test) -> Told:
        value, noun = self._value(node.operand), self.words.noun(node.operand)
        empty = value is None if node.kind == "null" else is_empty(value)
        if value is None:
            reason = f"{noun} had no value"
        elif empty:
            reason = f"{noun} was empty"
        else:
            reason = f"{noun} was {self._said(value)}"
        return Told(empty is not node.negated, reason)

    def _logic(self, node: Logic) -> Told:
        told: list[Told] = []
        for operand in node.operands:
            told.append(self.tell(operand))
            if told[-1].outcome is (node.word == "or"):
                break
        *before, last = told
        if not before:
            return last
        joined = "but" if last.outcome is (node.word == "or") else "and"
        return Told(last.outcome, f"{', and '.join(one.reason for one in before)}, {joined} {last.reason}")

    def _quantified(self, node: Loop) -> Told:
        """Tell any(…) or all(…) by the first item that decided it."""
        wanted, sought = 0, node.kind == "any"
        body, condition = compiled(node.body), None if node.condition is None else compiled(node.condition)
        outside, items = self.frame.names, self._value(node.items)
        assert isinstance(items, list)
        inside = dict(outside)
        self.frame.names = inside
        try:
            for place, item in enumerate(items, 1):
                self.frame.tick(3 + steps(node.body))
                inside[node.variable] = admit(item)
                if condition is not None and condition(self.frame) is False:
                    continue
                wanted += 1
                if body(self.frame) is sought:
                    reason = _Account(self.frame, self.words.inside(node)).tell(node.body).reason
                    return Told(sought, f"{reason} for item {place} of {self.words.noun(node.items)}")
        finally:
            self.frame.names = outside
        return Told(not sought, self._none_decided(node, wanted))

    def _none_decided(self, node: Loop, wanted: int) -> str:
        items, inside = self.words.over(node), self.words.inside(node)
        if not wanted:
            return f"there was nothing in {items}"
        counted_items = f"of {counted(wanted, 'item')} in {items}"
        amount = "none" if node.kind == "any" else "every one"
        return f"for {amount} {counted_items}, {inside.statement(node.body)}"
