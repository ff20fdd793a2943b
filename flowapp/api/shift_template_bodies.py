"""Shift templates as JSON: what is sent, and what is answered."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from flowapp.api.shift_bodies import Code, Number, as_planned
from flowapp.rota.shift_templates.changes import TemplateDetails
from flowapp.rota.shift_templates.template import Colour, ShiftTemplate
from flowapp.rota.shifts import ShiftKind, WorkingTime
from flowapp.rota.staff import JobRole

_CODE = "1 to 8 letters and digits, such as LD"
_START = "By the clock of the home, such as 08:00"
_END = "By the clock of the home, such as 20:00; the next day when it is not after start"


class ShiftTemplateBody(BaseModel):
    """A template to be made; without a home it is for all of them."""

    model_config = ConfigDict(extra="forbid")

    care_home_id: Number | None = Field(default=None, description="Empty for all homes")
    code: str = Field(description=_CODE)
    name: str = Field(description="What people call it, such as Long day")
    start: str = Field(description=_START)
    end: str = Field(description=_END)
    unpaid_break_minutes: int = 0
    colour: Colour = Colour.BLUE
    kind: ShiftKind = ShiftKind.REGULAR
    working_time: WorkingTime = WorkingTime.FULL
    role: JobRole | None = None
    skills: list[Code] = Field(default_factory=list)

    def details(self) -> TemplateDetails:
        """Answer what is to be known of it; raises Refused when a time is none."""
        given = self.model_dump(exclude={"care_home_id"})
        return TemplateDetails(**(given | as_planned(given)))


class ShiftTemplateChange(BaseModel):
    """What is to be otherwise; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"start": "07:30"}]})

    code: str = Field(default="", description=_CODE)
    name: str = ""
    start: str = Field(default="", description=_START)
    end: str = Field(default="", description=_END)
    unpaid_break_minutes: int = 0
    colour: Colour = Colour.BLUE
    kind: ShiftKind = ShiftKind.REGULAR
    working_time: WorkingTime = WorkingTime.FULL
    role: JobRole | None = None
    skills: list[Code] = Field(default_factory=list)
    is_active: StrictBool = Field(default=True, description="false: it is not offered any more")

    def given(self) -> dict[str, Any]:
        """Answer the fields that were sent, as `TemplateDetails` has them; raises Refused when a time is none."""
        given = self.model_dump(exclude_unset=True)
        return given | as_planned(given)


def as_body(found: ShiftTemplate) -> dict[str, Any]:
    """Write a template as JSON."""
    return {
        "id": found.id,
        "uid": found.uid,
        "care_home_id": found.home_id,
        "code": found.code,
        "name": found.name,
        "start": found.start_local,
        "end": found.end_local,
        "unpaid_break_minutes": found.unpaid_break_minutes,
        "colour": found.colour,
        "kind": found.kind,
        "working_time": found.working_time,
        "role": found.role,
        "skills": found.skills,
        "is_active": found.is_active,
        "version": found.version,
    }
