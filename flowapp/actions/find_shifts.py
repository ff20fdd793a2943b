"""Find shifts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from pydantic import ConfigDict, Field

from flowapp.actions._homes import homes_asked
from flowapp.actions._shift_output import ShiftOutput, shift_fields
from flowapp.rota.shift_reading import PlannedShift, planned_shifts, seen_by
from flowapp.rota.shifts import Shift, ShiftStatus
from flowapp.workflows.kinds import Action, ActionFields, ActionOutput, Effect, HomeRef, Run

MOST, USUAL_DAYS = 500, 7


class FindShifts(Action):
    """Find shifts by day and status, the first one first; those of the next seven days unless told.

    Acts with the rights of the workflow's owner.
    """

    kind = "find_shifts"
    label = "Find shifts"
    category = "rota"
    effect = Effect.READ

    class Fields(ActionFields):
        """What the step is told."""

        model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

        home: HomeRef | None = Field(default=None, description="The care home; that of the workflow if empty")
        within_days: int | None = Field(default=None, ge=0, le=366, description="Those from today to so many days on")
        first: date | None = Field(default=None, alias="from", description="Those on this day or later")
        last: date | None = Field(default=None, alias="to", description="Those on this day or earlier")
        status: ShiftStatus | None = Field(default=None, description="Only those that stand like this, such as open")

    class Output(ActionOutput):
        """What later steps may read."""

        shifts: list[ShiftOutput] = Field(description=f"In the order of their starts, {MOST} at most")
        count: int = Field(description="How many there are in the list")

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say what the step does."""
        status, days = fields.get("status"), fields.get("within_days")
        what = f"Find **{status}** shifts" if status else "Find shifts"
        return f"{what} within **{days} days**" if days is not None else what

    def run(self, fields: Fields, run: Run) -> Output:
        """Look them up; raises StepFailed for a home that is not there."""
        home_ids = homes_asked(run, fields.home, "rota.view")
        first, last = _days(fields, run.now.astimezone(run.zone).date())
        query = planned_shifts().where(seen_by(run.owner), Shift.local_date >= first)
        if last is not None:
            query = query.where(Shift.local_date <= last)
        if home_ids is not None:
            query = query.where(Shift.home_id.in_(home_ids))
        if fields.status is not None:
            query = query.where(Shift.status == fields.status)
        rows = run.session.execute(query.order_by(Shift.starts_at, Shift.id).limit(MOST))
        found = [ShiftOutput(**shift_fields(PlannedShift(*row))) for row in rows]
        return self.Output(shifts=found, count=len(found))


def _days(fields: FindShifts.Fields, today: date) -> tuple[date, date | None]:
    """Answer the first and last day asked for; with nothing said, the next seven days."""
    first = fields.first or today
    if fields.within_days is not None:
        until = today + timedelta(days=fields.within_days)
        return first, min(fields.last, until) if fields.last else until
    if fields.first is None and fields.last is None:
        return first, today + timedelta(days=USUAL_DAYS)
    return first, fields.last
