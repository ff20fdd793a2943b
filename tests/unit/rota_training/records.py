"""Certificates as tests write them: Dan's of Fire safety, for the year from 7 December 2025, unless told otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.events.cause import SYSTEM, Cause
from flowapp.events.outbox import EventRecord
from flowapp.kernel.clock import FrozenClock
from flowapp.rota.training import changes
from flowapp.rota.training.catalogue import write_catalogue
from flowapp.rota.training.reading import HeldCertificate, certificate_as_it_is
from flowapp.rota.training.types import TrainingType
from tests.cast import Cast
from tests.factories import cause_of

T = TypeVar("T")
TODAY = date(2026, 11, 23)  # the Monday on which all tests stand
A_YEAR_AGO = date(2025, 12, 7)  # so that it runs out in a fortnight


class Records:
    """What people of the cast do with certificates; each call is one transaction."""

    def __init__(self, flow: Flow, cast: Cast, clock: FrozenClock) -> None:
        self.flow, self.cast, self.clock = flow, cast, clock
        flow.database.write(lambda session: write_catalogue(session, Cause(actor=SYSTEM, at=flow.clock.now())))

    def do(self, who: Person, fn: Callable[[Session, Cause], T]) -> T:
        """Write as somebody does, now."""
        cause = cause_of(who, self.flow.clock.now())
        return self.flow.database.write(lambda session: fn(session, cause))

    def kind(self, code: str = "FIRE") -> int:
        """Answer the number of a type of training."""
        with self.flow.database.read() as session:
            return session.scalars(select(TrainingType.id).where(TrainingType.code == code)).one()

    def record(
        self, who: Person | None = None, *, of: Person | None = None, code: str = "FIRE", issued: date = A_YEAR_AGO,
        **given: Any,
    ) -> int:  # fmt: skip
        """Record a certificate as Maya does, and answer its number."""
        who, staff_id, type_id = who or self.cast.maya, (of or self.cast.dan).staff_id or 0, self.kind(code)
        return self.do(
            who, lambda s, c: changes.record(s, c, who, staff_id, type_id=type_id, issued_on=issued, **given)
        )

    def act(self, fn: Callable[..., Any], certificate_id: int, *, by: Person | None = None, **given: Any) -> None:
        """Do something to a certificate, as Hana of HR does."""
        who = by or self.cast.hana
        self.do(who, lambda s, c: fn(s, c, who, certificate_id, **given))

    def held(self, certificate_id: int, today: date = TODAY) -> HeldCertificate:
        """Read a certificate."""
        with self.flow.database.read() as session:
            return certificate_as_it_is(session, certificate_id, today)

    def events(self, *types: str) -> list[EventRecord]:
        """Read the events, all or those of some types, the first one first."""
        with self.flow.database.read() as session:
            found = list(session.scalars(select(EventRecord).order_by(EventRecord.seq)))
        return [each for each in found if not types or each.type in types]

    def audit(self) -> list[AuditEntry]:
        """Read what was noted of certificates."""
        with self.flow.database.read() as session:
            query = select(AuditEntry).where(AuditEntry.entity == "certificate").order_by(AuditEntry.id)
            return list(session.scalars(query))

    def pass_days(self, days: int) -> None:
        """Let days go by."""
        self.clock.set(self.clock.now() + timedelta(days=days))
