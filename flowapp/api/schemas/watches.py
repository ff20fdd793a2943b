"""What is looked out for in a home: what is sent, and what is answered."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from flowapp.api.schemas.values import Version
from flowapp.rota.watches.watch import FEWEST_MINUTES, MOST_MINUTES


class WatchBody(BaseModel):
    """After how many minutes a home misses people and handovers; empty is never."""

    model_config = ConfigDict(extra="forbid")

    no_show_minutes: int | None = Field(
        ge=FEWEST_MINUTES, le=MOST_MINUTES, description="Until somebody who has not clocked in counts as not come"
    )
    handover_minutes: int | None = Field(
        ge=FEWEST_MINUTES, le=MOST_MINUTES, description="Until a handover that nobody wrote is missed"
    )


class WatchAnswer(BaseModel):
    """What is looked out for in a home; empty is never."""

    care_home_id: int
    no_show_minutes: int | None
    handover_minutes: int | None
    version: Version
