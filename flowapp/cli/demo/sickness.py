"""Who of the demo was off sick, who is now, and the talks afterwards: as often and as long as in real homes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy.orm import Session

from flowapp.cli.demo.accounts import Written, as_somebody
from flowapp.cli.demo.days import Days
from flowapp.cli.demo.history import Requests, Step
from flowapp.cli.demo.people import KNOWN, SEED, Colleague
from flowapp.rota.absence import changes
from flowapp.rota.absence.absence import AbsenceKind
from flowapp.rota.absence.changes import Report
from flowapp.rota.staff import JobRole

A_YEAR = 2.1  # illnesses of a person
WEEKS_IN_YEAR = 52
# How long, in days, and how often of a hundred.
LENGTHS = (((1, 2), 55), ((3, 5), 28), ((6, 10), 10), ((11, 28), 7))
WHY = ("A cold", "A stomach bug", "Flu", "A bad back", "Migraine", "")
APART = timedelta(days=14)
RINGS, BACK, TALKS = time(6, 40), time(9, 10), time(14, 20)
_SIGN_IN = frozenset(email for _, email in KNOWN.values())  # a visitor shall find them at work


@dataclass(frozen=True, kw_only=True)
class Illness:
    """One time somebody was ill; without a last day they still are."""

    who: Colleague
    first_day: date
    last_day: date | None
    why: str
    talked: bool


def sick_steps(people: Sequence[Colleague], written: Written, days: Days) -> Iterator[Step]:
    """Go through what managers note about illnesses, in no order."""
    managers = {who.home: written.accounts[who.email] for who in people if who.role is JobRole.MANAGER}
    for number, ill in enumerate(illnesses(people, days)):
        yield from _steps_of(ill, f"ill {number}", written.staff[ill.who.number], managers[ill.who.home], days)


def illnesses(people: Sequence[Colleague], days: Days) -> list[Illness]:
    """Answer who was ill when; in each home somebody is, and somebody is back without the talk."""
    rng = Random(SEED + 5)
    free = [who for who in people if who.email not in _SIGN_IN and who.role is not JobRole.MANAGER]
    found = [*_now(rng, free, days)]
    over = days.last - timedelta(days=3)
    for _ in range(round(len(free) * A_YEAR * days.weeks / WEEKS_IN_YEAR)):
        who, lengths = rng.choice(free), rng.choices([each for each, _ in LENGTHS], [often for _, often in LENGTHS])[0]
        first = days.first + timedelta(days=rng.randrange(days.weeks * 7))
        last = min(first + timedelta(days=rng.randint(*lengths) - 1), over)
        if first >= who.start_date and first <= last and not _is_near(who, first, last, found):
            found.append(Illness(who=who, first_day=first, last_day=last, why=rng.choice(WHY), talked=True))
    return found


def _now(rng: Random, free: Sequence[Colleague], days: Days) -> Iterator[Illness]:
    for home in sorted({who.home for who in free}):
        here = [who for who in free if who.home == home and who.week.planned and who.start_date < days.ago(30)]
        ill, back = rng.sample(here, 2)
        yield Illness(who=ill, first_day=days.ago(1), last_day=None, why="Flu", talked=False)
        yield Illness(who=back, first_day=days.ago(5), last_day=days.ago(3), why="A stomach bug", talked=False)


def _is_near(who: Colleague, first: date, last: date, found: Sequence[Illness]) -> bool:
    return any(
        each.who is who and first <= (each.last_day or each.first_day) + APART and each.first_day <= last + APART
        for each in found
    )


def _steps_of(ill: Illness, name: str, staff_id: int, manager: int, days: Days) -> Iterator[Step]:
    def report(session: Session, at: datetime, _requests: Requests) -> int:
        who, cause = as_somebody(session, manager, at)
        said = Report(kind=AbsenceKind.SICKNESS, first_day=ill.first_day, reason=ill.why)
        return changes.report(session, cause, who, staff_id, said)

    def end(session: Session, at: datetime, requests: Requests) -> None:
        who, cause = as_somebody(session, manager, at)
        changes.end(session, cause, who, requests[name], last_day=ill.last_day or ill.first_day)

    def talk(session: Session, at: datetime, requests: Requests) -> None:
        who, cause = as_somebody(session, manager, at)
        changes.note_talk(session, cause, who, requests[name], note="Well again, nothing needed.")

    yield Step(at=days.at(ill.first_day, RINGS), do=report, name=name)
    if ill.last_day is not None:
        following = ill.last_day + timedelta(days=1)
        yield Step(at=days.at(following, BACK), do=end)
        if ill.talked:
            yield Step(at=days.at(following + timedelta(days=1), TALKS), do=talk)
