"""Each guard is missed by a test when it is taken away; `python -m tests.kill.mutations` prints the table."""

from __future__ import annotations

import pytest

from tests.kill.mutations import GREEN, MUTATIONS, RED, Mutation, tried, untouched

pytestmark = pytest.mark.long


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_a_guard_that_is_taken_away_is_missed(mutation: Mutation) -> None:
    verdict = tried(mutation)
    assert verdict.status == RED, verdict.output


@pytest.mark.parametrize("tests", sorted({mutation.tests for mutation in MUTATIONS}), ids=" ".join)
def test_with_every_guard_in_its_place_the_same_tests_are_green(tests: tuple[str, ...]) -> None:
    verdict = untouched(tests)
    assert verdict.status == GREEN, verdict.output
