"""What accepting an event costs among 2,000 active workflows, as a ratio to the cost among 20; three match each time.

Each event is one transaction, as it is when somebody asks for leave; the engine stands still. The two databases are
asked in turn, so that both have the same share of a noisy machine. Medians of five rounds after one that is not
counted.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count
from time import perf_counter

from sqlalchemy import insert
from sqlalchemy.orm import Session

from benchmarks.house import a_home_with_manager, cause, flow_on_new_database
from benchmarks.row import ROUNDS, Goal, Row
from benchmarks.table import show
from flowapp.bootstrap import Flow
from flowapp.events.event import StaffFacts, UserFacts
from flowapp.events.leave import LeaveContext, LeaveFacts, LeaveRequested
from flowapp.events.outbox import record
from flowapp.kernel.ids import new_uid
from flowapp.workflows.library import AUTO_APPROVE
from flowapp.workflows.workflow import Subscription, Version, Workflow, WorkflowStatus

FEW, MANY, MATCHING = 20, 2_000, 3
EVENTS = 300
MOST = 1.5
_numbers = count(1)


def rows() -> list[Row]:
    """Measure both in turn."""
    with flow_on_new_database() as few, flow_on_new_database() as many:
        homes = [furnish(flow, number) for flow, number in ((few, FEW), (many, MANY))]
        rounds = [
            [milliseconds(flow, home) for flow, home in zip((few, many), homes, strict=True)] for _ in range(1 + ROUNDS)
        ]
    of_few, of_many = zip(*rounds[1:], strict=True)
    return [
        Row(
            key="accepting",
            words=f"an event of {MATCHING} runs among {MANY:,} workflows",
            unit="ms",
            figures=of_many,
            beside=f"among {FEW} workflows",
            references=of_few,
            goal=Goal(at_most=MOST, ratio=True),
        )
    ]


def furnish(flow: Flow, number: int) -> int:
    """Write this many active workflows, of which three wait for leave in the home that is answered."""
    home_id, owner_id = flow.database.write(a_home_with_manager)
    at = cause().at
    elsewhere = home_id + 1
    homes = [home_id if n < MATCHING or n % 2 else elsewhere for n in range(number)]
    events = [
        "leave_requested" if n < MATCHING or home == elsewhere else "leave_cancelled" for n, home in enumerate(homes)
    ]

    def write(session: Session) -> None:
        session.execute(insert(Workflow), [
            {"id": n + 1, "uid": new_uid(at), "name": f"W{n}", "category": "leave", "home_id": home,
             "status": WorkflowStatus.ACTIVE, "owner_id": owner_id, "current_version": 1, "rev": 1,
             "created_at": at, "updated_at": at}
            for n, home in enumerate(homes)
        ])  # fmt: skip
        session.execute(insert(Version), [
            {"id": n + 1, "workflow_id": n + 1, "number": 1, "document": AUTO_APPROVE, "sha256": "x", "note": "",
             "published_at": at, "published_by_id": None}
            for n in range(number)
        ])  # fmt: skip
        session.execute(insert(Subscription), [
            {"workflow_id": n + 1, "version_id": n + 1, "trigger_id": "asked", "trigger_type": "event",
             "event_type": event, "home_id": home, "when": None}
            for n, (home, event) in enumerate(zip(homes, events, strict=True))
        ])  # fmt: skip

    flow.database.write(write)
    return home_id


def milliseconds(flow: Flow, home_id: int) -> float:
    """Record the events, and answer how long each took."""
    start = perf_counter()
    for _ in range(EVENTS):
        event = leave_event(home_id)
        flow.database.write(lambda session, event=event: record(session, event))
    return (perf_counter() - start) / EVENTS * 1000


def leave_event(home_id: int) -> LeaveRequested:
    """Answer the event of somebody asking for a day of leave."""
    day, number = date(2027, 6, 7), next(_numbers)
    size = {"days": Decimal(1), "hours": Decimal("7.5"), "calendar_days": 1}
    context = LeaveContext.model_construct(
        leave_request_id=number, staff_id=1, user_id=1, care_home_id=home_id, leave_type="ANNUAL", notice_days=14,
        balance_before=Decimal(210), balance_after=Decimal("202.5"), **size,
        leave=LeaveFacts.model_construct(
            type="ANNUAL", start=day, start_part="all", end=day, end_part="all", reason="", **size
        ),
        staff=StaffFacts.model_construct(id=1, name="P", email="p@example.org", role="Carer"),
        user=UserFacts.model_construct(id=1, name="P", role="Staff"),
    )  # fmt: skip
    return LeaveRequested(subject_id=number, care_home_id=home_id, cause=cause(), context=context)


if __name__ == "__main__":
    show(rows())
