"""How the pages say when somebody was planned to work, and when they did."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flowapp.rota.timesheets.reading import Sheet
from flowapp.rota.timesheets.timesheet import TimesheetStatus
from flowapp.rota.wall_time import DstFlag, instants
from flowapp.web.filters import clock, plural

PILLS = {
    TimesheetStatus.DRAFT: "draft",
    TimesheetStatus.SUBMITTED: "waiting",
    TimesheetStatus.APPROVED: "approved",
    TimesheetStatus.QUERIED: "uncertain",
}
_LONGER = "The clocks go back during this shift, so it is an hour longer than it looks."
_SHORTER = "The clocks go forward during this shift, so it is an hour shorter than it looks."


def planned_words(start: str, end: str, unit_name: str | None) -> str:
    """Say the plan of a shift: `08:00 to 20:00, Bluebell`."""
    return f"{start} to {end}" + (f", {unit_name}" if unit_name else "")


def worked_words(sheet: Sheet | None) -> str:
    """Say when somebody came and went: `07:58 to 20:03`; empty while nothing is written."""
    if sheet is None or sheet.in_at is None:
        return ""
    zone = ZoneInfo(sheet.timezone)
    came = clock(sheet.in_at, zone=zone)
    return f"{came} to {clock(sheet.out_at, zone=zone)}" if sheet.out_at else f"from {came}"


def break_words(minutes: int) -> str:
    """Say a break: `60 minutes`, or that there was none."""
    return plural(minutes, "minute") if minutes else "None"


def clocks_change(day_and_times: tuple[datetime, str, str], zone: str) -> str:
    """Say what a change of the clocks does to a shift; empty where there is none."""
    starts_at, start, end = day_and_times
    flag = instants(starts_at.astimezone(ZoneInfo(zone)).date(), start, end, zone).dst_flag
    return {DstFlag.LONG: _LONGER, DstFlag.SHORT: _SHORTER}.get(flag, "")
