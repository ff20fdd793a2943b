"""Who works in each of the homes, and who of them is on which shift of which day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from flowapp.rota.staff import JobRole

HOMES, PEOPLE = 100, 60


class Group(NamedTuple):
    """How many of a role a home employs, and needs by day and by night."""

    people: int
    by_day: int = 0
    by_night: int = 0


TEAM = {
    JobRole.MANAGER: Group(1),
    JobRole.DEPUTY: Group(1),
    JobRole.SENIOR_CARER: Group(8, 1, 1),
    JobRole.CARER: Group(16, 3, 2),
    JobRole.CARE_ASSISTANT: Group(28, 6, 3),
    JobRole.DOMESTIC: Group(3),
    JobRole.COOK: Group(2),
    JobRole.OFFICE: Group(1),
}
POSTS_A_DAY = sum(group.by_day + group.by_night for group in TEAM.values())


@dataclass(frozen=True, slots=True)
class Post:
    """A place on a shift of a day, with the person whose turn it is and who stands in, by their place in the home."""

    role: JobRole
    night: bool
    person: int
    stand_in: int


def roles() -> list[JobRole]:
    """Answer the role of each person of a home, by their place."""
    return [role for role, group in TEAM.items() for _ in range(group.people)]


def posts_of(day: int) -> Iterator[Post]:
    """Go through the posts of a day.

    Everybody's turn comes after all others of the role have had theirs, so nobody works on two days in a row. Who
    stands in is half a round away, and so is free, and nobody stands in for two.
    """
    first = 0
    for role, group in TEAM.items():
        needed = group.by_day + group.by_night
        for slot in range(needed):
            turn = (day * needed + slot) % group.people
            other = (turn + group.people // 2) % group.people
            yield Post(role, slot >= group.by_day, first + turn, first + other)
        first += group.people
