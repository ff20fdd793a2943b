"""A day on which two hundred people ask for leave, all at once, in two homes."""

from __future__ import annotations

import random
import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.accounts.roles import Role
from flowapp.accounts.users import create_user, person_of
from flowapp.bootstrap import Flow
from flowapp.cli.demo.workflows import AUTO_APPROVE
from flowapp.engine.execution import Execution, ExecutionStatus
from flowapp.events.cause import SYSTEM, Cause
from flowapp.kernel.errors import Refused
from flowapp.rota.leave import LeaveRequest, LeaveStatus
from flowapp.rota.leave_balance import LeaveEntitlement, LedgerEntry
from flowapp.rota.leave_decisions import approve, reject, take_back
from tests.cast import Cast
from tests.factories import a_member, a_workflow, cause_of, leave_asked

PEOPLE, REQUESTS, THREADS = 20, 200, 4
A_WEDNESDAY = date(2027, 3, 31)  # the last day of a leave year, so that some leave runs over its end


def test_every_ledger_equals_an_independent_recount(flow: Flow, cast: Cast) -> None:
    for home_id, manager in ((cast.rose, cast.maya), (cast.elm, cast.erin)):
        a_workflow(flow, manager, AUTO_APPROVE, home_id=home_id)
    people = [_somebody(flow, number, (cast.rose, cast.elm)[number % 2]) for number in range(PEOPLE)]

    _all_at_once(flow, [_ask(flow, people[n % PEOPLE], n) for n in range(REQUESTS)])
    while flow.worker.run_due():
        pass
    _all_at_once(flow, [_look_after(flow, cast, id_) for id_ in _asked(flow)])

    with flow.database.read() as session:
        runs = session.scalars(select(Execution.status)).all()
        requests = session.scalars(select(LeaveRequest)).all()
        assert set(runs) == {ExecutionStatus.COMPLETED}
        assert len(runs) == len(requests) > REQUESTS / 2
        # what a rule forbade in the order in which it came stays undecided
        assert {request.status for request in requests} - {LeaveStatus.REQUESTED} == {
            LeaveStatus.APPROVED, LeaveStatus.REJECTED, LeaveStatus.CANCELLED,
        }  # fmt: skip
        assert _last_balances(session) == _recount(session)


def _somebody(flow: Flow, number: int, home_id: int) -> Person:
    def write(session: Session) -> int:
        at = flow.clock.now()
        name = f"Carer{number}"
        staff_id = a_member(session, at, name=name, home_id=home_id)
        cause = Cause(actor=SYSTEM, at=at)
        email = f"{name.lower()}@example.org"
        return create_user(
            session, cause, email=email, name=name, role=Role.STAFF, staff_id=staff_id, home_ids=[home_id]
        )

    user_id = flow.database.write(write)
    with flow.database.read() as session:
        found = person_of(session, user_id)
    assert found is not None
    return found


def _ask(flow: Flow, person: Person, number: int) -> Callable[[], object]:
    chance = random.Random(number)
    start = A_WEDNESDAY + timedelta(weeks=number // PEOPLE, days=chance.randrange(3))
    end = start + timedelta(days=chance.choice((0, 1, 6)))
    part = chance.choice(("all", "am")) if end == start else "all"
    return lambda: leave_asked(flow, person, start=start, end=None if end == start else end, part=part)


def _asked(flow: Flow) -> list[int]:
    with flow.database.read() as session:
        return list(session.scalars(select(LeaveRequest.id)))


def _look_after(flow: Flow, cast: Cast, request_id: int) -> Callable[[], object]:
    """What people do afterwards: the manager decides what waits, and some give leave back."""

    def act() -> None:
        with flow.database.read() as session:
            request = session.get_one(LeaveRequest, request_id)
        manager = cast.maya if request.home_id == cast.rose else cast.erin
        cause = cause_of(manager, flow.clock.now())
        if request.status == LeaveStatus.REQUESTED:
            if request_id % 4:
                flow.database.write(lambda s: approve(s, cause, manager, request_id))
            else:
                flow.database.write(lambda s: reject(s, cause, manager, request_id, reason="Too few people"))
        elif request_id % 5 == 0:
            flow.database.write(lambda s: take_back(s, cause, manager, request_id))

    return act


def _all_at_once(flow: Flow, jobs: list[Callable[[], object]]) -> None:
    """Do the jobs in several threads; leave that a rule forbids is simply not had."""
    failed: list[BaseException] = []

    def work(mine: list[Callable[[], object]]) -> None:
        for job in mine:
            try:
                job()
            except Refused:
                continue
            except BaseException as error:
                failed.append(error)
                return

    threads = [threading.Thread(target=work, args=(jobs[n::THREADS],)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []


def _last_balances(session: Session) -> dict[int, Decimal]:
    return {
        entry.entitlement_id: entry.balance_after
        for entry in session.scalars(select(LedgerEntry).order_by(LedgerEntry.id))
    }


def _recount(session: Session) -> dict[int, Decimal]:
    """Count from the requests alone: 210 hours a year, less 7.5 for each weekday of approved leave in it.

    Carers work by a pattern here, bank holidays too.
    """
    year_of = {(each.staff_id, each.year_start): each.id for each in session.scalars(select(LeaveEntitlement))}
    left: dict[int, Decimal] = defaultdict(lambda: Decimal(210))
    for id_ in year_of.values():
        left[id_] += 0
    approved = select(LeaveRequest).where(LeaveRequest.status == LeaveStatus.APPROVED)
    for request in session.scalars(approved):
        day = request.start_date
        while day <= request.end_date:
            if day.weekday() < 5:
                year = date(day.year if day >= date(day.year, 4, 1) else day.year - 1, 4, 1)
                hours = Decimal("3.75") if request.start_part != "all" else Decimal("7.5")
                left[year_of[(request.staff_id, year)]] -= hours
            day += timedelta(days=1)
    return dict(left)
