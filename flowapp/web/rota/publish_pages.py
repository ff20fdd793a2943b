"""What the page shows on which a week is published."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.rota.demand.gaps import Gap
from flowapp.rota.publishing.preview import preview
from flowapp.web.filters import long_day, plural
from flowapp.web.rota.asked import Asked


@dataclass(frozen=True, kw_only=True)
class PublishPage:
    """A week before it is published: what will be shown, what is lacking, what is wrong."""

    title: str
    sentence: str
    back: str
    url: str
    week: str
    home: str
    facts: tuple[tuple[str, str], ...]
    gaps: tuple[tuple[str, tuple[str, ...]], ...]  # a day, and what is lacking on it
    breaches: tuple[tuple[str, str], ...]  # the words, and the address of the shift
    nothing: bool
    reason: str
    error: str
    nonce: str


def publish_page(session: Session, asked: Asked, *, nonce: str, reason: str = "", error: str = "") -> PublishPage:
    """Put the page together."""
    found = preview(session, asked.home.id, asked.week)
    days = dict.fromkeys(gap.day for gap in found.gaps)
    return PublishPage(
        title=f"Publish the rota, {asked.week.words}",
        sentence=f"{asked.home.name}. Staff see these shifts from then on, and each of them is told once.",
        back=url_for("rota.index", week=asked.week.text, home=asked.home.code),
        url=url_for("rota_publishing.publish"),
        week=asked.week.text,
        home=asked.home.code,
        facts=(
            ("Shifts to publish", str(len(found.to_publish))),
            ("Of these open", str(found.open)),
            ("People who are told", plural(len(found.people), "person", "people")),
            ("Published already", str(found.published)),
        ),
        gaps=tuple((long_day(day), tuple(_gap(gap) for gap in found.gaps if gap.day == day)) for day in days),
        breaches=tuple((each.words, url_for("shifts.show_shift", shift_id=each.shift_id)) for each in found.breaches),
        nothing=not found.to_publish,
        reason=reason,
        error=error or asked.error,
        nonce=nonce,
    )


def _gap(gap: Gap) -> str:
    return f"{gap.words} ({gap.need.start} to {gap.need.end}), {gap.need.unit_name or 'whole home'}"
