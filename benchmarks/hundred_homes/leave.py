"""The leave that a home asks for in two years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from benchmarks.hundred_homes.team import PEOPLE
from benchmarks.hundred_homes.years import AS_OF, DAYS, FIRST
from flowapp.cli.demo.proportions import LENGTHS, OUTCOMES, dealt
from flowapp.cli.demo.wishes import Outcome
from flowapp.rota.leave import LeaveStatus

REQUESTS_A_YEAR = 7


@dataclass(frozen=True, slots=True)
class Away:
    """Leave that somebody of a home asked for, by their place in it."""

    person: int
    start: date
    length: int
    status: LeaveStatus

    @property
    def end(self) -> date:
        """Its last day."""
        return self.start + timedelta(days=self.length - 1)


_STATUS = {
    Outcome.REJECTED: LeaveStatus.REJECTED,
    Outcome.TAKEN_BACK: LeaveStatus.WITHDRAWN,
    Outcome.OPEN: LeaveStatus.REQUESTED,
}


def leave_of_a_home(rng: Random) -> Iterator[Away]:
    """Draw everybody's leave over two years; none of one person's meets another of theirs."""
    number = REQUESTS_A_YEAR * 2
    lengths = dealt(rng, LENGTHS, number * PEOPLE)
    outcomes = dealt(rng, OUTCOMES, number * PEOPLE)
    room = DAYS // number
    for person in range(PEOPLE):
        for turn in range(number):
            length, outcome = lengths.pop(), outcomes.pop()
            start = FIRST + timedelta(days=turn * room + rng.randrange(room - length))
            yield Away(person, start, length, _status(outcome, start))


def _status(outcome: Outcome, start: date) -> LeaveStatus:
    past = start <= AS_OF
    if outcome is Outcome.OPEN:
        return LeaveStatus.EXPIRED if past else LeaveStatus.REQUESTED
    if outcome is Outcome.APPROVED:
        return LeaveStatus.TAKEN if past else LeaveStatus.APPROVED
    return _STATUS[outcome]
