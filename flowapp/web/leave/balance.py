"""Says what leave would take, while its dates are being chosen: the very rules that are asked when it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from flowapp.kernel.errors import Refused
from flowapp.rota.leave_facts import CheckResult, LeaveFacts, Outcome
from flowapp.rota.leave_gathering import checks_of, gather
from flowapp.rota.leave_types import leave_type
from flowapp.rota.wording import amount_text
from flowapp.web.leave.forms import LeaveForm, period_of

CHOOSE = "Choose the first and the last day to see what the leave takes."
RESULTS = {Outcome.INFORM: "warn", Outcome.BLOCK: "block"}


@dataclass(frozen=True, kw_only=True)
class Takes:
    """What leave would take, and what stands in its way."""

    sentence: str = CHOOSE
    checks: tuple[dict[str, str], ...] = ()


NOT_CHOSEN = Takes()


def takes(session: Session, staff_id: int, form: LeaveForm, now: datetime) -> Takes:
    """Answer what the leave on a form would take; raises Refused for dates that make no sense."""
    if not (form.start_date and form.end_date):
        return NOT_CHOSEN
    gathered = gather(session, staff_id, leave_type(form.type), period_of(form), now)
    found = [result for result in checks_of(gathered) if result.outcome is not Outcome.PASS]
    return Takes(sentence=_sentence(gathered.facts, found), checks=tuple(_drawn(result) for result in found))


def takes_nothing(refused: Refused) -> Takes:
    """Say why nothing can be counted."""
    return Takes(sentence=refused.message)


def _sentence(facts: LeaveFacts, found: list[CheckResult]) -> str:
    about = "about " if facts.count.estimated else ""
    text = f"Takes {about}{amount_text(facts.count.days, 'day')}, {amount_text(facts.count.hours, 'hour')}"
    after = facts.balance_after
    if after is None:
        text += "; this type is not taken from your allowance"
    elif after >= 0:
        text += f"; {amount_text(after, 'hour')} left afterwards"
    return f"{text}." if found else f"{text}. Nothing stands in the way."


def _drawn(result: CheckResult) -> dict[str, str]:
    return {"result": RESULTS[result.outcome], "rule": result.title, "sentence": result.text}
