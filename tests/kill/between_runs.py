"""What must be true between runs, and between a run and the rota: queues, families, events waited for, and undoing."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tests.kill.ending import Case, attempts_of, executions
from tests.kill.evidence import Row
from tests.kill.kinds import BY_NAME

ONE_AT_A_TIME = ("single", "queued")


def what_is_undone_is_as_it_was(case: Case) -> Iterator[str]:
    """I7: a run that took back what it did took back everything, the last first and each once; and balances add up."""
    for row in executions(case):
        kind = BY_NAME[case.kinds[row["workflow_id"]]]
        undos = case.found.rows("SELECT path, state FROM undo WHERE execution_id = ? ORDER BY id", row["id"])
        if kind.undone and row["status"] == "failed":
            if [(each["path"], each["state"]) for each in undos] != [(path, "undone") for path in kind.undone]:
                yield f"{kind} {row['id']} has undone {[tuple(each) for each in undos]}, not {list(kind.undone)}"
            approved, reopened = (_subjects(case, row["id"], type_) for type_ in ("leave_approved", "leave_reopened"))
            if len(approved) != len(kind.undone) or reopened != approved[::-1]:
                yield f"{kind} {row['id']} approved {approved} and took back {reopened}"
    query = (
        "SELECT u.execution_id, u.path FROM undo u LEFT JOIN step_execution s ON s.execution_id = u.execution_id "
        "AND s.path = u.path AND s.status = 'completed' WHERE s.id IS NULL"
    )
    for row in case.found.rows(query):
        yield f"{row['path']} of {row['execution_id']} can be undone, and was not done"
    yield from _balances(case)


def _subjects(case: Case, execution_id: int, type_: str) -> list[int]:
    query = "SELECT subject_id FROM event WHERE execution_id = ? AND type = ? ORDER BY seq"
    return [row["subject_id"] for row in case.found.rows(query, execution_id, type_)]


def _balances(case: Case) -> Iterator[str]:
    query = (
        "SELECT r.id, r.status, r.type, coalesce(sum(l.hours), 0) AS hours FROM leave_request r "
        "LEFT JOIN leave_ledger l ON l.leave_request_id = r.id GROUP BY r.id"
    )
    for row in case.found.rows(query):
        takes = row["type"] == "ANNUAL" and row["status"] == "approved"
        if takes != (row["hours"] < 0) or row["hours"] > 0:
            yield f"leave {row['id']} is {row['status']} and has taken {-row['hours']}"
    balance: dict[int, int] = defaultdict(int)
    for row in case.found.rows("SELECT * FROM leave_ledger ORDER BY id"):
        balance[row["entitlement_id"]] += row["hours"]
        if balance[row["entitlement_id"]] != row["balance_after"]:
            yield f"entry {row['id']} says {row['balance_after']}, counted {balance[row['entitlement_id']]}"


def one_after_the_other(case: Case) -> Iterator[str]:
    """I8: of runs that must not be under way at once none begins, nor acts, before the one before it has ended."""
    together: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in case.found.rows(
        "SELECT e.*, v.document FROM execution e JOIN workflow_version v ON v.id = e.version_id ORDER BY e.id"
    ):
        mode = json.loads(row["document"]).get("settings", {}).get("mode")
        if mode in ONE_AT_A_TIME and row["run_key"] is not None and row["started_at"] is not None:
            together[row["workflow_id"], row["run_key"]].append(row)
    acted = _acted(case)
    for runs in together.values():
        for before, after in pairwise(runs):
            if after["started_at"] < (before["finished_at"] or "9"):
                yield f"run {after['id']} began before run {before['id']} had ended"
        for before, after in pairwise([run for run in runs if run["id"] in acted]):
            if acted[after["id"]][0] < acted[before["id"]][-1]:
                yield f"run {after['id']} acted before run {before['id']} did so for the last time"


def _acted(case: Case) -> dict[int, Sequence[str]]:
    """Answer when each run acted; what came too late was thrown away."""
    found: dict[int, list[str]] = defaultdict(list)
    for (execution_id, _), tried in attempts_of(case).items():
        found[execution_id] += [row["at"] for row in tried if row["result"] != "thrown_away"]
    return {execution_id: sorted(moments) for execution_id, moments in found.items() if moments}


def nobody_queues_for_nobody(case: Case) -> Iterator[str]:
    """I8: whoever waits for their turn waits for somebody who lives."""
    query = (
        "SELECT id FROM execution e WHERE held_back = 'queue' AND finished_at IS NULL AND NOT EXISTS (SELECT 1 FROM "
        "execution f WHERE f.workflow_id = e.workflow_id AND f.run_key = e.run_key AND f.finished_at IS NULL "
        "AND f.id < e.id)"
    )
    for row in case.found.rows(query):
        yield f"run {row['id']} waits for its turn, and nobody is before it"


def families_end_together(case: Case) -> Iterator[str]:
    """I10: a step that started a run started one, hears of its end, and ends no sooner."""
    for row in case.found.rows("SELECT * FROM execution WHERE parent_id IS NOT NULL AND awaited"):
        mine = "SELECT * FROM step_execution WHERE execution_id = ? AND path = ?"
        steps = case.found.rows(mine, row["parent_id"], row["parent_path"])
        if not steps:
            yield f"run {row['id']} was started by a step that is not there"
            continue
        step = steps[0]
        if row["finished_at"] is None and step["finished_at"] is not None:
            yield f"run {row['id']} lives on, and nobody waits for it any more"
        elif row["finished_at"] is not None and step["status"] == "waiting" and step["run_at"] is None:
            yield f"run {row['id']} has ended, and {step['path']} of {step['execution_id']} was not woken"
        elif step["status"] == "completed" and (row["finished_at"] or "9") > step["finished_at"]:
            yield f"{step['path']} of {step['execution_id']} went on before run {row['id']} had ended"
    query = (
        "SELECT s.execution_id, s.path, count(e.id) AS runs FROM step_execution s LEFT JOIN execution e ON "
        "e.parent_id = s.execution_id AND e.parent_path = s.path WHERE s.type = 'workflow' AND s.status = 'completed' "
        "GROUP BY s.id HAVING count(e.id) != 1"
    )
    for row in case.found.rows(query):
        yield f"{row['path']} of {row['execution_id']} has started {row['runs']} runs"


def each_event_is_taken_once(case: Case) -> Iterator[str]:
    """I11: a step that waited took one event or none, as it says, steps one after the other not the same."""
    ended = "SELECT id FROM execution WHERE finished_at IS NOT NULL"
    query = f"SELECT execution_id, path FROM awaited WHERE execution_id IN ({ended})"
    for row in case.found.rows(query):
        yield f"{row['path']} of {row['execution_id']} listens on, its run has ended"
    taken = {(row["execution_id"], row["path"]): row["event_seq"] for row in case.found.rows("SELECT * FROM signal")}
    for row in case.found.rows("SELECT * FROM step_execution WHERE type = 'wait' AND status = 'completed'"):
        came = json.loads(row["output"])["event"] is not None
        if came != ((row["execution_id"], row["path"]) in taken):
            yield f"{row['path']} of {row['execution_id']} says that an event came: {came}; kept is something else"
    for row in executions(case):
        mine = [seq for (number, _), seq in taken.items() if number == row["id"]]
        if len(set(mine)) != len(mine):
            yield f"run {row['id']} took events {mine}"


INVARIANTS = (
    what_is_undone_is_as_it_was,
    one_after_the_other,
    nobody_queues_for_nobody,
    families_end_together,
    each_event_is_taken_once,
)
