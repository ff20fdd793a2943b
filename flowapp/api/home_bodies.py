"""Care homes as JSON: what is sent, and what is answered."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool
from sqlalchemy.orm import Session

from flowapp.rota.bank_holidays import Nation
from flowapp.rota.home_changes import HomeDetails
from flowapp.rota.homes import LEAVE_YEAR_START, CareHome, home
from flowapp.rota.units import Unit, units_of

UK_TIMEZONE = "Europe/London"
_CODE = "A short name of 2 to 8 letters and digits, such as ROSE"
_TIMEZONE = "The time zone, such as Europe/London"
_LEAVE_YEAR = "Month and day on which the leave year begins, such as 04-01"


class HomeBody(BaseModel):
    """A care home to be opened."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(description=_CODE)
    name: str = Field(description="What people call it, such as Rose House")
    nation: Nation = Field(description="Decides the bank holidays")
    timezone: str = Field(default=UK_TIMEZONE, description=_TIMEZONE)
    leave_year_start: str = Field(default=LEAVE_YEAR_START, description=_LEAVE_YEAR)

    def details(self) -> HomeDetails:
        """Answer what is to be known of it."""
        return HomeDetails(**self.model_dump())


class HomeChange(BaseModel):
    """What is to be otherwise; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "Rose House"}]})

    code: str = Field(default="", description=_CODE)
    name: str = Field(default="", description="What people call it, such as Rose House")
    nation: Nation = Field(default=Nation.SCOTLAND, description="Decides the bank holidays")
    timezone: str = Field(default="", description=_TIMEZONE)
    leave_year_start: str = Field(default="", description=_LEAVE_YEAR)
    is_active: StrictBool = Field(default=True, description="false closes the home; its records stay")

    def given(self) -> dict[str, Any]:
        """Answer the fields that were sent, as `HomeDetails` has them."""
        return self.model_dump(exclude_unset=True)


def as_body(found: CareHome) -> dict[str, Any]:
    """Write a home as JSON."""
    return {
        "id": found.id,
        "uid": found.uid,
        "code": found.code,
        "name": found.name,
        "nation": found.nation,
        "timezone": found.timezone,
        "leave_year_start": found.leave_year_start,
        "is_active": found.is_active,
        "version": found.version,
    }


def as_whole_body(session: Session, home_id: int) -> dict[str, Any]:
    """Write a home with its units as JSON; raises NotFound."""
    return as_body(home(session, home_id)) | {"units": [_unit(unit) for unit in units_of(session, home_id)]}


def _unit(unit: Unit) -> dict[str, Any]:
    return {"id": unit.id, "uid": unit.uid, "name": unit.name, "kind": unit.kind, "beds": unit.beds}
