"""The order in which those who can take a shift are asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from flowapp.rota.eligibility.candidate import Presence, Said, Scope
from flowapp.rota.eligibility.gathering.gathering import Known
from flowapp.rota.eligibility.gathering.work import NO_LOAD
from flowapp.rota.eligibility.ranking import Peers, Tier, rank, tier_of, unfairness
from flowapp.rota.staff import Contract, JobRole
from tests.unit.rota.test_eligibility import DAY, between, certificate, held, somebody

SHIFT = replace(DAY, hours=Decimal(11), unit_id=3)
EVEN = Peers(extra=Decimal(4), unsocial=Decimal(10))


def known(number: int = 12, load: Any = NO_LOAD, **facts: Any) -> Known:
    """Make somebody who may be asked."""
    return Known(candidate=somebody(staff_id=number, **facts), home_id=1, load=load)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({"contracted_hours": Decimal(36), "week_hours": Decimal(25)}, Tier.OWED, id="hours are owed"),
        pytest.param({"contracted_hours": Decimal(24), "week_hours": Decimal(24)}, Tier.PART_TIME, id="part-time"),
        pytest.param(
            {"contracted_hours": Decimal(24), "week_hours": Decimal(27)}, Tier.OVERTIME, id="beyond a full week"
        ),
        pytest.param({"contracted_hours": Decimal(38), "week_hours": Decimal(33)}, Tier.OVERTIME, id="overtime"),
        pytest.param({"contract": Contract.BANK}, Tier.BANK, id="from the bank"),
        pytest.param({"scopes": {1: Scope.RELIEF}}, Tier.RELIEF, id="from another home"),
        pytest.param({"contract": Contract.AGENCY}, Tier.AGENCY, id="from an agency"),
    ],
)
def test_what_it_costs_decides_first(facts: dict[str, Any], expected: Tier) -> None:
    assert tier_of(SHIFT, somebody(**facts)) is expected


def test_the_score_is_made_of_its_parts() -> None:
    best = rank(SHIFT, known(load=NO_LOAD._replace(in_unit=True)), EVEN)

    assert best.parts == {"fairness": 35, "continuity": 20, "skill": 15, "preference": 5, "rest": 10, "travel": 10}
    assert best.score == 95


@pytest.mark.parametrize(
    ("part", "load", "facts", "points"),
    [
        ("fairness", {"extra": 2, "unsocial": 5}, {}, "17.5"),  # half of what the peers do
        ("fairness", {"extra": 9, "unsocial": 99}, {}, "0"),
        ("continuity", {}, {}, "12"),  # the same home, not lately in the unit
        ("continuity", {}, {"scopes": {1: Scope.RELIEF}}, "4"),
        ("skill", {}, {"role": JobRole.SENIOR_CARER}, "9"),
        ("skill", {}, {"certificates": {"FIRE": (certificate(date(2026, 4, 9)),)}}, "12"),  # due in thirty days
        ("skill", {}, {"certificates": {"FIRE": (certificate(date(2026, 4, 10)),)}}, "15"),
        ("preference", {}, {"said": (Said(interval=between("2026-03-10T08:00", "2026-03-10T12:00"),
                                          presence=Presence.PREFERRED),)}, "10"),
        ("rest", {}, {"shifts": (held("2026-03-09T09:00", "2026-03-09T14:30"),)}, "5"),  # 17.5 hours
        ("rest", {}, {"shifts": (held("2026-03-09T09:00", "2026-03-09T21:00"),)}, "0"),
        ("travel", {}, {"scopes": {1: Scope.RELIEF}}, "5"),
    ],
)  # fmt: skip
def test_each_part_counts(part: str, load: dict[str, Any], facts: dict[str, Any], points: str) -> None:
    needs = replace(SHIFT, skills={"FIRE": "Fire safety"})

    assert rank(needs, known(load=NO_LOAD._replace(**load), **facts), EVEN).parts[part] == Decimal(points)


def test_the_order_is_the_same_whoever_is_looked_at_first() -> None:
    lately, before = (datetime(2026, month, 1, tzinfo=UTC) for month in (3, 2))
    people = [
        known(1, contract=Contract.BANK),
        known(5, contracted_hours=Decimal(36), load=NO_LOAD._replace(last_extra_at=lately)),
        known(4, contracted_hours=Decimal(36), load=NO_LOAD._replace(last_extra_at=before)),
        known(3, contracted_hours=Decimal(36), load=NO_LOAD._replace(last_extra_at=lately)),
        known(2, contracted_hours=Decimal(36), load=NO_LOAD._replace(unsocial=8)),
    ]

    orders = [
        [each.staff_id for each in sorted((rank(SHIFT, one, EVEN) for one in row), key=lambda found: found.order)]
        for row in (people, people[::-1])
    ]

    assert orders == [[4, 3, 5, 2, 1]] * 2


@pytest.mark.parametrize(("extra", "expected"), [([], "0"), ([2, 2, 2], "0"), ([0, 4], "2.83")])
def test_how_unevenly_extra_shifts_lie(extra: list[int], expected: str) -> None:
    assert unfairness(extra) == Decimal(expected)
