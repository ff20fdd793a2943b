"""Members of staff: what is asked for, and what is answered."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from flowapp.api.schemas.values import Amount, ListQuery, Name, Page, Uid, Version, hidden
from flowapp.rota.staff import Contract, JobRole, StaffStatus


class StaffQuery(ListQuery):
    """Which members of staff to answer."""

    home: str | None = Field(default=None, description="Only those of this home: its number or its code")
    role: JobRole | None = Field(default=None, description="Only those employed to do this")
    q: str | None = Field(default=None, description="Words in the name or the staff number")


class StaffAnswer(BaseModel):
    """A member of staff."""

    id: int
    uid: Uid
    employee_no: str = Field(description="The number on the payroll")
    name: Name
    email: str
    care_home_id: int
    unit_id: int | None
    role: JobRole = Field(description="What they are employed to do")
    status: StaffStatus
    version: Version
    contract: Contract = hidden("On what terms they work")
    contracted_hours: Amount = hidden("Hours a week")
    pattern: dict[str, Amount] = hidden("The usual hours of each weekday, mon to sun", examples=[{"mon": 7.5}])
    start_date: date = hidden("The first day of the contract")
    end_date: date | None = hidden("The last day of the contract")


class StaffPage(Page):
    """Members of staff, a page at a time."""

    items: list[StaffAnswer]
