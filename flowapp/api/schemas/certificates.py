"""Certificates: what is asked for and sent, and what is answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from flowapp.api.bodies import Day, Number
from flowapp.api.schemas.values import ListQuery, Name, Page, Uid, Version, hidden
from flowapp.rota.training.certificates import Origin
from flowapp.rota.training.standing import Standing
from flowapp.rota.training.validity import Competency

_TYPE = "The code of the type of training, such as FIRE"
_EVIDENCE = "Where the paper is, or its number"
_EXPIRES = "The last day on which it holds; the usual one of the type unless sent"


class CertificateQuery(ListQuery):
    """Which certificates to answer."""

    home: str | None = Field(default=None, description="Only those of this home's staff: its number or its code")
    staff_id: int | None = Field(default=None, ge=1, lt=10**15, description="Only those of this member of staff")
    type: str | None = Field(default=None, description="Only those of this type: its code, such as FIRE")
    expired: bool | None = Field(default=None, description="Only those that have run out, without a newer one")


class ExpiringQuery(ListQuery):
    """Which certificates that run out to answer."""

    days: int = Field(default=30, ge=0, le=3650, description="Within how many days they run out")
    home: str | None = Field(default=None, description="Only those of this home's staff: its number or its code")
    type: str | None = Field(default=None, description="Only those of this type: its code, such as FIRE")


class OwnCertificateBody(BaseModel):
    """A certificate of the member of staff whom the address names."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description=_TYPE)
    issued_on: Day = Field(description="The first day on which it holds")
    expires_on: Day | None = Field(default=None, description=_EXPIRES)
    evidence_ref: str = Field(default="", description=_EVIDENCE)
    competency: Competency | None = Field(
        default=None, description="Whether the person was seen doing it, for types that ask for that"
    )

    def given(self) -> dict[str, Any]:
        """Answer what is to be recorded, without the type and the person."""
        return self.model_dump(exclude={"type", "staff_id"})


class CertificateBody(OwnCertificateBody):
    """A certificate to be recorded; one's own waits for a check."""

    staff_id: Number = Field(description="Whose it is")


class CertificateChange(BaseModel):
    """What is to be put right; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"expires_on": "2027-12-06"}]})

    issued_on: Day = Field(default=date.min, description="The first day on which it holds")
    expires_on: Day | None = Field(
        default=None, description="The last day on which it holds; empty for one without end"
    )
    evidence_ref: str = Field(default="", description=_EVIDENCE)

    def given(self) -> dict[str, Any]:
        """Answer the fields that were sent."""
        return self.model_dump(exclude_unset=True)


class RevokeBody(BaseModel):
    """Why a certificate no longer counts, and from which day."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=2000, description="Why; the person may read it")
    revoked_on: Day | None = Field(default=None, description="From which day; today unless sent")


class CompetencyBody(BaseModel):
    """Whether somebody was seen to do what they have learnt."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"competency": "competent"}]})

    competency: Competency


class CertificateAnswer(BaseModel):
    """A certificate, and how it stands today."""

    id: int
    uid: Uid
    staff_id: int
    staff_name: Name
    care_home_id: int = Field(description="The home they work in")
    type: str = Field(description=_TYPE)
    type_name: str
    issued_on: date = Field(description="The first day on which it holds")
    expires_on: date | None = Field(description="The last day on which it holds; empty for one without an end")
    days_left: int | None = Field(description="Days until the last one; below 0 after it")
    status: Standing = Field(description="Worked out for today, never kept")
    holds: bool = Field(description="Whether it counts today")
    competency: Competency
    evidence_ref: str = Field(description=_EVIDENCE)
    origin: Origin = Field(description="How it came in")
    recorded_by: str
    verified_by: str | None = Field(description="Who confirmed that it is genuine")
    verified_at: datetime | None
    revoked_on: date | None = Field(description="From this day on it does not count")
    revoke_reason: str = hidden("Why it was withdrawn")
    version: Version


class CertificatePage(Page):
    """Certificates, a page at a time."""

    items: list[CertificateAnswer]
