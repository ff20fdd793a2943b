"""Takes a CSV file apart as RFC 4180 has it, and says in words what is wrong with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flowapp.kernel.errors import Problem, Refused
from flowapp.kernel.signs import NUL

MOST_ROWS = 10_000
MOST_COLUMNS = 60
LONGEST_CELL = 4000
SEPARATORS = (",", ";", "\t")  # as RFC 4180 has it; saved where numbers are written 7,5; copied out of a spreadsheet
GUARDED = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take what begins so for a formula


@dataclass(frozen=True)
class Line:
    """One record of the file: the line on which it begins, and its cells by the names of the columns."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class CsvFile:
    """A file, taken apart."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def text_of(data: bytes) -> str:
    """Answer the text in the bytes of a file, with or without a byte order mark; raises Refused."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = (
            f"The file is not in UTF-8: byte {error.start + 1} cannot be read. "
            "In Excel, save it again with the type “CSV UTF-8”."
        )
        raise _refused("not_utf_8", message) from None
    if NUL in text:
        message = "The file holds a NUL character, so it is no CSV file. Save the list as CSV, and choose that file."
        raise _refused("nul", message)
    return text


def take_apart(text: str, also_called: Mapping[str, str] = MappingProxyType({})) -> CsvFile:
    """Answer the columns and records of a file; empty lines are passed over. Raises Refused.

    `also_called` gives the column that another name means; names are compared without regard to capitals.
    """
    text = text.removeprefix("\ufeff")
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(SEPARATORS, key=first.count), strict=True)
    columns: tuple[str, ...] = ()
    lines: list[Line] = []
    begins = 1
    try:
        for row in reader:
            number, begins = begins, reader.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if columns:
                lines.append(Line(number, MappingProxyType(_by_column(number, row, columns))))
            else:
                columns = _columns(row, also_called)
            if len(lines) > MOST_ROWS:
                raise _refused("too_many", f"The file has more than {MOST_ROWS:,} rows. Send it in several parts.")
    except csv.Error as error:
        if "field limit" in str(error):
            raise _too_long(begins) from None
        message = f"Line {reader.line_num} cannot be read. Check its quotation marks: inside a text, each is doubled."
        raise _refused("bad_quotes", message) from None
    if not lines:
        message = "The file has no rows. Its first line names the columns, and each line after it is one row."
        raise _refused("empty", message)
    return CsvFile(columns, tuple(lines))


def _columns(row: list[str], also_called: Mapping[str, str]) -> tuple[str, ...]:
    names = [also_called.get(name, name) for name in (cell.strip().lower() for cell in row)]
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        raise _refused(
            "too_many", f"The first line names more than {MOST_COLUMNS} columns. Leave out what is not asked."
        )
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise _refused("twice", f"The first line names the column “{twice[:60]}” twice. Leave one of them out.")
    return tuple(names)


def _by_column(number: int, row: list[str], columns: tuple[str, ...]) -> dict[str, str]:
    if any(cell.strip() for cell in row[len(columns) :]):
        message = (
            f"Line {number} has more cells than there are columns. Put a text with a comma between quotation marks."
        )
        raise _refused("too_many_cells", message)
    if any(len(cell) > LONGEST_CELL for cell in row):
        raise _too_long(number)
    return {name: _unguarded(cell.strip()) for name, cell in zip(columns, row, strict=False)}


def _unguarded(cell: str) -> str:
    """Take away the quote that our own export puts before what looks like a formula."""
    return cell[1:].strip() if cell.startswith("'") and cell[1:].startswith(GUARDED) else cell


def _too_long(number: int) -> Refused:
    return _refused("too_long", f"Line {number} has a cell of more than {LONGEST_CELL:,} characters. Shorten it.")


def _refused(code: str, message: str) -> Refused:
    return Refused([Problem(path="file", code=code, message=message)])
