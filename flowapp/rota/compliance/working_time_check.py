"""Looking through the working time of one home or of all, for whoever asks; nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.rota.compliance.finding import Finding
from flowapp.rota.compliance.gathering import longest_weeks, workers_of
from flowapp.rota.compliance.looking.rulebook import OF_WORKERS
from flowapp.rota.compliance.looking.worked import Span
from flowapp.rota.compliance.rule import Category, Rule, rules
from flowapp.rota.homes import CareHome

A_WEEK = timedelta(days=7)


def breaches(
    session: Session, now: datetime, *, home_ids: Collection[int] | None, weeks: int | None = None
) -> Iterator[Finding]:
    """Find where working time is broken in last week and this one; the averages go over `weeks` where that is said."""
    known = [_over(rule, weeks) for rule in rules(session).values() if _is_meant(rule)]
    homes = select(CareHome.id, CareHome.timezone).order_by(CareHome.name, CareHome.id)
    if home_ids is not None:
        homes = homes.where(CareHome.id.in_(home_ids))
    for home in session.execute(homes).all():
        span = _this_week_and_the_last(now, home.timezone)
        for worker in workers_of(session, home.id, span, weeks=longest_weeks(known)):
            for rule in known:
                yield from OF_WORKERS[rule.code](worker, rule, home.id, span)


def _is_meant(rule: Rule) -> bool:
    return rule.is_active and rule.is_checked and rule.category is Category.WORKING_TIME


def _over(rule: Rule, weeks: int | None) -> Rule:
    if weeks is None or "weeks" not in rule.parameters:
        return rule
    return replace(rule, parameters={**rule.parameters, "weeks": weeks})


def _this_week_and_the_last(now: datetime, timezone: str) -> Span:
    today = now.astimezone(ZoneInfo(timezone)).date()
    monday = today - timedelta(days=today.weekday())
    return Span(first=monday - A_WEEK, last=monday + A_WEEK - timedelta(days=1), today=today)
