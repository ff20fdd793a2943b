"""The two years of the large data set."""

from __future__ import annotations

from datetime import date, timedelta

AS_OF = date(2026, 11, 23)  # a Monday
WEEKS, WEEKS_AHEAD = 104, 4
FIRST = AS_OF - timedelta(weeks=WEEKS - WEEKS_AHEAD)
DAYS = WEEKS * 7
