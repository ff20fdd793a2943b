"""The rules about a leave request, L01 to L10, and what each finds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from flowapp.kernel.errors import Problem
from flowapp.rota.embargo import embargoes_hit
from flowapp.rota.leave_days import DayPart, overlap
from flowapp.rota.leave_facts import (
    AwayLimit,
    CheckResult,
    CoverShortfall,
    LeaveFacts,
    OtherLeave,
    Outcome,
    PeopleAway,
)
from flowapp.rota.leave_period import consecutive_days
from flowapp.rota.notice import NoticeKind, notice_given
from flowapp.rota.wording import amount_text, day_text, list_text, number_text, span_text

__all__ = [
    "RULES",
    "AwayLimit",
    "CheckResult",
    "CoverShortfall",
    "LeaveFacts",
    "OtherLeave",
    "Outcome",
    "PeopleAway",
    "blocking",
    "check",
]


class Finding(NamedTuple):
    """What a rule found, before its name is put to it."""

    outcome: Outcome
    text: str
    field: str = ""


class Rule(NamedTuple):
    """A rule, by its stable name."""

    name: str
    title: str
    find: Callable[[LeaveFacts], Finding]


def check(facts: LeaveFacts, names: Collection[str] | None = None) -> tuple[CheckResult, ...]:
    """Ask every rule in order, or those with these names: a rule without its facts must not be asked."""
    results = []
    for rule in RULES:
        if names is not None and rule.name not in names:
            continue
        outcome, text, field = rule.find(facts)
        results.append(CheckResult(rule=rule.name, outcome=outcome, title=rule.title, text=text, field=field))
    return tuple(results)


def blocking(results: Iterable[CheckResult]) -> list[Problem]:
    """Answer what stands in the way as problems of the request's fields."""
    return [
        Problem(path=result.field, code=result.rule, message=result.text)
        for result in results
        if result.outcome is Outcome.BLOCK
    ]


def _dates(facts: LeaveFacts) -> Finding:
    wrong = _outside_employment(facts) or _not_of_this_type(facts)
    if wrong is not None:
        return wrong
    about = "about " if facts.count.estimated else ""
    text = f"Leave {_span(facts)} takes {about}{_size(facts)}."
    return Finding(Outcome.PASS, text)


def _outside_employment(facts: LeaveFacts) -> Finding | None:
    if facts.period.start < facts.employed_from:
        text = f"Employment begins on {day_text(facts.employed_from)}; choose a first day not before it."
        return Finding(Outcome.BLOCK, text, "start_date")
    if facts.employed_until is not None and facts.period.end > facts.employed_until:
        text = f"Employment ends on {day_text(facts.employed_until)}; choose a last day not after it."
        return Finding(Outcome.BLOCK, text, "end_date")
    return None


def _not_of_this_type(facts: LeaveFacts) -> Finding | None:
    if facts.count.days == 0 and not facts.status_only:
        text = f"No work is due {_span(facts)}, so no leave is needed; choose days with work."
        return Finding(Outcome.BLOCK, text, "start_date")
    halves = {facts.period.start_part, facts.period.end_part} - {DayPart.ALL}
    if halves and not facts.half_days_allowed:
        field = "end_part" if facts.period.start_part is DayPart.ALL else "start_part"
        return Finding(Outcome.BLOCK, "This type of leave is taken in whole days; choose all day.", field)
    if facts.most_days is not None and facts.count.days > facts.most_days:
        most, asked = amount_text(facts.most_days, "day"), number_text(facts.count.days)
        text = f"This type of leave is at most {most} at a time and this is {asked}; ask for fewer days."
        return Finding(Outcome.BLOCK, text, "end_date")
    return None


def _other_leave(facts: LeaveFacts) -> Finding:
    for other in facts.others:
        days = overlap(facts.period, other.period)
        if days:
            kind = "approved" if other.approved else "already asked for"
            text = (
                f"Leave {span_text(other.period.start, other.period.end)} is {kind} and takes "
                f"{list_text([day_text(day) for day in days])} too; choose other dates or give that back."
            )
            return Finding(Outcome.BLOCK, text, "start_date")
    return Finding(Outcome.PASS, "No other leave falls on these days.")


def _balance(facts: LeaveFacts) -> Finding:
    before, after = facts.balance_before, facts.balance_after
    if before is None or after is None:
        return Finding(Outcome.PASS, "This type of leave is not taken from an allowance.")
    needs, left = amount_text(facts.count.hours, "hour"), amount_text(before, "hour")
    if after >= -facts.may_go_below_by:
        text = f"This takes {needs} of the {left} left, so that {number_text(after)} would remain."
        return Finding(Outcome.PASS, text)
    short = number_text(-facts.may_go_below_by - after)
    owed = f" ({number_text(facts.may_go_below_by)} may be owed)" if facts.may_go_below_by else ""
    text = f"This takes {needs} of the {left} left{owed}, {short} too many; ask for fewer days."
    return Finding(Outcome.BLOCK, text, "end_date")


