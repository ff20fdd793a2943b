"""Slowing down whoever tries too often, without ever shutting anybody out for good.

A rule is a bucket of tries: `burst` at once, then one more each `every`. So a person who has forgotten waits
minutes, and a program that guesses gets twenty tries an hour. Kept is only when the bucket is full again.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import String, Table, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.kernel.columns import Base, Instant


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How often something may be tried."""

    name: str
    burst: int
    every: timedelta


# At most 5 + 15 tries in any hour: a fifth of the limit of ASVS 4.0.3, 2.2.1.
PER_ACCOUNT = Rule(name="account", burst=5, every=timedelta(minutes=4))
# Everybody in a home shares one address.
PER_ADDRESS = Rule(name="address", burst=30, every=timedelta(seconds=20))


class Throttle(Base):
    """One bucket that is not full."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    full_at: Mapped[datetime] = mapped_column(Instant, index=True)


_BUCKETS = cast(Table, Throttle.__table__)


def after_one(rule: Rule, full_at: datetime | None, now: datetime) -> datetime | timedelta:
    """Decide: answer when the bucket is full again after one try more, or how long to wait for a try."""
    full_at = max(full_at or now, now)
    wait = full_at - now - rule.every * (rule.burst - 1)
    return wait if wait > timedelta() else full_at + rule.every


def take(session: Session, tries: dict[Rule, str], now: datetime) -> timedelta | None:
    """Count one try against every rule (with whom it counts against), or none of them.

    Answers None when it may go on, or how long to wait; a try that must wait does not make the wait longer.
    """
    session.execute(delete(_BUCKETS).where(_BUCKETS.c.full_at <= now))
    keys = {rule: _key(rule, subject) for rule, subject in tries.items()}
    rows = session.execute(select(_BUCKETS.c.key, _BUCKETS.c.full_at).where(_BUCKETS.c.key.in_(keys.values())))
    known = {row.key: row.full_at for row in rows}
    decided = {key: after_one(rule, known.get(key), now) for rule, key in keys.items()}
    waits = [each for each in decided.values() if isinstance(each, timedelta)]
    if waits:
        return max(waits)
    for key, full_at in decided.items():
        _keep(session, key, cast(datetime, full_at))
    return None


def give_back(session: Session, rule: Rule, subject: str) -> None:
    """Take back one try that turned out to be right."""
    key = _key(rule, subject)
    full_at = session.scalar(select(_BUCKETS.c.full_at).where(_BUCKETS.c.key == key))
    if full_at is not None:
        _keep(session, key, full_at - rule.every)


def forget(session: Session, rule: Rule, subject: str) -> None:
    """Forget every try of one subject."""
    session.execute(delete(_BUCKETS).where(_BUCKETS.c.key == _key(rule, subject)))


def wait_sentence(wait: timedelta) -> str:
    """Say how long to wait, in whole minutes."""
    minutes = max(1, math.ceil(wait / timedelta(minutes=1)))
    shown = "a minute" if minutes == 1 else f"{minutes} minutes"
    return f"That was tried too often. Please wait {shown}, then try again."


def _keep(session: Session, key: str, full_at: datetime) -> None:
    session.execute(delete(_BUCKETS).where(_BUCKETS.c.key == key))
    session.execute(insert(_BUCKETS), {"key": key, "full_at": full_at})


def _key(rule: Rule, subject: str) -> str:
    # A digest: what people type here is sometimes their password.
    return f"{rule.name}:{hashlib.sha256(subject.encode()).hexdigest()[:40]}"
