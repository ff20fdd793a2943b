"""Shifts as JSON: what is sent, and what is answered."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.rota.shift_assigning import Overruling
from flowapp.rota.shift_plan import ShiftPlan
from flowapp.rota.shift_reading import PlannedShift
from flowapp.rota.shifts import ShiftKind, WorkingTime
from flowapp.rota.staff import JobRole
from flowapp.rota.wall_time import read_time

Number = Annotated[int, Field(ge=1, lt=2**63)]
Rule = Annotated[str, StringConstraints(pattern=r"^E[0-9]{2}b?$")]
Code = Annotated[str, StringConstraints(strip_whitespace=True)]


class NoBody(BaseModel):
    """Nothing is to be said."""

    model_config = ConfigDict(extra="forbid")


class AssignBody(BaseModel):
    """Who is given the shift; `replacing` is whoever hands it over in the same moment."""

    model_config = ConfigDict(extra="forbid")

    staff_id: Number
    replacing: Number | None = Field(default=None, description="Whoever hands the shift over in the same moment")
    overrule: list[Rule] = Field(
        default_factory=list, max_length=20, description="Rules you have read and put them on it against, such as E02"
    )
    reason: str = Field(default="", description="Why they are to work it all the same; needed with a rule overruled")

    @property
    def overruling(self) -> Overruling:
        """What is overruled, and why."""
        return Overruling(rules=frozenset(self.overrule), reason=self.reason)


class ShiftBody(BaseModel):
    """A shift to be planned, open unless `staff_id` says who has it."""

    model_config = ConfigDict(extra="forbid")

    care_home_id: Number
    unit_id: Number | None = None
    role: JobRole
    date: dt.date
    start: str = Field(description="By the clock of the home, such as 08:00")
    end: str = Field(description="By the clock of the home, such as 20:00; the next day when it is not after start")
    unpaid_break_minutes: int = 0
    kind: ShiftKind = ShiftKind.REGULAR
    working_time: WorkingTime = WorkingTime.FULL
    notes: str = ""
    skills: list[Code] = Field(default_factory=list)
    staff_id: Number | None = None

    def plan(self) -> ShiftPlan:
        """Answer what is to be planned; raises Refused when a time is none."""
        given = self.model_dump(exclude={"care_home_id", "staff_id"})
        return ShiftPlan(**(given | as_planned(given)))


class ShiftChange(BaseModel):
    """What is to be otherwise; what is left out stays."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"start": "07:30", "notes": "Come early"}]}
    )

    unit_id: Number | None = None
    role: JobRole = JobRole.CARER
    date: dt.date = dt.date.min
    start: str = ""
    end: str = ""
    unpaid_break_minutes: int = 0
    kind: ShiftKind = ShiftKind.REGULAR
    working_time: WorkingTime = WorkingTime.FULL
    notes: str = ""
    skills: list[Code] = Field(default_factory=list)

    def given(self) -> dict[str, Any]:
        """Answer the fields that were sent, as `ShiftPlan` has them; raises Refused when a time is none."""
        given = self.model_dump(exclude_unset=True)
        return given | as_planned(given)


def as_planned(given: dict[str, Any]) -> dict[str, Any]:
    """Answer the times and skills that were sent as plans have them; raises Refused when a time is none."""
    times = {name: read_time(given[name], field=name) for name in ("start", "end") if name in given}
    skills = {"skills": tuple(dict.fromkeys(given["skills"]))} if "skills" in given else {}
    return times | skills


def as_body(shift: PlannedShift, who: Person) -> dict[str, Any]:
    """Write a shift as JSON; why it was cancelled only for those who plan."""
    body = {
        "id": shift.id,
        "uid": shift.uid,
        "care_home_id": shift.home_id,
        "unit_id": shift.unit_id,
        "unit_name": shift.unit_name,
        "role": shift.role,
        "date": shift.local_date,
        "start": shift.start_local,
        "end": shift.end_local,
        "timezone": shift.timezone,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
        "unpaid_break_minutes": shift.unpaid_break_minutes,
        "hours": shift.hours,
        "kind": shift.kind,
        "working_time": shift.working_time,
        "type": shift.plan.type,
        "status": shift.status,
        "staff_id": shift.staff_id,
        "staff_name": shift.staff_name,
        "published": shift.published_at is not None,
        "published_at": shift.published_at,
        "acknowledged_at": shift.acknowledged_at,
        "notes": shift.notes,
        "skills": shift.skills,
        "version": shift.version,
    }
    if can(who, "rota.view_all", On(home_id=shift.home_id)):
        body["cancel_reason"] = shift.cancel_reason
    return body
