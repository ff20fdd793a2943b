"""Numbers of records in addresses."""

from __future__ import annotations

from werkzeug.routing import IntegerConverter

LARGEST = 2**63 - 1  # what the database can hold
DIGITS = 18  # every number of so many digits is smaller


class RecordNumber(IntegerConverter):
    """A whole number that may be a record's; a larger one is an address that does not exist."""

    regex = rf"\d{{1,{DIGITS}}}"
