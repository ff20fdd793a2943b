"""Who can take a shift: what is asked for, and what is answered."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class CandidatesQuery(BaseModel):
    """How much to answer."""

    limit: int | None = Field(default=None, ge=1, le=500, description="How many of each list to name at most")


class ExplainQuery(BaseModel):
    """About whom."""

    staff_id: int = Field(ge=1, lt=10**15, description="The number of a member of staff, such as 12")


class JudgedRule(BaseModel):
    """One rule about somebody and a shift."""

    rule: str = Field(description="The stable name of the rule, such as E09")
    title: str = Field(description="What it is about, such as Rest between shifts")
    result: Literal["pass", "warn", "block"]
    text: str = Field(description="What it says, in words")
    fix: str = Field(description="What would mend it; empty where nothing would")
    code: str = Field(description="Which of its reasons; empty where it passes")


class ExplainAnswer(BaseModel):
    """Whether somebody can take a shift, rule by rule."""

    shift_id: int
    staff_id: int
    name: str
    eligible: bool = Field(description="Whether nothing forbids it")
    rules: list[JudgedRule]
