"""Makes the large data set in a new file: `python -m benchmarks.hundred_homes FILE`; prints its counts and digest."""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

from benchmarks.hundred_homes.making import make

if __name__ == "__main__":
    start = perf_counter()
    counts, digest = make(Path(sys.argv[1]))
    for table, number in counts.items():
        print(f"{table:20} {number:>10,}")
    print(f"digest {digest}, made in {perf_counter() - start:.0f} s")
