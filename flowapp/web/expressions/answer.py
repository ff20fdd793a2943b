"""What a condition says, what is wrong with it, and what it gives on a sample and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flowapp.expressions import Environment, ExpressionError, Finding, Schema, check, condition
from flowapp.workflows.sentences import LABELS

EMPTY = "Say what must be so, and this place tells you what it means."
SHOWN = 60  # characters around a mistake that are shown with it


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Something to mend, or to look at: the words, and the place as the text before it, in it and after it."""

    message: str
    tone: str
    place: tuple[str, str, str] = ("", "", "")
    where: str = ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is said beside an expression field; `outcome` is empty where it cannot be told."""

    sentence: str = ""
    text: str = ""
    troubles: tuple[Trouble, ...] = ()
    outcome: str = ""
    because: str = ""
    hint: str = ""


NOTHING = Answer(hint=EMPTY)


def answer_to(text: str, schema: Schema) -> Answer:
    """Answer what a text says and what is wrong with it; it is not worked out."""
    if not text.strip():
        return NOTHING
    found = check(text, schema)
    troubles = [_trouble(text, each, "bad") for each in found.problems]
    troubles += [_trouble(text, each, "wait") for each in found.warnings]
    is_question = all(problem.code != "not_boolean" for problem in found.problems)
    return Answer(text=text, troubles=tuple(troubles), sentence=_sentence(text) if is_question else "")


def tried(answer: Answer, context: Mapping[str, Any], environment: Environment) -> Answer:
    """Add what the condition gives on a sample, if nothing is wrong with it."""
    if not answer.text or any(trouble.tone == "bad" for trouble in answer.troubles):
        return answer
    names = {"context": context}
    try:
        asked = condition(answer.text)
        outcome = "Yes" if asked.evaluate(names, environment) else "No"
        return replace(answer, outcome=outcome, because=asked.explain(names, environment, LABELS))
    except ExpressionError as error:
        return replace(answer, outcome="No answer", because=error.message)


def _sentence(text: str) -> str:
    try:
        return condition(text).describe(LABELS)
    except ExpressionError:
        return ""


def _trouble(text: str, found: Finding, tone: str) -> Trouble:
    lines = text.split("\n")
    line = lines[found.line - 1] if found.line <= len(lines) else ""
    start, end = found.column - 1, found.column - 1 + found.length
    before, after = line[:start], line[end:]
    return Trouble(
        message=found.message,
        tone=tone,
        place=(_end_of(before), line[start:end][:SHOWN], _beginning_of(after)),
        where=f"Line {found.line}" if len(lines) > 1 else "",
    )


def _end_of(text: str) -> str:
    return text if len(text) <= SHOWN else f"…{text[-SHOWN:]}"


def _beginning_of(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
