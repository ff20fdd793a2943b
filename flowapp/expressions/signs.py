"""Signs that the language does not have, and what people meant by them."""

from __future__ import annotations

from typing import Final

from flowapp.expressions.errors import Fault

# Longest first.
SIGNS: Final[tuple[tuple[str, str, str | None], ...]] = (
    ("===", "Use “==” to ask whether two things are the same.", "=="),
    ("!==", "Use “!=” to ask whether two things differ.", "!="),
    ("=>", "Write “>=” for “at least”.", ">="),
    ("=<", "Write “<=” for “at most”.", "<="),
    ("<>", "Use “!=” to ask whether two things differ.", "!="),
    ("=", "Use “==” to ask whether two things are the same; values cannot be set here.", "=="),
    ("&", "Write “and” to join two conditions.", "and"),
    ("|", "Write “or” to join two conditions.", "or"),
    ('"', "This quotation mark is never closed.", None),
    ("'", "This quotation mark is never closed.", None),
    ("$", "A value in a text is written ${…}; a lone “$” has no meaning here.", None),
    ("{", "Curly brackets are used only in ${…}.", None),
    ("?", "A choice is written “a if condition else b”.", None),
    (":", "“:” has no meaning here. A choice is written “a if condition else b”.", None),
    (";", "Only one expression can stand here; “;” has no meaning.", None),
    ("#", "Remarks cannot be written inside an expression.", None),
    ("`", 'Text goes in straight quotation marks: "text".', None),
    ("\\", "A backslash is used only inside text in quotes.", None),
    ("^", "“^” has no meaning here.", None),
    ("~", "“~” has no meaning here.", None),
    ("@", "“@” has no meaning here. An email address goes in quotes.", None),
)

# Signs from outside ASCII that people paste, with what they meant.
_FOREIGN: Final = {
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "‘": "'",
    "’": "'",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "–": "-",
    "—": "-",
    "\u2212": "-",
    "×": "*",
    "÷": "/",
    "\u00a0": " ",
    "…": "...",
}


def strange_sign(text: str, start: int) -> Fault:
    """Say what is wrong with a sign that the language does not have."""
    for sign, message, suggestion in SIGNS:
        if text.startswith(sign, start):
            return Fault("syntax", message, suggestion=suggestion, start=start, end=start + len(sign))
    return Fault("syntax", "This sign has no meaning here.", start=start, end=start + 1)


def foreign_sign(text: str, start: int) -> Fault:
    """Say that only plain signs may stand outside text in quotes."""
    sign = text[start]
    meant = _FOREIGN.get(sign)
    if meant == " ":
        message = "This is a special space from another program. Type an ordinary space."
    elif meant:
        message = f"The sign “{sign}” cannot be used here. Type {meant} instead."
    else:
        message = "Outside text in quotes only plain letters (a to z), digits and signs can be used."
    return Fault("not_ascii", message, suggestion=meant, start=start, end=start + 1)


def strange_number(number: str, start: int, end: int) -> Fault:
    """Say how numbers are written."""
    message = f"“{number[:40]}” is neither a number nor a name. Numbers are written in full, like 1000 or 2.5."
    return Fault("syntax", message, start=start, end=end)
