"""The reasons people give for what they ask and decide."""

from __future__ import annotations

from flowapp.kernel.errors import Problem, Refused

LONGEST_REASON = 2000  # letters


def read_reason(text: str) -> str:
    """Answer a reason without the blanks around it; raises Refused when it is too long to be read."""
    text = text.strip()
    if len(text) > LONGEST_REASON:
        message = f"The reason has more than {LONGEST_REASON} characters; shorten it."
        raise Refused([Problem(path="reason", code="too_long", message=message)])
    return text
