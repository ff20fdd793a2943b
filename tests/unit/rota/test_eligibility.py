"""Who can take a shift: the published scenario, person by person, and each rule at its edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from flowapp.rota.bank_holidays import Nation
from flowapp.rota.eligibility.candidate import Away, Candidate, Certificate, Held, Presence, Said, Scope
from flowapp.rota.eligibility.finding import Mode
from flowapp.rota.eligibility.judging import Verdict, judge
from flowapp.rota.eligibility.slot import Slot
from flowapp.rota.staff import Contract, JobRole, StaffStatus
from flowapp.rota.training.validity import Competency, Validity
from flowapp.rota.wall_time import Interval, instant
from tests.unit.rota import test_domain_cases, test_working_time_cases
from tests.unit.rota.published import CASES, Given, of_groups

LONDON = "Europe/London"
HOMES = {"RIV": 1, "MEA": 2}
NAMES = {"MEDICATION": "Medication", "MOVING_HANDLING": "Moving and handling"}
LONG_AGO = date(2020, 1, 6)


def between(starts: str, ends: str) -> Interval:
    """Answer a stretch of time from what the clock in London shows."""
    first, last = datetime.fromisoformat(starts), datetime.fromisoformat(ends)
    return Interval(instant(first.date(), first.time(), LONDON), instant(last.date(), last.time(), LONDON))


def a_slot(starts: str = "2026-03-10T08:00", ends: str = "2026-03-10T20:00", **facts: Any) -> Slot:
    """Make a carer's shift at a home in Scotland."""
    day = datetime.fromisoformat(starts).date()
    given = {"home_id": 1, "nation": Nation.SCOTLAND, "role": JobRole.CARER, "shift_id": 501} | facts
    return Slot(timezone=LONDON, day=day, interval=between(starts, ends), **given)


def held(starts: str, ends: str, number: int = 1) -> Held:
    """Make a shift that somebody has."""
    interval = between(starts, ends)
    return Held(shift_id=number, day=datetime.fromisoformat(starts).date(), interval=interval, place="Rose House")


def certificate(expires_on: date | None, number: int = 7, **facts: Any) -> Certificate:
    """Make a certificate that was got long ago."""
    return Certificate(certificate_id=number, validity=Validity(issued_on=LONG_AGO, expires_on=expires_on, **facts))


def somebody(**facts: Any) -> Candidate:
    """Make a carer of that home whom nothing keeps from working."""
    given = {"staff_id": 12, "name": "Anna", "role": JobRole.CARER, "scopes": {1: Scope.BASE}, "start_date": LONG_AGO}
    return Candidate(**given | facts)


def said(verdict: Verdict) -> list[tuple[str, str, str]]:
    """Answer what the rules said, without the words."""
    return [(each.rule, each.mode.value, each.code) for each in verdict.findings]


# --- The published scenario --------------------------------------------------


def _slot_of(given: Given) -> Slot:
    skills = {code: NAMES[code] for code in given["required_skills"]}
    facts = {"home_id": HOMES[given["home"]], "role": JobRole(given["role"]), "skills": skills}
    return a_slot(given["start"], given["end"], shift_id=given["id"], **facts)


def _candidate_of(name: str, facts: Given, slot: Slot) -> Candidate:
    expiry: Mapping[str, Any] = dict.fromkeys(slot.skills) if facts["certs"] == "ok" else facts["certs"]
    homes = [HOMES[each] for each in facts.get("home_scope", [facts.get("home", "RIV")])]
    days_before = facts.get("consecutive_days_if_assigned", 1) - 1
    run = [slot.day - timedelta(days=number + 1) for number in range(days_before)]
    shifts = [held(*each, number) for number, each in enumerate(facts.get("shifts", ()))]
    average = facts.get("average_hours_if_assigned")
    return somebody(
        name=name,
        role=JobRole(facts["role"]),
        contract=Contract(facts.get("contract", "permanent")),
        status=StaffStatus(facts.get("status", "active")),
        scopes=dict.fromkeys(homes, Scope.BASE),
        certificates={
            code: (certificate(date.fromisoformat(ends) if ends else None),) for code, ends in expiry.items()
        },
        shifts=(*shifts, *(held(f"{day}T08:00", f"{day}T16:00", 100) for day in run)),
        away=tuple(_leave(*facts["leave"]) for _ in range("leave" in facts)),
        average_hours=None if average is None else Decimal(average),
        opted_out_on=LONG_AGO if facts.get("opt_out") else None,
        most_days_in_a_row=facts.get("max_consecutive_days", 6),
    )


def _leave(first: str, last: str) -> Away:
    until = date.fromisoformat(last) + timedelta(days=1)
    return Away(interval=between(f"{first}T00:00", f"{until}T00:00"), words="annual leave")


def _as_published(verdict: Verdict, slot: Slot) -> Mapping[str, Any]:
    return {
        "verdict": "eligible" if verdict.is_eligible else "blocked",
        "reasons": [_reason(each, slot) for each in verdict.reasons],
    }


