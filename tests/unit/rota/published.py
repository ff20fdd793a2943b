"""The published cases of the rota's rules, and how a case says that a figure is rounded.

Where they come from: tests/data/README.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

Given = Mapping[str, Any]
CASES: list[Given] = json.loads(
    (Path(__file__).parents[2] / "data" / "domain_cases.json").read_text(), parse_float=Decimal, parse_int=int
)["cases"]


def of_groups(*prefixes: str) -> list[Given]:
    """Answer the cases whose group begins with one of these."""
    return [case for case in CASES if case["group"].startswith(prefixes)]


def to_places(value: Decimal, places: int) -> Decimal:
    """Round a figure half up, as people do."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
