"""Plain data goes through JSON text and comes back as it was, decimals with every digit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowapp.kernel.plain import dump, load, plain

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=4)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(), inside, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_text_numbers_lists_and_records_come_back_as_they_were(value: Any) -> None:
    assert load(dump(value)) == value
    assert plain(value) == value


@given(DECIMALS)
def test_every_digit_of_a_decimal_is_kept(value: Decimal) -> None:
    found = load(dump({"hours": value}))["hours"]
    assert found == value
    assert not isinstance(found, float)


@pytest.mark.parametrize("text", ["0.1", "2.50", "-7.25", "100000000000000000.01", "1e-7"])
def test_a_number_with_a_point_is_read_as_a_decimal(text: str) -> None:
    found = load(text)
    assert isinstance(found, Decimal)
    assert found == Decimal(text)


def test_a_whole_number_stays_one() -> None:
    assert type(load("15")) is int


def test_a_decimal_is_written_as_a_number_not_as_text() -> None:
    assert dump({"hours": Decimal("7.50")}) == '{"hours":7.50}'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 12, 7), "2026-12-07"),
        (datetime(2026, 12, 7, 9, 30, tzinfo=UTC), "2026-12-07T09:30:00Z"),
        # the offset is kept, so that nobody has to guess which nine o'clock was meant
        (datetime(2026, 6, 7, 9, 0, tzinfo=timezone(timedelta(hours=1))), "2026-06-07T09:00:00+01:00"),
    ],
)
def test_days_and_moments_become_text_people_and_programs_read(value: Any, text: str) -> None:
    assert plain(value) == text


def test_letters_of_every_language_are_written_as_they_are() -> None:
    assert dump("Siân – 你好") == '"Siân – 你好"'


@pytest.mark.parametrize(
    "value", [Decimal("NaN"), Decimal("Infinity"), Decimal("-Infinity"), float("nan"), float("inf")]
)
def test_what_is_no_number_is_refused_when_it_is_written_not_when_it_is_read(value: Any) -> None:
    with pytest.raises(ValueError, match="number"):
        dump({"hours": value})


@pytest.mark.parametrize("text", ["", "{", "NaN", "[1,]", "{'a': 1}"])
def test_text_that_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        load(text)


@pytest.mark.parametrize(
    "text", ['{"a": 1e99999999999999999999}', "1E-99999999999999999999", "1.5e+99999999999999999999"]
)
def test_a_number_beyond_every_number_is_no_data(text: str) -> None:
    with pytest.raises(ValueError, match="beyond every number"):
        load(text)
