"""What every event is: something that happened, in the past tense, never changed."""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from flowapp.events.cause import Cause


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field that has another value now."""

    field: str
    old: Any
    new: Any


class Facts(BaseModel):
    """A record of plain facts inside an event; what conditions may ask about."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class UserFacts(Facts):
    """The person who caused the event."""

    id: int | None = Field(description="The user's number")
    name: str = Field(description="The user's name")
    role: str = Field(description="The user's role as people see it, such as Manager")


class StaffFacts(Facts):
    """The member of staff the event is about."""

    id: int = Field(description="The number of the member of staff")
    name: str = Field(description="The name of the member of staff")
    email: str = Field(description="Their email address")
    role: str = Field(description="Their job, such as Senior carer")


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened; a subclass names the kind and its facts.

    `context` is what workflows read as `${context.…}`: an instance of the class's `Context` model.
    """

    type: ClassVar[str]
    label: ClassVar[str]  # for a trigger's sentence: "leave is requested"
    subject_type: ClassVar[str]
    version: ClassVar[int] = 1
    Context: ClassVar[builtins.type[Facts]]

    subject_id: int
    care_home_id: int | None
    cause: Cause
    context: Facts
    changes: tuple[Change, ...] = ()
    dedupe_key: str | None = None
