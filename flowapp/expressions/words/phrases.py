"""The words for the signs of order.

One rule: beside a whole number written out, people count ("3 or fewer", "more than 3"); beside dates and
times they say before and after; beside anything else it is an amount ("at most 2.5", "at least the limit").
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal

from flowapp.expressions.functions import TABLE
from flowapp.expressions.moments import read_date
from flowapp.expressions.nodes import Call, CompareSign, Node
from flowapp.expressions.nodes import Literal as Written

Manner = Literal["count", "amount", "day", "time", "text"]

_ORDER: Final[dict[Manner, dict[str, str]]] = {
    "count": {"<": "fewer than {0}", "<=": "{0} or fewer", ">": "more than {0}", ">=": "{0} or more"},
    "amount": {"<": "less than {0}", "<=": "at most {0}", ">": "more than {0}", ">=": "at least {0}"},
    "day": {"<": "before {0}", "<=": "on or before {0}", ">": "after {0}", ">=": "on or after {0}"},
    "time": {"<": "before {0}", "<=": "at or before {0}", ">": "after {0}", ">=": "at or after {0}"},
    "text": {
        "<": "before {0} in the alphabet",
        "<=": "not after {0} in the alphabet",
        ">": "after {0} in the alphabet",
        ">=": "not before {0} in the alphabet",
    },
}
OPPOSITE: Final[dict[CompareSign, CompareSign]] = {
    "==": "!=",
    "!=": "==",
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
    "in": "not in",
    "not in": "in",
}
MIRRORED: Final[dict[CompareSign, CompareSign]] = {
    "==": "==",
    "!=": "!=",
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
}


def ordered(sign: str, manner: Manner, words: str) -> str:
    """Answer what comes after "is": "3 or fewer"."""
    return _ORDER[manner][sign].format(words)


def manner_of(node: Node, value: object = None) -> Manner:
    """Answer how to speak of being less or more than this part; its value helps when it is known."""
    if isinstance(node, Written) and type(node.value) is int:
        return "count"
    if isinstance(node, Written) and isinstance(node.value, str):
        return _manner_of_value(node.value if value is None else value)
    if value is not None:
        return _manner_of_value(value)
    gives = TABLE[node.name].gives if isinstance(node, Call) and node.name in TABLE else None
    return "day" if gives == "date" else "time" if gives == "datetime" else "amount"


def _manner_of_value(value: object) -> Manner:
    match value:
        case datetime():
            return "time"
        case date():
            return "day"
        case str():
            return "day" if read_date(value) else "text"
        case int() | Decimal():
            return "amount"
    return "amount"
