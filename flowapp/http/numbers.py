"""Numbers of records in addresses."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import IntegerConverter

LARGEST = 2**63 - 1  # what the database can hold


class RecordNumber(IntegerConverter):
    """A whole number that may be a record's; a larger one is an address that does not exist."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **({"max": LARGEST} | named))
