"""Care homes: what is answered."""

from __future__ import annotations

from pydantic import BaseModel, Field

from flowapp.api.schemas.values import Page, Uid, Version
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.units import UnitKind


class HomeAnswer(BaseModel):
    """A care home."""

    id: int
    uid: Uid
    code: str = Field(description="A short name, such as ROSE")
    name: str
    nation: Nation = Field(description="Decides the bank holidays")
    timezone: str = Field(description="The time zone, such as Europe/London")
    leave_year_start: str = Field(description="Month and day on which the leave year begins, such as 04-01")
    is_active: bool = Field(description="Whether the home is open")
    version: Version


class UnitAnswer(BaseModel):
    """A part of a home that is staffed by itself."""

    id: int
    uid: Uid
    name: str
    kind: UnitKind
    beds: int


class HomeDetailAnswer(HomeAnswer):
    """A care home with its units."""

    units: list[UnitAnswer]


class HomePage(Page):
    """Care homes, a page at a time."""

    items: list[HomeAnswer]
