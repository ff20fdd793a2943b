"""Types of training: what FlowApp brings, who may change them, and who needs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from flowapp.accounts.audit import AuditEntry
from flowapp.events.cause import SYSTEM, Cause
from flowapp.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from flowapp.rota.staff import JobRole
from flowapp.rota.training import type_changes
from flowapp.rota.training.catalogue import CATALOGUE, write_catalogue
from flowapp.rota.training.requirements import requirements
from flowapp.rota.training.type_details import TypeDetails
from flowapp.rota.training.types import TrainingType, training_type
from tests.unit.rota_training.records import Records

CASES = Path(__file__).parents[2] / "data" / "domain_cases.json"
PUBLISHED = json.loads(CASES.read_text(encoding="utf-8"))["tables"]["training_catalogue"]


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: str(row["code"]))
def test_the_catalogue_has_what_was_found_to_be_usual(row: dict[str, Any]) -> None:
    shipped = next(each for each in CATALOGUE if each.code == row["code"])
    assert (shipped.months, shipped.blocks, shipped.competency, shipped.grace_days is not None) == (
        row["validity_months"], row["blocks_rostering"], row["competency"], row["mandatory"])  # fmt: skip


def test_the_catalogue_is_written_once(records: Records) -> None:
    cause = Cause(actor=SYSTEM, at=records.clock.now())
    assert records.flow.database.write(lambda session: write_catalogue(session, cause)) == 0
    with records.flow.database.read() as session:
        assert session.scalar(select(func.count(TrainingType.id))) == len(CATALOGUE) == len(PUBLISHED)


def create(records: Records, who: str = "hana", **given: Any) -> int:
    """Add a type of training."""
    person = getattr(records.cast, who)
    details = TypeDetails(**({"code": "PEG", "name": "PEG feeding"} | given))
    return records.do(person, lambda s, c: type_changes.create(s, c, person, details))


def change(records: Records, type_id: int, *, who: str = "hana", seen: int | None = None, **given: Any) -> None:
    """Change a type of training."""
    person = getattr(records.cast, who)
    records.do(person, lambda s, c: type_changes.change(s, c, person, type_id, seen=seen, **given))


def read(records: Records, type_id: int) -> TrainingType:
    """Read a type of training."""
    with records.flow.database.read() as session:
        return training_type(session, type_id)


def test_hr_adds_and_changes_a_type_and_the_audit_says_what(records: Records) -> None:
    number = create(records, code=" peg ", name=" PEG   feeding ", reminder_days=[7, 30, 7])
    found = read(records, number)
    assert (found.code, found.name, found.reminder_days, found.version) == ("PEG", "PEG feeding", [30, 7], 1)

    change(records, number, seen=1, validity_months=24)
    change(records, number, validity_months=24)  # nothing new

    assert (read(records, number).validity_months, read(records, number).version) == (24, 2)
    with records.flow.database.read() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.entity_id == number,
                                                           AuditEntry.entity == "training_type")).all()  # fmt: skip
    assert [(e.action, e.after.get("validity_months")) for e in entries] == [
        ("training_type.create", None), ("training_type.update", 24)]  # fmt: skip
    with pytest.raises(Conflict):
        change(records, number, seen=1, name="Feeding")


@pytest.mark.parametrize("who", ["dan", "sorcha", "maya", "erin"])
def test_others_leave_the_types_alone(records: Records, who: str) -> None:
    person = getattr(records.cast, who)
    with pytest.raises(NotAllowed, match="HR"):
        create(records, who)
    with pytest.raises(NotAllowed):
        change(records, records.kind(), who=who, name="Fire")
    with pytest.raises(NotAllowed):
        records.do(person, lambda s, c: type_changes.require_training(s, c, person, records.kind()))
    with pytest.raises(NotAllowed):
        records.do(person, lambda s, c: type_changes.drop_requirement(s, c, person, 1))


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"code": "1"}, "code"),
        ({"code": "FIRE"}, "code"),
        ({"code": "A" * 41}, "code"),
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"validity_months": 0}, "validity_months"),
        ({"validity_months": 601}, "validity_months"),
        ({"reminder_days": [-1]}, "reminder_days"),
        ({"reminder_days": [366]}, "reminder_days"),
        ({"reminder_days": list(range(13))}, "reminder_days"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(records: Records, given: dict[str, Any], path: str) -> None:
    with pytest.raises(Refused) as refused:
        create(records, **given)
    assert [each.path for each in refused.value.problems] == [path]


def test_the_code_stays_once_somebody_has_a_certificate(records: Records) -> None:
    change(records, records.kind("IPC"), code="INFECTION")
    records.record()
    with pytest.raises(Refused, match="Keep the code"):
        change(records, records.kind(), code="FLAMES")


def test_a_type_that_is_put_away_is_offered_to_nobody(records: Records) -> None:
    change(records, records.kind(), is_active=False)
    with pytest.raises(Refused, match="no such type"):
        records.record()


def test_a_requirement_is_said_again_with_other_days_and_dropped(records: Records) -> None:
    who, kind = records.cast.hana, records.kind("FAW")

    def ask(days: int, **given: Any) -> int:
        return records.do(who, lambda s, c: type_changes.require_training(s, c, who, kind, grace_days=days, **given))

    everywhere, rose = ask(28), ask(7, home_id=records.cast.rose, role=JobRole.CARER)
    assert ask(14) == everywhere != rose
    with records.flow.database.read() as session:
        assert [each[2:] for each in requirements(session, type_id=kind)] == [
            (None, None, 14), (records.cast.rose, JobRole.CARER, 7)]  # fmt: skip
    assert records.do(who, lambda s, c: type_changes.drop_requirement(s, c, who, rose)) == kind
    with pytest.raises(NotFound):
        records.do(who, lambda s, c: type_changes.drop_requirement(s, c, who, rose))
    for days in (-1, 366):
        with pytest.raises(Refused, match="days"):
            ask(days)
    with pytest.raises(Refused, match="no such home"):
        ask(1, home_id=999999)
