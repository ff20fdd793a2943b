"""What the pages of lists that come in show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import Person
from flowapp.kernel.errors import Problem
from flowapp.rota.exchange.csv_file import MOST_ROWS
from flowapp.rota.exchange.csv_import import UNDER_WAY, CsvImport, Fault, ImportStatus, own_imports
from flowapp.rota.exchange.listing import Verdict
from flowapp.rota.exchange.lists import LAYOUTS, ListKind
from flowapp.web.filters import When, number, plural, when

SHOWN = 20
KINDS = {ListKind.STAFF: "Staff", ListKind.SHIFTS: "Shifts", ListKind.LEAVE: "Leave"}
DONE_WORDS = {Verdict.ADDED: "Add", Verdict.CHANGED: "Change", Verdict.SAME: "Leave alone"}
PILLS = {
    ImportStatus.CHECKING: ("Being checked", "info", "hourglass"),
    ImportStatus.CHECKED: ("Checked, not imported", "wait", "eye"),
    ImportStatus.WRITING: ("Being imported", "info", "hourglass"),
    ImportStatus.DONE: ("Imported", "good", "check"),
    ImportStatus.STOPPED: ("Stopped", "bad", "x"),
}


@dataclass(frozen=True, kw_only=True)
class ImportLine:
    """One list that was brought in before."""

    href: str
    name: str
    kind: str
    rows: str
    status: tuple[str, str, str]
    when: When


@dataclass(frozen=True, kw_only=True)
class NewImportPage:
    """The form for a list, and the lists before it."""

    kinds: tuple[tuple[str, str], ...]
    layouts: tuple[tuple[str, str], ...]
    most: str
    kind: str
    text: str
    errors: dict[str, str]
    problems: tuple[tuple[str, str], ...]
    before: tuple[ImportLine, ...]


@dataclass(frozen=True, kw_only=True)
class ImportPage:
    """One list and what was found in it."""

    title: str
    sentence: str
    status: tuple[str, str, str]
    is_live: bool
    here: str
    facts: tuple[tuple[str, str], ...]
    faults: tuple[Fault, ...]
    faults_title: str
    deeds_title: str
    deeds: tuple[tuple[int, str, str], ...]
    more_deeds: str
    more_faults: str
    start_url: str  # empty where there is nothing to start
    start_word: str
    has_bad: bool
    problem: str
    back: str


def new_import_page(
    session: Session,
    person: Person,
    *,
    now: datetime,
    zone: tzinfo,
    kind: str = "",
    text: str = "",
    problems: Iterable[Problem] = (),
) -> NewImportPage:
    """Put together the form; only for lists that somebody may bring in."""
    mine = [each for each in ListKind if can(person, LAYOUTS[each][0].permission)]
    told = tuple((problem.path or "file", problem.message) for problem in problems)
    return NewImportPage(
        kinds=tuple((each.value, KINDS[each]) for each in mine),
        layouts=tuple((KINDS[each], ", ".join(LAYOUTS[each][0].columns)) for each in mine),
        most=number(MOST_ROWS),
        kind=kind,
        text=text,
        errors=dict(told),
        problems=told,
        before=tuple(_line(each, now=now, zone=zone) for each in own_imports(session, person, most=SHOWN)),
    )


def _line(found: CsvImport, *, now: datetime, zone: tzinfo) -> ImportLine:
    return ImportLine(
        href=url_for("exchange.show_import", import_id=found.id),
        name=found.file_name,
        kind=KINDS[ListKind(found.kind)],
        rows=number(found.row_count),
        status=PILLS[ImportStatus(found.status)],
        when=when(found.created_at, now=now, zone=zone),
    )


def import_page(found: CsvImport, *, problem: str = "") -> ImportPage:
    """Put together what was found in a list, and what became of it."""
    status = ImportStatus(found.status)
    here = url_for("exchange.show_import", import_id=found.id)
    can_start = status is ImportStatus.CHECKED and found.changing > 0
    faults = found.found
    return ImportPage(
        title=f"{KINDS[ListKind(found.kind)]} from {found.file_name}",
        sentence=_sentence(found, status),
        status=PILLS[status],
        is_live=status in UNDER_WAY,
        here=here,
        facts=_facts(found, status),
        faults=faults,
        faults_title=_faults_title(found, status),
        more_faults=_more(found, faults),
        deeds_title="What was done" if status is ImportStatus.DONE else "What would be done",
        deeds=tuple((each.line, DONE_WORDS[each.verdict], each.words) for each in found.done),
        more_deeds=_more_deeds(found),
        start_url=url_for("exchange.start_import", import_id=found.id) if can_start else "",
        start_word=f"Import {plural(found.changing, 'row')}",
        has_bad=found.bad > 0,
        problem=problem,
        back=url_for("exchange.new_import"),
    )


def _more_deeds(found: CsvImport) -> str:
    left = found.changing - len(found.deeds)
    return f"And {plural(left, 'further row')}." if left > 0 else ""


def _sentence(found: CsvImport, status: ImportStatus) -> str:
    through = f"{number(found.position)} of {plural(found.row_count, 'row')}"
    match status:
        case ImportStatus.CHECKING:
            return f"{through} checked. Nothing is written yet. You can leave this page; the check goes on."
        case ImportStatus.WRITING:
            return f"{through} done. You can leave this page; the import goes on, and nothing is done twice."
        case ImportStatus.DONE:
            return f"{plural(found.changing, 'row')} imported."
        case ImportStatus.STOPPED:
            return f"Stopped after {through}."
    if found.changing == 0:
        wrong = "Correct the rows below and bring the list in again." if found.bad else "All of it is known already."
        return f"Nothing in this list would change anything. {wrong}"
    return "Nothing is written yet. Look at what would be done, then import it."


def _facts(found: CsvImport, status: ImportStatus) -> tuple[tuple[str, str], ...]:
    words = ("Added", "Changed", "Left alone") if status in (ImportStatus.WRITING, ImportStatus.DONE) else (
        "To be added", "To be changed", "To be left alone"
    )  # fmt: skip
    counted = zip(words, (Verdict.ADDED, Verdict.CHANGED, Verdict.SAME), strict=True)
    return (
        ("Rows", number(found.row_count)),
        *((word, number(found.counts.get(verdict, 0))) for word, verdict in counted),
        ("Wrong", number(found.bad)),
    )


def _faults_title(found: CsvImport, status: ImportStatus) -> str:
    if status is ImportStatus.DONE:
        return "Not imported"
    return f"{plural(found.bad, 'wrong row')}" if found.bad else "What went wrong"


def _more(found: CsvImport, faults: tuple[Fault, ...]) -> str:
    left = found.bad - len({fault.line for fault in faults if fault.line})
    return (
        f"{plural(left, 'further row')} also wrong. Correct these first, then bring the list in again."
        if left > 0
        else ""
    )
