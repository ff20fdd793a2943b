"""The half year of leave behind the demo: proportions, balances, and the runs it started."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flowapp.engine.execution import LIVE as UNFINISHED
from flowapp.engine.execution import Execution, ExecutionStatus, StepExecution, StepStatus
from flowapp.events.outbox import EventRecord
from flowapp.rota.leave import GRANTED, LIVE, LeaveRequest, LeaveStatus
from flowapp.rota.leave_balance import LeaveEntitlement, LedgerEntry, LedgerKind
from flowapp.rota.leave_days import DayPart, fits
from flowapp.rota.staff import Staff
from tests.cli.made_demo import SHOWN, Made

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
A_DAY = timedelta(days=1)


@pytest.fixture(name="look", scope="module")
def _look(the_demo: Made) -> Iterator[Session]:
    with the_demo.opened() as flow, flow.database.read() as session:
        yield session


@pytest.fixture(name="leave", scope="module")
def _leave(look: Session) -> list[LeaveRequest]:
    return list(look.scalars(select(LeaveRequest).order_by(LeaveRequest.id)))


def share(leave: list[LeaveRequest], test: object) -> float:
    """Answer how many of a hundred requests pass a test."""
    assert callable(test)
    return 100 * sum(map(test, leave)) / len(leave)


def test_every_step_of_the_past_could_be_taken(the_demo: Made) -> None:
    assert the_demo.warned == ()


def test_people_ask_about_seven_times_a_year(leave: list[LeaveRequest]) -> None:
    assert 6 < len(leave) / 120 * 2 < 8


@pytest.mark.parametrize(
    ("statuses", "least", "most"),
    [
        ({*GRANTED}, 80, 88),
        ({LeaveStatus.REJECTED}, 4, 8),
        ({LeaveStatus.CANCELLED, LeaveStatus.WITHDRAWN}, 3, 7),
        ({LeaveStatus.REQUESTED}, 3, 7),
    ],
)
def test_outcomes_are_those_of_real_homes(
    leave: list[LeaveRequest], statuses: set[LeaveStatus], least: int, most: int
) -> None:
    assert least <= share(leave, lambda each: each.status in statuses) <= most


def test_leave_behind_us_is_taken_and_none_of_it_still_waits(leave: list[LeaveRequest]) -> None:
    behind = Counter(each.status for each in leave if each.end_date < SHOWN)
    assert behind[LeaveStatus.TAKEN] > 100
    assert not behind.keys() & {LeaveStatus.APPROVED, LeaveStatus.REQUESTED, LeaveStatus.CANCEL_REQUESTED}
    assert LeaveStatus.TAKEN not in {each.status for each in leave if each.end_date >= SHOWN}


def test_leave_is_as_long_and_as_early_asked_for_as_in_real_homes(leave: list[LeaveRequest]) -> None:
    assert 28 < share(leave, lambda each: each.days <= 1) < 40
    assert 20 < share(leave, lambda each: each.days > 3) < 36
    assert 3 < share(leave, lambda each: {each.start_part, each.end_part} != {DayPart.ALL}) < 9
    ahead = sorted((each.start_date - each.requested_at.date()).days for each in leave)
    assert 30 < ahead[len(ahead) // 2] < 60
    assert ahead[0] > 0


def test_more_leave_begins_in_summer_than_in_autumn(leave: list[LeaveRequest]) -> None:
    months = Counter(each.start_date.month for each in leave)
    assert months[7] + months[8] > 1.3 * (months[9] + months[10])


def test_nobody_is_away_twice_at_once(leave: list[LeaveRequest]) -> None:
    by_person = defaultdict(list)
    for each in leave:
        if each.status in LIVE:
            assert all(fits(each.period, other) for other in by_person[each.staff_id])
            by_person[each.staff_id].append(each.period)


def test_every_request_takes_the_hours_that_were_to_be_worked(look: Session, leave: list[LeaveRequest]) -> None:
    weeks = dict(look.execute(select(Staff.id, Staff.pattern)).all())
    for each in leave:
        days = [each.start_date + A_DAY * number for number in range((each.end_date - each.start_date).days + 1)]
        hours = sum(Decimal(weeks[each.staff_id].get(WEEKDAYS[day.weekday()], 0)) * part_of(each, day) for day in days)
        assert each.hours == hours, each.id


def part_of(leave: LeaveRequest, day: date) -> Decimal:
    """Answer which part of a day is taken."""
    if day == leave.start_date and leave.start_part != DayPart.ALL:
        return Decimal("0.5")
    return Decimal("0.5") if day == leave.end_date and leave.end_part != DayPart.ALL else Decimal(1)


def test_every_ledger_equals_a_recount(look: Session, leave: list[LeaveRequest]) -> None:
    requests, taken, left = {each.id: each for each in leave}, defaultdict(Decimal), defaultdict(Decimal)
    for entry in look.scalars(select(LedgerEntry).order_by(LedgerEntry.id)):
        left[entry.entitlement_id] += entry.hours
        assert entry.balance_after == left[entry.entitlement_id] >= 0
        if entry.kind in (LedgerKind.TAKE, LedgerKind.REFUND):
            taken[entry.leave_request_id] -= entry.hours
    for id_, request in requests.items():
        assert taken[id_] == (request.hours if request.status in GRANTED else 0)


def test_everybody_has_this_leave_year_and_the_next_and_some_carried_hours_in(look: Session) -> None:
    years = look.execute(select(LeaveEntitlement.staff_id, LeaveEntitlement.year_start)).all()
    assert Counter(start for _, start in years) == {date(2026, 4, 1): 120, date(2027, 4, 1): 120}
    carried = look.scalar(select(func.count()).where(LedgerEntry.kind == LedgerKind.CARRY_IN)) or 0
    assert 10 < carried < 40


def test_a_full_year_is_five_point_six_weeks(look: Session) -> None:
    query = (
        select(LedgerEntry.hours, Staff.contracted_hours)
        .join(LeaveEntitlement, LeaveEntitlement.id == LedgerEntry.entitlement_id)
        .join(Staff, Staff.id == LeaveEntitlement.staff_id)
        .where(LedgerEntry.kind == LedgerKind.GRANT, LeaveEntitlement.year_start == date(2027, 4, 1))
    )
    for granted, weekly in look.execute(query):
        assert Decimal(0) <= granted - weekly * Decimal("5.6") < Decimal("0.1")


def test_every_event_started_the_workflows_that_wait_for_it(look: Session, leave: list[LeaveRequest]) -> None:
    events = Counter(look.scalars(select(EventRecord.type).where(EventRecord.subject_type == "leave_request")))
    assert events["leave_requested"] == len(leave)
    by_people = {each.id for each in leave if each.decided_by and not each.auto_decided}
    given_back = select(func.count()).select_from(Execution).where(Execution.trigger_id == "given_back")
    runs = look.scalar(select(func.count()).select_from(Execution)) or 0
    weekly = 1  # the compliance check
    assert runs == len(leave) + len(by_people) + (look.scalar(given_back) or 0) + weekly
    assert 0 < (look.scalar(given_back) or 0) <= events["leave_cancelled"]


def test_the_engine_has_nothing_left_to_do(look: Session) -> None:
    assert look.scalar(select(func.count()).where(Execution.status.in_(UNFINISHED))) == 0
    waiting = (StepStatus.PENDING, StepStatus.RUNNING, StepStatus.WAITING)
    assert look.scalar(select(func.count()).where(StepExecution.status.in_(waiting))) == 0


def test_one_run_failed_for_a_reason_that_can_be_mended(look: Session) -> None:
    (failed,) = look.scalars(select(Execution).where(Execution.status == ExecutionStatus.FAILED))
    assert failed.error is not None
    assert failed.error["code"] == "unknown_recipient"
    assert "elspeth.gunn@example.org" in failed.reason
    assert (SHOWN - failed.created_at.date()).days < 10


def test_managers_have_decided_and_nobody_decided_their_own_leave(look: Session, leave: list[LeaveRequest]) -> None:
    staff_of = dict(look.execute(select(Staff.id, Staff.name)).all())
    decided = [each for each in leave if each.decided_at and not each.auto_decided]
    assert {each.decided_by for each in decided} >= {"Maya Reid", "Iain Lennox", "Grace Whitcombe"}
    assert all(each.decided_by != staff_of[each.staff_id] for each in decided)
    assert all(timedelta(hours=9) < each.decided_at - each.requested_at < timedelta(days=5) for each in decided)


def test_what_waits_was_asked_for_lately_and_all_of_it_is_too_long_to_be_approved_at_once(
    leave: list[LeaveRequest],
) -> None:
    for each in leave:
        if each.status == LeaveStatus.REQUESTED:
            assert each.days > 3
            assert (SHOWN - each.requested_at.date()).days <= 12
