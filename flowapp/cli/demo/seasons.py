"""When the people of the demo like to be away, and how long they ask ahead."""

from __future__ import annotations

import math
from datetime import date, timedelta
from random import Random

from flowapp.rota.bank_holidays import Nation
from flowapp.rota.calendar import HomeCalendar

SUMMER, CHRISTMAS, EASTER = 1.8, 1.4, 1.3  # how much likelier leave is then
# Days from asking to the next day of work that is asked for: half ask 45 ahead, one in ten less than seven.
MEDIAN_LEAD, LEAD_SPREAD = 40, 1.6
LONGEST_LEAD = 330
ENGLAND = HomeCalendar(Nation.ENGLAND)


def likelihood(day: date) -> float:
    """Answer how likely leave is to begin on a day, 1 on an ordinary one."""
    if day.month in (7, 8):
        return SUMMER
    if (day.month, day.day) >= (12, 18) or (day.month, day.day) <= (1, 3):
        return CHRISTMAS
    near_easter = (day + timedelta(days=ahead) for ahead in range(-5, 11))
    return EASTER if any(ENGLAND.name(each) == "Good Friday" for each in near_easter) else 1.0


def is_chosen(rng: Random, day: date) -> bool:
    """Draw whether leave begins on a day, so that the seasons come out as they should."""
    return rng.random() < likelihood(day) / SUMMER


def lead_days(rng: Random, *, at_least: int) -> int:
    """Draw how many days somebody asks ahead."""
    days = round(rng.lognormvariate(math.log(MEDIAN_LEAD), LEAD_SPREAD))
    return min(max(days, at_least), LONGEST_LEAD)
