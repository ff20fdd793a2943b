"""The word, the tone and the icon of how somebody stands with training."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

from flowapp.kernel.calendar_names import MONTHS
from flowapp.rota.training.matrix import Cell, CellState
from flowapp.rota.training.standing import Standing
from flowapp.rota.training.validity import Competency
from flowapp.web.filters import day

Pill = tuple[str, str, str]

STANDING_PILLS = MappingProxyType(
    {
        Standing.VALID: (Standing.VALID.label, "good", "check"),
        Standing.DUE: (Standing.DUE.label, "wait", "clock"),
        Standing.EXPIRED: (Standing.EXPIRED.label, "bad", "octagon-alert"),
        Standing.WAITING: (Standing.WAITING.label, "wait", "hourglass"),
        Standing.PENDING: (Standing.PENDING.label, "wait", "eye"),
        Standing.REVOKED: (Standing.REVOKED.label, "quiet", "ban"),
        Standing.SUPERSEDED: (Standing.SUPERSEDED.label, "quiet", "history"),
    }
)
CELL_PILLS = MappingProxyType(
    {
        CellState.VALID: ("In date", "good", "check"),
        CellState.DUE: ("Due soon", "wait", "clock"),
        CellState.EXPIRED: ("Out of date", "bad", "octagon-alert"),
        CellState.WAITING: ("Waits for a check", "wait", "hourglass"),
        CellState.PENDING: ("Not counted yet", "wait", "eye"),
        CellState.STARTING: ("New, has time", "info", "calendar"),
        CellState.MISSING: ("Missing", "bad", "x"),
        CellState.NOT_NEEDED: ("Not needed", "quiet", "circle-dashed"),
    }
)
COMPETENCY_WORDS = MappingProxyType(
    {
        Competency.PENDING: "Still to be watched",
        Competency.COMPETENT: "Was watched, and can do it",
        Competency.NOT_YET: "Was watched, and has more to learn",
    }
)


def cell_note(cell: Cell) -> str:
    """Say the day that belongs to a state in few letters, such as `to 7 Dec 2026`."""
    if cell.day is None:
        return ""
    when = f"{cell.day.day} {MONTHS[cell.day.month - 1][:3]} {cell.day.year}"
    if cell.state is CellState.STARTING:
        return f"needed by {when}"
    return f"ended {when}" if cell.state is CellState.EXPIRED else f"to {when}"


def ends(last_day: date | None) -> str:
    """Say until when a certificate holds."""
    return "No end" if last_day is None else day(last_day)
