"""The homes in which somebody works: what is sent, and what is answered."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from flowapp.api.bodies import Number
from flowapp.rota.eligibility.candidate import Scope


class HomeScopeBody(BaseModel):
    """How somebody belongs to a home that is not theirs."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"care_home_id": 2, "kind": "relief"}]})

    care_home_id: Number
    kind: Scope | None = Field(
        description="relief for one who helps out, never for one who must not; empty for neither"
    )


class HomeScopeAnswer(BaseModel):
    """A home, and how somebody belongs to it."""

    care_home_id: int
    name: str = Field(description="The home, as people call it")
    kind: Scope


class StaffHomes(BaseModel):
    """The homes somebody belongs to, their own first."""

    staff_id: int
    items: list[HomeScopeAnswer]
