"""The audit is only added to: the database itself refuses anything else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

_REMEDY = "The audit is only added to. Leave this entry, and write another that puts it right."
_REFUSE = f"BEGIN SELECT RAISE(ABORT, '{_REMEDY}'); END"
_NOT_CHANGED = f"CREATE TRIGGER audit_entry_is_not_changed BEFORE UPDATE ON audit_entry {_REFUSE}"
_NOT_DELETED = f"CREATE TRIGGER audit_entry_is_not_deleted BEFORE DELETE ON audit_entry {_REFUSE}"

# By the backend's name; carried out by the migration. REPLACE of SQLite deletes without asking the second trigger,
# hence the third.
APPEND_ONLY = {
    "sqlite": (
        _NOT_CHANGED,
        _NOT_DELETED,
        "CREATE TRIGGER audit_entry_is_not_replaced BEFORE INSERT ON audit_entry "
        f"WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id) {_REFUSE}",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN RAISE EXCEPTION '{_REMEDY}' USING ERRCODE = 'integrity_constraint_violation'; END$$",
        "CREATE TRIGGER audit_entry_is_not_changed BEFORE UPDATE OR DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION audit_is_only_added_to()",
        "CREATE TRIGGER audit_entry_is_not_emptied BEFORE TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to()",
    ),
}


def lifted(session: Session) -> AbstractContextManager[None]:
    """Let entries be removed until this ends: for taking a demo away in which nobody has worked, and nothing else."""
    return _LIFTED[session.get_bind().dialect.name](session)


def rewriting(session: Session) -> AbstractContextManager[None]:
    """Let entries be changed until this ends: for taking personal data out of them, and nothing else."""
    return _REWRITING[session.get_bind().dialect.name](session)


@contextmanager
def _lifted_in_sqlite(session: Session) -> Iterator[None]:
    session.execute(text("DROP TRIGGER IF EXISTS audit_entry_is_not_deleted"))
    yield
    session.execute(text(_NOT_DELETED))


@contextmanager
def _rewriting_in_sqlite(session: Session) -> Iterator[None]:
    session.execute(text("DROP TRIGGER IF EXISTS audit_entry_is_not_changed"))
    yield
    session.execute(text(_NOT_CHANGED))


@contextmanager
def _lifted_in_postgresql(session: Session) -> Iterator[None]:
    session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
    yield
    session.execute(text("ALTER TABLE audit_entry ENABLE TRIGGER USER"))


_LIFTED: dict[str, Callable[[Session], AbstractContextManager[None]]] = {
    "sqlite": _lifted_in_sqlite,
    "postgresql": _lifted_in_postgresql,
}
_REWRITING: dict[str, Callable[[Session], AbstractContextManager[None]]] = {
    "sqlite": _rewriting_in_sqlite,
    "postgresql": _lifted_in_postgresql,
}
