"""The guards of one run: where they stand, and which tests miss them."""

from __future__ import annotations

from tests.kill.guard import Edit, Mutation

MIGRATION = "migrations/versions/0001_first_tables.py"
ANY, NONE = "except Exception:", "except ZeroDivisionError:"
LOOKED = 'log.exception("the scheduler could not look at its jobs'
CONTROL = "flowapp/engine/control"
STEP_KEY = 'name=op.f("uq_step_execution_execution_id_path")'
EXECUTION_KEY = 'name=op.f("uq_execution_workflow_id_trigger_id_dedupe_key")'
GUARDS = (
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
        (Edit("flowapp/kernel/backends/sqlite.py", '"BEGIN IMMEDIATE"', '"BEGIN"'),),
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
    Mutation(
        "a branch waits for all its ways",
        (
            Edit(
                f"{CONTROL}/branch.py",
                'if step.merge == "all":\n        return ways',
                'if step.merge == "all":\n        return 1',
            ),
        ),
        ("tests/engine/test_branch.py", "-k", "come_together"),
    ),
    Mutation(
        "nothing is woken before its time",
        (
            Edit(
                "flowapp/engine/claim.py",
                'StepExecution.run_at <= bindparam("now", type_=Instant))\n    .order_by',
                'bindparam("now", type_=Instant).is_not(None))\n    .order_by',
            ),
        ),
        ("tests/engine/test_delay.py", "-k", "goes_on_when"),
    ),
    Mutation(
        "a try that fails for the last time is the last",
        (Edit(f"{CONTROL}/failing.py", "or news.attempt >= retry.attempts", ""),),
        ("tests/engine/test_failing_steps.py", "-k", "last_try"),
    ),
    Mutation(
        "another try waits its pause",
        (Edit(f"{CONTROL}/failing.py", "timedelta(seconds=max(seconds, asked_for))", "timedelta(0)"),),
        ("tests/engine/test_failing_steps.py", "-k", "time_it_asks_for or pauses_grow"),
    ),
    Mutation(
        "what takes too long is ended",
        (Edit("flowapp/engine/claim.py", "return _LATE_STEPS.rows(session, now=now)", "return []"),),
        ("tests/engine/test_timeouts.py", "-k", "takes_too_long"),
    ),
    Mutation(
        "no more calls are taken than can begin",
        (Edit("flowapp/engine/acting.py", "if self._lookups.hands.take():", "if True:"),),
        ("tests/engine/test_hands.py", "-k", "no_more_calls"),
    ),
    Mutation(
        "calls that wait hold up nobody else",
        (Edit("flowapp/engine/worker.py", "limit=AT_ONCE, outside=hands > 0)", "limit=AT_ONCE)"),),
        ("tests/engine/test_hands.py", "-k", "hold_up_nobody"),
    ),
    Mutation(
        "what is taken back in the same moment is not called",
        (Edit("flowapp/engine/effects.py", 'and row["status"] is StepStatus.RUNNING', ""),),
        ("tests/engine/test_hands.py", "-k", "taken_back"),
    ),
    Mutation(
        "a lease is renewed while a call takes",
        (Edit("flowapp/engine/heartbeat.py", ".values(lease_until=until)", ".values(owner=STEPS.c.owner)"),),
        ("tests/engine/test_hands.py", "-k", "as_long_as"),
    ),
    Mutation(
        "a renewal needs the epoch of the claim",
        (Edit("flowapp/engine/heartbeat.py", ", STEPS.c.epoch).in_(claims)", ").in_([each[:2] for each in claims])"),),
        ("tests/engine/test_hands.py", "-k", "taken_over"),
    ),
    Mutation(
        "whoever stood still renews before it gives back",
        (Edit("flowapp/engine/worker.py", "self.effects.heartbeat.catch_up()", ""),),
        ("tests/engine/test_hands.py", "-k", "stood_still"),
    ),
    Mutation(
        "a full disk is no failure of an execution",
        (Edit("flowapp/kernel/db.py", "            if self._is_full(error):", "            if False:"),),
        ("tests/engine/test_hands.py", "-k", "given_up"),
    ),
    Mutation(
        "a result is offered until the database takes it",
        (Edit("flowapp/engine/effects.py", "if self._closing.wait(pause):", "if True:"),),
        ("tests/engine/test_hands.py", "-k", "room_again"),
    ),
    Mutation(
        "the scheduler outlives an error",
        (Edit("flowapp/scheduler/hardened.py", f"{ANY}\n            {LOOKED}", f"{NONE}\n            {LOOKED}"),),
        ("tests/kill/test_guards.py", "-k", "scheduler"),
    ),
    Mutation(
        "the engine's thread outlives an error",
        (
            Edit(
                "flowapp/engine/loop.py",
                "except Exception as error:",
                "except ZeroDivisionError as error:",
            ),
        ),
        ("tests/engine/test_loop.py", "-k", "does_not_end"),
    ),
    Mutation(
        "a time on a schedule is taken by one process",
        (Edit("flowapp/engine/schedules.py", ", Subscription.next_fire_at == at)", ")"),),
        ("tests/engine/test_schedules.py", "-k", "settled_meanwhile or same_moment"),
    ),
    Mutation(
        "a mail's result needs the epoch of its taking",
        (Edit("flowapp/messaging/delivery.py", "MAILS.c.epoch == mail.epoch, ", ""),),
        ("tests/unit/messaging/test_delivery.py", "-k", "too_late"),
    ),
    Mutation(
        "the number of a transaction that a crash gave to another tells nothing",
        (Edit("flowapp/kernel/backends/postgresql.py", "redo_lsn < %(flushed)s::pg_lsn", "%(flushed)s IS NOT NULL"),),
        ("tests/unit/kernel/test_postgresql_crash.py", "-k", "lost_transaction"),
    ),
    Mutation(
        "what went with the connection is rolled back",
        (Edit("flowapp/kernel/backends/postgresql.py", "if not driver.closed:", "if True:"),),
        ("tests/unit/kernel/test_postgresql_crash.py", "-k", "without_a_word"),
    ),
    Mutation(
        "a database that is away is no failure of a step",
        (Edit("flowapp/engine/effects.py", "DatabaseBusy as busy:  # is", "ZeroDivisionError as busy:  # is"),),
        ("tests/kill/test_away_while_acting.py", "-k", "has_not_failed"),
    ),
    Mutation(
        "a scheduler that was shut down looks no more",
        (Edit("flowapp/scheduler/hardened.py", " if self.running else None", ""),),
        ("tests/kill/test_guards.py", "-k", "shut_down"),
    ),
)
