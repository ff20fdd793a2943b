"""Find members of staff."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import Field
from sqlalchemy import select

from flowapp.actions._homes import homes_asked
from flowapp.actions._shift_fields import Job
from flowapp.rota.staff import JobRole, Staff, StaffStatus
from flowapp.workflows.kinds import Action, ActionFields, ActionOutput, Effect, HomeRef, Run

MOST = 1000


class FoundMember(ActionOutput):
    """One member of staff."""

    staff_id: int
    name: str
    email: str
    role: str = Field(description="Their job, such as Carer")
    care_home_id: int
    contract: str = Field(description="permanent, fixed_term, bank or agency")
    contracted_hours: Decimal = Field(description="A week")
    status: str


class FindStaff(Action):
    """Find members of staff, by name; those at work unless another status is asked for.

    Acts with the rights of the workflow's owner.
    """

    kind = "find_staff"
    label = "Find members of staff"
    category = "people"
    effect = Effect.READ

    class Fields(ActionFields):
        """What the step is told."""

        home: HomeRef | None = Field(default=None, description="The care home; that of the workflow if empty")
        role: Job | None = Field(default=None, description="Only this job, such as Carer or SCW")
        status: StaffStatus = Field(default=StaffStatus.ACTIVE, description="Only this status, such as active")

    class Output(ActionOutput):
        """What later steps may read."""

        staff: list[FoundMember] = Field(description=f"By name, {MOST} at most")
        count: int = Field(description="How many there are in the list")

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say what the step does."""
        role = fields.get("role")
        return f"Find members of staff who work as **{role}**" if role else "Find members of staff"

    def run(self, fields: Fields, run: Run) -> Output:
        """Look them up; raises StepFailed for a home that is not there."""
        home_ids = homes_asked(run, fields.home, "staff.view")
        query = select(Staff).where(Staff.status == fields.status).order_by(Staff.name, Staff.id).limit(MOST)
        if home_ids is not None:
            query = query.where(Staff.home_id.in_(home_ids))
        if fields.role is not None:
            query = query.where(Staff.role == fields.role)
        found = [_member(each) for each in run.session.scalars(query)]
        return self.Output(staff=found, count=len(found))


def _member(found: Staff) -> FoundMember:
    return FoundMember(
        staff_id=found.id,
        name=found.name,
        email=found.email,
        role=JobRole(found.role).label,
        care_home_id=found.home_id,
        contract=found.contract.value,
        contracted_hours=found.contracted_hours,
        status=found.status.value,
    )
