"""The guards that have to do with one of the databases, and the tests that miss them."""

from __future__ import annotations

from tests.kill.guard import Edit, Mutation

POSTGRESQL, CHANGES = "flowapp/kernel/backends/postgresql.py", "flowapp/kernel/changes.py"
ALONE, LOST = "tests/unit/kernel/test_postgresql.py", "tests/unit/kernel/test_postgresql_lost.py"

GUARDS = (
    Mutation(
        "PostgreSQL: writers take turns",
        (Edit(POSTGRESQL, "SELECT pg_advisory_xact_lock({WRITING});", "SELECT {WRITING};"),),
        (ALONE, "-k", "240"),
    ),
    Mutation(
        "PostgreSQL: whoever reads cannot write",
        (Edit(POSTGRESQL, "REPEATABLE READ READ ONLY", "REPEATABLE READ"),),
        (ALONE, "-k", "sees_one_state"),
    ),
    Mutation(
        "PostgreSQL: whoever stands still is thrown out",
        (
            Edit(
                POSTGRESQL,
                "idle_in_transaction_session_timeout=STANDS_STILL_MILLISECONDS",
                "idle_in_transaction_session_timeout=0",
            ),
        ),
        (ALONE, "-k", "stands_still"),
    ),
    Mutation(
        "PostgreSQL: what was given up is not told as kept",
        (Edit(POSTGRESQL, '        event.listen(engine, "commit", _refuse_failed)\n', ""),),
        (ALONE, "-k", "never_told_as_kept"),
    ),
    Mutation(
        "PostgreSQL: a commit that nobody answered is asked after",
        (Edit(CHANGES, "mark = self._backend.mark(connection)", "mark = None"),),
        (LOST, "-k", "exactly_once"),
    ),
    Mutation(
        "SQLite: nobody writes while the WAL is moved",
        (Edit("flowapp/kernel/checkpoints.py", "with self._writer.begin():", "if True:"),),
        ("tests/unit/kernel/test_checkpoints.py",),
    ),
    Mutation(
        "a run that was begun anew is not late",
        (Edit("flowapp/engine/worker.py", "if path is None and not is_late(", "if False and not is_late("),),
        ("tests/engine/test_timeouts.py", "-k", "anew"),
    ),
)
