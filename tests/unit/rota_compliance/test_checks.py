"""Checks of a home: what they raise, what they find again, and what they find no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.accounts.roles import Role
from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.errors import NotAllowed, NotFound, Refused
from flowapp.rota import shift_changes
from flowapp.rota.compliance import changes, checks, rule_changes
from flowapp.rota.compliance.check import CheckStatus, ComplianceCheck
from flowapp.rota.compliance.rule import Rule
from flowapp.rota.compliance.violation import ComplianceViolation, ViolationStatus
from flowapp.rota.leave_decisions import approve
from flowapp.rota.shift_assigning import Overruling
from flowapp.rota.shift_plan import ShiftPlan
from flowapp.rota.shifts import Shift
from flowapp.rota.staff import JobRole, Staff
from tests.cast import Cast
from tests.factories import cause_of, leave_asked
from tests.unit.rota_compliance.reporting import do, events, told

MONDAY = date(2026, 11, 23)
LATE, EARLY = (time(13), time(22)), (time(7), time(15))
SHORT_REST = "WTD_REST_11_HOURS"


def shift(flow: Flow, home_id: int, who: Person, day: date, times: tuple[time, time], planner: Person) -> int:
    """Plan a shift of somebody, with a break of an hour, whatever the rules say."""
    plan = ShiftPlan(unit_id=None, role=JobRole.CARER, date=day, start=times[0], end=times[1], unpaid_break_minutes=60)
    cause, staff_id = cause_of(planner, flow.clock.now()), who.staff_id
    despite = Overruling(
        rules=frozenset({"E08", "E09", "E10", "E11", "E12", "E13", "E14", "E18"}), reason="Nobody else is there"
    )
    regional = replace(planner, role=Role.REGIONAL)
    return flow.database.write(
        lambda session: shift_changes.create(
            session, cause, regional, home_id=home_id, plan=plan, staff_id=staff_id, overruling=despite
        )
    )


def late_then_early(flow: Flow, cast: Cast, day: date = MONDAY) -> int:
    """Plan a late and then an early of Dan's, and answer the number of the early."""
    shift(flow, cast.rose, cast.dan, day, LATE, cast.maya)
    return shift(flow, cast.rose, cast.dan, day + timedelta(days=1), EARLY, cast.maya)


def check(flow: Flow, who: Person, home_id: int, first: date | None = None, last: date | None = None) -> int:
    """Have a home checked, and answer the check's number."""
    cause = cause_of(who, flow.clock.now())
    number = flow.database.write(
        lambda session: checks.ask(session, cause, who, home_id=home_id, first=first, last=last)
    )
    assert checks.run_waiting(flow.database, flow.clock.now(), seconds=60) == 1
    return number


def record(flow: Flow, number: int) -> ComplianceCheck:
    """Read a check."""
    with flow.database.read() as session:
        return session.scalars(select(ComplianceCheck).where(ComplianceCheck.id == number)).one()


def violations(flow: Flow) -> list[ComplianceViolation]:
    """Read every violation."""
    with flow.database.read() as session:
        return list(session.scalars(select(ComplianceViolation).order_by(ComplianceViolation.id)))


def test_a_check_writes_down_what_it_finds_with_its_evidence(flow: Flow, cast: Cast) -> None:
    late_then_early(flow, cast)
    number = check(flow, cast.maya, cast.rose)
    found = record(flow, number)
    assert (found.status, found.found, found.raised, found.resolved, found.shifts, found.asked_by) == (
        CheckStatus.DONE, 1, 1, 0, 2, "Maya")  # fmt: skip
    assert (found.first_day, found.last_day) == (date(2026, 11, 16), date(2026, 12, 13))
    (violation,) = violations(flow)
    assert (violation.rule, violation.staff_id, violation.check_id, violation.raised_by) == (
        SHORT_REST, cast.dan.staff_id, number, "FlowApp")  # fmt: skip
    assert "the least 9 hours on Monday 23 November 2026" in violation.description
    assert events(flow) == ["compliance_violation", "working_time_breach"]


def test_checking_again_changes_nothing_and_tells_nothing(flow: Flow, cast: Cast) -> None:
    late_then_early(flow, cast)
    check(flow, cast.maya, cast.rose)
    again = record(flow, check(flow, cast.maya, cast.rose))
    assert (again.found, again.raised, again.resolved) == (1, 0, 0)
    assert len(events(flow)) == 2
    assert violations(flow)[0].version == 1


