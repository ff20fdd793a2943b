"""What a leave request tells workflows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flowapp.events.cause import Cause
from flowapp.events.leave import DecisionContext, LeaveContext
from flowapp.kernel.decimals import tidy
from flowapp.rota.embargo import embargoes_hit
from flowapp.rota.leave_days import overlap
from flowapp.rota.leave_facts import LeaveFacts
from flowapp.rota.leave_gathering import Gathered
from flowapp.rota.notice import notice_given


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A leave request as its events tell of it."""

    request_id: int
    reason: str
    gathered: Gathered


def asked_context(asked: Asked, cause: Cause) -> LeaveContext:
    """Put together what a workflow may read about a request."""
    return LeaveContext.model_validate(_shared(asked, cause))


def decided_context(asked: Asked, cause: Cause, *, decided_by: str, auto: bool, reason: str) -> DecisionContext:
    """Put together what a workflow may read about a decision."""
    decision = {"decided_by": decided_by, "auto": auto, "decision_reason": reason}
    return DecisionContext.model_validate(_shared(asked, cause) | decision)


def _shared(asked: Asked, cause: Cause) -> dict[str, Any]:
    gathered = asked.gathered
    facts, person = gathered.facts, gathered.employment
    days, hours = tidy(facts.count.days), tidy(facts.count.hours)
    return {
        "leave_request_id": asked.request_id,
        "staff_id": person.staff_id,
        "user_id": cause.actor.id,
        "care_home_id": person.home_id,
        "leave_type": gathered.type.code,
        "days": days,
        "hours": hours,
        "calendar_days": facts.count.calendar_days,
        "notice_days": notice_given(today=facts.today, start=facts.period.start),
        "balance_before": _tidy(facts.balance_before),
        "balance_after": _tidy(facts.balance_after),
        "estimated": facts.count.estimated,
        "overlaps_leave": any(overlap(facts.period, other.period) for other in facts.others),
        "clash_count": len(gathered.clashes),
        "clash_shifts": list(gathered.clashes),
        "embargo": _embargo(facts),
        "concurrent": _concurrent(facts),
        "cover": {"shortfall_count": len(facts.shortfalls)},
        "leave": _leave(asked, days, hours),
        "staff": person.staff_facts,
        "user": {"id": cause.actor.id, "name": cause.actor.name, "role": cause.actor.role or ""},
    }


def _leave(asked: Asked, days: Decimal, hours: Decimal) -> dict[str, Any]:
    facts, period = asked.gathered.facts, asked.gathered.facts.period
    return {
        "type": asked.gathered.type.code,
        "start": period.start,
        "start_part": period.start_part.value,
        "end": period.end,
        "end_part": period.end_part.value,
        "days": days,
        "hours": hours,
        "calendar_days": facts.count.calendar_days,
        "reason": asked.reason,
    }


def _embargo(facts: LeaveFacts) -> dict[str, Any]:
    period = facts.period
    hits = embargoes_hit(facts.embargoes, start=period.start, end=period.end, place=facts.place)
    return {"hit": bool(hits), "message": hits[0].embargo.message if hits else ""}


def _concurrent(facts: LeaveFacts) -> dict[str, Any]:
    worst = max(facts.people_away, key=lambda day: (day.percent_with_this, day.away), default=None)
    return {
        "count": worst.away + 1 if worst else 1,
        "pct": round(worst.percent_with_this, 1) if worst else Decimal(0),
        "limit": _tidy(facts.away_limit.percent),
    }


def _tidy(hours: Decimal | None) -> Decimal | None:
    return None if hours is None else tidy(hours)
