"""How long a run is kept: decided at its end, so that the clean-up reads a range of an index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flowapp.engine.plan import Plan
from flowapp.workflows.kinds import Action, Effect
from flowapp.workflows.steps.action import ActionStep

LASTING_DAYS = 730
BY_PEOPLE = ("approval",)  # types of step that wait for a person
DECIDING = "rota"  # the category of actions that decide something


class Retention(StrEnum):
    """How long a run is worth keeping."""

    DULL = "dull"  # it did nothing
    ORDINARY = "ordinary"  # it told somebody something, or the like
    LASTING = "lasting"  # it failed, waited for a person, or decided something


def retention_of(
    failed: bool, steps: Iterable[Mapping[str, Any]], plan: Plan, actions: Mapping[str, Action]
) -> Retention:
    """Decide how long a run is kept, from the rows of its steps; `effect` is set where an action was begun."""
    kept = Retention.LASTING if failed else Retention.DULL
    for row in steps:
        if row["type"] in BY_PEOPLE or row["status"] == "uncertain" or _decides(row, plan, actions):
            return Retention.LASTING
        if row.get("effect") is not None and kept is Retention.DULL:
            kept = Retention.ORDINARY
    return kept


def _decides(row: Mapping[str, Any], plan: Plan, actions: Mapping[str, Action]) -> bool:
    if row.get("effect") != Effect.DB or row["status"] != "completed":
        return False
    step = plan.node(row["path"]).step
    action = actions.get(step.action) if isinstance(step, ActionStep) else None
    return action is not None and action.category == DECIDING


def removed_before(now: datetime, *, days: int, dull_days: int) -> Mapping[Retention | None, datetime]:
    """Answer the moment before which a run must have ended to be removed; None is a run that nobody judged."""
    lasting = now - timedelta(days=max(days, LASTING_DAYS))
    return {
        Retention.DULL: now - timedelta(days=min(days, dull_days)),
        Retention.ORDINARY: now - timedelta(days=days),
        Retention.LASTING: lasting,
        None: lasting,
    }
