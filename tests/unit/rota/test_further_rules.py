"""Who can take a shift: registration, weekly rest, night work, and who works together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from flowapp.rota.bank_holidays import Nation
from flowapp.rota.eligibility.candidate import Held
from flowapp.rota.eligibility.judging import judge
from flowapp.rota.eligibility.slot import Company, Slot
from flowapp.rota.staff import Contract, JobRole
from flowapp.rota.training.validity import Competency
from tests.unit.rota.test_eligibility import DAY, LONG_AGO, NIGHT, certificate, held, somebody

REGISTERS = {"PVG": "PVG membership", "DBS": "DBS check", "SSSC": "SSSC registration", "NMC": "NMC registration"}
HELD = {"PVG": (certificate(None),), "SSSC": (certificate(None),)}
KEPT = replace(DAY, registers=REGISTERS)
NEW = {"certificates": {"PVG": HELD["PVG"]}, "start_date": date(2026, 1, 6)}


@pytest.mark.parametrize(
    ("slot", "facts", "expected"),
    [
        pytest.param(DAY, {}, [], id="a home that keeps no record of it"),
        pytest.param(KEPT, {"certificates": HELD}, [], id="registered"),
        pytest.param(KEPT, {}, ["NOT_REGISTERED:PVG", "NOT_REGISTERED:SSSC"], id="nothing is there"),
        pytest.param(KEPT, {"certificates": {"PVG": (certificate(date(2026, 3, 9)),), "SSSC": HELD["SSSC"]}},
                     ["NOT_REGISTERED:PVG"], id="membership ended the day before"),
        pytest.param(KEPT, NEW | {"start_date": date(2025, 12, 10)}, [], id="three months after starting"),
        pytest.param(KEPT, NEW | {"start_date": date(2025, 12, 9)}, ["NOT_REGISTERED:SSSC"], id="a day later"),
        pytest.param(
            KEPT,
            NEW | {"start_date": date(2025, 12, 9),
                   "certificates": HELD | {"SSSC": (certificate(None, competency=Competency.PENDING),)}},
            [], id="applied for, within six months",
        ),
        pytest.param(
            KEPT,
            NEW | {"start_date": date(2025, 9, 9),
                   "certificates": HELD | {"SSSC": (certificate(None, competency=Competency.PENDING),)}},
            ["NOT_REGISTERED:SSSC"], id="applied for, beyond six months",
        ),
        pytest.param(KEPT, {"role": JobRole.NURSE, "certificates": HELD}, ["NOT_REGISTERED:NMC"],
                     id="a nurse needs the register of nurses"),
        pytest.param(replace(KEPT, nation=Nation.ENGLAND), {"certificates": {"DBS": HELD["PVG"]}}, [],
                     id="in England the DBS check alone"),
        pytest.param(replace(KEPT, role=JobRole.COOK), {"role": JobRole.COOK, "certificates": {"PVG": HELD["PVG"]}}, [],
                     id="a cook needs no register of carers"),
    ],
)  # fmt: skip
def test_registration_is_asked_where_a_record_is_kept(
    slot: Slot, facts: Mapping[str, Any], expected: list[str]
) -> None:
    assert [each.code for each in judge(slot, somebody(**facts)).findings if each.rule == "E04"] == expected


def week_of(*days: int, starts: str = "08:00", ends: str = "20:00") -> tuple[Held, ...]:
    """Make shifts on these days of March."""
    return tuple(held(f"2026-03-{day:02}T{starts}", f"2026-03-{day:02}T{ends}", day) for day in days)


@pytest.mark.parametrize(
    ("shifts", "expected"),
    [
        pytest.param(week_of(9, 11, 12, 13, 14), [], id="Sunday is free"),
        pytest.param(week_of(9, 11, 12, 13, 14, 15), ["REST_WEEKLY"], id="no day of the week is free"),
        pytest.param(week_of(9, 11, 12, 13, 14, 15) + week_of(2, 3, 7, 8), [], id="two days of the fortnight are free"),
        pytest.param((*week_of(9, 11, 12, 13, 14, 15), held("2026-03-10T12:00", "2026-03-10T12:30", 99)), [],
                     id="the week had too little rest before"),
    ],
)  # fmt: skip
def test_a_week_keeps_a_day_without_work(shifts: tuple[Held, ...], expected: list[str]) -> None:
    neighbours = week_of(2, 3, 4, 5, 6, 7, 8) + week_of(16, 17, 18, 19, 20, 21, 22)
    alone = shifts if any(each.day < date(2026, 3, 9) for each in shifts) else shifts + neighbours

    found = judge(DAY, somebody(shifts=alone, most_days_in_a_row=99)).findings

    assert [each.code for each in found if each.rule == "E10"] == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({"night_worker": True, "average_hours": Decimal(48)}, [], id="eight hours in 24"),
        pytest.param({"night_worker": True, "average_hours": Decimal("48.1"), "opted_out_on": LONG_AGO},
                     ["OPT_OUT_ON_FILE", "NIGHT_AVERAGE"], id="more, which nobody can agree to"),
        pytest.param({"average_hours": Decimal("48.1"), "opted_out_on": LONG_AGO}, ["OPT_OUT_ON_FILE"],
                     id="a night now and then"),
        pytest.param({"night_check_due": date(2026, 3, 10)}, [], id="the assessment is due today"),
        pytest.param({"night_check_due": date(2026, 3, 9)}, ["NIGHT_HEALTH"], id="the assessment is overdue"),
    ],
)  # fmt: skip
def test_night_work_has_limits_of_its_own(facts: Mapping[str, Any], expected: list[str]) -> None:
    assert [each.code for each in judge(NIGHT, somebody(**facts)).findings] == expected
    assert not any(each.rule == "E14" for each in judge(DAY, somebody(**facts)).findings)


@pytest.mark.parametrize(
    ("slot", "company", "facts", "expected"),
    [
        pytest.param(DAY, Company(people=3, leading=1, awake=3), {}, [], id="somebody leads"),
        pytest.param(DAY, Company(people=3, awake=3), {}, ["NO_LEAD"], id="nobody leads"),
        pytest.param(DAY, Company(people=3, awake=3), {"role": JobRole.SENIOR_CARER}, ["ROLE_SUBSTITUTION"],
                     id="they lead themselves"),
        pytest.param(NIGHT, Company(people=1, leading=1, awake=1), {}, [], id="two are awake at night"),
        pytest.param(NIGHT, Company(people=1, leading=1), {}, ["LONE_WORKING"], id="the other one sleeps"),
        pytest.param(DAY, Company(people=1, leading=1), {}, [], id="by day one may be enough"),
        pytest.param(DAY, Company(people=3, leading=1, awake=3, from_agency=1), {"contract": Contract.AGENCY},
                     ["AGENCY"], id="half come from an agency"),
        pytest.param(DAY, Company(people=2, leading=1, awake=2, from_agency=1), {"contract": Contract.AGENCY},
                     ["AGENCY_SHARE", "AGENCY"], id="more than half do"),
        pytest.param(replace(DAY, role=JobRole.COOK), Company(), {"role": JobRole.COOK}, [], id="a cook"),
    ],
)  # fmt: skip
def test_those_who_work_together_can_run_the_home(
    slot: Slot, company: Company, facts: Mapping[str, Any], expected: list[str]
) -> None:
    found = judge(replace(slot, company=company), somebody(**facts)).findings

    assert [each.code for each in found] == expected
