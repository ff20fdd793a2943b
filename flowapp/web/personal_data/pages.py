"""What the pages about somebody's personal data show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.kernel.errors import Problem
from flowapp.rota.personal_data.anonymising import Anonymised
from flowapp.rota.personal_data.exporting import Section
from flowapp.rota.staff import Staff, StaffStatus
from flowapp.rota.wording import amount_text
from flowapp.workflows.workflow import Workflow


@dataclass(frozen=True, kw_only=True)
class Removing:
    """Whether somebody can be taken out; `url` is empty where they cannot, which the sentence explains."""

    sentence: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class HeldPage:
    """How much is held about somebody."""

    name: str
    member_url: str
    download_url: str
    held: tuple[tuple[str, str], ...]
    removing: Removing | None
    problems: tuple[tuple[str, str], ...] = ()
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RemovedPage:
    """What was taken out, and where somebody must look still."""

    name: str
    member_url: str
    sentence: str
    workflows: tuple[tuple[str, str], ...]  # name and address


def held_page(person: Person, member: Staff, sections: Sequence[Section], problems: Sequence[Problem] = ()) -> HeldPage:
    """Put together the page of what is held; the figures say where, the file says what."""
    return HeldPage(
        name=member.name,
        member_url=url_for("staff.show_member", staff_id=member.id),
        download_url=url_for("personal_data.download", staff_id=member.id),
        held=tuple((each.words, amount_text(len(each.rows), "row")) for each in sections if each.rows),
        removing=_removing(person, member),
        problems=tuple((each.path, each.message) for each in problems),
        errors={each.path: each.message for each in problems},
    )


def removed_page(session: Session, member: Staff, done: Anonymised) -> RemovedPage:
    """Put together the page that says what became of it."""
    found = [session.get(Workflow, number) for number in done.versions]
    named = [(each.name, url_for("workflows.show_workflow", workflow_id=each.id)) for each in found if each is not None]
    number = sum(done.changed.values())
    return RemovedPage(
        name=member.name,
        member_url=url_for("staff.show_member", staff_id=member.id),
        sentence=f"{amount_text(number, 'row')} no longer tell who this was.",
        workflows=tuple(named),
    )


def _removing(person: Person, member: Staff) -> Removing | None:
    if not can(person, "staff.anonymise", On(home_id=member.home_id, staff_id=member.id)):
        return None
    if member.anonymised_at is not None:
        return Removing(sentence="It has been taken out. What is left tells what was done, and not by whom.")
    if member.status != StaffStatus.LEAVER:
        return Removing(sentence=f"That is done for people who have left. {member.name} has not.")
    url = url_for("personal_data.remove", staff_id=member.id)
    return Removing(
        sentence=f"{member.name} becomes “Former staff {member.id}” everywhere: in runs, mails, messages and the "
        "record of who did what. Reasons for leave and messages to them are emptied. Shifts, hours and decisions stay.",
        url=url,
    )