def test_whoever_tells_of_it_without_facts_leaves_those_that_a_check_found(flow: Flow, cast: Cast) -> None:
    late_then_early(flow, cast)
    check(flow, cast.maya, cast.rose)
    (before,) = violations(flow)
    again = told(flow, cast.maya, rule=SHORT_REST, staff_id=cast.dan.staff_id, description=before.description)
    (after,) = violations(flow)
    assert (again.created, after.evidence, after.first_day, after.version) == (
        False, before.evidence, before.first_day, 1)  # fmt: skip
    assert after.evidence


def test_what_is_found_no_more_is_put_right(flow: Flow, cast: Cast) -> None:
    early = late_then_early(flow, cast)
    check(flow, cast.maya, cast.rose)
    do(flow, shift_changes.unassign, cast.maya, early)
    assert record(flow, check(flow, cast.maya, cast.rose)).resolved == 1
    (violation,) = violations(flow)
    assert (violation.status, violation.closed_by) == (ViolationStatus.RESOLVED, "FlowApp")
    assert violation.resolution == "The check of 23 November 2026 finds it no more."
    assert events(flow)[-1] == "violation_resolved"


def test_what_lies_outside_the_days_looked_at_stays_as_it_is(flow: Flow, cast: Cast) -> None:
    early = late_then_early(flow, cast)
    check(flow, cast.maya, cast.rose)
    do(flow, shift_changes.unassign, cast.maya, early)
    later = MONDAY + timedelta(days=7)
    assert record(flow, check(flow, cast.maya, cast.rose, later, later + timedelta(days=6))).resolved == 0


def test_what_people_and_workflows_told_of_is_theirs_to_put_right(flow: Flow, cast: Cast) -> None:
    told(flow, cast.maya, staff_id=cast.dan.staff_id)
    assert record(flow, check(flow, cast.maya, cast.rose)).resolved == 0


def test_work_in_another_home_counts(flow: Flow, cast: Cast) -> None:
    shift(flow, cast.rose, cast.dan, MONDAY, LATE, cast.maya)
    early = shift(flow, cast.rose, cast.dan, MONDAY + timedelta(days=1), EARLY, cast.maya)
    flow.database.write(lambda session: _at_elm(session, cast, early))
    check(flow, cast.maya, cast.rose)
    assert [each.staff_id for each in violations(flow)] == [cast.dan.staff_id]


def _at_elm(session: Session, cast: Cast, shift_id: int) -> None:
    session.execute(update(Shift).where(Shift.id == shift_id).values(home_id=cast.elm))


def test_days_of_leave_are_left_out_of_the_average(flow: Flow, cast: Cast) -> None:
    """Five days of leave in a reference of one week: what is worked in the next week stands in for them."""
    flow.database.write(lambda session: _started(session, cast))
    monday = date(2026, 12, 7)
    leave_id = leave_asked(flow, cast.dan, start=monday, end=monday + timedelta(days=4))
    cause = cause_of(cast.maya, flow.clock.now())
    flow.database.write(lambda session: approve(session, cause, cast.maya, leave_id))
    for day in range(7, 12):
        shift(flow, cast.rose, cast.dan, monday + timedelta(days=day), (time(8), time(20)), cast.maya)
    check(flow, cast.maya, cast.rose, monday, monday + timedelta(days=6))
    assert [each.rule for each in violations(flow)] == ["WTD_48_HOURS"]


def _started(session: Session, cast: Cast) -> None:
    session.execute(update(Staff).where(Staff.id == cast.dan.staff_id).values(start_date=date(2026, 12, 7)))


def test_whoever_has_left_is_not_looked_at(flow: Flow, cast: Cast) -> None:
    late_then_early(flow, cast)
    check(flow, cast.maya, cast.rose)
    flow.database.write(lambda session: _left(session, cast))
    assert record(flow, check(flow, cast.maya, cast.rose)).resolved == 1


def _left(session: Session, cast: Cast) -> None:
    session.execute(update(Staff).where(Staff.id == cast.dan.staff_id).values(status="leaver"))


