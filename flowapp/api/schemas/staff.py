"""Members of staff: what is asked for, and what is answered."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from flowapp.api.schemas.values import ListQuery, Number, hidden
from flowapp.rota.staff import Contract, JobRole, StaffStatus


class StaffQuery(ListQuery):
    """Which members of staff to answer."""

    home: str | None = Field(default=None, description="Only those of this home: its number or its code")
    role: JobRole | None = Field(default=None, description="Only those employed to do this")
    q: str | None = Field(default=None, description="Words in the name or the staff number")


class StaffAnswer(BaseModel):
    """A member of staff."""

    id: int
    uid: str = Field(description="An id that is unique everywhere")
    employee_no: str = Field(description="The number on the payroll")
    name: str
    email: str
    care_home_id: int
    unit_id: int | None
    role: JobRole = Field(description="What they are employed to do")
    status: StaffStatus
    version: int = Field(description="Goes up with every change")
    contract: Contract = hidden("On what terms they work")
    contracted_hours: Number = hidden("Hours a week")
    start_date: date = hidden("The first day of the contract")
    end_date: date | None = hidden("The last day of the contract")
