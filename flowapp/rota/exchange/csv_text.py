"""Writes a list as CSV, a piece at a time, so that no spreadsheet takes a name for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from flowapp.rota.exchange.csv_file import GUARDED

PIECE = 200  # rows
GUARD = "'"
MARK = "\ufeff"  # Excel reads UTF-8 only behind a byte order mark


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[str]], *, mark: bool = False) -> Iterator[str]:
    """Write the names of the columns and then every row, with a byte order mark before them where one is wanted."""
    written = io.StringIO(newline="")
    if mark:
        written.write(MARK)
    writer = csv.writer(written)  # commas, quotation marks where needed, CRLF: RFC 4180
    writer.writerow(columns)
    for number, row in enumerate(rows, 1):
        writer.writerow([_guarded(cell) for cell in row])
        if number % PIECE == 0:
            yield _taken_out(written)
    yield _taken_out(written)


def _guarded(cell: str) -> str:
    """Put a quote before what a spreadsheet would run; our own import takes it away again."""
    return GUARD + cell if cell.startswith(GUARDED) else cell


def _taken_out(written: io.StringIO) -> str:
    text = written.getvalue()
    written.seek(0)
    written.truncate()
    return text
