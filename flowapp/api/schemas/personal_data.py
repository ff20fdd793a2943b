"""Personal data: what is answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field


class AboutWhom(BaseModel):
    """Whose data it is."""

    name: str
    staff_number: str


class HeldSection(BaseModel):
    """What is held in one place."""

    what: str = Field(description="What it is, in words", examples=["Leave you asked for"])
    entries: list[dict[str, Any]] = Field(description="The rows as they are kept, without hashes of secrets")


class PersonalDataAnswer(BaseModel):
    """Everything that is held about somebody."""

    about: AboutWhom
    made_at: datetime
    sections: list[HeldSection]


class AnonymisedAnswer(BaseModel):
    """What was taken out, and where somebody must look still."""

    id: int
    changed: dict[str, int] = Field(description="How many rows of each table were changed", examples=[{"mail": 3}])
    still_named_in_workflows: list[int] = Field(
        description="Workflows with a published version that names them; those are never changed"
    )
