"""In which proportions leave is asked for and decided, and dealing it out in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import TypeVar

from flowapp.cli.demo.wishes import Outcome

T = TypeVar("T")

# Of a hundred requests. One to five are days of work; a week and more are days of the calendar.
LENGTHS = ((1, 35), (2, 15), (3, 15), (4, 6), (5, 6), (7, 15), (10, 3), (12, 2), (14, 3))
OUTCOMES = ((Outcome.APPROVED, 84), (Outcome.REJECTED, 6), (Outcome.TAKEN_BACK, 5), (Outcome.OPEN, 5))
HALF_DAYS = 6
LONG = Decimal(3)  # more days than this are not approved at once
BY_A_PERSON = (Outcome.REJECTED, Outcome.OPEN)


@dataclass(frozen=True, kw_only=True)
class Sort:
    """What sort of request it shall be; who and when is drawn."""

    outcome: Outcome
    length: int
    half: bool


def sorts(rng: Random, number: int) -> list[Sort]:
    """Deal the sorts of so many requests; what a person decides is long, since short leave is approved at once."""
    outcomes = sorted(dealt(rng, OUTCOMES, number), key=lambda outcome: outcome not in BY_A_PERSON)
    lengths = dealt(rng, LENGTHS, number)
    decided = sum(outcome in BY_A_PERSON for outcome in outcomes)
    long = [length for length in lengths if length > LONG][:decided]
    for length in long:
        lengths.remove(length)
    found = []
    halves = HALF_DAYS * number // 100
    for outcome, length in zip(outcomes, long + lengths, strict=True):
        half = length <= LONG and halves > 0
        halves -= half
        found.append(Sort(outcome=outcome, length=length, half=half))
    rng.shuffle(found)
    return found


def dealt(rng: Random, shares: Sequence[tuple[T, int]], count: int) -> list[T]:
    """Deal so many cards of which each sort has its share of a hundred, shuffled."""
    cards: list[T] = []
    passed = 0
    for sort, share in shares:
        passed += share
        cards += [sort] * (round(count * passed / 100) - len(cards))
    rng.shuffle(cards)
    return cards
