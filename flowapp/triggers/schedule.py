"""The clock shows a certain time, again and again."""

from __future__ import annotations

from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from flowapp.kernel.cron import check_cron
from flowapp.kernel.cron_reading import LONGEST, CronError
from flowapp.kernel.cron_words import in_words
from flowapp.workflows.kinds import Times, Trigger, TriggerFields
from flowapp.workflows.workflow import CatchUp


class OnSchedule(Trigger):
    """Starts at set times, such as every Monday at 06:00."""

    kind = "schedule"
    label = "At set times"

    class Fields(TriggerFields):
        """What the trigger is told."""

        cron: str = Field(
            max_length=LONGEST,
            description="When: minute, hour, day of the month, month and day of the week, such as 0 6 * * MON; "
            "or a name for them, @daily and its like",
        )
        timezone: str | None = Field(
            default=None, max_length=40, description="Whose clock counts; that of the home when left out",
            examples=["Europe/London"],
        )  # fmt: skip
        catch_up: Literal["last", "none", "all"] = Field(
            default="last",
            description="What becomes of times at which FlowApp was away: the last one is made good if it is not "
            "older than a day, none is, or all are",
        )

        @field_validator("cron")
        @classmethod
        def _comes_due(cls, cron: str) -> str:
            try:
                check_cron(cron)
            except CronError as error:
                raise ValueError(error.message.removesuffix(".")) from None
            return " ".join(cron.split())

        @field_validator("timezone")
        @classmethod
        def _is_a_zone(cls, name: str | None) -> str | None:
            if not name or not name.strip():
                return None
            try:
                ZoneInfo(name)
            except (KeyError, ValueError, OSError):  # unknown, no name at all, a folder of names
                raise ValueError(
                    f"there is no time zone called “{name}”; Britain has Europe/London. Leave it out for the home's own"
                ) from None
            return name

    def sentence(self, fields: Fields) -> str:
        """Say what starts the workflow."""
        words = in_words(fields.cron)
        return f"{words} ({fields.timezone} time)" if fields.timezone else words

    def times(self, fields: Fields) -> Times | None:
        """Answer the times."""
        return Times(cron=fields.cron, timezone=fields.timezone, catch_up=CatchUp(fields.catch_up))

    def context_schema(self, fields: Fields) -> dict[str, Any] | None:
        """Answer the schema of what a schedule brings: the time that is meant, which may be a while ago."""
        return {
            "type": "object",
            "properties": {
                "scheduled_for": {
                    "type": "string",
                    "format": "date-time",
                    "description": "The moment it was due, which may be a while ago when FlowApp was away",
                },
                "care_home_id": {"type": "integer", "description": "The number of the workflow's care home"},
            },
            "required": ["scheduled_for"],
        }
