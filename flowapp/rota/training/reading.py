"""Reading certificates: one, those of many people at once, those that somebody may see, those that are due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true, tuple_
from sqlalchemy.orm import Session, aliased

from flowapp.accounts.can import ALL, can, homes_of
from flowapp.accounts.people import On, Person
from flowapp.kernel.errors import NotFound
from flowapp.rota.eligibility.candidate import Certificate as Known
from flowapp.rota.staff import JobRole, Staff, StaffStatus
from flowapp.rota.training.certificates import Certificate, Origin
from flowapp.rota.training.standing import Standing, standing_of
from flowapp.rota.training.types import Category, TrainingType
from flowapp.rota.training.validity import DUE_DAYS, HOLDS, Competency, Validity

PEOPLE_AT_ONCE = 500  # a database takes only so many parameters
_COUNTS = or_(Certificate.origin == Origin.RECORDED, Certificate.verified_at.is_not(None))


class HeldCertificate(NamedTuple):
    """A certificate as the database has it, with whose it is and of what."""

    id: int
    uid: str
    staff_id: int
    staff_name: str
    staff_email: str
    staff_role: JobRole
    home_id: int
    type_id: int
    code: str
    type_name: str
    category: Category
    blocks_rostering: bool
    issued_on: date
    expires_on: date | None
    competency: Competency
    evidence_ref: str
    origin: Origin
    recorded_by: str
    verified_by: str | None
    verified_at: datetime | None
    revoked_on: date | None
    revoke_reason: str
    version: int
    superseded: bool  # as of the day it was asked for

    @property
    def waits(self) -> bool:
        """Whether it was sent in, and nobody has checked it."""
        return self.origin is Origin.SENT_IN and self.verified_at is None

    @property
    def validity(self) -> Validity:
        """From when until when it holds; never, while it waits for a check."""
        return validity_of(self.issued_on, self.expires_on, self.revoked_on, self.competency, waits=self.waits)

    def standing_on(self, today: date, *, due_days: int = DUE_DAYS) -> Standing:
        """Answer how it stands on a day."""
        own = self.validity if not self.waits else self.validity_once_checked
        return standing_of(own, today, waits=self.waits, superseded=self.superseded, due_days=due_days)

    @property
    def validity_once_checked(self) -> Validity:
        """The same as if nobody had to check it."""
        return validity_of(self.issued_on, self.expires_on, self.revoked_on, self.competency, waits=False)


def validity_of(
    issued_on: date, expires_on: date | None, revoked_on: date | None, competency: StrEnum, *, waits: bool
) -> Validity:
    """Answer a certificate's validity; one that waits for a check counts as little as one that is to be watched."""
    return Validity(
        issued_on=issued_on,
        expires_on=expires_on,
        revoked_on=revoked_on,
        competency=Competency.PENDING if waits else Competency(competency),
    )


def certificates_of(
    session: Session, staff_ids: Collection[int], codes: Collection[str] | None = None
) -> Mapping[int, Mapping[str, tuple[Known, ...]]]:
    """Answer the certificates of these people by the code of their type, as the rules about who can work read them.

    `codes` leaves out the types that are not asked about, which is most of the work.
    """
    found: dict[int, dict[str, list[Known]]] = {each: {} for each in staff_ids}
    wanted = sorted(found) if codes is None or codes else []
    for start in range(0, len(wanted), PEOPLE_AT_ONCE):
        query = _KNOWN.where(Certificate.staff_id.in_(wanted[start : start + PEOPLE_AT_ONCE]))
        if codes is not None:
            query = query.where(TrainingType.code.in_(sorted(codes)))
        for number, staff_id, code, issued_on, expires_on, revoked_on, competency, counts in session.execute(query):
            validity = validity_of(issued_on, expires_on, revoked_on, competency, waits=not counts)
            known = Known(certificate_id=number, validity=validity)
            found[staff_id].setdefault(code, []).append(known)
    return {each: {code: tuple(held) for code, held in types.items()} for each, types in found.items()}


_KNOWN = (
    select(
        *(Certificate.id, Certificate.staff_id, TrainingType.code, Certificate.issued_on, Certificate.expires_on),
        *(Certificate.revoked_on, Certificate.competency, _COUNTS),
    )
    .join(TrainingType, TrainingType.id == Certificate.training_type_id)
    .order_by(Certificate.staff_id, Certificate.issued_on, Certificate.id)
)


