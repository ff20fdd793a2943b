"""Runs the benchmarks and prints one table: `python -m benchmarks [words] [--markdown] [--save NUMBER]`.

Words choose some of them (`python -m benchmarks http inside`). Each can also be run singly:
`python -m benchmarks.inside`. The million is left out; it takes minutes to fill.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping
from time import perf_counter

from benchmarks import (
    accepting,
    candidates,
    decisions,
    delays,
    expressions,
    imports,
    inside,
    over_http,
    pages,
    ready,
)
from benchmarks.release import NAME, save
from benchmarks.row import Measure, Row
from benchmarks.table import show

MEASURES: Mapping[str, Measure] = {
    "http: five steps over HTTP": over_http.rows,
    "inside: five steps from events": inside.rows,
    "ready: start and memory": ready.rows,
    "decisions: leave asked and decided": decisions.rows,
    "accepting: among 2,000 workflows": accepting.rows,
    "candidates: who can take a shift": candidates.rows,
    "delays: runs that sleep": delays.rows,
    "pages: leave decided on a page": pages.rows,
    "expressions: beside Python": expressions.rows,
    "imports: lists taken in": imports.rows,
}


def main() -> None:
    """Measure what the words choose, and print the table."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("words", nargs="*", help=f"some of: {', '.join(name.partition(':')[0] for name in MEASURES)}")
    asked.add_argument("--markdown", action="store_true", help="write the table for a document")
    asked.add_argument("--save", metavar="NUMBER", help="keep the table as that of a release, such as 0.1")
    given = asked.parse_args()
    chosen = [name for name in MEASURES if not given.words or any(re.search(rf"\b{w}", name) for w in given.words)]
    if not chosen:
        asked.error("no benchmark has any of these words")
    if given.save and not NAME.fullmatch(given.save):
        asked.error("a release is kept under its number, such as 0.1")
    found: list[Row] = []
    for name in chosen:
        start = perf_counter()
        found += MEASURES[name]()
        print(f"{name} … {perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    if given.save:
        print(f"kept in {save(given.save, found)}", file=sys.stderr)
    show(found, markdown=given.markdown)


if __name__ == "__main__":
    main()
