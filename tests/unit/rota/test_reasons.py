"""The reasons people type."""

from __future__ import annotations

import pytest

from flowapp.kernel.errors import Refused
from flowapp.rota.reasons import LONGEST_REASON, read_reason


def test_a_reason_loses_the_blanks_around_it_and_keeps_its_lines() -> None:
    assert read_reason("  My sister marries.\r\n\tFar away. \n") == "My sister marries.\n\tFar away."


@pytest.mark.parametrize("text", ["\x00", "a\x1b[31mb", "\x85 is a line", "half \ud800"])
def test_what_is_no_text_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="not text"):
        read_reason(f"Because {text} of it")


def test_a_reason_is_as_long_as_it_may_be_and_no_longer() -> None:
    assert len(read_reason("x" * LONGEST_REASON)) == LONGEST_REASON
    with pytest.raises(Refused, match="shorten it"):
        read_reason("x" * (LONGEST_REASON + 1))
