"""Says what leave would take, while its dates are being chosen: the very rules that are asked when it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from flowapp.kernel.errors import Refused
from flowapp.rota.leave_allowance import Share
from flowapp.rota.leave_facts import CheckResult, Outcome
from flowapp.rota.leave_gathering import Gathered, checks_of, gather
from flowapp.rota.leave_types import leave_type
from flowapp.rota.wording import amount_text
from flowapp.web.filters import day
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
    return Takes(sentence=_sentence(gathered, found), checks=tuple(_drawn(result) for result in found))


def takes_nothing(refused: Refused) -> Takes:
    """Say why nothing can be counted."""
    return Takes(sentence=refused.message)


def _sentence(gathered: Gathered, found: list[CheckResult]) -> str:
    count = gathered.facts.count
    about = "about " if count.estimated else ""
    text = f"Takes {about}{amount_text(count.days, 'day')}, {amount_text(count.hours, 'hour')}{_left(gathered.shares)}"
    return f"{text}." if found else f"{text}. Nothing stands in the way."


def _left(shares: tuple[Share, ...]) -> str:
    """Say what is left afterwards, of each leave year where there are two; a rule tells where it is too little."""
    if not shares:
        return "; this type is not taken from your allowance"
    after = [(share.left - share.takes.hours, share.year_end) for share in shares]
    if any(hours < 0 for hours, _ in after):
        return ""
    if len(after) == 1:
        return f"; {amount_text(after[0][0], 'hour')} left afterwards"
    years = [f"{amount_text(hours, 'hour')} of the leave year to {day(end)}" for hours, end in after]
    return f"; left afterwards are {' and '.join(years)}"


def _drawn(result: CheckResult) -> dict[str, str]:
    return {"result": RESULTS[result.outcome], "rule": result.title, "sentence": result.text}