def _reason(finding: Any, slot: Slot) -> str:
    match finding.rule:
        case "E03b":
            return f"{finding.code} (warning)"
        case "E09":
            return f"{finding.code}:{finding.evidence['hours']:.1f}h"
        case "E02" if finding.mode is Mode.WARN:
            return f"{finding.code} (rank lower)"
        case "E19":
            return f"{finding.code} (ranked last)"
        case "E06":
            assert finding.text == "annual leave from 00:00 to 08:00 on 29 March 2026"
            return f"{finding.code}: overlaps 2026-03-29 00:00-08:00"
    return str(finding.code)


def test_no_published_case_is_left_out() -> None:
    asked = {case["id"] for case in of_groups(*test_domain_cases.OURS, *test_working_time_cases.OURS, "eligibility.")}

    assert asked == {case["id"] for case in CASES}


@pytest.mark.parametrize("case", of_groups("eligibility.single"), ids=lambda case: case["id"])
def test_a_case_of_eligibility_comes_out_as_published(case: Given) -> None:
    given = case["input"]
    slot = _slot_of(given["shift"])

    assert _as_published(judge(slot, _candidate_of(given["staff"], given["facts"], slot)), slot) == case["expect"]


@pytest.mark.parametrize("case", of_groups("eligibility.scenario"), ids=lambda case: case["id"])
def test_everybody_of_the_scenario_is_told_as_published(case: Given) -> None:
    slot = _slot_of(case["input"]["shift"])
    found = {
        name: _as_published(judge(slot, _candidate_of(name, facts, slot)), slot)
        for name, facts in case["input"]["candidates"].items()
    }

    assert found == case["expect"]


# --- Each rule at its edge ---------------------------------------------------

NIGHT = a_slot("2026-03-10T20:00", "2026-03-11T08:00")
DAY = a_slot()
NEEDS = replace(DAY, skills={"FIRE": "Fire safety"})
TENTH = date(2026, 3, 10)
BLOCKED = "block"