def _notice(facts: LeaveFacts) -> Finding:
    if facts.notice.kind is NoticeKind.NONE:
        return Finding(Outcome.PASS, "This type of leave needs no notice.")
    needed = facts.notice.days_needed(facts.count.days)
    given = notice_given(today=facts.today, start=facts.period.start)
    if given < 0:
        late = amount_text(-given, "day")
        text = f"The leave began {late} ago, and {amount_text(needed, 'day')} of notice are asked for."
        return Finding(Outcome.INFORM, text, "start_date")
    text = f"This gives {amount_text(given, 'day')} of notice; {number_text(needed)} are asked for."
    return Finding(Outcome.PASS if given >= needed else Outcome.INFORM, text, "start_date")


def _embargo(facts: LeaveFacts) -> Finding:
    start, end = facts.period.start, facts.period.end
    hits = embargoes_hit(facts.embargoes, start=start, end=end, place=facts.place)
    if not hits:
        return Finding(Outcome.PASS, "These days are open to leave.")
    hard = [hit for hit in hits if hit.embargo.hard]
    first = hard[0] if hard else hits[0]
    because = f": {first.embargo.message.strip().rstrip('.')}" if first.embargo.message.strip() else ""
    text = f"Leave {span_text(first.first, first.last)} is closed{because}."
    return Finding(Outcome.BLOCK if hard else Outcome.INFORM, text, "start_date")


def _people_away(facts: LeaveFacts) -> Finding:
    if not facts.people_away:
        return Finding(Outcome.PASS, "Nobody else of the same role is away on these days.")
    over = [day for day in facts.people_away if not facts.away_limit.allows(day)]
    worst = max(over or facts.people_away, key=lambda day: (day.percent_with_this, day.away))
    more = f", passed on {amount_text(len(over) - 1, 'other day')} too" if len(over) > 1 else ""
    text = (
        f"On {day_text(worst.date)} {worst.away + 1} of {worst.group} people of the same role would be away "
        f"({number_text(worst.percent_with_this)}%){_limit_text(facts.away_limit)}{more}."
    )
    return Finding(Outcome.INFORM if over else Outcome.PASS, text, "start_date")


def _limit_text(limit: AwayLimit) -> str:
    limits = [] if limit.people is None else [f"{limit.people} of them"]
    if limit.percent is not None:
        limits.append(f"{number_text(limit.percent)}%")
    return f"; the limit is {list_text(limits)}" if limits else ""


def _cover(facts: LeaveFacts) -> Finding:
    if not facts.shortfalls:
        return Finding(Outcome.PASS, "Every shift would still have the people it needs.")
    short = [
        f"{gap.left} of {gap.needed} people for the {gap.shift} shift on {gap.unit} on {day_text(gap.date)}"
        for gap in facts.shortfalls
    ]
    return Finding(Outcome.INFORM, f"There would be only {list_text(short)}.", "start_date")


def _days_in_a_row(facts: LeaveFacts) -> Finding:
    days = consecutive_days(
        facts.period,
        [other.period for other in facts.others],
        counts=lambda day: facts.calendar is None or not facts.calendar.is_bank_holiday(day),
    )
    text = f"This is {amount_text(days, 'day')} in a row, adjoining leave included"
    most = facts.max_consecutive_days
    if most is None:
        return Finding(Outcome.PASS, f"{text}.")
    if days > most:
        return Finding(Outcome.INFORM, f"{text}; more than {most} is for the manager to decide.", "end_date")
    return Finding(Outcome.PASS, f"{text}; up to {most} are usual.")


def _evidence(facts: LeaveFacts) -> Finding:
    after, days = facts.evidence_after_days, facts.period.calendar_days
    if after is None or days <= after:
        return Finding(Outcome.PASS, "No evidence is needed.")
    if facts.evidence_given:
        return Finding(Outcome.PASS, f"Evidence is given for these {days} days.")
    text = f"These are {days} days and more than {after} need evidence, such as a fit note; none is given yet."
    return Finding(Outcome.INFORM, text)


def _own_request(facts: LeaveFacts) -> Finding:
    if facts.decider_staff_id is None:
        return Finding(Outcome.PASS, "Somebody else decides.")
    if facts.decider_staff_id == facts.staff_id:
        return Finding(Outcome.BLOCK, "Nobody decides their own leave; ask somebody else to decide.")
    return Finding(Outcome.PASS, "Whoever decides is not the person who asks.")


def _span(facts: LeaveFacts) -> str:
    return span_text(facts.period.start, facts.period.end)


def _size(facts: LeaveFacts) -> str:
    return f"{amount_text(facts.count.days, 'day')} ({amount_text(facts.count.hours, 'hour')})"


RULES = (
    Rule("L01", "Dates", _dates),
    Rule("L02", "Other leave", _other_leave),
    Rule("L03", "Allowance", _balance),
    Rule("L04", "Notice", _notice),
    Rule("L05", "Closed days", _embargo),
    Rule("L06", "People away", _people_away),
    Rule("L07", "Cover", _cover),
    Rule("L08", "Days in a row", _days_in_a_row),
    Rule("L09", "Evidence", _evidence),
    Rule("L10", "Who decides", _own_request),
)
