"""What may stand in a message."""

from __future__ import annotations

import pytest

from flowapp.kernel.errors import Refused
from flowapp.messaging.wording import one_line, whole_text

BREAKING = [
    "\r\nBcc: x@example.org",
    "\n",
    "\r",
    "\x00",
    "\x1b[2J",
    "\x7f",
    "\x85",
    "\u2028",
    "\u2029",
    "\ud800",
]


@pytest.mark.parametrize("sign", BREAKING, ids=repr)
def test_a_line_has_no_break_and_no_control_character(sign: str) -> None:
    with pytest.raises(Refused) as refused:
        one_line(f"Leave{sign}approved", path="subject", label="The subject")
    assert [(problem.path, problem.code) for problem in refused.value.problems] == [("subject", "control_character")]


@pytest.mark.parametrize("sign", ["\x00", "\x1b[2J", "\x08", "\x7f", "\ud800", "a\rb"], ids=repr)
def test_a_text_has_no_control_character(sign: str) -> None:
    with pytest.raises(Refused, match="not text"):
        whole_text(f"Dear Maya{sign}", path="body", label="The message")


def test_a_text_may_have_lines_and_tabs() -> None:
    assert whole_text("Dear Maya,\r\n\tall is well\n", path="body", label="x") == "Dear Maya,\n\tall is well\n"


def test_signs_that_turn_text_round_are_taken_out() -> None:
    turned = "pay \u202e0001\u202c pounds\u2066\u2069\u200f"
    assert one_line(turned, path="subject", label="x") == "pay 0001 pounds"
    assert whole_text(turned, path="body", label="x") == "pay 0001 pounds"


def test_other_scripts_and_joined_signs_stay_whole() -> None:
    for text in ("Łukasz Nguyễn Şahin", "رئيس الوردية", "👩\u200d⚕️ on call"):
        assert one_line(text, path="subject", label="x") == text


@pytest.mark.parametrize(("length", "passes"), [(200, True), (201, False)])
def test_a_line_has_two_hundred_characters_at_most(length: int, passes: bool) -> None:
    if passes:
        assert len(one_line("ł" * length, path="subject", label="x")) == length
        return
    with pytest.raises(Refused, match="201 characters; 200 is the most"):
        one_line("ł" * length, path="subject", label="The subject")


@pytest.mark.parametrize(("size", "passes"), [(64 * 1024, True), (64 * 1024 + 1, False)])
def test_a_text_has_sixty_four_kibibytes_at_most(size: int, passes: bool) -> None:
    text = "ł" * (size // 2) + "x" * (size % 2)  # ł takes two bytes
    if passes:
        assert whole_text(text, path="body", label="x") == text
        return
    with pytest.raises(Refused, match="65536 is the most"):
        whole_text(text, path="body", label="The message")


@pytest.mark.parametrize("nothing", ["", "  ", "\u202e", "\n\n"])
def test_an_empty_message_says_nothing(nothing: str) -> None:
    with pytest.raises(Refused, match="empty"):
        one_line(nothing, path="subject", label="The subject")
    with pytest.raises(Refused, match="empty"):
        whole_text(nothing, path="body", label="The message")
