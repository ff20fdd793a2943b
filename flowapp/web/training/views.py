"""The training of a home, and certificates: recorded, sent in, checked, put right and withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.accounts.can import require
from flowapp.accounts.people import On
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import KeyReused, form_sent_before, once
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import Conflict, NotFound, Refused
from flowapp.kernel.ids import new_token
from flowapp.rota.homes import home
from flowapp.rota.staff import JobRole, Staff
from flowapp.rota.training import changes
from flowapp.rota.training.reading import HeldCertificate, visible_certificate
from flowapp.web.page import go_to, show
from flowapp.web.training.certificate import as_written, certificate_page, record_page
from flowapp.web.training.forms import (
    CertificateForm,
    competency_of,
    day_of_withdrawing,
    paper_of,
    read_form,
    type_of,
)
from flowapp.web.training.home import ATTENTION, Wanted, home_training_page, training_homes

bp = Blueprint("training", __name__, url_prefix="/training")


@bp.get("/")
@allow("certificate.view")
def index() -> Response:
    """Show the training of one home."""
    homes, wanted = training_homes(reading(), person()), _wanted()
    at = next((each for each in homes if each.code == wanted.home), None) if wanted.home else homes[0]
    if at is None:
        raise NotFound
    page = home_training_page(reading(), person(), at, homes, wanted, now=flow().clock.now())
    return show("training/index.html", page, fragment="people")


def _wanted() -> Wanted:
    role = request.args.get("role", "")
    return Wanted(
        home=request.args.get("home", "")[:8],
        role=JobRole(role) if role in set(JobRole) else None,
        attention=request.args.get("show", "") == ATTENTION,
    )


@bp.get("/staff/<int:staff_id>/record/")
@allow("certificate.upload")
def record_form(staff_id: int) -> Response:
    """Show the form with which a certificate is recorded."""
    form = CertificateForm(type=request.args.get("type", "")[:15])
    return _show_record(_member(staff_id), form, new_token())


@bp.post("/staff/<int:staff_id>/record/")
@allow("certificate.upload")
def record(staff_id: int) -> Response:
    """Record a certificate, or send one's own in."""
    of, form, nonce = _member(staff_id), read_form(request.form), request.form.get("nonce", "")
    cause, who = cause_of(), person()
    try:
        paper, type_id = paper_of(form), type_of(form)
        competency = competency_of(form) if form.competency else None

        def write(session: Session) -> int:
            return changes.record(session, cause, who, staff_id, type_id=type_id, competency=competency, **paper)

        made = change(lambda session: once(session, nonce, cause.at, lambda: write(session)))
    except KeyReused:
        problems = form_sent_before("type").problems
        return _show_record(of, form.with_problems(problems, otherwise="type"), new_token(), 422)
    except Refused as refused:
        return _show_record(of, form.with_problems(refused.problems, otherwise="type"), nonce, 422)
    flash("Certificate recorded." if who.staff_id != staff_id else "Sent in. HR checks it next.", "success")
    return go_to(url_for("training.show_certificate", certificate_id=made))


def _member(staff_id: int) -> Staff:
    found = reading().get(Staff, staff_id)
    if found is None:
        raise NotFound
    on = On(home_id=found.home_id, staff_id=staff_id)
    require(person(), "certificate.view", on)
    require(person(), "certificate.upload", on)
    return found


def _show_record(of: Staff, form: CertificateForm, nonce: str, status: int = 200) -> Response:
    return show("training/record.html", record_page(reading(), person(), of, form, nonce), status=status)


@bp.get("/certificates/<int:certificate_id>/")
@allow("certificate.view")
def show_certificate(certificate_id: int) -> Response:
    """Show one certificate."""
    return _show(_load(certificate_id))


@bp.post("/certificates/<int:certificate_id>/verify")
@allow("certificate.verify")
def verify(certificate_id: int) -> Response:
    """Confirm that a certificate is genuine."""
    return _act(certificate_id, "Checked. The certificate counts.", "verify", lambda _form: (changes.verify, {}))


@bp.post("/certificates/<int:certificate_id>/judge")
@allow("certificate.record")
def judge(certificate_id: int) -> Response:
    """Say whether somebody was seen to do what they have learnt."""
    return _act(
        certificate_id, "Noted.", "competency", lambda form: (changes.judge, {"competency": competency_of(form)})
    )


@bp.post("/certificates/<int:certificate_id>/change")
@allow("certificate.record")
def change_certificate(certificate_id: int) -> Response:
    """Put right what was written of a certificate."""
    return _act(certificate_id, "Put right.", "issued_on", lambda form: (changes.correct, paper_of(form)))


@bp.post("/certificates/<int:certificate_id>/withdraw")
@allow("certificate.record")
def withdraw(certificate_id: int) -> Response:
    """Withdraw a certificate."""
    return _act(
        certificate_id,
        "Withdrawn.",
        "reason",
        lambda form: (changes.revoke, {"reason": form.reason, "on": day_of_withdrawing(form)}),
    )


def _act(
    certificate_id: int,
    done: str,
    field: str,
    asked: Callable[[CertificateForm], tuple[Callable[..., None], dict[str, Any]]],
) -> Response:
    held = _load(certificate_id)
    form = read_form(request.form, as_written(held))
    cause, who, seen = cause_of(), person(), request.form.get("rev", type=int)
    try:
        act, given = asked(form)
        change(lambda session: act(session, cause, who, certificate_id, seen=seen, **given))
    except Refused as refused:
        return _show(held, form.with_problems(refused.problems, otherwise=field), 422)
    except Conflict as conflict:
        return _show(_load(certificate_id), status=409, conflict=conflict.message)
    flash(done, "success")
    return go_to(url_for("training.show_certificate", certificate_id=certificate_id))


def _load(certificate_id: int) -> HeldCertificate:
    now = flow().clock.now()
    held = visible_certificate(reading(), person(), certificate_id, now.date())
    today = now.astimezone(home(reading(), held.home_id).zone).date()
    return visible_certificate(reading(), person(), certificate_id, today)


def _show(
    held: HeldCertificate, form: CertificateForm | None = None, status: int = 200, *, conflict: str = ""
) -> Response:
    page = certificate_page(reading(), person(), held, form, now=flow().clock.now(), conflict=conflict)
    return show("training/certificate.html", page, status=status)