def test_a_rule_that_is_switched_off_is_neither_looked_at_nor_put_right(flow: Flow, cast: Cast) -> None:
    late_then_early(flow, cast)
    check(flow, cast.maya, cast.rose)
    cause = cause_of(cast.ada, flow.clock.now())
    off: Rule = flow.database.write(
        lambda session: rule_changes.update(session, cause, cast.ada, SHORT_REST, is_active=False)
    )
    assert not off.is_active
    found = record(flow, check(flow, cast.maya, cast.rose))
    assert (found.found, found.resolved) == (0, 0)


def test_the_tick_does_what_waits(flow: Flow, cast: Cast) -> None:
    cause = cause_of(cast.maya, flow.clock.now())
    for _ in range(2):  # asking again while one waits is one check
        flow.database.write(lambda session: checks.ask(session, cause, cast.maya, home_id=cast.rose))
    assert [flow.tick().done["checks"] for _ in range(2)] == [1, 0]


def test_a_check_that_goes_wrong_says_so_and_the_others_go_on(
    flow: Flow, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cause = cause_of(cast.ada, flow.clock.now())
    for home_id in (cast.rose, cast.elm):
        flow.database.write(lambda session, id_=home_id: checks.ask(session, cause, cast.ada, home_id=id_))  # type: ignore[misc]
    looked = checks.look

    def trips_at_rose(*given: object) -> object:
        if given[2] == cast.rose:
            raise ZeroDivisionError
        return looked(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(checks, "look", trips_at_rose)
    assert checks.run_waiting(flow.database, flow.clock.now(), seconds=60) == 2
    with flow.database.read() as session:
        found = session.execute(select(ComplianceCheck.status, ComplianceCheck.trouble)).all()
    assert [tuple(each) for each in found] == [(CheckStatus.FAILED, "ZeroDivisionError"), (CheckStatus.DONE, "")]


@pytest.mark.parametrize(("who", "error"), [("dan", NotFound), ("erin", NotFound), ("vic", NotFound)])
def test_who_may_not_ask_for_a_check(flow: Flow, cast: Cast, who: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        check(flow, getattr(cast, who), cast.rose)


@pytest.mark.parametrize(
    ("first", "last"),
    [(MONDAY, MONDAY - timedelta(days=1)), (MONDAY, MONDAY + timedelta(days=93)), (date(1, 1, 1), date(1, 1, 2)),
     (date(9999, 12, 1), date(9999, 12, 31))],
)  # fmt: skip
def test_days_that_make_no_sense_are_refused(flow: Flow, cast: Cast, first: date, last: date) -> None:
    with pytest.raises(Refused):
        check(flow, cast.maya, cast.rose, first, last)


@pytest.mark.parametrize(
    ("given", "path"),
    [({"parameters": {"weeks": 0}}, "parameters.weeks"), ({"parameters": {"months": 3}}, "parameters.months"),
     ({"parameters": {"weeks": 10**9}}, "parameters.weeks"), ({"name": " "}, "name"), ({"name": "x" * 121}, "name")],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_refused(flow: Flow, cast: Cast, given: dict[str, object], path: str) -> None:
    cause = cause_of(cast.ada, flow.clock.now())
    with pytest.raises(Refused) as refused:
        flow.database.write(lambda session: rule_changes.update(session, cause, cast.ada, "WTD_48_HOURS", **given))
    assert refused.value.problems[0].path == path


@pytest.mark.parametrize(("who", "error"), [("maya", NotAllowed), ("hana", NotAllowed), ("dan", NotFound)])
def test_the_rules_are_the_organisations(flow: Flow, cast: Cast, who: str, error: type[Exception]) -> None:
    person = getattr(cast, who)
    cause = cause_of(person, flow.clock.now())
    with pytest.raises(error):
        flow.database.write(
            lambda session: rule_changes.update(session, cause, person, "WTD_48_HOURS", is_active=False)
        )


def test_a_risk_that_was_accepted_is_not_put_right_by_a_check(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    early = late_then_early(flow, cast)
    check(flow, cast.maya, cast.rose)
    until = MONDAY + timedelta(days=30)
    do(flow, changes.accept_risk, cast.ada, violations(flow)[0].id, until=until, reason="A wedding.")
    do(flow, shift_changes.unassign, cast.maya, early)
    assert record(flow, check(flow, cast.maya, cast.rose)).resolved == 0
