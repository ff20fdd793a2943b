"""What the page of one certificate shows, and the form with which one is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.rota.homes import CareHome, home
from flowapp.rota.staff import Staff
from flowapp.rota.training.reading import HeldCertificate
from flowapp.rota.training.standing import Standing
from flowapp.rota.training.types import training_type, training_types
from flowapp.rota.training.validity import Competency
from flowapp.web.filters import day, ended, plural
from flowapp.web.training.forms import CertificateForm
from flowapp.web.training.words import COMPETENCY_WORDS, STANDING_PILLS, Pill, ends

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class CertificatePage:
    """One certificate, and what this reader may do with it."""

    title: str
    sentence: str
    name: str
    person_url: str
    pill: Pill
    facts: tuple[tuple[str, str], ...]
    version: int
    form: CertificateForm
    may_verify: bool
    may_judge: bool
    may_change: bool
    competencies: Choices
    verify_url: str
    judge_url: str
    change_url: str
    withdraw_url: str
    history_note: str
    conflict: str  # what somebody else did meanwhile


@dataclass(frozen=True, kw_only=True)
class RecordPage:
    """The form with which a certificate is recorded."""

    title: str
    sentence: str
    name: str
    person_url: str
    url: str
    nonce: str
    form: CertificateForm
    types: Choices
    vouches: bool  # may say that somebody was seen doing it
    competencies: Choices
    button: str


def certificate_page(
    session: Session,
    person: Person,
    held: HeldCertificate,
    form: CertificateForm | None,
    *,
    now: datetime,
    conflict: str = "",
) -> CertificatePage:
    """Put together the page of a certificate; without a form the fields hold what is written."""
    at = home(session, held.home_id)
    today, on = now.astimezone(at.zone).date(), On(home_id=held.home_id, staff_id=held.staff_id)
    kind = training_type(session, held.type_id)
    others_live = held.revoked_on is None and person.staff_id != held.staff_id
    records = others_live and can(person, "certificate.record", on)
    standing = held.standing_on(today)
    urls = {
        name: url_for(f"training.{name}", certificate_id=held.id)
        for name in ("verify", "judge", "change_certificate", "withdraw")
    }
    return CertificatePage(
        title=held.type_name,
        sentence=_sentence(held, standing, today),
        name=held.staff_name,
        person_url=url_for("staff.show_member", staff_id=held.staff_id) + "#training",
        pill=STANDING_PILLS[standing],
        facts=_facts(held, at),
        version=held.version,
        form=form or as_written(held),
        may_verify=others_live and held.verified_at is None and can(person, "certificate.verify", on),
        may_judge=records and kind.needs_competency,
        may_change=records,
        competencies=tuple((each.value, words) for each, words in COMPETENCY_WORDS.items()),
        verify_url=urls["verify"],
        judge_url=urls["judge"],
        change_url=urls["change_certificate"],
        withdraw_url=urls["withdraw"],
        history_note=_history(held),
        conflict=conflict,
    )


def as_written(held: HeldCertificate) -> CertificateForm:
    """Answer the forms of a certificate with what is written in them."""
    return CertificateForm(
        issued_on=held.issued_on.isoformat(),
        expires_on=held.expires_on.isoformat() if held.expires_on else "",
        evidence_ref=held.evidence_ref,
        competency=held.competency.value,
    )


def record_page(session: Session, person: Person, of: Staff, form: CertificateForm, nonce: str) -> RecordPage:
    """Put together the form with which somebody's certificate is recorded, or one's own is sent in."""
    own = person.staff_id == of.id
    vouches = not own and can(person, "certificate.record", On(home_id=of.home_id, staff_id=of.id))
    waits = "It counts once HR has checked it."
    kinds = training_types(session, active_only=True)
    return RecordPage(
        title="Record a certificate" if vouches else "Send in a certificate",
        sentence=f"For {of.name}." if vouches else waits if own else f"For {of.name}. {waits}",
        name=of.name,
        person_url=url_for("staff.show_member", staff_id=of.id) + "#training",
        url=url_for("training.record", staff_id=of.id),
        nonce=nonce,
        form=form,
        types=tuple((str(kind.id), kind.name) for kind in kinds),
        vouches=vouches,
        competencies=tuple((each.value, words) for each, words in COMPETENCY_WORDS.items()),
        button="Record the certificate" if vouches else "Send it in",
    )


def _sentence(held: HeldCertificate, standing: Standing, today: date) -> str:
    left = held.validity.days_left(today)
    who = held.staff_name
    if standing is Standing.REVOKED:
        return f"{who}’s certificate was withdrawn, so it does not count."
    if standing is Standing.WAITING:
        return f"{who} sent this in. It counts once HR has checked it."
    if standing is Standing.SUPERSEDED:
        return f"{who} has a newer one that lasts longer."
    if standing is Standing.PENDING:
        begun = held.issued_on <= today
        return "It counts once somebody has seen them do it." if begun else f"It counts from {day(held.issued_on)} on."
    if left is None:
        return f"{who} has it for good."
    if standing is Standing.EXPIRED:
        return f"It ran out {plural(-left, 'day')} ago."
    return "Today is its last day." if left == 0 else f"It lasts for {plural(left, 'more day')}."


def _facts(held: HeldCertificate, at: CareHome) -> tuple[tuple[str, str], ...]:
    facts = [
        ("Of", f"{held.staff_name}, {at.name}"),
        ("First day", day(held.issued_on)),
        ("Last day", ends(held.expires_on)),
    ]
    if held.competency is not Competency.NOT_NEEDED:
        facts.append(("Seen doing it", COMPETENCY_WORDS[held.competency]))
    if held.evidence_ref:
        facts.append(("Where the paper is", held.evidence_ref))
    facts.append(("Recorded by", held.recorded_by))
    if held.verified_at is not None:
        facts.append(("Checked by", f"{held.verified_by} on {day(held.verified_at.astimezone(at.zone).date())}"))
    elif not held.waits:
        facts.append(("Checked by", "Nobody yet"))
    return tuple(facts)


def _history(held: HeldCertificate) -> str:
    if held.revoked_on is None:
        return ""
    return f"Withdrawn from {day(held.revoked_on)} on: {ended(held.revoke_reason)}"
