"""The certificates of everybody in a home, as rows: eleven types for each, and an older one of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from benchmarks.hundred_homes.years import AS_OF
from flowapp.kernel.ids import new_uid
from flowapp.rota.training.certificates import Origin
from flowapp.rota.training.validity import Competency

A_YEAR = timedelta(days=365)
TYPES = 11  # and an older one of each: 132,000 in all


def certificates_of(staff: Sequence[int], types: Mapping[str, int], rng: Random) -> Iterator[dict[str, Any]]:
    """Go through the certificates of a home's people; most hold, a few ran out or do so soon."""
    for staff_id in staff:
        for type_id in [*types.values()][:TYPES]:
            ends = AS_OF + timedelta(days=rng.randrange(-20, 345))
            yield _row(staff_id, type_id, ends)
            yield _row(staff_id, type_id, ends - A_YEAR)


def _row(staff_id: int, type_id: int, ends: Any) -> dict[str, Any]:
    issued = ends - A_YEAR
    at = datetime.combine(issued, time(12), UTC)
    return {
        "uid": new_uid(at),
        "staff_id": staff_id,
        "training_type_id": type_id,
        "issued_on": issued,
        "expires_on": ends,
        "competency": Competency.NOT_NEEDED,
        "evidence_ref": "",
        "origin": Origin.RECORDED,
        "recorded_by": "HR",
        "revoke_reason": "",
        "watched_from": issued,
        "created_at": at,
        "version": 1,
    }
