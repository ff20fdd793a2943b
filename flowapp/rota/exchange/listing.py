"""What each list must say of itself, and what becomes of its rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Problem, Refused

Word = TypeVar("Word", bound=StrEnum)
NUMBER = re.compile(r"-?\d{1,6}([.,]\d{1,4})?", re.ASCII)  # a comma where spreadsheets write 7,5
YES, NO = frozenset({"1", "yes", "y", "true"}), frozenset({"0", "no", "n", "false"})


class Verdict(StrEnum):
    """What becomes of a row that is right."""

    ADDED = "added"  # it was not known
    CHANGED = "changed"  # it was known otherwise
    SAME = "same"  # it was known like this, or has no place here


@dataclass(frozen=True)
class Row:
    """One row: its line in the file, its cells by column, and how many rows before it say the very same."""

    line: int
    cells: Mapping[str, str] = field(hash=False)
    before: int = 0

    def text(self, column: str) -> str:
        """Answer what stands in a column; nothing where there is no such column."""
        return self.cells.get(column, "")

    def needed(self, column: str, example: str) -> str:
        """Answer what must stand in a column; raises Refused."""
        if text := self.text(column):
            return text
        raise wrong(column, f"The cell is empty. Write it such as {example}.")


class Listing(Protocol):
    """One list: its columns, and how a row of it is written down."""

    name: str
    columns: tuple[str, ...]
    needed: tuple[str, ...]
    also_called: Mapping[str, str]
    permission: str  # to take the list in at all
    fields: Mapping[str, str]  # the column of a field that the rules name

    def key(self, row: Row) -> str:
        """Answer what no second row may share, or nothing."""

    def group(self, row: Row) -> str:
        """Answer whom a row is about: rows about the same person are looked at together, in their order."""

    def words(self, row: Row) -> str:
        """Say what a row is about, as people know it."""

    def write(self, session: Session, cause: Cause, who: Person, row: Row) -> Verdict:
        """Write a row down as somebody does it on the pages; raises the errors of the family."""


def wrong(column: str, message: str) -> Refused:
    """Answer what is raised for a cell that is not right."""
    return Refused([Problem(path=column, code="bad_cell", message=message)])


def day_in(row: Row, column: str) -> date:
    """Read a day; raises Refused."""
    text = row.needed(column, "2026-12-07")
    try:
        if len(text) == len("2026-12-07"):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise wrong(column, f"“{text[:40]}” is no day. Write year, month and day, such as 2026-12-07.")


def number_in(row: Row, column: str) -> Decimal:
    """Read a number; raises Refused."""
    text = row.text(column)
    if not NUMBER.fullmatch(text):
        raise wrong(column, f"“{text[:40]}” is no number. Write it in digits, such as 7.5.")
    return Decimal(text.replace(",", "."))


def whole_in(row: Row, column: str) -> int:
    """Read a whole number; raises Refused."""
    number = number_in(row, column)
    if number != int(number):
        raise wrong(column, f"“{row.text(column)}” is no whole number. Write it such as 30.")
    return int(number)


def yes_in(row: Row, column: str) -> bool | None:
    """Read a yes or no, or None from an empty cell; raises Refused."""
    text = row.text(column).lower()
    if text in YES or text in NO:
        return text in YES
    if not text:
        return None
    raise wrong(column, f"“{text[:40]}” is neither yes nor no. Write 1 or yes, or 0 or no.")


def word_in(row: Row, column: str, words: type[Word], labels: Mapping[str, Word] = MappingProxyType({})) -> Word:
    """Read one of these words, or one of the labels that people use for them; raises Refused."""
    text = row.text(column)
    known: dict[str, Any] = {each.value.lower(): each for each in words} | dict(labels)
    if (found := known.get(text.lower())) is not None:
        return words(found)
    said = ", ".join(each.value for each in words)
    raise wrong(column, f"“{text[:40]}” is not known here. Write one of these: {said}.")
