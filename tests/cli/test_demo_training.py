"""The training of the demo: each home as well kept as it is said to be, and something for everybody to look at."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flowapp.accounts.users import find_by_email, person_of
from flowapp.events.outbox import EventRecord
from flowapp.rota.homes import CareHome
from flowapp.rota.training.certificates import Certificate
from flowapp.rota.training.matrix import CellState, Matrix, training_of
from flowapp.rota.training.reading import of_person
from flowapp.rota.training.scan import due_certificates
from flowapp.rota.training.standing import Standing
from tests.cli.made_demo import SHOWN, Made


@pytest.fixture(name="look", scope="module")
def _look(the_demo: Made) -> Session:
    with the_demo.opened() as flow, flow.database.read() as session:
        yield session


def training_in(look: Session, code: str) -> Matrix:
    """Answer the training of a home by its code."""
    return training_of(look, look.scalars(select(CareHome).where(CareHome.code == code)).one(), SHOWN)


@pytest.mark.parametrize(("code", "least", "most"), [("GLEN", 95, 100), ("STRA", 90, 98), ("MEAD", 85, 95)])
def test_each_home_is_as_well_kept_as_it_is_said_to_be(look: Session, code: str, least: int, most: int) -> None:
    percent = training_in(look, code).percent_in_order
    assert percent is not None
    assert least <= percent <= most


def test_there_is_something_of_everything_to_look_at(look: Session) -> None:
    states = {cell.state for row in training_in(look, "MEAD").rows for cell in row.cells}
    assert {CellState.VALID, CellState.DUE, CellState.EXPIRED, CellState.MISSING, CellState.PENDING} <= states
    assert len({kind.code for kind in training_in(look, "GLEN").types} & {"PVG", "SSSC"}) == 2
    assert "DBS" in {kind.code for kind in training_in(look, "MEAD").types}


def test_anna_has_sent_something_in_that_nobody_has_checked(look: Session) -> None:
    anna = person_of(look, find_by_email(look, "carer@example.org").id)  # type: ignore[union-attr]
    assert anna is not None
    assert anna.staff_id is not None
    held = {each.code: each.standing_on(SHOWN) for each in of_person(look, anna.staff_id, SHOWN)}
    assert held["FAW"] is Standing.WAITING


def test_nothing_that_lies_behind_is_told_anew(the_demo: Made, look: Session) -> None:
    assert look.scalar(select(func.count(Certificate.id))) > 1000
    types = select(EventRecord.type).where(EventRecord.subject_type == "certificate")
    assert look.scalars(types).all() == ["certificate_added"]
    assert len(due_certificates(look, the_demo.morning)) < 20
