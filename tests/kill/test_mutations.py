"""Each guard is missed by a test when it is taken away; `python -m tests.kill.mutations` prints the table."""

from __future__ import annotations

import pytest

from tests.kill.guard import Mutation
from tests.kill.mutations import GREEN, MUTATIONS, expected, tried, untouched
from tests.kill.server import ROOT


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_a_guard_stands_where_the_table_says(mutation: Mutation) -> None:
    for edit in mutation.edits:
        assert edit.found(ROOT)


@pytest.mark.long
@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_a_guard_that_is_taken_away_is_missed_unless_another_does_the_same(mutation: Mutation) -> None:
    verdict = tried(mutation)
    assert verdict.status == expected(mutation), verdict.output


@pytest.mark.long
@pytest.mark.parametrize("tests", sorted({mutation.tests for mutation in MUTATIONS}), ids=" ".join)
def test_with_every_guard_in_its_place_the_same_tests_are_green(tests: tuple[str, ...]) -> None:
    verdict = untouched(tests)
    assert verdict.status == GREEN, verdict.output
