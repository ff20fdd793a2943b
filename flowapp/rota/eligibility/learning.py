"""E03: whether somebody has learnt what the shift needs, for all of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flowapp.rota.eligibility.candidate import Candidate, Certificate
from flowapp.rota.eligibility.finding import Finding, Mode
from flowapp.rota.eligibility.slot import Slot
from flowapp.rota.wording import day_text


def skills(slot: Slot, who: Candidate) -> Iterator[Finding]:
    """E03 and E03b: a certificate of each type holds on the day it starts, and on the last day it touches."""
    for code, name in slot.skills.items():
        held = who.certificates.get(code, ())
        holding = [each for each in held if each.validity.holds_on(slot.day)]
        if not holding:
            yield _missing(code, name, held, slot.day)
        elif not any(each.validity.holds_on(slot.last_day) for each in holding):
            last = max(holding, key=lambda each: each.validity.expires_on or date.max)
            ends = last.validity.expires_on
            when = f" on {day_text(ends)}" if ends is not None else ""
            yield Finding(
                rule="E03b",
                mode=Mode.WARN,
                code=f"CERT_EXPIRES_DURING_SHIFT:{code}",
                text=f"{name} expires during the shift{when}",
                evidence={"certificate_id": last.certificate_id},
            )


def _missing(code: str, name: str, held: tuple[Certificate, ...], day: date) -> Finding:
    ended = [each for each in held if each.validity.expires_on is not None and each.validity.expires_on < day]
    if not ended:
        why = f"{name} is not there yet" if held else f"{name} is missing"
        fix = f"record the certificate for {name}" if not held else f"see that {name} is confirmed"
        return Finding(rule="E03", mode=Mode.BLOCK, code=f"CERT_MISSING:{code}", text=why, fix=fix)
    last = max(ended, key=lambda each: each.validity.expires_on or date.min)
    ends = last.validity.expires_on or date.min
    return Finding(
        rule="E03",
        mode=Mode.BLOCK,
        code=f"CERT_EXPIRED:{code}",
        text=f"{name} expired on {day_text(ends)}",
        fix=f"book {name} for a day before {day_text(day)}",
        evidence={"certificate_id": last.certificate_id},
    )
