"""The large data set that benchmarks are measured on: a rota that could be worked."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from benchmarks.hundred_homes.leave import leave_of_a_home
from benchmarks.hundred_homes.shifts import shifts_of
from benchmarks.hundred_homes.team import PEOPLE, POSTS_A_DAY, posts_of, roles
from benchmarks.hundred_homes.years import DAYS, WEEKS
from flowapp.rota.leave import GRANTED


def test_a_home_has_sixty_people_and_sixteen_posts_a_day() -> None:
    assert (len(roles()), POSTS_A_DAY, len([*posts_of(0)])) == (PEOPLE, 16, 16) == (60, 16, 16)


@pytest.mark.parametrize("day", range(0, WEEKS * 7, 13))
def test_nobody_has_two_posts_within_two_days_and_nobody_stands_in_for_two(day: int) -> None:
    turns = [post.person for post in (*posts_of(day), *posts_of(day + 1))]
    assert len(set(turns)) == len(turns)
    posts = [*posts_of(day)]
    assert not {post.person for post in posts} & {post.stand_in for post in posts}
    assert all(roles()[post.person] == roles()[post.stand_in] == post.role for post in posts)


def test_leave_of_one_person_never_meets_and_whoever_has_it_works_no_shift() -> None:
    away = [*leave_of_a_home(Random(1))]
    ends = {}
    for each in away:
        assert each.person not in ends or ends[each.person] < each.start
        ends[each.person] = each.end
    granted = {
        (each.person, each.start + timedelta(days=day))
        for each in away
        if each.status in GRANTED
        for day in range(each.length)
    }
    rows = [*shifts_of(1, [1, 2], range(PEOPLE), away, Random(1))]
    assert len(rows) == POSTS_A_DAY * DAYS
    assert not granted & {(row["staff_id"], row["local_date"]) for row in rows}
    assert 0.01 < sum(row["staff_id"] is None for row in rows) / len(rows) < 0.05
