"""E09, E11 to E13, E15, E20: whether the law and what was agreed let somebody work these hours as well."""

from __future__ import annotations

from collections.abc import Iterator

from flowapp.rota.eligibility.candidate import Candidate
from flowapp.rota.eligibility.finding import Finding, Mode
from flowapp.rota.eligibility.slot import Slot
from flowapp.rota.wording import amount_text, day_text, number_text
from flowapp.rota.working_time import average, night, young
from flowapp.rota.working_time.rest import ADULT_HOURS, YOUNG_HOURS, rest_lost
from flowapp.rota.working_time.runs import days_in_a_row


def daily_rest(slot: Slot, who: Candidate) -> Iterator[Finding]:
    """E09: every 24 hours from the start of a shift keep a rest of 11 hours, or of 12 under 18."""
    needed = YOUNG_HOURS if _is_young(slot, who) else ADULT_HOURS
    left = rest_lost(slot.interval, [held.interval for held in who.shifts_beside(slot.shift_id)], needed)
    if left is not None:
        text = f"{amount_text(left, 'hour')} of rest beside another shift (needs {number_text(needed)})"
        code = f"REST_LT_{number_text(needed)}H"
        yield Finding(rule="E09", mode=Mode.BLOCK, code=code, text=text, evidence={"hours": left})


def average_week(slot: Slot, who: Candidate) -> Iterator[Finding]:
    """E11: the average week stays within 48 hours, unless they have agreed in writing to more."""
    if who.average_hours is None or average.is_lawful(who.average_hours, opted_out=False):
        return
    hours = f"{number_text(round(who.average_hours, 1))} hours a week on average"
    evidence = {"hours": who.average_hours}
    if who.opted_out_on is None:
        yield Finding(
            rule="E11",
            mode=Mode.BLOCK,
            code="AVG_48H",
            text=f"{hours}, and has not agreed to more than {average.MOST_HOURS}",
            evidence=evidence,
        )
        return
    text = f"{hours}; agreed to that on {day_text(who.opted_out_on)}"
    yield Finding(rule="E11", mode=Mode.WARN, code="OPT_OUT_ON_FILE", text=text, evidence=evidence)


def week_limit(slot: Slot, who: Candidate) -> Iterator[Finding]:
    """E12: the week stays within their own limit; a single long week is lawful."""
    hours = who.week_hours + slot.interval.elapsed_hours
    if who.most_week_hours is not None and hours > who.most_week_hours:
        text = f"{amount_text(hours, 'hour')} this week (their limit is {number_text(who.most_week_hours)})"
        yield Finding(rule="E12", mode=Mode.WARN, code="WEEK_LIMIT", text=text, evidence={"hours": hours})


def in_a_row(slot: Slot, who: Candidate) -> Iterator[Finding]:
    """E13: they do not work more days in a row than they may."""
    days = days_in_a_row(slot.day, {held.day for held in who.shifts_beside(slot.shift_id)})
    if days > who.most_days_in_a_row:
        text = f"it would be {days} days in a row (at most {who.most_days_in_a_row})"
        yield Finding(rule="E13", mode=Mode.BLOCK, code="MAX_CONSECUTIVE_DAYS", text=text, evidence={"days": days})


def young_worker(slot: Slot, who: Candidate) -> Iterator[Finding]:
    """E15: under 18 no long days, long weeks, or nights."""
    if not _is_young(slot, who):
        return
    beside = who.shifts_beside(slot.shift_id)
    same_day = [held.interval.elapsed_hours for held in beside if held.day == slot.day]
    for limit in young.limits_broken(slot.interval, slot.timezone, same_day=same_day, same_week=[who.week_hours]):
        text = f"is under 18: {limit.value}"
        yield Finding(rule="E15", mode=Mode.BLOCK, code=f"YOUNG_{limit.name}", text=text)


def health(slot: Slot, who: Candidate) -> Iterator[Finding]:
    """E20: no nights for whom occupational health has said so; why is for HR only."""
    if who.no_nights and night.is_night_work(slot.interval, slot.timezone):
        yield Finding(rule="E20", mode=Mode.BLOCK, code="NO_NIGHTS", text="is not to work nights (occupational health)")


def _is_young(slot: Slot, who: Candidate) -> bool:
    return who.born is not None and young.age_on(who.born, slot.day) < young.GROWN_UP
