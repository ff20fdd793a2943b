"""Reading certificates: of many people at once, those that are due, and the training of a home."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from flowapp.accounts.people import Person
from flowapp.kernel.errors import NotFound
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.homes import home
from flowapp.rota.staff import JobRole, Staff
from flowapp.rota.training import changes
from flowapp.rota.training.matrix import CellState, training_of
from flowapp.rota.training.reading import (
    by_last_day,
    certificates_of,
    run_out,
    running_out,
    visible_certificate,
)
from flowapp.rota.training.requirements import Requirement, grace_of
from flowapp.rota.training.type_changes import require_training
from flowapp.rota.training.types import TrainingType
from tests.unit.rota_training.records import TODAY, Records


def test_the_certificates_of_many_people_come_in_one_query_and_say_when_they_hold(records: Records) -> None:
    cast = records.cast
    first, second = records.record(), records.record(issued=date(2026, 11, 1))
    waits = records.record(cast.dan, code="IPC")
    records.record(cast.erin, of=cast.vic)
    dan, vic, maya = (each.staff_id or 0 for each in (cast.dan, cast.vic, cast.maya))
    with records.flow.database.read() as session:
        found = certificates_of(session, [dan, vic, maya])
    assert {code: [each.certificate_id for each in held] for code, held in found[dan].items()} == {
        "FIRE": [first, second], "IPC": [waits]}  # fmt: skip
    assert [each.validity.holds_on(TODAY) for each in found[dan]["FIRE"]] == [True, True]
    assert not found[dan]["IPC"][0].validity.holds_on(TODAY)
    assert (set(found[vic]), found[maya]) == ({"FIRE"}, {})


def due_of(records: Records, who: Person, days: int = 30) -> list[tuple[str, int]]:
    """Answer whose certificates are due as somebody sees them, with the days left."""
    with records.flow.database.read() as session:
        found = by_last_day(session, who, TODAY, *running_out(TODAY, days), limit=50)
    return [(each.staff_name, (each.expires_on - TODAY).days) for each in found if each.expires_on]


def test_what_is_due_is_answered_as_far_as_somebody_may_see_it(records: Records) -> None:
    cast = records.cast
    records.record(expires_on=TODAY + timedelta(days=30))
    records.record(code="IPC", expires_on=TODAY)
    records.record(code="HS", expires_on=TODAY + timedelta(days=31))  # too far away
    records.record(code="GDPR", expires_on=TODAY - timedelta(days=1))  # over
    records.record(cast.erin, of=cast.vic, expires_on=TODAY + timedelta(days=3))
    rose = [("Dan", 0), ("Dan", 30)]
    assert due_of(records, cast.maya) == due_of(records, cast.dan) == due_of(records, cast.sorcha) == rose
    assert due_of(records, cast.vic) == due_of(records, cast.erin) == [("Vic", 3)]
    assert due_of(records, cast.hana) == due_of(records, cast.ada) == [("Dan", 0), ("Vic", 3), ("Dan", 30)]
    with records.flow.database.read() as session:
        assert [each.code for each in by_last_day(session, cast.maya, TODAY, *run_out(TODAY), limit=9)] == ["GDPR"]


def test_what_is_replaced_withdrawn_or_waits_is_not_due(records: Records) -> None:
    records.record()
    records.record(issued=date(2026, 11, 1))
    records.act(changes.revoke, records.record(code="IPC"), reason="Lost")
    records.record(records.cast.dan, code="HS")
    assert due_of(records, records.cast.hana) == []


def test_a_list_goes_on_behind_its_last_row(records: Records) -> None:
    for day in range(5):
        records.record(issued=date(2025, 1, 1 + day), expires_on=TODAY + timedelta(days=day // 2))
    seen: list[int] = []
    after = None
    with records.flow.database.read() as session:
        while found := by_last_day(session, records.cast.hana, TODAY, limit=2, after=after):
            seen += [each.id for each in found]
            after = (found[-1].expires_on or TODAY, found[-1].id)
    assert seen == [1, 2, 3, 4, 5]


def test_a_certificate_is_seen_by_its_home_and_by_whose_it_is(records: Records) -> None:
    number = records.record()
    with records.flow.database.read() as session:
        for who in ("dan", "maya", "sorcha", "hana", "ada"):
            assert visible_certificate(session, getattr(records.cast, who), number, TODAY).id == number
        for who in ("vic", "erin"):
            with pytest.raises(NotFound):
                visible_certificate(session, getattr(records.cast, who), number, TODAY)


def states(records: Records) -> dict[str, dict[str, CellState]]:
    """Answer how everybody of Rose House stands with each type, by name and code."""
    with records.flow.database.read() as session:
        found = training_of(session, home(session, records.cast.rose), TODAY)
        codes = [kind.code for kind in found.types]
        return {row.name: dict(zip(codes, (c.state for c in row.cells), strict=True)) for row in found.rows}


def test_the_training_of_a_home_says_how_everybody_stands(records: Records) -> None:
    records.record()
    records.record(code="IPC", issued=date(2025, 1, 1))
    records.record(records.cast.dan, code="PVG")
    records.record(code="MOVING_HANDLING")
    records.record(code="FAW")
    dan = states(records)["Dan"]
    assert (dan["FIRE"], dan["IPC"], dan["PVG"], dan["MOVING_HANDLING"]) == (
        CellState.DUE, CellState.EXPIRED, CellState.WAITING, CellState.PENDING)  # fmt: skip
    assert (dan["SSSC"], dan["FAW"]) == (CellState.MISSING, CellState.PENDING)  # one is needed, the other is not
    assert states(records)["Sorcha"]["FAW"] is CellState.NOT_NEEDED
    # No nurse works here, nobody gives medicines, and Rose House is in Scotland.
    assert {"NMC", "MEDICATION", "DBS"}.isdisjoint(dan)


def test_somebody_new_has_time(records: Records) -> None:
    started = TODAY - timedelta(days=14)

    def write(session: object) -> None:
        person = session.scalars(select(Staff).where(Staff.id == records.cast.dan.staff_id)).one()  # type: ignore[attr-defined]
        person.start_date = started

    records.flow.database.write(write)
    dan = states(records)["Dan"]
    assert (dan["FIRE"], dan["SSSC"], dan["PVG"]) == (CellState.STARTING, CellState.STARTING, CellState.MISSING)
    records.pass_days(1)
    with records.flow.database.read() as session:
        found = training_of(session, home(session, records.cast.rose), TODAY + timedelta(days=1))
        row = next(row for row in found.rows if row.name == "Dan")
        fire = next(cell for cell, kind in zip(row.cells, found.types, strict=True) if kind.code == "FIRE")
    assert fire.state is CellState.MISSING  # the fourteenth day was the last


def test_the_percentage_counts_what_is_needed_only(records: Records) -> None:
    with records.flow.database.read() as session:
        assert training_of(session, home(session, records.cast.rose), TODAY).percent_in_order == 0
    for who in (records.cast.maya, records.cast.dan, records.cast.sorcha):
        records.record(records.cast.hana, of=who, code="RTW")
    with records.flow.database.read() as session:
        found = training_of(session, home(session, records.cast.rose), TODAY)
        needed = sum(cell.needed for row in found.rows for cell in row.cells)
        assert found.percent_in_order == 300 // needed


def test_a_home_may_ask_for_more(records: Records) -> None:
    who = records.cast.hana
    records.do(
        who,
        lambda s, c: require_training(
            s, c, who, records.kind("FAW"), home_id=records.cast.rose, role=JobRole.CARER, grace_days=0
        ),
    )
    assert states(records)["Dan"]["FAW"] is CellState.MISSING


def kind(**given: object) -> TrainingType:
    """Make a type of training that concerns everybody, unless told otherwise."""
    return TrainingType(**({"id": 1, "applies_to_roles": [], "nations": [], "is_active": True} | given))


@pytest.mark.parametrize(
    ("of", "asked", "expected"),
    [
        ({}, [], None),
        ({}, [(None, None, 14)], 14),
        ({}, [(None, None, 14), (7, None, 3)], 3),  # the home is stricter
        ({}, [(8, None, 3)], None),  # another home
        ({}, [(None, "SSCW", 3)], None),  # another role
        ({}, [(7, "SCW", 3)], 3),
        ({"applies_to_roles": ["RN"]}, [(None, None, 14)], None),
        ({"nations": ["england"]}, [(None, None, 14)], None),
        ({"is_active": False}, [(None, None, 14)], None),
        ({"id": 2}, [(None, None, 14)], None),  # another type
    ],
)
def test_who_needs_a_type(
    of: dict[str, object], asked: list[tuple[int | None, str | None, int]], expected: int
) -> None:
    rows = [
        Requirement(number, 1, home_id, JobRole(role) if role else None, days)
        for number, (home_id, role, days) in enumerate(asked)
    ]
    assert grace_of(kind(**of), rows, role=JobRole.CARER, home_id=7, nation=Nation.SCOTLAND) == expected
