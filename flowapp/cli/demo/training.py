"""Writing the training of the demo: most of it in order, some of it due, a little out of date or not there.

What lies behind is brought in as another system would hand it over: as rows, with no events, and with the reminders
that would have been told by then. On the last evening Anna sends a certificate in, which HR has not checked yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.cli.demo.accounts import HR, Written, as_somebody
from flowapp.cli.demo.days import Days
from flowapp.cli.demo.homes import GLENFARROW, HomePlan
from flowapp.cli.demo.people import SEED, Colleague
from flowapp.cli.demo.story import ANNA
from flowapp.events.cause import SYSTEM, Cause
from flowapp.kernel.ids import new_uid
from flowapp.rota.training import changes
from flowapp.rota.training.catalogue import write_catalogue
from flowapp.rota.training.certificates import Certificate, Origin
from flowapp.rota.training.reminders import Watch, due_reminders, next_look
from flowapp.rota.training.requirements import grace_of, requirements
from flowapp.rota.training.types import TrainingType, training_types
from flowapp.rota.training.validity import Competency, last_day

IN_ORDER = (0.97, 0.92, 0.84)  # of each home: one that is well kept, one that is stretched, one that is behind
DUE, RUN_OUT = 0.55, 0.35  # of the rest; what is left is missing
DUE_DAYS, LATE_DAYS = 30, 60
CHECKED, STILL_TO_BE_WATCHED = 0.85, 0.03
DAYS_A_MONTH = 30


def write_training(
    session: Session, people: Sequence[Colleague], homes: Sequence[HomePlan], written: Written, days: Days
) -> int:
    """Write the types of training and everybody's certificates, and answer how many certificates that were."""
    began, rng = Cause(actor=SYSTEM, at=days.begin), Random(SEED)
    write_catalogue(session, began)
    hr, cause = as_somebody(session, written.accounts[HR], days.end)
    kinds, asked = training_types(session), requirements(session)
    rows: list[dict[str, Any]] = []
    for who in people:
        home_id, nation = written.homes[who.home], homes[who.home].nation
        for kind in kinds:
            needed = grace_of(kind, asked, role=who.role, home_id=home_id, nation=nation) is not None
            gives_medicines = kind.code == "MEDICATION" and kind.concerns(who.role, nation)
            if needed or gives_medicines:
                rows += _rows(rng, who, written.staff[who.number], kind, days, hr.name, hr.user_id)
    session.execute(insert(Certificate), rows)
    audit.write(session, cause, action="certificate.import", entity="certificate", entity_id=None,
                after={"certificates": len(rows)})  # fmt: skip
    _send_in(session, people, written, days)
    return len(rows) + 1


def _rows(
    rng: Random, who: Colleague, staff_id: int, kind: TrainingType, days: Days, hr: str, hr_id: int
) -> Iterator[dict[str, Any]]:
    """Answer the row of one certificate, or none where it is missing."""
    issued, expires = _dates(rng, who, kind, days.as_of)
    checked, watched = rng.random() < CHECKED, rng.random() >= STILL_TO_BE_WATCHED
    if issued is None:
        return
    competency = Competency.COMPETENT if watched else Competency.PENDING
    yield {
        "uid": new_uid(days.begin),
        "staff_id": staff_id,
        "training_type_id": kind.id,
        "issued_on": issued,
        "expires_on": expires,
        "competency": competency if kind.needs_competency else Competency.NOT_NEEDED,
        "evidence_ref": f"{kind.code}-{who.employee_no}",
        "origin": Origin.RECORDED,
        "recorded_by": hr,
        "verified_by": hr if checked else None,
        "verified_by_id": hr_id if checked else None,
        "verified_at": days.begin if checked else None,
        "revoked_on": None,
        "revoke_reason": "",
        **_watched(kind, issued, expires, days.as_of),
        "created_at": days.begin,
        "version": 1,
    }


def _dates(rng: Random, who: Colleague, kind: TrainingType, as_of: date) -> tuple[date | None, date | None]:
    """Answer from when until when; no first day where the certificate is missing."""
    chance, spread = rng.random(), rng.random()
    quality = IN_ORDER[who.home % len(IN_ORDER)]
    luck = (chance - quality) / (1 - quality)
    if chance >= quality and luck >= DUE + RUN_OUT:
        return None, None
    if kind.validity_months is None:
        return who.start_date, None
    months = kind.validity_months
    if chance < quality:
        longest = months * DAYS_A_MONTH - DUE_DAYS
        issued = max(as_of - timedelta(days=int(spread * longest)), who.start_date)
        return issued, last_day(issued, months)
    left = int(spread * DUE_DAYS) if luck < DUE else -1 - int(spread * LATE_DAYS)
    issued = last_day(as_of + timedelta(days=left), -months)
    return issued, last_day(issued, months)


def _watched(kind: TrainingType, issued: date, expires: date | None, as_of: date) -> dict[str, Any]:
    """Answer the reminders as they stand on the day the demo is shown: what was due has been told."""
    if expires is None:
        return {"watched_from": issued, "reminded": None, "next_look_on": None}
    watch = Watch(expires_on=expires, reminder_days=tuple(kind.reminder_days), watched_from=issued)
    reminded = due_reminders(watch, as_of).last
    told = Watch(expires_on=expires, reminder_days=watch.reminder_days, watched_from=issued, reminded=reminded)
    return {"watched_from": issued, "reminded": reminded, "next_look_on": next_look(told, as_of)}


def _send_in(session: Session, people: Sequence[Colleague], written: Written, days: Days) -> None:
    anna = next(who for who in people if who.email == ANNA and who.home == GLENFARROW)
    who, cause = as_somebody(session, written.accounts[ANNA], days.end)
    first_aid = next(kind.id for kind in training_types(session) if kind.code == "FAW")
    changes.record(
        session,
        cause,
        who,
        written.staff[anna.number],
        type_id=first_aid,
        issued_on=days.ago(4),
        evidence_ref="Card in my purse, number 4471",
    )
