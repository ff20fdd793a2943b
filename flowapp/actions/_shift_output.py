"""What the actions about shifts give to later steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from pydantic import Field

from flowapp.kernel.errors import NotFound
from flowapp.rota.shift_reading import PlannedShift, visible_shift
from flowapp.workflows.kinds import ActionOutput, Run


class ShiftOutput(ActionOutput):
    """A shift as it is after the step."""

    shift_id: int = Field(description="The number of the shift")
    care_home_id: int = Field(description="The number of the home")
    unit_id: int | None = Field(description="The number of the unit; empty for the whole home")
    unit: str = Field(description="The unit's name; empty text for the whole home")
    role: str = Field(description="The job it needs, such as Senior carer")
    date: dt.date
    start: str = Field(description="By the clock of the home, such as 20:00")
    end: str = Field(description="By the clock of the home, such as 08:00")
    starts_at: dt.datetime
    ends_at: dt.datetime
    hours: Decimal = Field(description="The paid hours")
    status: str = Field(description="open, assigned, in_progress, completed, no_show or cancelled")
    staff_id: int | None = Field(description="Whoever has it; empty while it is open")
    staff_name: str = Field(description="Their name; empty text while it is open")
    published: bool = Field(description="Whether staff can see it")
    skills: list[str] = Field(description="Codes of the training it needs")
    notes: str
    version: int = Field(description="Goes up with every change")


@contextmanager
def one_shift(shift_id: int) -> Iterator[None]:
    """Say which shift it is that does not exist, or that the workflow's owner may not see."""
    try:
        yield
    except NotFound as error:
        raise NotFound(f"There is no shift number {shift_id}.") from error


def shift_after(run: Run, shift_id: int) -> dict[str, Any]:
    """Answer the fields of a shift as it is now."""
    return shift_fields(visible_shift(run.session, run.owner, shift_id))


def shift_fields(shift: PlannedShift) -> dict[str, Any]:
    """Answer the fields of a shift."""
    return {
        "shift_id": shift.id,
        "care_home_id": shift.home_id,
        "unit_id": shift.unit_id,
        "unit": shift.unit_name or "",
        "role": shift.role.label,
        "date": shift.local_date,
        "start": shift.start_local,
        "end": shift.end_local,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
        "hours": shift.hours,
        "status": shift.status.value,
        "staff_id": shift.staff_id,
        "staff_name": shift.staff_name or "",
        "published": shift.published_at is not None,
        "skills": shift.skills,
        "notes": shift.notes,
        "version": shift.version,
    }
