"""The types of training that FlowApp brings with it; HR changes them and adds its own.

For how long each holds is what guidance and registers of 2024 to 2026 say, or what is usual in homes: Skills for
Care (moving and assisting, basic life support), Disclosure Scotland (PVG), the SSSC's and the NMC's registers. No law
says it for most, so each home decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.events.cause import Cause
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.staff import JobRole
from flowapp.rota.training.type_changes import add, add_requirement
from flowapp.rota.training.type_details import TypeDetails
from flowapp.rota.training.types import Category, TrainingType

A_FORTNIGHT, FOUR_WEEKS, TWELVE_WEEKS = 14, 28, 84
SSSC_DAYS = 183  # six months from the first day to be on the register
_CARE = tuple(
    each.value
    for each in (
        *(JobRole.MANAGER, JobRole.DEPUTY, JobRole.SENIOR_CARER, JobRole.CARER, JobRole.CARE_ASSISTANT),
        JobRole.NURSE,
    )
)
_GIVE_MEDICINES = (JobRole.SENIOR_CARER.value, JobRole.NURSE.value, JobRole.DEPUTY.value)
_HANDLE_FOOD = (*_CARE, JobRole.COOK.value)
_ENGLAND_AND_WALES = (Nation.ENGLAND.value, Nation.WALES.value)


@dataclass(frozen=True, kw_only=True)
class Shipped:
    """A type of training that comes with FlowApp; `grace_days` is None where nobody needs it by rule."""

    code: str
    name: str
    months: int | None
    category: Category = Category.MANDATORY
    blocks: bool = False
    competency: bool = False
    roles: tuple[str, ...] = ()
    nations: tuple[str, ...] = ()
    grace_days: int | None = None

    @property
    def details(self) -> TypeDetails:
        """The same as types are written."""
        return TypeDetails(
            code=self.code,
            name=self.name,
            category=self.category,
            validity_months=self.months,
            blocks_rostering=self.blocks,
            needs_competency=self.competency,
            applies_to_roles=list(self.roles),
            nations=list(self.nations),
        )


_MUST, _LAW, _CARE_TASK = Category.MANDATORY, Category.STATUTORY, Category.CLINICAL
_REGISTER, _IDENTITY = Category.REGISTRATION, Category.IDENTITY
CATALOGUE = (
    Shipped(code="MOVING_HANDLING", name="Moving and assisting people", months=12, category=_LAW, blocks=True,
            competency=True, roles=_CARE, grace_days=A_FORTNIGHT),
    Shipped(code="FIRE", name="Fire safety", months=12, category=_LAW, blocks=True, grace_days=A_FORTNIGHT),
    Shipped(code="MEDICATION", name="Medication", months=12, category=_CARE_TASK, blocks=True, competency=True,
            roles=_GIVE_MEDICINES),
    Shipped(code="SAFEGUARDING", name="Protecting adults from harm", months=24, category=_LAW, blocks=True,
            grace_days=FOUR_WEEKS),
    Shipped(code="IPC", name="Infection prevention and control", months=12, blocks=True, grace_days=FOUR_WEEKS),
    Shipped(code="BLS", name="Basic life support", months=12, roles=_CARE, grace_days=TWELVE_WEEKS),
    Shipped(code="FAW", name="First aid at work", months=36, competency=True),
    Shipped(code="FOOD", name="Food hygiene level 2", months=36, roles=_HANDLE_FOOD, grace_days=TWELVE_WEEKS),
    Shipped(code="HS", name="Health and safety", months=12, category=_LAW, grace_days=FOUR_WEEKS),
    Shipped(code="GDPR", name="Data protection", months=12, grace_days=TWELVE_WEEKS),
    Shipped(code="DEMENTIA", name="Dementia awareness", months=24, roles=_CARE, grace_days=TWELVE_WEEKS),
    Shipped(code="EDI", name="Equality and diversity", months=24, grace_days=TWELVE_WEEKS),
    Shipped(code="PVG", name="PVG scheme membership", months=60, category=_REGISTER, blocks=True,
            nations=(Nation.SCOTLAND.value,), grace_days=0),
    Shipped(code="DBS", name="Enhanced DBS check", months=36, category=_REGISTER, blocks=True,
            nations=_ENGLAND_AND_WALES, grace_days=0),
    Shipped(code="SSSC", name="SSSC registration", months=12, category=_REGISTER, blocks=True, roles=_CARE[:-1],
            nations=(Nation.SCOTLAND.value,), grace_days=SSSC_DAYS),
    Shipped(code="NMC", name="NMC registration", months=12, category=_REGISTER, blocks=True,
            roles=(JobRole.NURSE.value,)),
    Shipped(code="RTW", name="Right to work in the UK", months=None, category=_IDENTITY, blocks=True, grace_days=0),
)  # fmt: skip


def write_catalogue(session: Session, cause: Cause, shipped: Iterable[Shipped] = CATALOGUE) -> int:
    """Write the types that are not there yet, with who needs them, and answer how many that were."""
    known = set(session.scalars(select(TrainingType.code)))
    missing = [each for each in shipped if each.code not in known]
    for each in missing:
        made = add(session, cause, each.details)
        if each.grace_days is not None:
            add_requirement(session, cause, made, home_id=None, role=None, grace_days=each.grace_days)
    return len(missing)
