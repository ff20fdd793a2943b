"""What homes need as JSON: what is sent, and what is answered."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, Field

from flowapp.api.bodies import Day
from flowapp.api.schemas.needs import Weekday
from flowapp.api.shift_bodies import Code, Number, as_planned
from flowapp.rota.demand.changes import NeedPlan
from flowapp.rota.demand.gaps import HomeNeed
from flowapp.rota.staff import JobRole

_START = "By the clock of the home, such as 20:00"
_END = "By the clock of the home, such as 08:00; the next day when it is not after start"


class NeedBody(BaseModel):
    """Something a home is to need."""

    model_config = ConfigDict(extra="forbid")

    care_home_id: Number
    unit_id: Number | None = Field(default=None, description="Empty for the whole home")
    name: str = Field(description="What people call the shift, such as night")
    role: JobRole
    weekdays: list[Weekday] = Field(default_factory=lambda: list(get_args(Weekday)))
    start: str = Field(description=_START)
    end: str = Field(description=_END)
    fewest: int
    ideal: int | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    skills: list[Code] = Field(default_factory=list)

    def plan(self) -> NeedPlan:
        """Answer what is meant; raises Refused when a time is none."""
        return NeedPlan(**_given(self.model_dump(exclude={"care_home_id"})))


class NeedChange(BaseModel):
    """What is to be otherwise; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"fewest": 3}]})

    unit_id: Number | None = None
    name: str = ""
    role: JobRole = JobRole.CARER
    weekdays: list[Weekday] = Field(default_factory=list)
    start: str = Field(default="", description=_START)
    end: str = Field(default="", description=_END)
    fewest: int = 1
    ideal: int | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    skills: list[Code] = Field(default_factory=list)

    def given(self) -> dict[str, Any]:
        """Answer the fields that were sent, as `NeedPlan` has them; raises Refused when a time is none."""
        return _given(self.model_dump(exclude_unset=True))


def _given(given: dict[str, Any]) -> dict[str, Any]:
    weekdays = {"weekdays": tuple(given["weekdays"])} if "weekdays" in given else {}
    return given | as_planned(given) | weekdays


def as_body(found: HomeNeed) -> dict[str, Any]:
    """Write a need as JSON."""
    return {
        "id": found.id,
        "care_home_id": found.home_id,
        "unit_id": found.unit_id,
        "unit_name": found.unit_name,
        "name": found.name,
        "role": found.role,
        "weekdays": found.weekdays.split(","),
        "start": found.start,
        "end": found.end,
        "fewest": found.fewest,
        "ideal": found.ideal,
        "valid_from": found.valid_from,
        "valid_to": found.valid_to,
        "skills": found.skills,
        "version": found.version,
    }
