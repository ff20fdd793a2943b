"""The functions of the language, each declared once with what it takes, gives and says."""

from __future__ import annotations

from flowapp.expressions.functions import dates, lists, numbers, other, text
from flowapp.expressions.functions.catalogue import FunctionEntry, catalogue
from flowapp.expressions.functions.function import TABLE, Function

__all__ = ["TABLE", "Function", "FunctionEntry", "catalogue", "dates", "lists", "numbers", "other", "text"]
