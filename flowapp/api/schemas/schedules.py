"""Schedules: what is sent, and what is answered."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class PreviewBody(BaseModel):
    """Times that come again and again, and from when on they are asked for."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"cron": "0 6 * * MON", "timezone": "Europe/London", "count": 3}]},
    )

    cron: str = Field(description="Five fields or a name for them, such as 0 6 * * MON")
    timezone: str = Field(max_length=40, description="Whose clock counts, such as Europe/London")
    after: datetime | None = Field(
        default=None,
        description="Only later times; without an offset it is by the clock of the time zone; now, if empty",
    )
    count: int = Field(default=5, ge=1, le=50, description="How many times to answer")


class PreviewAnswer(BaseModel):
    """The times in words, and the next of them."""

    words: str = Field(description="Such as Every Monday at 06:00")
    next: list[datetime] = Field(description="With the offset that the time zone has then")
