"""Every rule about somebody and a shift in words, those that they keep too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from flowapp.rota.eligibility.candidate import Candidate
from flowapp.rota.eligibility.finding import Finding, Mode
from flowapp.rota.eligibility.judging import Verdict
from flowapp.rota.eligibility.ranking import rest_beside, tier_of
from flowapp.rota.eligibility.slot import Slot
from flowapp.rota.wording import amount_text, day_text, list_text, number_text
from flowapp.rota.working_time.average import MOST_HOURS
from flowapp.rota.working_time.rest import ADULT_HOURS
from flowapp.rota.working_time.runs import days_in_a_row

PASS = "pass"
Says = Callable[[Slot, Candidate], str]


class Explained(NamedTuple):
    """One rule about somebody and a shift."""

    rule: str
    title: str
    result: str  # pass, warn or block
    text: str
    fix: str
    code: str


def explain(slot: Slot, who: Candidate, verdict: Verdict) -> list[Explained]:
    """Answer every rule in order; one that says several things comes several times."""
    return [each for rule in TITLES for each in _rule(rule, slot, who, verdict)]


def _rule(rule: str, slot: Slot, who: Candidate, verdict: Verdict) -> Iterator[Explained]:
    title = TITLES[rule]
    said = [each for each in verdict.findings if each.rule == rule and each.mode is not Mode.RANK]
    for each in said:
        yield Explained(rule, title, each.mode.value, _sentence(each), each.fix, each.code)
    if not said:
        yield Explained(rule, title, PASS, KEPT[rule](slot, who), "", "")


def _sentence(finding: Finding) -> str:
    return finding.text[0].upper() + finding.text[1:] + "."


TITLES: Mapping[str, str] = {
    "E01": "At work",
    "E02": "The right job",
    "E03": "Training",
    "E03b": "Training until the end",
    "E04": "Registration",
    "E05": "No other shift then",
    "E06": "Leave",
    "E07": "Sickness",
    "E08": "Availability",
    "E09": "Rest between shifts",
    "E10": "Weekly rest",
    "E11": "48-hour week",
    "E12": "Own weekly limit",
    "E13": "Days in a row",
    "E14": "Night work",
    "E15": "Under 18",
    "E16": "Knows the home",
    "E17": "Who works together",
    "E18": "One shift a day",
    "E19": "Cost",
    "E20": "Occupational health",
}
_TIERS = (
    "Within their contracted hours.",
    "Beyond their part-time hours.",
    "From the bank.",
    "Overtime.",
    "From another home.",
    "From an agency, so asked last.",
)


def _always(text: str) -> Says:
    return lambda _slot, _who: text


def _job(_slot: Slot, who: Candidate) -> str:
    return f"Is a {who.role.label.lower()}, as the shift needs."


def _training(slot: Slot, _who: Candidate) -> str:
    names = list_text([*slot.skills.values()], most=len(slot.skills)) if slot.skills else ""
    return f"Has {names}." if names else "The shift asks for no training."


def _until_the_end(slot: Slot, _who: Candidate) -> str:
    return f"Nothing runs out before the shift ends on {day_text(slot.last_day)}."


def _registered(slot: Slot, _who: Candidate) -> str:
    return "Registered as the work needs it." if slot.registers else "This home keeps no record of registrations here."


def _rest(slot: Slot, who: Candidate) -> str:
    hours = rest_beside(slot, who)
    if hours is None:
        return "No other shift is near."
    return f"{amount_text(hours, 'hour')} to the nearest other shift (needs {number_text(ADULT_HOURS)})."


def _average(_slot: Slot, who: Candidate) -> str:
    if who.average_hours is None:
        return "Not looked at."
    hours = amount_text(round(who.average_hours, 1), "hour")
    return f"{hours} a week on average with this shift ({MOST_HOURS} at most)."


def _week(slot: Slot, who: Candidate) -> str:
    hours = amount_text(who.week_hours + slot.hours, "hour")
    if who.most_week_hours is None:
        return f"{hours} in this week with this shift; no limit of their own."
    return f"{hours} in this week with this shift (their limit is {number_text(who.most_week_hours)})."


def _in_a_row(slot: Slot, who: Candidate) -> str:
    days = days_in_a_row(slot.day, {held.day for held in who.shifts_beside(slot.shift_id)})
    return f"{amount_text(days, 'day')} in a row with this one (at most {who.most_days_in_a_row})."


def _cost(slot: Slot, who: Candidate) -> str:
    return _TIERS[tier_of(slot, who)]


KEPT: Mapping[str, Says] = {
    "E01": lambda slot, _who: f"Employed and at work on {day_text(slot.day)}.",
    "E02": _job,
    "E03": _training,
    "E03b": _until_the_end,
    "E04": _registered,
    "E05": _always("Has no other shift at that time, in any home."),
    "E06": _always("Has no leave at that time, nor asked for any."),
    "E07": _always("Nobody has recorded that they are off sick."),
    "E08": _always("Has not said that they cannot work then."),
    "E09": _rest,
    "E10": _always("The week keeps a day without work."),
    "E11": _average,
    "E12": _week,
    "E13": _in_a_row,
    "E14": _always("Nothing about night work stands in the way."),
    "E15": _always("No limit for people under 18 is broken."),
    "E16": _always("Works in this home, or has been shown round it."),
    "E17": _always("Those who work together can run the home."),
    "E18": _always("Has no other shift that begins on this day."),
    "E19": _cost,
    "E20": _always("Occupational health has not ruled it out."),
}
