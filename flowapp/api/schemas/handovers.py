"""Handovers: what is asked for and sent, and what is answered."""

from __future__ import annotations

import datetime as dt

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from flowapp.api.bodies import Number
from flowapp.api.schemas.values import ListQuery, Name, Page, Uid, Version
from flowapp.rota.handovers.changes import HandoverNotes
from flowapp.rota.handovers.handover import LONGEST_ITEM, LONGEST_TEXT, MOST_ITEMS


class HandoverQuery(ListQuery):
    """Which handovers to answer."""

    home: str | None = Field(default=None, description="Only those of this home: its number or its code")
    unit: int | None = Field(default=None, ge=1, lt=10**15, description="Only those of this unit or the whole home")


class HandoverBody(BaseModel):
    """What one shift tells the next."""

    model_config = ConfigDict(extra="forbid")

    care_home_id: Number
    unit_id: Number | None = Field(default=None, description="The unit; the whole home when it is left out")
    change_at: AwareDatetime = Field(description="The moment at which one shift gives way to the next")
    text: str = Field(max_length=LONGEST_TEXT, description="What the next shift must know", examples=["A quiet night."])
    items: list[str] = Field(
        default_factory=list,
        max_length=MOST_ITEMS,
        description=f"Things to do, in {LONGEST_ITEM} characters at most each",
    )
    from_shift_id: Number | None = None
    to_shift_id: Number | None = None

    def notes(self) -> HandoverNotes:
        """Answer what is to be written."""
        given = self.model_dump(exclude={"care_home_id", "items", "change_at"})
        return HandoverNotes(**given, items=tuple(self.items), change_at=self.change_at.astimezone(dt.UTC))


class TickBody(BaseModel):
    """Whether something is done."""

    model_config = ConfigDict(extra="forbid")

    done: bool = True


class HandoverItemAnswer(BaseModel):
    """Something the next shift is asked to do."""

    id: int
    text: str = Field(examples=["Call the doctor about Mr Kerr"])
    done_by: str = Field(description="Who did it; empty until then")
    done_at: dt.datetime | None


class HandoverAnswer(BaseModel):
    """What one shift told the next."""

    id: int
    uid: Uid
    care_home_id: int
    unit_id: int | None = Field(description="Empty for the whole home")
    unit_name: str = Field(description="Empty text for the whole home")
    change_at: dt.datetime = Field(description="The moment at which one shift gives way to the next")
    from_shift_id: int | None
    to_shift_id: int | None
    text: str
    items: list[HandoverItemAnswer]
    written_by: Name
    written_at: dt.datetime
    acknowledged_by: str = Field(description="Who took over; empty until then")
    acknowledged_at: dt.datetime | None
    version: Version


class HandoverPage(Page):
    """Handovers, a page at a time."""

    items: list[HandoverAnswer]
