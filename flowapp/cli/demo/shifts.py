"""Writing the rota of the demo.

The weeks that are over are brought in as another system would hand them over: as rows, worked, with no events, since
nothing of it happens now. From this week on each manager plans and publishes the shifts as on the page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.people import Person
from flowapp.cli.demo.accounts import Written, as_somebody
from flowapp.cli.demo.days import Days
from flowapp.cli.demo.history import Deed, Requests, Step
from flowapp.cli.demo.needs import needing
from flowapp.cli.demo.people import Colleague
from flowapp.cli.demo.rota import DAY, NIGHT, Post, first_day, monday_of, rota_of
from flowapp.cli.demo.wishes import Wish
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Refused
from flowapp.kernel.ids import new_uid
from flowapp.rota import shift_changes
from flowapp.rota.homes import home
from flowapp.rota.publishing.publish import publish_week
from flowapp.rota.shift_assigning import Overruling
from flowapp.rota.shift_plan import ShiftPlan, timed
from flowapp.rota.shift_writing import columns_of
from flowapp.rota.shifts import Shift, ShiftStatus
from flowapp.rota.staff import JobRole, staff_of
from flowapp.rota.week.week import week_of

BREAK_MINUTES = 60
PLANNED_ALL_THE_SAME = Overruling(rules=frozenset({"E06", "E10"}), reason="Planned before the leave was asked for")
PLANNED_AHEAD = timedelta(days=28)
PUBLISHED_AHEAD = timedelta(days=14)  # later weeks are not shown to staff yet


def shifts_of(people: Sequence[Colleague], wishes: Sequence[Wish], written: Written, days: Days) -> Iterator[Step]:
    """Go through the homes: first what lies behind each, then each week from this one on."""
    managers = {who.home: written.accounts[who.email] for who in people if who.role is JobRole.MANAGER}
    behind: defaultdict[int, list[Post]] = defaultdict(list)
    ahead: defaultdict[tuple[int, date], list[Post]] = defaultdict(list)
    for post in rota_of(people, wishes, days):
        if post.day < monday_of(days.as_of):
            behind[post.home].append(post)
        else:
            ahead[post.home, monday_of(post.day)].append(post)
    for place, posts in behind.items():
        yield Step(at=days.end, do=_bringing_in(posts, written, managers[place], days))
    for place, manager in managers.items():
        yield Step(at=days.end, do=needing(place, written, manager, first_day(days)))
    for (place, monday), posts in ahead.items():
        published = monday <= days.as_of + PUBLISHED_AHEAD
        yield Step(at=days.end, do=_planning(posts, written, managers[place], published=published))


def _bringing_in(posts: Sequence[Post], written: Written, manager: int, days: Days) -> Deed:
    def bring_in(session: Session, at: datetime, _requests: Requests) -> None:
        _, cause = as_somebody(session, manager, at)
        home_id = written.homes[posts[0].home]
        session.execute(insert(Shift), [_row(post, written, days) for post in posts])
        after = {"shifts": len(posts), "from": posts[0].day, "to": posts[-1].day}
        audit.write(
            session, cause, action="shift.import", entity="care_home", entity_id=home_id, home_id=home_id, after=after
        )

    return bring_in


def _row(post: Post, written: Written, days: Days) -> dict[str, Any]:
    plan, zone = _plan_of(post, written), days.zone.key
    work = timed(plan, zone)
    planned_at = days.at(monday_of(post.day) - PLANNED_AHEAD, time(14))
    return {
        "uid": new_uid(planned_at),
        "home_id": written.homes[post.home],
        **columns_of(plan, work, zone),
        "status": ShiftStatus.OPEN if post.who is None else ShiftStatus.COMPLETED,
        "staff_id": None if post.who is None else written.staff[post.who],
        "published_at": planned_at,
        "acknowledged_at": None if post.who is None else planned_at,
        "open_since": planned_at if post.who is None else None,
        "cancel_reason": "",
        "created_at": planned_at,
        "updated_at": planned_at,
        "version": 1,
    }


def _planning(posts: Sequence[Post], written: Written, manager: int, *, published: bool) -> Deed:
    def plan(session: Session, at: datetime, _requests: Requests) -> None:
        who, cause = as_somebody(session, manager, at)
        home_id = written.homes[posts[0].home]
        # Held, so that the session need not read them again for each shift.
        _held = [home(session, home_id), *staff_of(session, frozenset({home_id}))]
        for post in posts:
            _plan(session, cause, who, home_id, post, written)
        if published:
            publish_week(session, cause, who, home_id, week_of(posts[0].day), tell=None)

    return plan


def _plan(session: Session, cause: Cause, who: Person, home_id: int, post: Post, written: Written) -> None:
    """Plan a shift; it stays open where whoever was to have it is ill, or cannot work it for another reason."""
    plan, staff_id = _plan_of(post, written), None if post.who is None else written.staff[post.who]
    try:
        shift_changes.create(
            session, cause, who, home_id=home_id, plan=plan, staff_id=staff_id, overruling=PLANNED_ALL_THE_SAME
        )
    except Refused:
        shift_changes.create(session, cause, who, home_id=home_id, plan=plan)


def _plan_of(post: Post, written: Written) -> ShiftPlan:
    start, end = NIGHT if post.night else DAY
    return ShiftPlan(
        unit_id=None if post.unit is None else written.units[post.home][post.unit],
        role=post.role,
        date=post.day,
        start=start,
        end=end,
        unpaid_break_minutes=BREAK_MINUTES,
        kind=post.kind,
    )
