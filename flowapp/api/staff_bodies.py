"""Members of staff as JSON: what is sent, and what is answered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.api.bodies import Day, Number
from flowapp.rota.member_changes import StaffDetails
from flowapp.rota.staff import Contract, JobRole, Staff, StaffStatus


def _only_a_number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("it must be a number of hours such as 7.5")
    return value


Hours = Annotated[Decimal, BeforeValidator(_only_a_number), WithJsonSchema({"type": "number"})]
_EMPLOYEE_NO = "The number on the payroll, such as ROSE-014; nobody else's"
_NAME = "First and last name, such as Anna Boyd"
_EMAIL = "An address of their own, such as anna@example.org"
_UNIT = "A unit of their home; empty for the whole home"
_ROLE = "What they are employed to do"
_CONTRACT = "On what terms they work"
_PATTERN = "The usual hours of each weekday, mon to sun; one left out is a day off"
_HOURS = "Hours a week, from 0 to 100"
_START = "The first day of the contract"
_END = "The last day of the contract; a leaver needs one"
_A_WEEK = {"mon": 7.5, "tue": 7.5, "thu": 7.5}


class StaffBody(BaseModel):
    """A member of staff to be added."""

    model_config = ConfigDict(extra="forbid")

    care_home_id: Number
    employee_no: str = Field(description=_EMPLOYEE_NO)
    name: str = Field(description=_NAME)
    email: str = Field(description=_EMAIL)
    unit_id: Number | None = Field(default=None, description=_UNIT)
    role: JobRole = Field(description=_ROLE)
    contract: Contract = Field(default=Contract.PERMANENT, description=_CONTRACT)
    contracted_hours: Hours | None = Field(default=None, description=f"{_HOURS}; those of the pattern unless sent")
    pattern: dict[str, Hours] = Field(default_factory=dict, description=_PATTERN, examples=[_A_WEEK])
    start_date: Day = Field(description=_START)
    end_date: Day | None = Field(default=None, description="The last day of the contract, if it has one")
    status: StaffStatus = Field(default=StaffStatus.ACTIVE, description="active, or pre_start until they start")

    def details(self) -> StaffDetails:
        """Answer what is to be known of them."""
        given = self.model_dump(exclude={"care_home_id"})
        if self.contracted_hours is None:
            given["contracted_hours"] = sum(self.pattern.values(), Decimal(0))
        return StaffDetails(**given)


class StaffChange(BaseModel):
    """What is to be otherwise; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"status": "suspended"}]})

    employee_no: str = Field(default="", description=_EMPLOYEE_NO)
    name: str = Field(default="", description=_NAME)
    email: str = Field(default="", description=_EMAIL)
    unit_id: Number | None = Field(default=None, description=_UNIT)
    role: JobRole = Field(default=JobRole.CARER, description=_ROLE)
    contract: Contract = Field(default=Contract.PERMANENT, description=_CONTRACT)
    contracted_hours: Hours = Field(
        default_factory=Decimal, description=f"{_HOURS}; a new pattern does not change them"
    )
    pattern: dict[str, Hours] = Field(default_factory=dict, description=_PATTERN, examples=[_A_WEEK])
    start_date: Day = Field(default=date.min, description=_START)
    end_date: Day | None = Field(default=None, description=_END)
    status: StaffStatus = Field(
        default=StaffStatus.ACTIVE,
        description="From pre_start to active, from there to suspended or long_term_absent and back, "
        "and from these three to leaver",
    )

    def given(self) -> dict[str, Any]:
        """Answer the fields that were sent, as `StaffDetails` has them."""
        return self.model_dump(exclude_unset=True)


def as_body(found: Staff, who: Person) -> dict[str, Any]:
    """Write a member of staff as JSON; the terms of the contract only for themselves and whoever looks after them."""
    body: dict[str, Any] = {
        "id": found.id,
        "uid": found.uid,
        "employee_no": found.employee_no,
        "name": found.name,
        "email": found.email,
        "care_home_id": found.home_id,
        "unit_id": found.unit_id,
        "role": found.role,
        "status": found.status,
        "version": found.version,
    }
    on = On(home_id=found.home_id, staff_id=found.id)
    if found.id == who.staff_id or can(who, "staff.edit", on):
        body |= {
            "contract": found.contract,
            "contracted_hours": found.contracted_hours,
            "pattern": found.pattern,
            "start_date": found.start_date,
            "end_date": found.end_date,
        }
    return body
