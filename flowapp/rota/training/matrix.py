"""The training of a home at a glance: everybody against every type, and how each stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.rota.bank_holidays import Nation
from flowapp.rota.homes import CareHome
from flowapp.rota.staff import JobRole, Staff, StaffStatus
from flowapp.rota.training.reading import HeldCertificate, of_home
from flowapp.rota.training.requirements import Requirement, grace_of, requirements
from flowapp.rota.training.standing import Standing
from flowapp.rota.training.types import TrainingType, training_types


class CellState(StrEnum):
    """How somebody stands with a type of training."""

    VALID = "valid"  # in date
    DUE = "due"  # in date, to be renewed soon
    EXPIRED = "expired"  # out of date
    WAITING = "waiting"  # sent in, nobody has checked it
    PENDING = "pending"  # there, and does not count yet
    STARTING = "starting"  # needed, and somebody new still has time
    MISSING = "missing"  # needed, and not there
    NOT_NEEDED = "not_needed"  # neither needed nor there


IN_ORDER = frozenset({CellState.VALID, CellState.DUE, CellState.STARTING})
_OF_STANDING = {
    Standing.VALID: CellState.VALID,
    Standing.DUE: CellState.DUE,
    Standing.EXPIRED: CellState.EXPIRED,
    Standing.WAITING: CellState.WAITING,
    Standing.PENDING: CellState.PENDING,
}
# Of several certificates of one type, the one that says most about how somebody stands.
_MOST_TELLING = (CellState.VALID, CellState.DUE, CellState.WAITING, CellState.PENDING, CellState.EXPIRED)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How one person stands with one type; `day` is the last day of the certificate, or by when it is needed."""

    type_id: int
    state: CellState
    needed: bool
    day: date | None = None
    certificate_id: int | None = None

    @property
    def in_order(self) -> bool:
        """Whether nothing has to be done about it today."""
        return not self.needed or self.state in IN_ORDER


@dataclass(frozen=True, kw_only=True)
class Row:
    """One person of the home."""

    staff_id: int
    name: str
    email: str
    role: JobRole
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """People by name, against the types that concern any of them by name."""

    types: tuple[TrainingType, ...]
    rows: tuple[Row, ...]

    @property
    def percent_in_order(self) -> int | None:
        """How much of what is needed is in order, rounded down; None where nothing is needed."""
        needed = [cell for row in self.rows for cell in row.cells if cell.needed]
        return 100 * sum(cell.in_order for cell in needed) // len(needed) if needed else None


def training_of(session: Session, at: CareHome, today: date) -> Matrix:
    """Gather the training of everybody who works in a home."""
    kinds, asked = training_types(session), requirements(session)
    held = of_home(session, at.id, today)
    query = select(Staff).where(Staff.home_id == at.id, Staff.status != StaffStatus.LEAVER)
    people = list(session.scalars(query.order_by(Staff.name, Staff.id)))
    nation = Nation(at.nation)
    rows = [_row(person, kinds, asked, held.get(person.id, ()), nation, today) for person in people]
    return _without_empty_types(kinds, rows)


def cell_of(
    kind: TrainingType, held: Iterable[HeldCertificate], grace: int | None, start_date: date, today: date
) -> Cell:
    """Answer how somebody stands with a type; `grace` is None where they do not need it."""
    needed = grace is not None
    by_state: dict[CellState, HeldCertificate] = {}
    for each in held:  # the newest last
        if state := _OF_STANDING.get(each.standing_on(today)):
            by_state[state] = each
    for state in _MOST_TELLING:
        if found := by_state.get(state):
            day = found.expires_on if state is not CellState.PENDING else None
            return Cell(type_id=kind.id, state=state, needed=needed, day=day, certificate_id=found.id)
    if grace is None:
        return Cell(type_id=kind.id, state=CellState.NOT_NEEDED, needed=False)
    by = start_date + timedelta(days=grace)
    state = CellState.STARTING if today <= by and grace else CellState.MISSING
    return Cell(type_id=kind.id, state=state, needed=True, day=by if state is CellState.STARTING else None)


def _row(
    person: Staff,
    kinds: Sequence[TrainingType],
    asked: Sequence[Requirement],
    held: Iterable[HeldCertificate],
    nation: Nation,
    today: date,
) -> Row:
    by_type: dict[int, list[HeldCertificate]] = {}
    for each in held:
        by_type.setdefault(each.type_id, []).append(each)
    role = JobRole(person.role)
    cells = (
        cell_of(
            kind,
            by_type.get(kind.id, ()),
            grace_of(kind, asked, role=role, home_id=person.home_id, nation=nation),
            person.start_date,
            today,
        )
        for kind in kinds
    )
    return Row(staff_id=person.id, name=person.name, email=person.email, role=role, cells=tuple(cells))


def _without_empty_types(kinds: Sequence[TrainingType], rows: Sequence[Row]) -> Matrix:
    """Leave out the types that nobody of the home needs or has."""
    shown: Mapping[int, bool] = {
        kind.id: any(row.cells[place].state is not CellState.NOT_NEEDED for row in rows)
        for place, kind in enumerate(kinds)
    }
    return Matrix(
        types=tuple(kind for kind in kinds if shown[kind.id]),
        rows=tuple(
            Row(
                staff_id=row.staff_id,
                name=row.name,
                email=row.email,
                role=row.role,
                cells=tuple(cell for cell in row.cells if shown[cell.type_id]),
            )
            for row in rows
        ),
    )


def missing_of(
    session: Session, person: Staff, at: CareHome, held: Iterable[HeldCertificate], today: date
) -> list[str]:
    """Answer what somebody needs and has no certificate of at all, by name."""
    kinds = training_types(session, active_only=True)
    row = _row(person, kinds, requirements(session), held, Nation(at.nation), today)
    lacking = (CellState.MISSING, CellState.STARTING)
    return [kind.name for kind, cell in zip(kinds, row.cells, strict=True) if cell.state in lacking]
