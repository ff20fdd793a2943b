"""A condition asks its questions and goes exactly one way."""

from __future__ import annotations

from typing import Any

from flowapp.engine.control.control import Control
from flowapp.engine.control.walk import Walk
from flowapp.engine.places import Path
from flowapp.expressions import condition
from flowapp.workflows.steps.condition import ConditionStep
from flowapp.workflows.steps.words import LABELS


class ConditionControl(Control):
    """Settled as soon as its questions are answered; its way is gone after that."""

    def enter(self, walk: Walk, path: Path, step: ConditionStep, last: Any) -> None:
        """Ask until one question is answered yes."""
        names, told = walk.names(path), []
        questions = [("then", step.if_), *((f"elif[{n}]", each.if_) for n, each in enumerate(step.elif_))]
        way = "else"
        for lane, text in questions:
            question = condition(text)
            answer = question.evaluate(names, walk.environment)
            told.append(question.explain(names, walk.environment, LABELS))
            if answer:
                way = lane
                break
        output = {"way": way}
        walk.complete(path, output, " ".join(told))
        walk.begin_list(path, way, output)
