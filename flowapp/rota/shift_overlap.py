"""Nobody works two shifts at once, in whichever homes: the database itself refuses it.

The triggers of SQLite compare moments as the text that `kernel.columns.Instant` writes, and therefore refuse a moment
that is written otherwise.
"""

from __future__ import annotations

SHARES_TIME = """
    NEW.staff_id IS NOT NULL AND NEW.status <> 'cancelled' AND EXISTS (
        SELECT 1 FROM shift AS other
        WHERE other.staff_id = NEW.staff_id AND other.status <> 'cancelled'
        AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at
        AND other.starts_at > datetime(NEW.starts_at, '-1 day') || '.000000'"""  # none is longer; so the index helps
IS_MISWRITTEN = """
    NEW.starts_at IS NOT datetime(NEW.starts_at) || '.000000'
    OR NEW.ends_at IS NOT datetime(NEW.ends_at) || '.000000'"""
REFUSE = "BEGIN SELECT RAISE(ABORT, 'This person already has a shift at that time.'); END"
REFUSE_MOMENT = "BEGIN SELECT RAISE(ABORT, 'Write moments as YYYY-MM-DD HH:MM:SS.000000, in UTC.'); END"
TIMES_AND_PERSON = "BEFORE UPDATE OF staff_id, starts_at, ends_at, status ON shift"

# By the backend's name. A person's number as a range of one, since a plain number needs an extension of PostgreSQL.
NO_OVERLAP = {
    "sqlite": (
        f"CREATE TRIGGER shift_is_added_without_overlap BEFORE INSERT ON shift WHEN {SHARES_TIME}) {REFUSE}",
        f"CREATE TRIGGER shift_is_changed_without_overlap {TIMES_AND_PERSON} "
        f"WHEN {SHARES_TIME} AND other.id <> OLD.id) {REFUSE}",
        f"CREATE TRIGGER shift_is_added_with_moments BEFORE INSERT ON shift WHEN {IS_MISWRITTEN} {REFUSE_MOMENT}",
        f"CREATE TRIGGER shift_is_changed_with_moments {TIMES_AND_PERSON} WHEN {IS_MISWRITTEN} {REFUSE_MOMENT}",
    ),
    "postgresql": (
        "ALTER TABLE shift ADD CONSTRAINT shift_is_without_overlap EXCLUDE USING gist ("
        "int8range(staff_id, staff_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&) "
        "WHERE (staff_id IS NOT NULL AND status <> 'cancelled')",
    ),
}
