"""What must be true whatever died: one function for each promise, asked of the database and of what stood outside.

Each answers what is wrong, so that an empty list is a good ending. They are numbered as the engine's promises are;
those between runs, and between a run and the rota, are in `between_runs.py`.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from flowapp.messaging.webhook_signature import message_id
from tests.kill import between_runs
from tests.kill.ending import Case, attempts_of, executions, moment_of
from tests.kill.evidence import Row
from tests.kill.kinds import BY_NAME

ENDED = ("completed", "failed", "cancelled")
UNDER_WAY = ("pending", "running", "waiting")
GO_AHEAD = ("condition", "wait")  # are done before the way they go
LEAST_PAUSE = 0.5  # seconds before another try: half of the first pause at least


def one_execution_for_each_key(case: Case) -> Iterator[str]:
    """I1: what was acknowledged is there once, what was not at most once, and nothing else."""
    kept = {row["key"]: json.loads(row["answer"]) for row in case.found.rows("SELECT key, answer FROM idempotency_key")}
    for sent in case.sent:
        if sent.execution_id is not None and kept.get(sent.key) != sent.execution_id:
            yield f"key {sent.key} was answered with {sent.execution_id}, kept is {kept.get(sent.key)}"
    numbers = {row["id"] for row in executions(case) if row["parent_id"] is None}
    asked = {sent.key for sent in case.sent}
    answers = [answer for key, answer in kept.items() if key in asked]
    if len(set(answers)) != len(answers) or numbers != set(answers):
        yield f"executions {sorted(numbers ^ set(answers))} and keys do not belong together"


def one_ending_for_each_step(case: Case) -> Iterator[str]:
    """I2: a step ends once, its epochs only rise, and the result kept is that of the last claim."""
    steps = {(row["execution_id"], row["path"]): row for row in case.found.rows("SELECT * FROM step_execution")}
    attempts = attempts_of(case)
    for key, tried in attempts.items():
        if key not in steps:
            yield f"step {key} was tried and is not there"
            continue
        completed = [row for row in tried if row["result"] == "completed"]
        if len(completed) > 1:
            yield f"step {key} was completed {len(completed)} times"
        taken = [row["epoch"] for row in tried if row["result"] == "taken"]
        if taken != sorted(set(taken)):
            yield f"step {key} was taken under the epochs {taken}"
        if completed and (completed[0]["epoch"] != steps[key]["epoch"] or (taken and taken[-1] != steps[key]["epoch"])):
            yield f"step {key} kept the result of epoch {completed[0]['epoch']}, claimed last was {steps[key]['epoch']}"
        if completed and steps[key]["status"] not in ("completed", "cancelled"):
            yield f"step {key} was completed and is {steps[key]['status']}"


def effects_are_done_as_they_may_be(case: Case) -> Iterator[str]:
    """I3: our own effects once; calls at least once under one key, again only when an attempt was lost or failed."""
    yield from _own_effects(case)
    calls = defaultdict(list)
    for each in case.came:
        calls[each.key].append(each.body)
    known, attempts = set(), attempts_of(case)
    for row in case.found.rows("SELECT * FROM step_execution WHERE effect IN ('idempotent', 'at_most_once')"):
        key = message_id(f"{row['execution_id']}:{row['path']}")
        known.add(key)
        taken = sum(each["result"] == "taken" for each in attempts[row["execution_id"], row["path"]])
        if len(calls[key]) > taken or len(set(calls[key])) > 1:
            yield f"{row['path']} of {row['execution_id']} called {len(calls[key])} times in {taken} attempts"
        if row["status"] == "completed" and not calls[key]:
            yield f"{row['path']} of {row['execution_id']} is completed, and nobody called"
        if row["effect"] == "at_most_once" and len(calls[key]) > 1:
            yield f"{row['path']} of {row['execution_id']} must not be done twice, and was"
    if strangers := [each.key for each in case.came if each.place != "mail" and each.key not in known]:
        yield f"calls of nobody: {strangers}"
    yield from _mails(case)


def _own_effects(case: Case) -> Iterator[str]:
    told, mails = _counted(case, "notification"), _counted(case, "mail")
    for row in executions(case):
        kind = BY_NAME[case.kinds[row["workflow_id"]]]
        if row["status"] == kind.status == "completed" and (told[row["id"]], mails[row["id"]]) != (
            kind.told,
            kind.mails,
        ):
            yield f"{kind} {row['id']} told {told[row['id']]} of {kind.told}, wrote {mails[row['id']]} of {kind.mails}"


def _counted(case: Case, table: str) -> Counter[int]:
    rows = case.found.rows(f"SELECT execution_id FROM {table} WHERE execution_id IS NOT NULL")
    return Counter(row["execution_id"] for row in rows)


def _mails(case: Case) -> Iterator[str]:
    arrived = Counter(each.key for each in case.came if each.place == "mail")
    for row in case.found.rows("SELECT uid, status, attempts FROM mail"):
        number = sum(count for key, count in arrived.items() if row["uid"] in key)
        if row["status"] != "sent" or not 1 <= number <= row["attempts"]:
            yield f"mail {row['uid']} is {row['status']} and arrived {number} times in {row['attempts']} attempts"


def timers_are_never_early(case: Case) -> Iterator[str]:
    """I4: nobody goes on before the time, nor long after; and another try waits its pause."""
    for row in case.found.rows("SELECT * FROM step_execution WHERE type = 'delay' AND status = 'completed'"):
        until = datetime.fromisoformat(json.loads(row["output"])["until"])
        late = moment_of(row["finished_at"]) - until
        if not timedelta(0) <= late <= timedelta(seconds=case.late_seconds):
            yield f"{row['path']} of {row['execution_id']} went on {late.total_seconds():.2f} s after its time"
    for key, tried in attempts_of(case).items():
        for before, after in pairwise(tried):
            if before["result"] == "failed" and after["result"] == "taken":
                pause = (moment_of(after["at"]) - moment_of(before["at"])).total_seconds()
                if pause < LEAST_PAUSE:
                    yield f"step {key} was tried again after {pause:.2f} s"


def nothing_is_stuck(case: Case) -> Iterator[str]:
    """I5: everything has come to its end, and nothing lives on in what has."""
    now = datetime.now(UTC)
    for row in executions(case):
        if row["status"] not in ENDED or row["finished_at"] is None:
            yield f"execution {row['id']} ({case.kinds[row['workflow_id']]}) is {row['status']}"
    query = (
        "SELECT s.* FROM step_execution s JOIN execution e ON e.id = s.execution_id WHERE e.status IN "
        f"{ENDED} AND s.status IN {UNDER_WAY}"
    )
    for row in case.found.rows(query):
        yield f"{row['path']} of {row['execution_id']} is {row['status']}, its execution has ended"
    for row in case.found.rows("SELECT * FROM step_execution WHERE status = 'running' AND lease_until IS NOT NULL"):
        if moment_of(row["lease_until"]) < now - timedelta(seconds=2):
            yield f"the lease of {row['path']} of {row['execution_id']} ran out, and nobody gave it back"


def each_step_has_its_turn(case: Case) -> Iterator[str]:
    """I6: exactly the steps of the workflow are done, and a container ends after everything inside it."""
    steps: dict[int, list[Row]] = defaultdict(list)
    for row in case.found.rows("SELECT * FROM step_execution ORDER BY id"):
        steps[row["execution_id"]].append(row)
    for row in executions(case):
        kind, mine = BY_NAME[case.kinds[row["workflow_id"]]], steps[row["id"]]
        done = {status: sorted(each["path"] for each in mine if each["status"] == status) for status in ENDED}
        wanted = {way: sorted(getattr(kind, way)) for way in ENDED}
        if row["status"] != kind.status or done != wanted:
            yield f"{kind} {row['id']} is {row['status']} and has done {done}"
        ends = {each["path"]: each["finished_at"] for each in mine if each["status"] == "completed"}
        types = {each["path"]: each["type"] for each in mine}
        for path, end in ends.items():
            inside = [ends[each] for each in ends if each.startswith((f"{path}.", f"{path}["))]
            if types[path] not in GO_AHEAD and any(each > end for each in inside):
                yield f"{kind} {row['id']} went on from {path} before all in it had ended"
        if "tell" in ends and any(end > ends["tell"] for end in ends.values()):
            yield f"{kind} {row['id']} did its last step before others"


def the_file_is_whole(case: Case) -> Iterator[str]:
    """I9: no damage, no row that points nowhere, and a row in the log for everything that acted."""
    yield from case.found.damage()
    attempts = attempts_of(case)
    for row in case.found.rows("SELECT * FROM step_execution WHERE type = 'action' AND status = 'completed'"):
        if not any(each["result"] == "completed" for each in attempts[row["execution_id"], row["path"]]):
            yield f"{row['path']} of {row['execution_id']} is completed, and no attempt says so"
    for row in case.found.rows("SELECT id FROM execution WHERE id NOT IN (SELECT execution_id FROM step_execution)"):
        yield f"execution {row['id']} has no step"


INVARIANTS = (
    one_execution_for_each_key,
    one_ending_for_each_step,
    effects_are_done_as_they_may_be,
    timers_are_never_early,
    nothing_is_stuck,
    each_step_has_its_turn,
    *between_runs.INVARIANTS,
    the_file_is_whole,
)


def broken(case: Case) -> list[str]:
    """Answer everything that is not as it must be."""
    return [f"{check.__name__}: {wrong}" for check in INVARIANTS for wrong in check(case)]
