"""Whether the tests would notice: each guard is taken out of a copy of the project, and its tests must go red.

`python -m tests.kill.mutations` prints the table; with words after it, only the guards whose name has one of them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.kill import guards, guards_between_runs, guards_of_databases
from tests.kill.guard import Mutation
from tests.kill.server import ROOT
from tests.races import guards as races_guards

LEFT_OUT = shutil.ignore_patterns(
    ".*", "__pycache__", "instance", "docs", "benchmarks", "rules", "*.sqlite3", "*.sqlite3-*"
)
MUTATIONS = (*guards.GUARDS, *guards_between_runs.GUARDS, *guards_of_databases.GUARDS, *races_guards.GUARDS)
GREEN, RED = 0, 1  # exit statuses of pytest; any other means that it could not even ask
LONGEST = 300.0


@dataclass(frozen=True)
class Verdict:
    """What the tests said without a guard."""

    status: int
    first_red: str
    output: str


def tried(mutation: Mutation) -> Verdict:
    """Take one guard out of a copy of the project, and ask its tests."""
    with tempfile.TemporaryDirectory(prefix="without-a-guard-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
        for edit in mutation.edits:
            edit.make(tree)
        return _asked(tree, mutation.tests)


def expected(mutation: Mutation) -> int:
    """Answer what the tests must say without a guard."""
    return RED if mutation.missed else GREEN


def untouched(tests: tuple[str, ...]) -> Verdict:
    """Ask some tests of a copy with every guard in its place."""
    return tried(Mutation("none", (), tests))


def _asked(tree: Path, tests: Sequence[str]) -> Verdict:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, f"--basetemp={tree.parent / 'tmp'}", *tests],
        cwd=tree, capture_output=True, text=True, timeout=LONGEST, check=False,
    )  # fmt: skip
    found = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    return Verdict(done.returncode, found[1].rpartition("::")[2] if found else "", done.stdout + done.stderr)


def main() -> int:
    """Print guard and verdict, and answer how many are not as they must be; words after the command choose some."""
    words, unexpected = sys.argv[1:], 0
    chosen = [each for each in MUTATIONS if not words or any(word in each.guard for word in words)]
    for mutation in chosen:
        verdict = tried(mutation)
        word = {GREEN: "green", RED: "red"}.get(verdict.status, f"status {verdict.status}")
        as_it_must_be = verdict.status == expected(mutation)
        unexpected += not as_it_must_be
        word += "" if as_it_must_be else ", AND MUST NOT BE"
        sys.stdout.write(f"{mutation.guard:<60} {word:<24} {verdict.first_red}\n")
        sys.stdout.flush()
    return unexpected


if __name__ == "__main__":
    raise SystemExit(main())
