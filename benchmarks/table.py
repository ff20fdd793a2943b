"""The table of all rows, for the terminal or for a document, beside what the last release measured."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from statistics import median

from benchmarks.release import Release, last_release
from benchmarks.row import ROUNDS, Row

HEADINGS = ("measured", "median", "lowest–highest", "reference", "median", "ratio", "lowest–highest", "goal", "met")


def show(rows: Sequence[Row], *, markdown: bool = False) -> None:
    """Print the rows, and end the program with 1 where a goal is not reached."""
    print(as_text(rows, last_release(), markdown=markdown))
    sys.exit(0 if all(row.met for row in rows) else 1)


def as_text(rows: Sequence[Row], last: Release | None, *, markdown: bool = False) -> str:
    """Write the rows as a table with a line about the last release above it."""
    then = f"release {last.name}" if last else "last release"
    lines = [(*HEADINGS, then), *(_cells(row, last) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    written = [_line(cells, widths, markdown=markdown) for cells in lines]
    if markdown:
        written.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    about = f"Medians of {ROUNDS} rounds; a ratio is the median of the ratios of the rounds."
    kept = "" if last else " No release has been measured yet: `python -m benchmarks --save NUMBER` keeps this table."
    return "\n".join([about + kept, "", *written])


def _cells(row: Row, last: Release | None) -> tuple[str, ...]:
    found, beside, ratios = row.figures, row.references, row.ratios
    then = last.of(row.key) if last else None
    return (
        row.words,
        f"{number(median(found))} {row.unit}",
        f"{number(min(found))}–{number(max(found))}",
        row.beside,
        number(median(beside)),
        number(median(ratios)),
        f"{number(min(ratios))}–{number(max(ratios))}",
        str(row.goal or ""),
        ("yes" if row.met else "NO") if row.goal else "",
        f"{number(then.figure)} {row.unit}, ratio {number(then.ratio)}" if then else "–",
    )


def _line(cells: Sequence[str], widths: Sequence[int], *, markdown: bool) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
    return f"| {' | '.join(padded)} |" if markdown else "  ".join(padded).rstrip()


def number(value: float) -> str:
    """Write a figure with as many digits as it deserves."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
