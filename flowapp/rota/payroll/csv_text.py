"""An export as a file: a line for each timesheet, as RFC 4180 has it, for spreadsheets and pay programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from flowapp.rota.payroll.export import PayrollExport
from flowapp.rota.timesheets.reading import Sheet
from flowapp.rota.wording import number_text

COLUMNS = ("employee_no", "employee_name", "date", "start", "end", "unpaid_break_min", "hours", "timesheet_uid")
BOM = "\ufeff"  # by which Excel knows that the text is UTF-8
# A cell that begins so is a formula to a spreadsheet, and could be made to act there.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def csv_text(lines: Sequence[Sheet], *, bom: bool = False) -> str:
    """Write the hours of an export; start and end are what the clock of the home showed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in lines:
        writer.writerow([guarded(cell) for cell in _cells(line)])
    return f"{BOM if bom else ''}{out.getvalue()}"


def file_name(export: PayrollExport, home_code: str) -> str:
    """Answer what the file of an export is called."""
    return f"payroll-{home_code}-{export.first_day}-{export.last_day}-{export.id}.csv"


def guarded(cell: str) -> str:
    """Answer a cell that no spreadsheet takes for a formula: with an apostrophe before it."""
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell


def _cells(line: Sheet) -> tuple[str, ...]:
    zone = ZoneInfo(line.timezone)
    start, end = ("" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (line.in_at, line.out_at))
    return (
        line.employee_no,
        line.staff_name,
        line.local_date.isoformat(),
        start,
        end,
        str(line.break_minutes),
        number_text(line.hours),
        line.uid,
    )
