"""Types of training, and who needs them: what is sent, and what is answered."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from flowapp.api.bodies import Number
from flowapp.api.schemas.values import ListQuery, Page, Uid, Version
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.staff import JobRole
from flowapp.rota.training.type_details import TypeDetails
from flowapp.rota.training.types import REMINDER_DAYS, Category

Count = Annotated[StrictInt, Field(ge=-(10**6), le=10**6)]
_CODE = "A short name in capitals, such as FIRE; shifts name it in their skills"
_NAME = "What people call it, such as Fire safety"
_MONTHS = "For how many months a certificate usually holds; empty when it has no end"
_REMINDERS = "How many days before the last one people are reminded"
_BLOCKS = "Whether nobody may be planned for work that needs it without it"
_COMPETENCY = "Whether somebody has to be seen doing it before a certificate counts"
_ROLES, _NATIONS = "The roles it is meant for; empty for all", "The nations it is meant for; empty for all"
_ACTIVE = "false puts it away; certificates of it stay"


class TrainingTypeQuery(ListQuery):
    """Which types of training to answer."""

    active: bool | None = Field(default=None, description="Only those in use, or only those put away")


class TrainingTypeBody(BaseModel):
    """A type of training to be added."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(description=_CODE)
    name: str = Field(description=_NAME)
    category: Category = Field(default=Category.MANDATORY, description="Why somebody has to have it")
    validity_months: Count | None = Field(default=None, description=_MONTHS)
    reminder_days: list[Count] = Field(default_factory=lambda: list(REMINDER_DAYS), description=_REMINDERS)
    blocks_rostering: StrictBool = Field(default=False, description=_BLOCKS)
    needs_competency: StrictBool = Field(default=False, description=_COMPETENCY)
    applies_to_roles: list[JobRole] = Field(default_factory=list, description=_ROLES)
    nations: list[Nation] = Field(default_factory=list, description=_NATIONS)

    def details(self) -> TypeDetails:
        """Answer what is to be known of it."""
        return TypeDetails(**self.model_dump())


class TrainingTypeChange(BaseModel):
    """What is to be otherwise; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"validity_months": 24}]})

    code: str = Field(default="", description=_CODE)
    name: str = Field(default="", description=_NAME)
    category: Category = Field(default=Category.MANDATORY, description="Why somebody has to have it")
    validity_months: Count | None = Field(default=None, description=_MONTHS)
    reminder_days: list[Count] = Field(default_factory=list, description=_REMINDERS)
    blocks_rostering: StrictBool = Field(default=False, description=_BLOCKS)
    needs_competency: StrictBool = Field(default=False, description=_COMPETENCY)
    applies_to_roles: list[JobRole] = Field(default_factory=list, description=_ROLES)
    nations: list[Nation] = Field(default_factory=list, description=_NATIONS)
    is_active: StrictBool = Field(default=True, description=_ACTIVE)

    def given(self) -> dict[str, Any]:
        """Answer the fields that were sent, as `TypeDetails` has them."""
        return self.model_dump(exclude_unset=True)


class RequirementBody(BaseModel):
    """Who must have a type of training."""

    model_config = ConfigDict(extra="forbid")

    care_home_id: Number | None = Field(default=None, description="In which home; empty for every home")
    role: JobRole | None = Field(default=None, description="Of which role; empty for every role it is meant for")
    grace_days: Count = Field(default=0, description="In how many days somebody new must have it, from 0 to 365")


class RequirementAnswer(BaseModel):
    """Who must have a type of training."""

    id: int
    care_home_id: int | None = Field(description="In which home; empty for every home")
    role: JobRole | None = Field(description="Of which role; empty for every role it is meant for")
    grace_days: int = Field(description="In how many days somebody new must have it")


class TrainingTypeAnswer(BaseModel):
    """A type of training."""

    id: int
    uid: Uid
    code: str = Field(description=_CODE)
    name: str = Field(description=_NAME)
    category: Category
    validity_months: int | None = Field(description=_MONTHS)
    reminder_days: list[int] = Field(description=_REMINDERS)
    blocks_rostering: bool = Field(description=_BLOCKS)
    needs_competency: bool = Field(description=_COMPETENCY)
    applies_to_roles: list[JobRole] = Field(description=_ROLES)
    nations: list[Nation] = Field(description=_NATIONS)
    is_active: bool = Field(description=_ACTIVE)
    requirements: list[RequirementAnswer] = Field(description="Who must have it; those of homes one may see")
    version: Version


class TrainingTypePage(Page):
    """Types of training, a page at a time."""

    items: list[TrainingTypeAnswer]
