"""Ids sort by time, are never alike, and can be made alike for data that must come out the same."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from flowapp.kernel.ids import first_uid, new_token, new_uid, seeded_ids

MOMENT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def some(count: int = 50) -> list[str]:
    """Make ids of one moment."""
    return [new_uid(MOMENT) for _ in range(count)]


def seeded(seed: int) -> list[str]:
    """Make ids under a seed."""
    with seeded_ids(seed):
        return some()


def test_ids_of_one_moment_differ() -> None:
    assert len(set(some())) == 50
    assert len(set(seeded(1))) == 50


def test_the_same_seed_makes_the_same_ids_and_another_seed_others() -> None:
    assert seeded(1) == seeded(1)
    assert not set(seeded(1)) & set(seeded(2))


def test_outside_the_seed_ids_are_random_again() -> None:
    seeded(1)
    assert not set(some()) & set(seeded(1))


def test_a_seed_holds_for_its_own_thread_only() -> None:
    made: list[str] = []
    with seeded_ids(1):
        other = threading.Thread(target=lambda: made.extend(some()))
        other.start()
        other.join()
    assert not set(made) & set(seeded(1))


def test_seeded_ids_sort_by_time_and_have_the_length_of_others() -> None:
    with seeded_ids(1):
        ids = [new_uid(MOMENT + timedelta(milliseconds=number)) for number in range(50)]
    assert ids == sorted(ids)
    assert {len(each) for each in [*ids, new_uid(MOMENT)]} == {26}
    assert seeded(1)[0][:10] == new_uid(MOMENT)[:10]


def test_tokens_stay_random() -> None:
    with seeded_ids(1):
        one = new_token()
    with seeded_ids(1):
        assert new_token() != one


def test_the_first_id_of_a_moment_lies_between_those_before_and_those_of_it() -> None:
    before, since = new_uid(MOMENT - timedelta(milliseconds=1)), [new_uid(MOMENT) for _ in range(50)]
    assert all(before < first_uid(MOMENT) < each for each in since)
