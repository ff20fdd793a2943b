"""The guards between runs: of waiting, of families, queues, undoing, retrying and cleaning up."""

from __future__ import annotations

from tests.kill.guard import Edit, Mutation

ENDING = "flowapp/engine/ending.py"
FOLLOWING = "(forget_ended, wake_parents, cancel_children, let_next_go, spells.watch)"
UNDO = "flowapp/engine/undoing/undo.py"
IMPORT = "from flowapp.workflows.kinds import Action, ActionOutput, Run\n"
EFFECT = "    output = action.run(fields, run)\n"
FLUSH = "        run.session.flush()\n"
AFTERWARDS = "    note = plain(action.undo_note_afterwards(note, output, run))\n"
SWEEP = Edit("flowapp/engine/worker.py", ", self.let_missed_go)", ")")
SERVERS = ("tests/kill/test_kinds.py", "-m", "not long", "-k")
QUEUE = (*SERVERS, "queued")


def _without(name: str) -> Edit:
    """Take one of what follows from the end of a run away."""
    return Edit(ENDING, FOLLOWING, FOLLOWING.replace(f"{name}, ", ""))


GUARDS = (
    Mutation(
        "the end of a run wakes the step that waits for it",
        (_without("wake_parents"),),
        (*SERVERS, "workflow"),
    ),
    Mutation(
        "the end of a run cancels the runs it waited for",
        (_without("cancel_children"),),
        ("tests/engine/test_workflow_step_ending.py", "-k", "cancels_what_it_waits_for"),
    ),
    Mutation(
        "a step that is not wanted any more cancels its run",
        (Edit(ENDING, "[*writes.ended, *cancel_unawaited(session, writes, now)]", "writes.ended"),),
        ("tests/engine/test_workflow_step_ending.py", "-k", "branch_that_lost"),
    ),
    Mutation(
        "a step starts a run once, however often it is done",
        (
            Edit(
                "flowapp/engine/children/child_start.py",
                'f"{run.key}:{before + 1}"\n',
                'f"{run.key}:{before + 1}:{hash(object())}"\n',
            ),
        ),
        ("tests/engine/test_workflow_step_starting.py", "-k", "second_run_of_one_try"),
    ),
    # Each of the two that let a queue go on is enough alone.
    Mutation("a queue goes on when a run ends", (_without("let_next_go"),), QUEUE, missed=False),
    Mutation("a queue goes on when somebody looks", (SWEEP,), QUEUE, missed=False),
    Mutation("a queue goes on when a run ends, or somebody looks", (_without("let_next_go"), SWEEP), QUEUE),
    Mutation(
        "who is in the queue does not begin",
        (
            Edit(
                "flowapp/engine/entry/modes.py",
                "        case Mode.QUEUED if len(live) < limit.most:\n            return Admission(Verdict.WAITS)",
                "        case Mode.QUEUED if len(live) < limit.most:\n            return Admission(Verdict.BEGINS)",
            ),
        ),
        QUEUE,
    ),
    Mutation(
        "an event of the transaction in which a wait begins counts",
        (Edit(ENDING, "    wake_overlooked(session, writes.listening, now)\n", ""),),
        ("tests/engine/test_wait_early.py", "-k", "is_not_missed"),
    ),
    Mutation(
        "an event that came before a wait began counts",
        (Edit("flowapp/engine/signals/listening.py", "if told.events:", "if False:"),),
        ("tests/engine/test_wait_early.py", "-k", "taken_at_once"),
    ),
    Mutation(
        "an event wakes who listens to it",
        (Edit("flowapp/engine/signals/awaited.py", "    if _ANYBODY.first(", "    if False and _ANYBODY.first("),),
        (*SERVERS, "wait-accept"),
    ),
    Mutation(
        "a run that has ended listens no more",
        (_without("forget_ended"),),
        ("tests/engine/test_wait_early.py", "-k", "listens_no_more"),
    ),
    Mutation(
        "how a step is undone is kept with its effect, or neither",
        (
            Edit("flowapp/engine/acting.py", "with savepoint(self.session):\n            output = run_reg",
                 "if True:\n            output = run_reg"),
            Edit(UNDO, EFFECT + AFTERWARDS, ""),
            Edit(UNDO, "    )\n    return output\n",
                 f"    )\n    with savepoint(run.session):\n    {EFFECT}{FLUSH}    return output\n"),
            Edit(UNDO, IMPORT, f"{IMPORT}from flowapp.kernel.transaction import savepoint\n"),
        ),
        ("tests/engine/test_undoing.py", "-k", "nothing_to_undo"),
    ),
    Mutation(
        "the last effect is undone first",
        (Edit("flowapp/engine/undoing/undoing.py", ", reverse=True)", ")"),),
        (*SERVERS, "rollback"),
    ),
    Mutation(
        "what is done is not done again when a run is retried",
        (
            Edit(
                "flowapp/engine/people/reopening.py",
                "ENDED_BADLY = (StepStatus.FAILED, StepStatus.CANCELLED)",
                "ENDED_BADLY = (StepStatus.FAILED, StepStatus.CANCELLED, StepStatus.COMPLETED)",
            ),
        ),
        ("tests/engine/test_retrying.py", "-k", "not_done_again"),
    ),
    Mutation(
        "a run that is under way is never cleaned up",
        (Edit("flowapp/engine/keeping/clean_up.py", "columns.status.not_in(LIVE), ", ""),),
        ("tests/engine/test_clean_up.py", "-k", "under_way_never_goes"),
    ),
    Mutation(
        "hints outlive a database that is locked",
        (Edit("flowapp/scheduler/hardened.py", "except Exception:", "except ZeroDivisionError:"),),
        ("tests/scheduler/test_hints.py", "-k", "locked_for_seconds"),
    ),
)  # fmt: skip
