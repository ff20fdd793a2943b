"""E14: whether night work stays within what the law lets a night worker do."""

from __future__ import annotations

from collections.abc import Iterator

from flowapp.rota.eligibility.candidate import Candidate
from flowapp.rota.eligibility.finding import Finding, Mode
from flowapp.rota.eligibility.slot import Slot
from flowapp.rota.wording import amount_text, day_text, number_text
from flowapp.rota.working_time import night
from flowapp.rota.working_time.average import REFERENCE_WEEKS


def night_work(slot: Slot, who: Candidate) -> Iterator[Finding]:
    """E14: eight hours in 24 on average, whatever was agreed, and a health assessment within the last year.

    A warning only: residential care may make up for it with rest later (regulation 21).
    """
    concerned = who.night_worker or who.night_check_due is not None
    if not concerned or not night.is_night_work(slot.interval, slot.timezone):
        return
    if who.night_worker and who.average_hours is not None:
        average = night.average_day(who.average_hours, weeks=REFERENCE_WEEKS)
        if not night.is_lawful(average):
            hours = amount_text(round(average, 1), "hour")
            text = f"{hours} in 24 on average (a night worker has {number_text(night.MOST_HOURS)} at most)"
            yield Finding(rule="E14", mode=Mode.WARN, code="NIGHT_AVERAGE", text=text, evidence={"hours": average})
    if who.night_check_due is not None and who.night_check_due < slot.day:
        text = f"the health assessment for night work was due on {day_text(who.night_check_due)}"
        fix = "offer the free health assessment, and record it"
        yield Finding(rule="E14", mode=Mode.WARN, code="NIGHT_HEALTH", text=text, fix=fix)
