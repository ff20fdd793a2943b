"""The homes, people and accounts of the demo."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.audit import verify_chain
from flowapp.accounts.passwords import verify
from flowapp.accounts.users import User, find_by_email, person_of
from flowapp.cli.demo.data import SIGN_INS
from flowapp.rota.absence.absence import Absence, AbsenceStatus
from flowapp.rota.availability.availability import AvailabilityPattern
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.eligibility.candidate import Scope
from flowapp.rota.home_scope.scopes import StaffHomeScope
from flowapp.rota.homes import CareHome, homes, place_of
from flowapp.rota.leave_embargo import LeaveEmbargo
from flowapp.rota.staff import Contract, JobRole, Staff
from flowapp.rota.units import UnitKind, units_of
from flowapp.rota.working_time.young import age_on
from flowapp.workflows.workflow import Workflow, WorkflowStatus
from tests.cli.made_demo import PASSWORD, Made

GLEN, STRA, MEAD = "GLEN", "STRA", "MEAD"


@pytest.fixture(name="look", scope="module")
def _look(the_demo: Made) -> Session:
    with the_demo.opened() as flow, flow.database.read() as session:
        yield session


def home_of(look: Session, code: str) -> CareHome:
    """Answer a home by its code."""
    return look.scalars(select(CareHome).where(CareHome.code == code)).one()


def test_there_are_two_homes_in_scotland_and_one_in_england(look: Session) -> None:
    assert {home.name: home.nation for home in homes(look)} == {
        "Glenfarrow House": Nation.SCOTLAND,
        "Strathallow Court": Nation.SCOTLAND,
        "Meadowmere Lodge": Nation.ENGLAND,
    }


@pytest.mark.parametrize(
    ("code", "day", "kept"),
    [
        (GLEN, date(2026, 11, 30), True),  # St Andrew's Day
        (MEAD, date(2026, 11, 30), False),
        (GLEN, date(2026, 4, 6), False),  # Easter Monday
        (MEAD, date(2026, 4, 6), True),
        (STRA, date(2026, 8, 3), True),  # Scotland's August holiday is the first Monday
        (MEAD, date(2026, 8, 31), True),  # England's the last
        (MEAD, date(2026, 12, 25), True),
    ],
)
def test_each_home_keeps_the_bank_holidays_of_its_nation(look: Session, code: str, day: date, kept: bool) -> None:
    place = place_of(look, home_of(look, code).id)
    assert place is not None
    assert place.calendar.is_bank_holiday(day) is kept


def test_every_home_has_two_units_of_sixteen_beds(look: Session) -> None:
    for home in homes(look):
        units = units_of(look, home.id)
        assert {unit.kind for unit in units} == {UnitKind.STANDARD, UnitKind.DEMENTIA}
        assert [unit.beds for unit in units] == [16, 16]


def test_every_home_has_forty_people_in_the_jobs_of_a_home(look: Session) -> None:
    expected = {
        JobRole.MANAGER: 1, JobRole.DEPUTY: 1, JobRole.OFFICE: 1, JobRole.COOK: 1, JobRole.DOMESTIC: 3,
        JobRole.SENIOR_CARER: 5, JobRole.CARER: 9, JobRole.CARE_ASSISTANT: 19,
    }  # fmt: skip
    for home in homes(look):
        found = list(look.scalars(select(Staff).where(Staff.home_id == home.id)))
        assert Counter(person.role for person in found) == expected
        assert sum(person.contract is Contract.BANK for person in found) == 4


def test_nobody_has_the_address_of_a_real_mailbox_or_the_name_of_another(look: Session) -> None:
    people = list(look.scalars(select(Staff)))
    assert all(person.email.endswith("@example.org") for person in people)
    assert len({person.name for person in people}) == len(people) == 120


def test_the_usual_weeks_are_of_several_kinds_and_half_the_people_have_served_about_three_years(look: Session) -> None:
    people = list(look.scalars(select(Staff)))
    assert {person.contracted_hours for person in people} >= {11, 22, 33}
    assert len({tuple(person.pattern) for person in people}) > 10
    served = sorted((date(2026, 11, 23) - person.start_date).days / 365 for person in people)
    assert 2 < served[60] < 5
    assert served[0] > 0


def test_those_who_sign_in_have_the_password_and_nobody_else_has_one(look: Session) -> None:
    with_password = {user.email for user in look.scalars(select(User)) if user.password_hash}
    assert with_password == {*SIGN_INS, "manager3@example.org"}
    for email in with_password:
        user = find_by_email(look, email)
        assert user is not None
        assert verify(user.password_hash, PASSWORD)


def test_everybody_at_work_has_an_account_so_that_workflows_can_tell_them(look: Session) -> None:
    with_account = {user.staff_id for user in look.scalars(select(User)) if user.is_active}
    assert with_account >= set(look.scalars(select(Staff.id)))


def test_the_regional_manager_answers_for_all_three_homes(look: Session) -> None:
    user = find_by_email(look, "regional@example.org")
    assert user is not None
    person = person_of(look, user.id)
    assert person is not None
    assert person.home_ids == {home.id for home in homes(look)}


@pytest.mark.parametrize(
    ("email", "name", "code"),
    [
        ("carer@example.org", "Anna Boyd", GLEN),
        ("senior@example.org", "Sorcha Munro", GLEN),
        ("manager@example.org", "Maya Reid", GLEN),
        ("carer2@example.org", "Dan Fraser", STRA),
        ("manager2@example.org", "Iain Lennox", STRA),
    ],
)
def test_those_whose_names_are_printed_work_where_it_says(look: Session, email: str, name: str, code: str) -> None:
    person = look.scalars(select(Staff).where(Staff.email == email)).one()
    assert (person.name, person.home_id) == (name, home_of(look, code).id)


def test_short_leave_is_decided_by_a_workflow_in_every_home(look: Session) -> None:
    query = select(Workflow.name, Workflow.home_id).where(Workflow.status == WorkflowStatus.ACTIVE)
    active = {tuple(row) for row in look.execute(query)}
    for home in homes(look):
        assert ("Auto-approve short leave", home.id) in active
        assert ("Tell people what was decided", home.id) in active


def test_the_audit_of_the_demo_is_unbroken(look: Session) -> None:
    assert verify_chain(look) is None


def test_what_was_made_is_told_in_words(the_demo: Made) -> None:
    told = the_demo.told
    assert told[0].startswith("Making the demo")
    assert "3 homes, 120 people" in told
    assert told[-1].startswith("The demo was made in")


def test_somebody_is_off_sick_in_every_home_and_somebody_is_back(look: Session) -> None:
    for home in homes(look):
        found = list(look.scalars(select(Absence).where(Absence.home_id == home.id)))
        assert Counter(each.status for each in found if each.status is not AbsenceStatus.CLOSED) == {
            AbsenceStatus.AWAY: 1, AbsenceStatus.TALK_DUE: 1,
        }  # fmt: skip
        assert 20 < len(found) < 70  # two and a bit a year of each


def test_the_rules_know_everybodys_age_and_one_of_them_is_seventeen(look: Session) -> None:
    ages = [age_on(person.born, date(2026, 11, 23)) for person in look.scalars(select(Staff))]
    assert len([age for age in ages if age < 18]) == 1
    assert 38 < sum(ages) / len(ages) < 52


def test_some_help_out_in_another_home_and_some_say_when_they_can_work(look: Session) -> None:
    assert {scope.kind for scope in look.scalars(select(StaffHomeScope))} == {Scope.RELIEF}
    bank = [person.id for person in look.scalars(select(Staff).where(Staff.contract == Contract.BANK))]
    speaking = {row.staff_id for row in look.scalars(select(AvailabilityPattern))}
    assert set(bank) < speaking


def test_christmas_is_closed_to_leave_in_every_home_and_one_keeps_its_fair(look: Session) -> None:
    closed = list(look.scalars(select(LeaveEmbargo).order_by(LeaveEmbargo.home_id)))
    assert [(each.home_id, each.yearly_from) for each in closed] == [(1, "12-20"), (2, "12-20"), (3, "12-20")]
    kept = [list(home.local_days.values()) for home in look.scalars(select(CareHome).order_by(CareHome.id))]
    assert kept == [["Glenfarrow fair"], [], []]
