"""Shift templates: what is answered."""

from __future__ import annotations

from pydantic import BaseModel, Field

from flowapp.api.schemas.values import Page, Uid, Version
from flowapp.rota.shift_templates.template import Colour
from flowapp.rota.shifts import ShiftKind, WorkingTime
from flowapp.rota.staff import JobRole


class ShiftTemplateAnswer(BaseModel):
    """A shift as it is planned again and again."""

    id: int
    uid: Uid
    care_home_id: int | None = Field(description="Empty for a template of all homes")
    code: str = Field(description="A few letters, such as LD")
    name: str
    start: str = Field(description="By the clock of the home, such as 08:00")
    end: str = Field(description="By the clock of the home, such as 20:00; the next day when it is not after start")
    unpaid_break_minutes: int
    colour: Colour
    kind: ShiftKind
    working_time: WorkingTime
    role: JobRole | None = Field(description="The usual role; empty for any")
    skills: list[str] = Field(description="Codes of the training it needs")
    is_active: bool = Field(description="Whether it is offered")
    version: Version


class ShiftTemplatePage(Page):
    """Shift templates, a page at a time."""

    items: list[ShiftTemplateAnswer]
