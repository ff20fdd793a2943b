"""What the page of a home's training shows: everybody against every type, and what needs doing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.can import can, homes_of
from flowapp.accounts.people import On, Person
from flowapp.kernel.errors import NotFound
from flowapp.rota.homes import CareHome
from flowapp.rota.staff import JobRole, member
from flowapp.rota.training.matrix import Cell, CellState, Matrix, Row, training_of
from flowapp.rota.training.types import TrainingType
from flowapp.web.filters import plural
from flowapp.web.training.words import CELL_PILLS, Pill, cell_note

ATTENTION = "attention"  # the value of the filter
_TO_DO = frozenset({CellState.DUE, CellState.EXPIRED, CellState.WAITING, CellState.PENDING, CellState.MISSING})


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Who is looked for; what is empty does not narrow the search."""

    home: str = ""  # the home's code
    role: JobRole | None = None
    attention: bool = False

    @property
    def applied(self) -> int:
        """How many of the filters are in use."""
        return sum((self.role is not None, self.attention))


@dataclass(frozen=True, kw_only=True)
class TrainingCell:
    """How one person stands with one type."""

    type: str
    pill: Pill
    note: str
    href: str
    needed: bool


@dataclass(frozen=True, kw_only=True)
class TrainingRow:
    """One person."""

    name: str
    role: str
    href: str
    cells: tuple[TrainingCell, ...]
    to_do: tuple[TrainingCell, ...]
    summary: str


@dataclass(frozen=True, kw_only=True)
class HomeTrainingPage:
    """The training of a home."""

    title: str
    sentence: str
    homes: tuple[tuple[str, str], ...]
    home: str
    roles: tuple[tuple[str, str], ...]
    role: str
    attention: str
    applied: int
    url: str
    summary: str
    stats: tuple[tuple[str, str], ...]
    types: tuple[str, ...]
    rows: tuple[TrainingRow, ...]
    own_only: bool
    send_url: str  # for one's own certificates
    types_url: str


def training_homes(session: Session, person: Person) -> tuple[CareHome, ...]:
    """Answer the homes whose training somebody may see, their own first; raises NotFound when there is none.

    Who may see their own training only finds it at the home they work in.
    """
    homes = homes_of(person, "certificate.view")
    own = member(session, person.staff_id).home_id if person.staff_id is not None else None
    query = select(CareHome).order_by(CareHome.id != (own or 0), CareHome.name, CareHome.id)
    if homes is not None:
        query = query.where(CareHome.id.in_(homes or ({own} - {None})))
    found = tuple(session.scalars(query))
    if not found:
        raise NotFound("Your account belongs to no care home, so there is no training to show.")
    return found


def home_training_page(
    session: Session, person: Person, at: CareHome, homes: tuple[CareHome, ...], wanted: Wanted, *, now: datetime
) -> HomeTrainingPage:
    """Put together the training of a home, as far as this reader may see it."""
    everybody = can(person, "certificate.view", On(home_id=at.id))
    matrix = training_of(session, at, now.astimezone(at.zone).date())
    if not everybody:
        matrix = replace(matrix, rows=tuple(row for row in matrix.rows if row.staff_id == person.staff_id))
    rows = [_row(matrix, row, at, person) for row in matrix.rows if _is_wanted(row, wanted)]
    return HomeTrainingPage(
        title=f"Training at {at.name}" if everybody else "Your training",
        sentence=_sentence(matrix) if everybody else "What you need, and how long it lasts.",
        homes=tuple((each.code, each.name) for each in homes),
        home=at.code,
        roles=tuple((role.value, role.label) for role in JobRole),
        role=wanted.role.value if wanted.role else "",
        attention=ATTENTION if wanted.attention else "",
        applied=wanted.applied,
        url=url_for("training.index"),
        summary=plural(len(rows), "person", "people"),
        stats=_stats(matrix),
        types=tuple(kind.name for kind in matrix.types),
        rows=tuple(rows),
        own_only=not everybody,
        send_url="" if everybody else url_for("training.record_form", staff_id=person.staff_id),
        types_url=url_for("training_types.index") if can(person, "training.edit", On(home_id=None)) else "",
    )


def _is_wanted(row: Row, wanted: Wanted) -> bool:
    if wanted.role is not None and row.role is not wanted.role:
        return False
    return not wanted.attention or any(_needs_doing(cell) for cell in row.cells)


def _needs_doing(cell: Cell) -> bool:
    return cell.state in _TO_DO and (cell.needed or cell.state is CellState.WAITING)


def _sentence(matrix: Matrix) -> str:
    percent = matrix.percent_in_order
    return "Nobody here needs any training yet." if percent is None else f"{percent}% of what is needed is in order."


def _stats(matrix: Matrix) -> tuple[tuple[str, str], ...]:
    count: Counter[CellState] = Counter(cell.state for row in matrix.rows for cell in row.cells if cell.needed)
    waiting = sum(cell.state is CellState.WAITING for row in matrix.rows for cell in row.cells)
    found = (
        (count[CellState.MISSING], "Missing"),
        (count[CellState.EXPIRED], "Out of date"),
        (count[CellState.DUE], "Due within 30 days"),
        (waiting, "Waiting for a check"),
    )
    return tuple((str(number), label) for number, label in found)


def _row(matrix: Matrix, row: Row, at: CareHome, person: Person) -> TrainingRow:
    own = row.staff_id == person.staff_id
    records = own or can(person, "certificate.record", On(home_id=at.id))
    pairs = list(zip(matrix.types, row.cells, strict=True))
    cells = tuple(_cell(kind, cell, row, records) for kind, cell in pairs)
    to_do = tuple(drawn for drawn, (_, cell) in zip(cells, pairs, strict=True) if _needs_doing(cell))
    needed = sum(cell.needed for cell in row.cells)
    in_order = sum(cell.needed and cell.in_order for cell in row.cells)
    return TrainingRow(
        name=row.name,
        role=row.role.label,
        href=url_for("staff.show_member", staff_id=row.staff_id) + "#training",
        cells=cells,
        to_do=to_do,
        summary=f"{in_order} of {needed} in order" if needed else "Nothing needed",
    )


def _cell(kind: TrainingType, cell: Cell, row: Row, records: bool) -> TrainingCell:
    return TrainingCell(
        type=kind.name,
        pill=CELL_PILLS[cell.state],
        note=cell_note(cell),
        href=_address(kind, cell, row, records),
        needed=cell.needed,
    )


def _address(kind: TrainingType, cell: Cell, row: Row, records: bool) -> str:
    if cell.certificate_id is not None:
        return url_for("training.show_certificate", certificate_id=cell.certificate_id)
    if records and cell.needed:
        return url_for("training.record_form", staff_id=row.staff_id, type=kind.id)
    return ""
