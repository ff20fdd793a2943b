"""What earlier releases measured, kept as one file each in `benchmarks/releases`."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.row import Row

FOLDER = Path(__file__).parent / "releases"
NAME = re.compile(r"\d+(\.\d+)*")


class Kept(NamedTuple):
    """The medians of one row."""

    figure: float
    ratio: float


@dataclass(frozen=True)
class Release:
    """The table of one release."""

    name: str
    measured_on: str
    machine: str
    rows: Mapping[str, Kept]

    def of(self, key: str) -> Kept | None:
        """Answer a row of it, if it was measured then."""
        return self.rows.get(key)


def save(name: str, rows: Sequence[Row], folder: Path = FOLDER) -> Path:
    """Keep a table under the number of a release, rows that were not measured this time as they stood."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.json"
    before = _read(path).rows if path.exists() else {}
    found = {row.key: Kept(median(row.figures), median(row.ratios)) for row in rows}
    release = Release(name, f"{datetime.now(UTC):%Y-%m-%d}", platform.platform(), {**before, **found})
    path.write_text(json.dumps(asdict(release), indent=2) + "\n")
    return path


def last_release(folder: Path = FOLDER) -> Release | None:
    """Answer the table of the highest release there is."""
    found = [path for path in folder.glob("*.json") if NAME.fullmatch(path.stem)]
    return _read(max(found, key=lambda path: _parts(path.stem))) if found else None


def _parts(name: str) -> list[int]:
    return [int(part) for part in name.split(".")]


def _read(path: Path) -> Release:
    kept = json.loads(path.read_text())
    return Release(**{**kept, "rows": {key: Kept(*row) for key, row in kept["rows"].items()}})
