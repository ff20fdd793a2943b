"""Carries lists on, some rows with each transaction, so that a kill loses none and writes none twice.

Rows are tried by writing them and undoing that, so that what is said before is what the rules say after: the very
functions the pages use decide both times. Where a list stands is written in the transaction of its rows.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.accounts.users import person_of
from flowapp.events.cause import Actor, ActorKind, Cause
from flowapp.kernel.db import Database, DatabaseBusy
from flowapp.kernel.errors import FlowError, Refused
from flowapp.kernel.faults import fault
from flowapp.kernel.transaction import savepoint
from flowapp.rota.exchange.csv_import import MOST_DEEDS, MOST_FAULTS, UNDER_WAY, CsvImport, Deed, Fault, ImportStatus
from flowapp.rota.exchange.listing import Listing, Row, Verdict
from flowapp.rota.exchange.lists import ListKind, Taken, batches, read_list

log = logging.getLogger(__name__)
ROWS_AT_ONCE = 25  # the database is held for some hundredths of a second, and others write in between
UNFIT = "This does not fit with what is known already, such as two shifts at once. Correct the row."
BROKEN = "FlowApp could not go on with this list, and whoever looks after it finds the reason in its log."
CLOSED = "Your account was closed before the list was through, so the rest was left."


class _Undone(Exception):
    """What was tried is not to be kept."""


class _Outcome(NamedTuple):
    counts: Counter[str]
    faults: list[Fault]
    deeds: list[Deed]


def carry_on_imports(database: Database, now: Callable[[], datetime], stop: Callable[[], bool] = lambda: False) -> int:
    """Carry on every list that is under way to its end, or until it is time to `stop`; answer how many that were."""
    with database.read() as session:
        waiting = list(session.scalars(select(CsvImport.id).where(CsvImport.status.in_(UNDER_WAY)).order_by("id")))
    for import_id in waiting:
        try:
            _carry_on(database, import_id, now, stop)
        except (DBAPIError, DatabaseBusy):
            raise  # passes, and the list is carried on then
        except Exception:
            log.exception("list %s was given up", import_id)
            at = now()
            database.write(lambda session, number=import_id, at=at: _give_up(session, number, at))  # type: ignore[misc]
    return len(waiting)


def _give_up(session: Session, import_id: int, at: datetime) -> None:
    """Stop a list that nobody can carry on, so that it is not tried every second for ever."""
    job = session.get_one(CsvImport, import_id)
    job.faults = [*job.faults, [0, "", BROKEN]]
    job.status, job.finished_at = ImportStatus.STOPPED, at


def _carry_on(database: Database, import_id: int, now: Callable[[], datetime], stop: Callable[[], bool]) -> None:
    with database.read() as session:
        found = session.get(CsvImport, import_id)
        if found is None or found.status not in UNDER_WAY:
            return
        status, position = ImportStatus(found.status), found.position
        taken = read_list(ListKind(found.kind), found.text)
    for begin, end in batches(taken.groups, position, ROWS_AT_ONCE):
        step = partial(_do_batch, import_id=import_id, status=status, taken=taken, begin=begin, end=end, at=now())
        if stop() or not database.write(step):
            return  # it is carried on later, or another process does that


def _do_batch(
    session: Session, *, import_id: int, status: ImportStatus, taken: Taken, begin: int, end: int, at: datetime
) -> bool:
    """Try or write some rows, and note how far we are; answer whether it was ours to do."""
    job = session.get(CsvImport, import_id)
    if job is None or job.status is not status or job.position != begin:
        return False
    who = person_of(session, job.user_id)
    if who is None or not who.active:
        job.faults = [*job.faults, [0, "", CLOSED]]
        job.status, job.finished_at = ImportStatus.STOPPED, at
        return True
    job_id, counts, faults, deeds = job.id, dict(job.counts), list(job.faults), list(job.deeds)
    outcome = _outcome(session, who, taken, taken.rows[begin:end], at, keep=status is ImportStatus.WRITING)
    if status is ImportStatus.WRITING:
        fault("import.mid_tx")
    job = session.get_one(CsvImport, job_id)  # whoever undoes a row lets go of every record
    job.position = end
    job.counts = dict(Counter(counts) + outcome.counts)
    job.faults = [*faults, *([*each] for each in _as_rows(outcome.faults))][:MOST_FAULTS]
    if len(deeds) < MOST_DEEDS:
        job.deeds = [*deeds, *([*each] for each in outcome.deeds)][:MOST_DEEDS]
    if end == len(taken.rows):
        job.status = ImportStatus.CHECKED if status is ImportStatus.CHECKING else ImportStatus.DONE
        job.finished_at = None if job.status is ImportStatus.CHECKED else at
        job.version += 1
    return True


def _as_rows(faults: Sequence[Fault]) -> list[tuple[int, str, str]]:
    return [(each.line, each.column, each.message) for each in faults]


def _outcome(session: Session, who: Person, taken: Taken, rows: Sequence[Row], at: datetime, *, keep: bool) -> _Outcome:
    outcome = _Outcome(Counter(), [], [])
    if keep:
        _do_rows(session, who, taken, rows, at, outcome)
        return outcome
    with suppress(_Undone), savepoint(session):
        _do_rows(session, who, taken, rows, at, outcome)
        raise _Undone
    return outcome


def _do_rows(session: Session, who: Person, taken: Taken, rows: Sequence[Row], at: datetime, outcome: _Outcome) -> None:
    actor = Actor(kind=ActorKind.USER, id=who.user_id, name=who.name, role=who.role.label)
    cause = Cause(actor=actor, at=at)
    for row in rows:
        if earlier := taken.twice.get(row.line):
            _note_bad(outcome, [Fault(row.line, "", f"Line {earlier} is about the same. Leave one of them out.")])
            continue
        try:
            with savepoint(session):
                verdict = taken.listing.write(session, cause, who, row)
                session.flush()
        except FlowError as error:
            _note_bad(outcome, _faults(taken.listing, row, error))
        except IntegrityError:
            _note_bad(outcome, [Fault(row.line, "", UNFIT)])
        else:
            outcome.counts[verdict] += 1
            if verdict is not Verdict.SAME:
                outcome.deeds.append(Deed(row.line, verdict, taken.listing.words(row)))


def _note_bad(outcome: _Outcome, faults: list[Fault]) -> None:
    outcome.counts["bad"] += 1
    outcome.faults.extend(faults)


def _faults(listing: Listing, row: Row, error: FlowError) -> list[Fault]:
    if not isinstance(error, Refused) or not error.problems:
        return [Fault(row.line, "", error.message)]
    columns = ((listing.fields.get(each.path, each.path), each.message) for each in error.problems)
    return [Fault(row.line, column if column in listing.columns else "", message) for column, message in columns]
