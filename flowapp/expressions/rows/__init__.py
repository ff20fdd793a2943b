"""Conditions as rows of field, comparison and value, for those who do not type; the text stays the one truth."""

from __future__ import annotations

from flowapp.expressions.rows.comparing import Comparing, Takes, comparing_of, comparings
from flowapp.expressions.rows.fields import RowField, fields_of
from flowapp.expressions.rows.reading import rows_of
from flowapp.expressions.rows.row import MOST_ROWS, Joined, Row, Rows
from flowapp.expressions.rows.values import WrongValue, typed, value_of
from flowapp.expressions.rows.writing import text_of

__all__ = [
    "MOST_ROWS",
    "Comparing",
    "Joined",
    "Row",
    "RowField",
    "Rows",
    "Takes",
    "WrongValue",
    "comparing_of",
    "comparings",
    "fields_of",
    "rows_of",
    "text_of",
    "typed",
    "value_of",
]
