"""Makes the large data set in a file where there is none, and measures: `python -m benchmarks.hundred_homes FILE`."""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

from benchmarks.house import flow_on
from benchmarks.hundred_homes.making import REGIONAL, make
from benchmarks.hundred_homes.measuring import rows
from benchmarks.table import show
from flowapp.accounts.users import find_by_email, person_of


def main() -> None:
    """Make it, unless it is there, and print the table."""
    path = Path(sys.argv[1])
    if not path.exists():
        start = perf_counter()
        counts, digest = make(path)
        print(*(f"{table:20} {number:>10,}" for table, number in counts.items()), sep="\n")
        print(f"digest {digest}, made in {perf_counter() - start:.0f} s", flush=True)
    flow = flow_on(path)
    with flow.database.read() as session:
        user = find_by_email(session, REGIONAL)
        who = person_of(session, user.id) if user else None
        assert who is not None, "the file is no large data set"
        found = rows(session, who, path)
    flow.close()
    show(found)


if __name__ == "__main__":
    main()
