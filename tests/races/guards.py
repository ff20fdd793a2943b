"""The guards that races are about: where they stand, and which races miss them."""

from __future__ import annotations

from tests.kill.guard import Edit, Mutation

MIGRATION = "migrations/versions/0001_first_tables.py"
EXECUTION_KEY = 'name=op.f("uq_execution_workflow_id_trigger_id_dedupe_key")'
ENGINE, ROTA = "flowapp/engine", "flowapp/rota"
CLAIMS, PEOPLE, WAITS, ENTRIES, CHANGING, ROTAS, ONCE = (
    f"tests/races/test_{name}.py"
    for name in ("claims", "stepping_in", "waits", "entries", "changing_workflows", "rota", "once")
)


def missed(guard: str, tests: tuple[str, str], *edits: tuple[str, str, str]) -> Mutation:
    """Answer a guard that these races miss, given as a file and words of their names."""
    return Mutation(f"race: {guard}", tuple(Edit(*each) for each in edits), (tests[0], "-k", tests[1]))


GUARDS = (
    missed(
        "a branch that has gone on is merged no more",
        (CLAIMS, "merged_once"),
        (
            f"{ENGINE}/control/branch.py",
            'if path not in walk.memory.live or lane not in before.get("live", ()):',
            "if False:",
        ),
    ),
    missed(
        "a result needs the epoch of its claim",
        (CLAIMS, "end_of_its_lease"),
        (
            f"{ENGINE}/claim.py",
            "StepExecution.status == StepStatus.RUNNING,\n        StepExecution.epoch ==",
            "StepExecution.epoch >=",
        ),
        (
            f"{ENGINE}/complete.py",
            "STEPS.c.status == StepStatus.RUNNING, STEPS.c.epoch == epoch",
            "STEPS.c.epoch >= epoch",
        ),
    ),
    missed(
        "a lease that was given back is renewed no more",
        (CLAIMS, "renewed_or_given_back"),
        (f"{ENGINE}/heartbeat.py", "where(STEPS.c.status == StepStatus.RUNNING, ours)", "where(ours)"),
    ),
    missed(
        "a lease that was given back has none to run out",
        (CLAIMS, "given_back_by_one"),
        (
            f"{ENGINE}/claim.py",
            "StepExecution.status == StepStatus.RUNNING,\n        StepExecution.lease_until",
            "StepExecution.lease_until",
        ),
        (f"{ENGINE}/claim.py", '{"owner": None, "lease_until": None, "crash_count"', '{"crash_count"'),
    ),
    missed(
        "nobody cancels what has ended",
        (PEOPLE, "stays_cancelled_or_has_ended"),
        (f"{ENGINE}/people/calling_off.py", "    if not ended:\n        raise Conflict(TOO_LATE)\n", ""),
    ),
    missed(
        "a result of a run that was cancelled is thrown away",
        (PEOPLE, "stays_cancelled_or_has_ended and outside"),
        (
            f"{ENGINE}/claim.py",
            "StepExecution.status == StepStatus.RUNNING,\n        StepExecution.epoch ==",
            "StepExecution.epoch ==",
        ),
        (f"{ENGINE}/complete.py", "STEPS.c.status == StepStatus.RUNNING, STEPS.c.epoch", "STEPS.c.epoch"),
    ),
    missed(
        "nobody retries what is under way",
        (PEOPLE, "two_people_retry_goes_on"),
        (
            f"{ENGINE}/people/retrying.py",
            "if refusal := why_not_from_step(found):",
            "if False and (refusal := why_not_from_step(found)):",
        ),
    ),
    missed(
        "a run is begun anew once",
        (PEOPLE, "begun_anew_once"),
        (f"{ENGINE}/people/retrying.py", "if (retried := retry_of", "if False and (retried := retry_of"),
    ),
    missed(
        "a doubt is answered once",
        (PEOPLE, "in_doubt"),
        (f"{ENGINE}/people/doubts.py", ", STEPS.c.status == StepStatus.UNCERTAIN)", ")"),
    ),
    missed(
        "what has ended is not late",
        (PEOPLE, "whose_time_is_up"),
        (
            f"{ENGINE}/burst.py",
            "if not self.memory.live or (path is not None and not self._is_late(path)):",
            "if False:",
        ),
    ),
    missed(
        "a step that begins to wait looks at what came before",
        (WAITS, "begins_to_wait"),
        (f"{ENGINE}/signals/listening.py", "while self._begun:", "while False:"),
        (f"{ENGINE}/signals/awaited.py", "    if execution_ids:", "    if False:"),
    ),
    missed(
        "an event wakes those that listen",
        (WAITS, "begins_to_wait"),
        (f"{ENGINE}/signals/awaited.py", "if _ANYBODY.first(", "if False and _ANYBODY.first("),
    ),
    missed(
        "a run that ends wakes the step that waits for it",
        (WAITS, "begins_to_wait_for_it or parent_is_cancelled"),
        (f"{ENGINE}/children/children.py", "if wake(session, parent_id", "if False and wake(session, parent_id"),
    ),
    missed(
        "a run nobody waits for any more is cancelled",
        (WAITS, "outlives_its_parent"),
        (f"{ENGINE}/children/children.py", "        if children:\n", "        if False:\n"),
    ),
    missed(
        "what is under way is counted as a run comes in",
        (ENTRIES, "no_more_begin"),
        (f"{ENGINE}/entry/entry.py", "live = [number for", "live = [] and [number for"),
    ),
    missed(
        "only the oldest of a queue is let go",
        (ENTRIES, "cancelled_in_a_queue"),
        (f"{ENGINE}/entry/queueing.py", "run_key)[:1]:", "run_key):"),
    ),
    missed(
        "a time on a schedule is its key",
        (ENTRIES, "time_on_a_schedule"),
        (f"{ENGINE}/schedules.py", ", Subscription.next_fire_at == at)", ")"),
        (f"{ENGINE}/schedules.py", "not _started(session, schedule, turn.start)", "True"),
        (f"{ENGINE}/execution.py", 'UniqueConstraint("workflow_id", "trigger_id", "dedupe_key"),', ""),
        (MIGRATION, EXECUTION_KEY, f'"id", {EXECUTION_KEY}'),
    ),
    missed(
        "a flood is told of once",
        (ENTRIES, "flood"),
        (f"{ENGINE}/entry/flood.py", "    if count_held(session, workflow_id, most=1):", "    if False:"),
    ),
    missed(
        "a workflow that is paused is not paused again",
        (ENTRIES, "pause_the_workflow_once"),
        ("flowapp/workflows/switching.py", "if found is None or found.status != ACTIVE:", "if found is None:"),
    ),
    missed(
        "a draft is written by whoever has seen it",
        (CHANGING, "edit_one_draft"),
        ("flowapp/workflows/drafting.py", "if seen is not None and seen != found.rev:", "if False:"),
    ),
    missed(
        "a draft is published by whoever has seen it",
        (CHANGING, "somebody_saw_it"),
        ("flowapp/workflows/drafting.py", "if seen is not None and seen != found.rev:", "if False:"),
    ),
    missed(
        "only an active workflow is started by hand",
        (CHANGING, "archived"),
        (f"{ENGINE}/manual.py", "if found.status != WorkflowStatus.ACTIVE or found", "if found"),
    ),
    missed(
        "a request is decided once",
        (ROTAS, "two_managers"),
        (f"{ROTA}/leave_decisions.py", "if request.status != LeaveStatus.REQUESTED:", "if False:"),
    ),
    missed(
        "the rules are asked as leave is requested",
        (ROTAS, "same_days"),
        (f"{ROTA}/leave_asking.py", "if problems := blocking(results):", "if problems := []:"),
    ),
    missed(
        "the rules are asked again as leave is granted",
        (ROTAS, "more_than_there_is"),
        (f"{ROTA}/leave_decisions.py", "    if problems := blocking(results):", "    if problems := []:"),
    ),
    missed(
        "only an open shift is given",
        (ROTAS, "one_open_shift"),
        (f"{ROTA}/shift_changes.py", "if shift.status is not ShiftStatus.OPEN:", "if False:"),
    ),
    missed(
        "nobody works twice at the same time",
        (ROTAS, "two_shifts_at_the_same_time"),
        (f"{ROTA}/shift_assigning.py", "    for finding in others:", "    for finding in ():"),
    ),
    missed(
        "a shift is changed by whoever has seen it",
        (ROTAS, "what_both_have_seen"),
        (f"{ROTA}/shift_changes.py", "if seen is not None and seen != shift.version:", "if False:"),
    ),
    missed(
        "a step is undone once",
        (ROTAS, "undone_once"),
        (f"{ENGINE}/undoing/undoing.py", "if each.state is UndoState.REGISTERED]", "if True]"),
    ),
    missed(
        "what somebody has changed since is not undone",
        (ROTAS, "over_their_change"),
        (f"{ROTA}/leave_reopening.py", 'if request.version != before["version"]:', "if False:"),
    ),
    missed(
        "a request that comes again is answered as before",
        (ONCE, "one_request"),
        ("flowapp/http/idempotency.py", "if found is not None and", "if False and"),
    ),
    missed(
        "an event that is told again is the first one",
        (ONCE, "one_event"),
        ("flowapp/api/events.py", "if event.dedupe_key else None", "if False else None"),
    ),
    missed(
        "a sign-in link is used up",
        (ONCE, "sign_in_link"),
        ("flowapp/accounts/sign_in_links.py", "if link.used_at is not None:", "if False:"),
        ("flowapp/accounts/sign_in_links.py", "or link.session_version != _version(session, link.user_id)", ""),
    ),
    missed(
        "an administrator is left",
        (ONCE, "administrators"),
        ("flowapp/accounts/user_changes.py", "if admins == {user_id}:", "if False:"),
    ),
    missed(
        "a mail that is being sent is not due",
        (ONCE, "each_mail"),
        ("flowapp/messaging/delivery.py", '"status": MailStatus.SENDING, "owner"', '"owner"'),
    ),
)