def held_certificates(today: date) -> Select[*tuple[Any, ...]]:
    """Select certificates as `HeldCertificate` has them on a day; in no order yet."""
    of = Certificate
    return (
        select(
            *(of.id, of.uid, of.staff_id, Staff.name, Staff.email, Staff.role, Staff.home_id),
            *(TrainingType.id.label("type_id"), TrainingType.code, TrainingType.name.label("type_name")),
            *(TrainingType.category, TrainingType.blocks_rostering, of.issued_on, of.expires_on, of.competency),
            *(of.evidence_ref, of.origin, of.recorded_by, of.verified_by, of.verified_at, of.revoked_on),
            *(of.revoke_reason, of.version, _is_superseded(today).label("superseded")),
        )
        .join(Staff, Staff.id == of.staff_id)
        .join(TrainingType, TrainingType.id == of.training_type_id)
    )


def _is_superseded(today: date) -> ColumnElement[bool]:
    """Say that another certificate of the same person and type holds, and holds longer."""
    newer = aliased(Certificate)
    return exists().where(
        newer.staff_id == Certificate.staff_id,
        newer.training_type_id == Certificate.training_type_id,
        newer.id != Certificate.id,
        newer.issued_on <= today,
        or_(newer.revoked_on.is_(None), newer.revoked_on > today),
        or_(newer.origin == Origin.RECORDED, newer.verified_at.is_not(None)),
        newer.competency.in_(sorted(HOLDS)),
        or_(
            and_(newer.expires_on.is_(None), Certificate.expires_on.is_not(None)),
            newer.expires_on > Certificate.expires_on,
            and_(newer.expires_on == Certificate.expires_on, newer.id > Certificate.id),
        ),
    )


def certificate_as_it_is(session: Session, certificate_id: int, today: date) -> HeldCertificate:
    """Answer a certificate as the database has it; raises NotFound."""
    row = session.execute(held_certificates(today).where(Certificate.id == certificate_id)).first()
    if row is None:
        raise NotFound
    return HeldCertificate(*row)


def visible_certificate(session: Session, who: Person, certificate_id: int, today: date) -> HeldCertificate:
    """Answer a certificate that somebody may see; raises NotFound, whether it does not exist or is not for them."""
    found = certificate_as_it_is(session, certificate_id, today)
    if not can(who, "certificate.view", On(home_id=found.home_id, staff_id=found.staff_id)):
        raise NotFound
    return found


def seen_by(who: Person) -> ColumnElement[bool]:
    """Say whose certificates somebody may see: those of their homes' staff, and their own."""
    homes = homes_of(who, "certificate.view")
    if homes is ALL:
        return true()
    own = Staff.id == who.staff_id if who.staff_id is not None else false()
    return or_(Staff.home_id.in_(homes), own)


def of_person(session: Session, staff_id: int, today: date) -> list[HeldCertificate]:
    """Answer the certificates of one person by type, the newest first."""
    query = held_certificates(today).where(Certificate.staff_id == staff_id)
    rows = session.execute(query.order_by(TrainingType.name, Certificate.issued_on.desc(), Certificate.id.desc()))
    return [HeldCertificate(*row) for row in rows]


def of_home(session: Session, home_id: int, today: date) -> Mapping[int, list[HeldCertificate]]:
    """Answer the certificates of everybody who works in a home by person, the newest last."""
    found: dict[int, list[HeldCertificate]] = defaultdict(list)
    query = held_certificates(today).where(Staff.home_id == home_id, Staff.status != StaffStatus.LEAVER)
    for row in session.execute(query.order_by(Certificate.issued_on, Certificate.id)):
        found[row.staff_id].append(HeldCertificate(*row))
    return found


def running_out(today: date, days: int) -> list[ColumnElement[bool]]:
    """Say which certificates hold still and run out within so many days, without a newer one."""
    return [*_that_count(today), Certificate.expires_on.between(today, today + timedelta(days=days))]


def run_out(today: date) -> list[ColumnElement[bool]]:
    """Say which certificates have run out, without a newer one."""
    return [*_that_count(today), Certificate.expires_on < today]


def _that_count(today: date) -> list[ColumnElement[bool]]:
    return [
        or_(Certificate.revoked_on.is_(None), Certificate.revoked_on > today),
        _COUNTS,
        Staff.status != StaffStatus.LEAVER,
        ~_is_superseded(today),
    ]


def by_last_day(
    session: Session,
    who: Person,
    today: date,
    *wanted: ColumnElement[bool],
    limit: int,
    after: tuple[date, int] | None = None,
) -> list[HeldCertificate]:
    """Answer certificates that somebody may see, those that run out first at the top; `after` goes on behind one."""
    query = held_certificates(today).where(seen_by(who), *wanted)
    if after is not None:
        query = query.where(tuple_(Certificate.expires_on, Certificate.id) > tuple_(*after))
    rows = session.execute(query.order_by(Certificate.expires_on, Certificate.id).limit(limit))
    return [HeldCertificate(*row) for row in rows]
