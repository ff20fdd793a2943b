"""Times closed to leave: what is sent, and what is answered."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from flowapp.api.bodies import Day, Number
from flowapp.api.schemas.values import Page, Version
from flowapp.rota.embargoes.details import EmbargoDetails
from flowapp.rota.staff import JobRole

_HOME = "The home; without one it holds in every home"
_FROM = "Month and day from which leave is closed every year, such as 12-11"
_TO = "Month and day until which leave is closed every year, such as 01-08"


class EmbargoBody(BaseModel):
    """A time to be closed to leave: once, or every year."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"care_home_id": 1, "yearly_from": "12-11", "yearly_to": "01-08", "message": "Christmas is full."}
            ]
        },
    )

    care_home_id: Number | None = Field(default=None, description=_HOME)
    unit_id: Number | None = Field(default=None, description="Only for those of this unit")
    role: JobRole | None = Field(default=None, description="Only for those with this job")
    first_day: Day | None = None
    last_day: Day | None = None
    yearly_from: str | None = Field(default=None, description=_FROM)
    yearly_to: str | None = Field(default=None, description=_TO)
    message: str = Field(description="Why; people read it")
    hard: StrictBool = Field(default=False, description="Whether nobody may make an exception")

    def given(self) -> dict[str, Any]:
        """Answer the fields that were sent, as `EmbargoDetails` has them."""
        sent = self.model_dump(exclude_unset=True)
        return ({"home_id": sent.pop("care_home_id")} if "care_home_id" in sent else {}) | sent

    def details(self) -> EmbargoDetails:
        """Answer what is to be closed."""
        return EmbargoDetails(**({"home_id": None} | self.given()))


class EmbargoChange(EmbargoBody):
    """What is to be otherwise; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"hard": True}]})

    message: str = Field(default="", description="Why; people read it")


class EmbargoAnswer(BaseModel):
    """A time closed to leave."""

    id: int
    care_home_id: int | None = Field(description=_HOME)
    unit_id: int | None
    role: JobRole | None
    first_day: dt.date | None
    last_day: dt.date | None
    yearly_from: str | None = Field(description=_FROM)
    yearly_to: str | None = Field(description=_TO)
    message: str
    hard: bool
    version: Version


class EmbargoPage(Page):
    """Times closed to leave."""

    items: list[EmbargoAnswer]
