"""Whether the tests would notice: each guard is taken out of a copy of the project, and its tests must go red.

`python -m tests.kill.mutations` prints the table.
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

from tests.kill.server import ROOT

LEFT_OUT = shutil.ignore_patterns(
    ".*", "__pycache__", "instance", "docs", "benchmarks", "rules", "*.sqlite3", "*.sqlite3-*"
)
GREEN, RED = 0, 1  # exit statuses of pytest; any other means that it could not even ask
LONGEST = 300.0


class GuardHasMoved(AssertionError):
    """The text of a guard is not where it was; look for it, and mend this table."""


@dataclass(frozen=True)
class Edit:
    """A text of the project and what stands there instead, once the guard is gone."""

    path: str
    guard: str
    without: str

    def make(self, tree: Path) -> None:
        """Take the guard out everywhere in the file."""
        file = tree / self.path
        text = file.read_text()
        if self.guard not in text:
            raise GuardHasMoved(f"{self.path}: {self.guard}")
        file.write_text(text.replace(self.guard, self.without))


@dataclass(frozen=True)
class Mutation:
    """A guard, where it stands, and the tests that must notice."""

    guard: str
    edits: Sequence[Edit]
    tests: tuple[str, ...]

    def __str__(self) -> str:
        return self.guard


MIGRATION = "migrations/versions/0001_first_tables.py"
STEP_KEY = 'name=op.f("uq_step_execution_execution_id_path")'
EXECUTION_KEY = 'name=op.f("uq_execution_workflow_id_trigger_id_dedupe_key")'
MUTATIONS = (
    Mutation(
        "a result needs the epoch of its claim",
        (
            Edit("flowapp/engine/claim.py", 'StepExecution.epoch == bindparam("claimed")', "StepExecution.epoch > 0"),
            Edit("flowapp/engine/complete.py", ", STEPS.c.epoch == epoch", ""),
        ),
        ("tests/kill/test_leases.py", "-k", "thrown_away or changes_nothing"),
    ),
    Mutation(
        "a lease that runs out gives the step back",
        (Edit("flowapp/engine/claim.py", "lost = _EXPIRED.rows(session, now=now)", "lost: list[Lost] = []"),),
        ("tests/kill/test_leases.py", "-k", "thrown_away"),
    ),
    Mutation(
        "what must not be done twice is not repeated",
        (Edit("flowapp/engine/claim.py", "return self.effect != Effect.AT_MOST_ONCE", "return True"),),
        ("tests/kill/test_outside.py", "-k", "nobody_may_repeat"),
    ),
    Mutation(
        "one row for each step of an execution",
        (
            Edit("flowapp/engine/execution.py", 'UniqueConstraint("execution_id", "path"),', ""),
            Edit(MIGRATION, STEP_KEY, f'"id", {STEP_KEY}'),  # with the number of the row nothing is ever the same
        ),
        ("tests/kill/test_guards.py", "-k", "would_double"),
    ),
    Mutation(
        "one execution for each trigger and event",
        (
            Edit("flowapp/engine/execution.py", 'UniqueConstraint("workflow_id", "trigger_id", "dedupe_key"),', ""),
            Edit(MIGRATION, EXECUTION_KEY, f'"id", {EXECUTION_KEY}'),
        ),
        ("tests/kill/test_guards.py", "-k", "would_double"),
    ),
    Mutation(
        "a change has the database to itself",
        (Edit("flowapp/kernel/db.py", '"BEGIN IMMEDIATE"', '"BEGIN"'),),
        ("tests/kill/test_guards.py", "-k", "another_process"),
    ),
    Mutation(
        "an event is written with its change",
        (
            Edit(
                "flowapp/rota/leave_asking.py",
                "    record(\n        session,\n",
                "    _record_afterwards(\n        session,\n",
            ),
            Edit(
                "flowapp/rota/leave_asking.py",
                "def request_leave(",
                "def _record_afterwards(session: Session, event: Any) -> None:\n"
                "    from flowapp.kernel.transaction import after_commit\n\n"
                "    engine = session.get_bind()\n\n"
                "    def write() -> None:\n"
                "        with Session(engine) as later, later.begin():\n"
                "            record(later, event)\n\n"
                "    after_commit(session, write)\n\n\n"
                "def request_leave(",
            ),
        ),
        ("tests/kill/test_restart.py", "-k", "accept.in_change:5"),
    ),
    Mutation(
        "the same request sent again is answered as before",
        (Edit("flowapp/http/idempotency.py", "if found is not None and", "if False and"),),
        ("tests/kill/test_restart.py", "-k", "accept.after_commit:5"),
    ),
    Mutation(
        "leave is decided upon what it is now",
        (Edit("flowapp/rota/leave_decisions.py", ', LeaveRequest.version == bindparam("seen")', ""),),
        ("tests/kill/test_guards.py", "-k", "read_before"),
    ),
)


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
    """Print guard and verdict, and answer how many guards nobody missed."""
    unnoticed = 0
    for mutation in MUTATIONS:
        verdict = tried(mutation)
        word = {GREEN: "GREEN, nobody noticed", RED: "red"}.get(verdict.status, f"status {verdict.status}")
        unnoticed += verdict.status != RED
        sys.stdout.write(f"{mutation.guard:<52} {word:<22} {verdict.first_red}\n")
        sys.stdout.flush()
    return unnoticed


if __name__ == "__main__":
    raise SystemExit(main())
