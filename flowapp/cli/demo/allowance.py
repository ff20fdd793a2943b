"""How much leave the people of the demo have."""

from __future__ import annotations

from decimal import Decimal

from flowapp.cli.demo.people import Colleague
from flowapp.rota.entitlement import LeaveYear, entitled_hours, fraction_of_year, rounded_up

CARRIES_ONE_IN = 4
NOTHING = Decimal(0)


def granted(who: Colleague, year: LeaveYear) -> Decimal:
    """Answer the hours of leave somebody has in a year, less when they came in the middle of it."""
    worked = fraction_of_year(year, started=who.start_date)
    days = Decimal(who.week.days)
    return rounded_up(entitled_hours(hours_per_week=who.week.weekly_hours, days_per_week=days, fraction=worked))


def carried(who: Colleague, year: LeaveYear) -> Decimal:
    """Answer the hours somebody brings into the first year: a day for one in four who were there before it."""
    if who.number % CARRIES_ONE_IN or who.start_date >= year.start:
        return NOTHING
    return max(who.week.hours.values())
