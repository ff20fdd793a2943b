"""Every list that can be taken in, by the kind that people choose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.exchange.csv_file import CsvFile, take_apart
from flowapp.rota.exchange.deputy import DeputySchedule
from flowapp.rota.exchange.leave_list import LeaveList
from flowapp.rota.exchange.listing import Listing, Row
from flowapp.rota.exchange.shift_list import ShiftList
from flowapp.rota.exchange.staff_list import StaffList


class ListKind(StrEnum):
    """What a list is of."""

    STAFF = "staff"
    SHIFTS = "shifts"
    LEAVE = "leave"


# A list may have several layouts; the first whose columns are all known, and whose needed ones are there, is meant.
LAYOUTS: dict[ListKind, tuple[Listing, ...]] = {
    ListKind.STAFF: (StaffList(),),
    ListKind.SHIFTS: (ShiftList(), DeputySchedule()),
    ListKind.LEAVE: (LeaveList(),),
}


@dataclass(frozen=True)
class Taken:
    """A list that was read: its layout, and its rows, those about the same person together."""

    listing: Listing
    rows: tuple[Row, ...]
    groups: tuple[str, ...]  # whom each row is about
    twice: dict[int, int]  # the line of a row whose key an earlier line has, with that line


def read_list(kind: ListKind, text: str) -> Taken:
    """Take a list apart; raises Refused where it cannot be read at all."""
    listing, file = _layout(kind, text)
    said: Counter[str] = Counter()
    rows, keys, twice = [], dict[str, int](), {}
    for line in file.lines:
        same = repr(sorted(line.cells.items()))
        row = Row(line.number, line.cells, before=said[same])
        said[same] += 1
        rows.append(row)
        if (key := listing.key(row)) and keys.setdefault(key, line.number) != line.number:
            twice[line.number] = keys[key]
    order: dict[str, int] = {}
    for row in rows:
        order.setdefault(listing.group(row), len(order))
    rows.sort(key=lambda row: order[listing.group(row)])
    return Taken(listing, tuple(rows), tuple(listing.group(row) for row in rows), twice)


def batches(groups: Iterable[str], position: int, size: int) -> Iterator[tuple[int, int]]:
    """Part rows from a position on into stretches of at least this size that keep those of one person together."""
    names = list(groups)
    begin = position
    while begin < len(names):
        end = min(begin + size, len(names))
        while end < len(names) and names[end] and names[end] == names[end - 1]:
            end += 1
        yield begin, end
        begin = end


def _layout(kind: ListKind, text: str) -> tuple[Listing, CsvFile]:
    layouts = LAYOUTS[kind]
    for listing in layouts:
        file = take_apart(text, listing.also_called)
        if not set(listing.needed) - set(file.columns) and not set(file.columns) - set(listing.columns):
            return listing, file
    listing = layouts[0]
    file = take_apart(text, listing.also_called)
    missing = [name for name in listing.needed if name not in file.columns]
    unknown = [name for name in file.columns if name not in listing.columns]
    what = f"has no column “{missing[0]}”" if missing else f"has a column “{unknown[0][:60]}” that is not known"
    message = f"The first line {what}. The columns of this list are: {', '.join(listing.columns)}."
    raise Refused([Problem(path="file", code="bad_columns", message=message)])
