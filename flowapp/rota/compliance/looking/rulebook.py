"""Which rule is looked at how."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from flowapp.rota.compliance.finding import Finding
from flowapp.rota.compliance.looking import hours, rests, staffing
from flowapp.rota.compliance.looking.worked import House, Span, Worker
from flowapp.rota.compliance.rule import Rule

OfWorker = Callable[[Worker, Rule, int, Span], Iterator[Finding]]
OfHouse = Callable[[House, Rule, Span], Iterator[Finding]]

OF_WORKERS: Mapping[str, OfWorker] = MappingProxyType(
    {
        "WTD_48_HOURS": hours.over_48_hours,
        "WTD_NIGHT_8_HOURS": hours.long_nights,
        "WTD_REST_11_HOURS": rests.short_daily_rest,
        "WTD_REST_24_HOURS": rests.short_weekly_rest,
        "WTD_BREAKS": rests.missing_breaks,
        "CONSECUTIVE_DAYS": rests.days_in_a_row,
    }
)
OF_HOUSES: Mapping[str, OfHouse] = MappingProxyType(
    {
        "MIN_DAY_STAFFING": staffing.too_few_by_day,
        "MIN_NIGHT_STAFFING": staffing.too_few_at_night,
        "LONE_WORKING": staffing.alone_at_night,
    }
)


def findings(rules: Iterable[Rule], workers: Iterable[Worker], house: House, span: Span) -> Iterator[Finding]:
    """Find every place where one of these rules is broken, person by person, then in the home as a whole."""
    known = list(rules)
    for worker in workers:
        for rule in known:
            if rule.code in OF_WORKERS:
                yield from OF_WORKERS[rule.code](worker, rule, house.home_id, span)
    for rule in known:
        if rule.code in OF_HOUSES:
            yield from OF_HOUSES[rule.code](house, rule, span)
