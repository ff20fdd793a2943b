"""What may stand in a message: no signs that are not text, none that turn text round, and not without end."""

from __future__ import annotations

import re

from flowapp.kernel.errors import Problem, Refused
from flowapp.kernel.signs import NO_TEXT, NO_TEXT_BUT_LINES

TITLE_LONGEST = 200  # characters
BODY_LONGEST = 64 * 1024  # bytes
_BREAKS = re.compile("[\u2028\u2029]")  # besides those that are no text
# Signs without a look of their own that change the order others are shown in.
_TURNING = dict.fromkeys(map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


def one_line(text: str, *, path: str, label: str, longest: int = TITLE_LONGEST) -> str:
    """Answer a line as it may be sent; raises Refused when it breaks, is empty, or is too long."""
    line = text.translate(_TURNING).strip()
    if not line:
        raise _refused(path, "missing", f"{label} is empty. Write what it is about.")
    if NO_TEXT.search(line) or _BREAKS.search(line):
        raise _refused(path, "control_character", f"{label} has a line break or another sign that is not text.")
    if len(line) > longest:
        raise _refused(path, "too_long", f"{label} has {len(line)} characters; {longest} is the most.")
    return line


def as_line(text: str, longest: int = TITLE_LONGEST) -> str:
    """Make a line that may be sent of any text: what is no text is left out, what is too long is cut."""
    line = " ".join(_BREAKS.sub(" ", NO_TEXT.sub(" ", text.translate(_TURNING))).split())
    return (line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…") or "–"


def whole_text(text: str, *, path: str, label: str, longest: int = BODY_LONGEST) -> str:
    """Answer a text of several lines as it may be sent; raises Refused when it is none, or is too long."""
    body = text.translate(_TURNING).replace("\r\n", "\n")
    if not body.strip():
        raise _refused(path, "missing", f"{label} is empty. Write what you want to say.")
    if NO_TEXT_BUT_LINES.search(body):
        raise _refused(path, "control_character", f"{label} has a sign in it that is not text.")
    size = len(body.encode())
    if size > longest:
        raise _refused(path, "too_long", f"{label} has {size} bytes; {longest} is the most.")
    return body


def _refused(path: str, code: str, message: str) -> Refused:
    return Refused([Problem(path=path, code=code, message=message)])
