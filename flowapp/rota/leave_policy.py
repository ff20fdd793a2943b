"""What a home asks of leave: notice, how many may be away, how many days in a row."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.kernel.columns import Base, Exact, Word
from flowapp.rota.leave_facts import AwayLimit
from flowapp.rota.notice import NoticeKind, NoticeRule


class LeavePolicy(Base):
    """A home's own policy; a home without one has the usual one (`USUAL`)."""

    __tablename__ = "leave_policy"

    home_id: Mapped[int] = mapped_column(ForeignKey("care_home.id"), primary_key=True)
    notice_kind: Mapped[StrEnum] = mapped_column(Word(NoticeKind))
    notice_days: Mapped[int]
    away_people: Mapped[int | None]
    away_percent: Mapped[Decimal | None] = mapped_column(Exact)
    most_days_in_a_row: Mapped[int | None]
    may_owe_hours: Mapped[Decimal] = mapped_column(Exact)


class Policy(NamedTuple):
    """A home's policy as the rules read it."""

    notice_kind: NoticeKind
    notice_days: int
    away_people: int | None
    away_percent: Decimal | None
    most_days_in_a_row: int | None
    may_owe_hours: Decimal

    @property
    def notice(self) -> NoticeRule:
        """How much notice leave needs."""
        return NoticeRule(kind=self.notice_kind, policy_days=self.notice_days)

    @property
    def away_limit(self) -> AwayLimit:
        """How many of a role may be away at once."""
        return AwayLimit(people=self.away_people, percent=self.away_percent)


# Fourteen days of notice, fourteen in a row and a fifth of a role away: what the replaced system asked of its homes.
USUAL = Policy(NoticeKind.POLICY, 14, None, Decimal(20), 14, Decimal(0))
COLUMNS = (  # in the order of a policy's fields
    *(LeavePolicy.notice_kind, LeavePolicy.notice_days, LeavePolicy.away_people, LeavePolicy.away_percent),
    *(LeavePolicy.most_days_in_a_row, LeavePolicy.may_owe_hours),
)


def set_policy(session: Session, home_id: int, policy: Policy) -> None:
    """Give a home a policy of its own."""
    found = session.get(LeavePolicy, home_id) or LeavePolicy(home_id=home_id)
    found.notice_kind, found.notice_days = policy.notice_kind, policy.notice_days
    found.away_people, found.away_percent = policy.away_people, policy.away_percent
    found.most_days_in_a_row, found.may_owe_hours = policy.most_days_in_a_row, policy.may_owe_hours
    session.add(found)
    session.flush()
