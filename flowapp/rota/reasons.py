"""The reasons people give for what they ask and decide."""

from __future__ import annotations

from flowapp.kernel.errors import Problem, Refused
from flowapp.kernel.signs import NO_TEXT_BUT_LINES

LONGEST_REASON = 2000  # letters


def read_reason(text: str) -> str:
    """Answer a reason without the blanks around it; raises Refused when it is too long, or not all text."""
    text = text.replace("\r\n", "\n").strip()
    if NO_TEXT_BUT_LINES.search(text):
        message = "The reason has a sign in it that is not text; take it out, or type the reason anew."
        raise Refused([Problem(path="reason", code="control_character", message=message)])
    if len(text) > LONGEST_REASON:
        message = f"The reason has more than {LONGEST_REASON} characters; shorten it."
        raise Refused([Problem(path="reason", code="too_long", message=message)])
    return text
