"""Taking out of the database who somebody was, once they have left: their work stays, and tells of nobody.

It is done a few hundred rows at a time, so that others can write meanwhile, and the person's own record comes last:
whatever stops it half-way, it goes on from there when it is asked for again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import MetaData, Table, delete, select, update
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.audit_guard import rewriting
from flowapp.accounts.users import USERS
from flowapp.events.cause import Cause
from flowapp.kernel.db import Database
from flowapp.kernel.errors import Conflict, NotFound
from flowapp.rota.personal_data.emptying import empty_leave, empty_runs
from flowapp.rota.personal_data.holdings import HOLDINGS, LETTERS, NOT_CHANGED, RECORDS, Fate, Holding
from flowapp.rota.personal_data.searching import (
    AT_ONCE,
    Columns,
    Key,
    at,
    keys_with_traces,
    rewritten,
    rows_of,
    set_texts,
    texts_in,
)
from flowapp.rota.personal_data.traces import Person, Traces, former_email, former_name, former_number, traces_of
from flowapp.rota.staff import Staff, StaffStatus, member

AUDIT = str(AuditEntry.__tablename__)


@dataclass(frozen=True, kw_only=True)
class Anonymised:
    """How many rows of each table were changed, and which published versions of workflows still name the person."""

    changed: Mapping[str, int]
    versions: tuple[int, ...]


def anonymise(database: Database, metadata: MetaData, cause: Cause, staff_id: int) -> Anonymised:
    """Take out who a leaver was; raises NotFound, and Conflict for somebody who has not left or is taken out already.

    What texts say of them by another name than those of their record stays: somebody has to look.
    """
    with database.read() as session:
        person, user_ids = _leaver(session, staff_id)
    traces = traces_of(person)
    changed: Counter[str] = Counter()
    changed["execution"] = empty_runs(database, metadata, staff_id)
    changed["event"] = empty_leave(database, metadata, cause, staff_id)
    for holding in HOLDINGS:
        changed += _Emptying(database, metadata.tables[holding.table], holding, staff_id, user_ids).done()
    for _ in range(2):  # what was written behind the search is found by the next one
        for table, columns in texts_in(metadata):
            if table.name not in RECORDS | NOT_CHANGED:
                changed[table.name] += _looked_through(database, table, columns, traces, cause)
    counts = {name: number for name, number in sorted(changed.items()) if number}
    database.write(lambda session: _forget(session, cause, person, user_ids, counts))
    return Anonymised(changed=counts, versions=_versions(database, metadata, traces))


def _leaver(session: Session, staff_id: int) -> tuple[Person, tuple[int, ...]]:
    found = member(session, staff_id)
    if found.anonymised_at is not None:
        raise Conflict(f"The personal data of {found.name} has been taken out already; there is nothing left to do.")
    if found.status != StaffStatus.LEAVER:
        raise Conflict(
            f"{found.name} has not left. Personal data is taken out of leavers only; record that they have left first."
        )
    accounts = session.execute(
        select(USERS.c.id, USERS.c.name, USERS.c.email).where(USERS.c.staff_id == staff_id)
    ).all()
    names = tuple(dict.fromkeys([found.name, *(each.name for each in accounts)]))
    emails = tuple(dict.fromkeys([found.email, *(each.email for each in accounts)]))
    person = Person(staff_id=staff_id, names=names, emails=emails, employee_no=found.employee_no)
    return person, tuple(each.id for each in accounts)


@dataclass(frozen=True)
class _Emptying:
    """What a person wrote or was written to them, being emptied in one table."""

    database: Database
    table: Table
    holding: Holding
    staff_id: int
    user_ids: tuple[int, ...]

    def done(self) -> Counter[str]:
        """Do it, some rows at a time, and count them."""
        if self.holding.fate is Fate.KEPT:
            return Counter()
        number = 0
        while some := self.database.write(self._some):
            number += some
        return Counter({self.table.name: number})

    def _some(self, session: Session) -> int:
        keys = list(self.table.primary_key.columns)
        theirs = self.holding.of(self.table, self.staff_id, self.user_ids)
        left = [column.is_distinct_from(value) for column, value in self._blanks()]
        query = select(*keys).where(theirs, *([_any(left)] if left else [])).limit(AT_ONCE)
        found = [tuple(row) for row in session.execute(query)]
        for key in found:
            session.execute(self._statement(key))
        return len(found)

    def _blanks(self) -> list[tuple[Any, Any]]:
        return [(self.table.c[name], value) for name, value in self.holding.blank.items()]

    def _statement(self, key: Key) -> Any:
        where = at(self.table, key)
        if self.holding.fate is Fate.DELETED:
            return delete(self.table).where(*where)
        return update(self.table).where(*where).values(dict(self.holding.blank))


def _any(conditions: Sequence[Any]) -> Any:
    first, *rest = conditions
    for each in rest:
        first |= each
    return first


def _looked_through(database: Database, table: Table, columns: Columns, traces: Traces, cause: Cause) -> int:
    """Take the traces out of one table, some rows at a time; answer how many rows were changed."""
    number, after = 0, None
    while True:
        with database.read() as session:
            keys = keys_with_traces(session, table, columns, traces, after=after)
        if not keys:
            return number
        number += database.write(lambda session, some=keys: _rewrite(session, table, columns, some, traces, cause))  # type: ignore[misc]
        after = keys[-1]


def _rewrite(
    session: Session, table: Table, columns: Columns, keys: Sequence[Key], traces: Traces, cause: Cause
) -> int:
    """Rewrite these rows as they stand now, and count those that changed."""
    number = 0
    if table.name == AUDIT:
        with rewriting(session):
            for key, row in rows_of(session, table, columns, keys):
                if texts := rewritten(row, columns, traces):
                    set_texts(session, table, key, texts, redacted_at=cause.at)
                    number += 1
        return number
    for key, row in rows_of(session, table, columns, keys):
        if texts := rewritten(row, columns, traces):
            set_texts(session, table, key, texts)
            _empty_letter(session, table, key, row, traces)
            number += 1
    return number


def _empty_letter(session: Session, table: Table, key: Key, row: Any, traces: Traces) -> None:
    """Empty a letter to the person, whose text may tell more than a name, and do not send it any more."""
    letters = LETTERS.get(table.name)
    if letters is None or not traces.found_in(row[letters.to] or ""):
        return
    set_texts(session, table, key, letters.blank)
    unsent = update(table).where(*at(table, key), table.c.status == letters.waiting)
    session.execute(unsent.values(status=letters.kept_back))


def _forget(
    session: Session, cause: Cause, person: Person, user_ids: Sequence[int], changed: Mapping[str, int]
) -> None:
    """Change the person's own records, and note that it was done; nothing of it tells who it was."""
    staff_id = person.staff_id
    found = session.get(Staff, staff_id)
    if found is None:
        raise NotFound
    if found.anonymised_at is not None:
        raise Conflict("Somebody else has done this just now; there is nothing left to do.")
    email = former_email(staff_id)
    found.name, found.email, found.employee_no = former_name(staff_id), email, former_number(staff_id)
    found.pattern, found.anonymised_at, found.version = {}, cause.at, found.version + 1
    found.born = found.night_assessed_on = None
    found.restrictions, found.restriction_note = [], ""
    for number, user_id in enumerate(user_ids):
        own = email if not number else f"{number}-{email}"
        blank = {"name": found.name, "email": own, "password_hash": "", "is_active": False}
        session.execute(update(USERS).where(USERS.c.id == user_id).values(blank))
    session.flush()
    after = {"rows": dict(changed)}
    audit.write(
        session, cause, action="staff.anonymise", entity="staff", entity_id=staff_id, home_id=found.home_id, after=after
    )


def _versions(database: Database, metadata: MetaData, traces: Traces) -> tuple[int, ...]:
    """Answer the workflows some version of which names the person."""
    found: set[int] = set()
    with database.read() as session:
        for table, columns in texts_in(metadata):
            if table.name not in NOT_CHANGED:
                continue
            keys = keys_with_traces(session, table, columns, traces)
            naming = [key for key, row in rows_of(session, table, columns, keys) if rewritten(row, columns, traces)]
            for key in naming:
                found.update(session.scalars(select(table.c.workflow_id).where(*at(table, key))))
    return tuple(sorted(found))