@pytest.mark.parametrize(
    ("slot", "facts", "expected"),
    [
        pytest.param(DAY, {}, [], id="nothing is against it"),
        pytest.param(DAY, {"start_date": TENTH}, [], id="the first day of work"),
        pytest.param(DAY, {"start_date": date(2026, 3, 11)}, [("E01", BLOCKED, "NOT_ACTIVE")], id="a day too early"),
        pytest.param(DAY, {"end_date": TENTH}, [], id="the last day of work"),
        pytest.param(DAY, {"end_date": date(2026, 3, 9)}, [("E01", BLOCKED, "NOT_ACTIVE")], id="a day too late"),
        pytest.param(
            DAY, {"role": JobRole.CARE_ASSISTANT}, [("E02", BLOCKED, "ROLE_NOT_ALLOWED")], id="never upwards"
        ),
        pytest.param(DAY, {"role": JobRole.COOK}, [("E02", BLOCKED, "ROLE_NOT_ALLOWED")], id="another trade"),
        pytest.param(NEEDS, {"certificates": {"FIRE": (certificate(TENTH),)}}, [], id="a certificate's last day"),
        pytest.param(
            NEEDS,
            {"certificates": {"FIRE": (certificate(date(2026, 3, 9)), certificate(None))}},
            [],
            id="an old certificate and a new one",
        ),
        pytest.param(
            NEEDS,
            {"certificates": {"FIRE": (certificate(None, competency=Competency.PENDING),)}},
            [("E03", BLOCKED, "CERT_MISSING:FIRE")],
            id="a certificate that is not confirmed",
        ),
        pytest.param(
            replace(NIGHT, skills={"FIRE": "Fire safety"}, interval=between("2026-03-10T16:00", "2026-03-11T00:00")),
            {"certificates": {"FIRE": (certificate(TENTH),)}},
            [],
            id="a shift until midnight does not touch the next day",
        ),
        pytest.param(
            DAY,
            {"shifts": (held("2026-03-10T19:00", "2026-03-11T07:00"),)},
            [("E05", BLOCKED, "OVERLAP"), ("E09", BLOCKED, "REST_LT_11H")],
            id="another shift at that time",
        ),
        pytest.param(DAY, {"shifts": (held("2026-03-10T08:00", "2026-03-10T20:00", 501),)}, [], id="this very shift"),
        pytest.param(
            DAY,
            {"away": (Away(interval=between("2026-03-10T13:00", "2026-03-11T00:00"), words="leave", approved=False),)},
            [("E06", "warn", "LEAVE_REQUESTED")],
            id="leave that was only asked for",
        ),
        pytest.param(
            DAY,
            {"away": (Away(interval=between("2026-03-10T20:00", "2026-03-11T00:00"), words="leave"),)},
            [],
            id="leave from the end of the shift on",
        ),
        pytest.param(DAY, {"absent_since": TENTH}, [("E07", BLOCKED, "ABSENT")], id="ill since that day"),
        pytest.param(DAY, {"absent_since": date(2026, 3, 11)}, [], id="ill from the next day on"),
        pytest.param(
            DAY,
            {"said": (Said(interval=between("2026-03-10T19:59", "2026-03-10T22:00"), presence=Presence.UNAVAILABLE),)},
            [("E08", BLOCKED, "UNAVAILABLE")],
            id="not available for the last minute",
        ),
        pytest.param(
            DAY,
            {"said": (Said(interval=between("2026-03-10T08:00", "2026-03-10T20:00"), presence=Presence.PREFERRED),)},
            [],
            id="a time they like",
        ),
        pytest.param(DAY, {"average_hours": Decimal(48)}, [], id="48 hours on average"),
        pytest.param(
            DAY, {"average_hours": Decimal("48.01")}, [("E11", BLOCKED, "AVG_48H")], id="a minute more on average"
        ),
        pytest.param(DAY, {"week_hours": Decimal(40), "most_week_hours": Decimal(52)}, [], id="up to their limit"),
        pytest.param(
            DAY,
            {"week_hours": Decimal("40.5"), "most_week_hours": Decimal(52)},
            [("E12", "warn", "WEEK_LIMIT")],
            id="beyond their limit",
        ),
        pytest.param(
            NIGHT,
            {"born": date(2008, 3, 11)},
            [("E15", BLOCKED, "YOUNG_NIGHT_WORK"), ("E15", BLOCKED, "YOUNG_LONG_DAY"),
             ("E15", BLOCKED, "YOUNG_LATE_OR_EARLY")],
            id="17 for a day still",
        ),
        pytest.param(NIGHT, {"born": date(2008, 3, 10)}, [], id="18 on the day"),
        pytest.param(
            a_slot("2026-03-10T08:00", "2026-03-10T14:00"),
            {"born": date(2009, 1, 1), "shifts": (held("2026-03-10T08:00", "2026-03-10T14:00", 501),)},
            [],
            id="under 18 and this very shift",
        ),
        pytest.param(
            a_slot("2026-03-10T08:00", "2026-03-10T14:00"),
            {"born": date(2009, 1, 1), "shifts": (held("2026-03-09T13:00", "2026-03-09T20:30"),)},
            [("E09", BLOCKED, "REST_LT_12H")],
            id="under 18 twelve hours of rest are needed",
        ),
        pytest.param(DAY, {"scopes": {1: Scope.RELIEF}}, [], id="helps out in this home"),
        pytest.param(DAY, {"scopes": {1: Scope.NEVER}}, [("E16", BLOCKED, "OUT_OF_HOME_SCOPE")], id="not to work here"),
        pytest.param(
            a_slot("2026-03-10T17:00", "2026-03-10T20:00"),
            {"shifts": (held("2026-03-10T08:00", "2026-03-10T12:00"),)},
            [("E18", "warn", "DOUBLE_DAY")],
            id="a second shift on the day",
        ),
        pytest.param(NIGHT, {"no_nights": True}, [("E20", BLOCKED, "NO_NIGHTS")], id="no nights"),
        pytest.param(DAY, {"no_nights": True}, [], id="no nights, but a day"),
    ],
)  # fmt: skip
def test_a_rule_says_what_it_is_for(slot: Slot, facts: Mapping[str, Any], expected: list[tuple[str, str, str]]) -> None:
    assert said(judge(slot, somebody(**facts))) == expected


def test_what_is_said_names_the_figures_and_what_would_mend_it() -> None:
    who = somebody(
        certificates={"FIRE": (certificate(date(2026, 3, 9), 3301),)},
        shifts=(held("2026-03-09T14:00", "2026-03-09T22:00", 44),),
        average_hours=Decimal("48.44"),
        opted_out_on=date(2026, 1, 2),
    )

    fire, rest, average = judge(NEEDS, who).findings

    assert fire.text == "Fire safety expired on 9 March 2026"
    assert fire.fix == "book Fire safety for a day before 10 March 2026"
    assert fire.evidence == {"certificate_id": 3301}
    assert rest.text == "10 hours of rest beside another shift (needs 11)"
    assert average.text == "48.4 hours a week on average; agreed to that on 2 January 2026"


def test_whom_only_one_thing_keeps_from_it_is_a_near_miss() -> None:
    one, two = judge(DAY, somebody(absent_since=TENTH)), judge(DAY, somebody(absent_since=TENTH, scopes={}))

    assert (one.is_near_miss, two.is_near_miss, judge(DAY, somebody()).is_near_miss) == (True, False, False)


def test_a_break_of_the_rules_that_was_there_before_keeps_nobody_from_another_shift() -> None:
    before = (held("2026-03-08T14:00", "2026-03-08T22:00", 1), held("2026-03-09T07:00", "2026-03-09T15:00", 2))
    assert instant(TENTH, time(8), LONDON) - before[1].interval.ends_at > timedelta(hours=11)

    assert said(judge(DAY, somebody(shifts=before))) == []
