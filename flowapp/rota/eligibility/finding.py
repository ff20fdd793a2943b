"""What a rule says of somebody and a shift."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Mode(StrEnum):
    """How much a finding weighs."""

    BLOCK = "block"  # never assigned by itself; a person may overrule some
    WARN = "warn"  # allowed, and said
    RANK = "rank"  # only moves somebody down the list


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one rule has against somebody taking a shift, or has to say about it.

    `rule` is the stable name (E01 to E20), `code` says which of its reasons.
    """

    rule: str
    mode: Mode
    code: str
    text: str  # for people: what is so, and the figures
    fix: str = ""  # what would mend it, where something would
    evidence: Mapping[str, Any] = field(default_factory=dict)  # numbers of the records that it was read from
