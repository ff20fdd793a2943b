"""Takes a list apart as spreadsheets save or copy it: a line that names the columns, then a line for each thing."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping

from flowapp.kernel.errors import FlowError

SEPARATORS = ("\t", ";", ",")  # copied out of a spreadsheet; saved where numbers are written 7,5; where they are 7.5


class BadList(FlowError):
    """The list cannot be read."""

    code = "bad_list"


def csv_lines(
    text: str, *, columns: Collection[str], needed: Collection[str], also_called: Mapping[str, str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Answer the number of each line and its cells by column; empty lines are passed over. Raises BadList."""
    rows = text.lstrip("\ufeff").splitlines()
    first = next((row for row in rows if row.strip()), "")
    reader = csv.reader(rows, delimiter=max(SEPARATORS, key=first.count))
    names: list[str] = []
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if names:
                yield reader.line_num, _by_column(reader.line_num, cells, names)
            else:
                names = [also_called.get(cell.lower(), cell.lower()) for cell in _without_empty_end(cells)]
                _check_columns(names, columns, needed)
    except csv.Error as error:
        raise BadList(f"Line {reader.line_num} cannot be read; check its quotation marks.") from error


def _by_column(number: int, cells: list[str], names: list[str]) -> dict[str, str]:
    if len(_without_empty_end(cells)) > len(names):
        raise BadList(f"Line {number} has more cells than there are columns. Put quotes around a text with a comma.")
    return dict(zip(names, cells, strict=False))


def _without_empty_end(cells: list[str]) -> list[str]:
    last = max((place for place, cell in enumerate(cells, 1) if cell), default=0)
    return cells[:last]


def _check_columns(names: list[str], columns: Collection[str], needed: Collection[str]) -> None:
    missing = [name for name in needed if name not in names]
    unknown = [name for name in names if name not in columns]
    if missing or unknown:
        wrong = f"has no column {', '.join(missing)}" if missing else f"has a column “{unknown[0]}” that is not known"
        raise BadList(f"The first line {wrong}. It names the columns, out of these: {', '.join(columns)}.")
    if len(set(names)) < len(names):
        raise BadList("The first line names a column twice.")
