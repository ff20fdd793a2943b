"""What somebody says of a span of time: when they cannot work, and when they would like to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from flowapp.rota.availability.pattern import MIDNIGHT, Pattern, SlotKind
from flowapp.rota.availability.stretches import union, within, without
from flowapp.rota.eligibility.candidate import Presence, Said
from flowapp.rota.wall_time import Interval, instant

A_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class OneOff:
    """What somebody says of one stretch of time; it goes before what they say of their weeks."""

    interval: Interval
    kind: SlotKind
    reason: str = ""


def said_in(
    span: Interval,
    zone: str,
    patterns: Sequence[Pattern],
    one_offs: Sequence[OneOff],
    *,
    works_by_list: bool = False,
) -> tuple[Said, ...]:
    """Answer what somebody says of a span, in order; the clock of their home says when a stretch begins and ends.

    Whoever works by a list (bank staff) can work only at the times that a pattern names, where it names any.
    """
    usual = _usual(span, zone, patterns)
    if works_by_list:
        usual[SlotKind.UNAVAILABLE] += _off_the_list(span, zone, patterns, usual)
    single = [each.interval for each in one_offs]
    cannot = without(usual[SlotKind.UNAVAILABLE], single)
    would = without(usual[SlotKind.PREFERRED], [*single, *usual[SlotKind.UNAVAILABLE]])
    found = [
        *(Said(interval=each, presence=Presence.UNAVAILABLE) for each in within(cannot, span)),
        *(Said(interval=each, presence=Presence.PREFERRED) for each in within(would, span)),
        *_single(span, one_offs),
    ]
    return tuple(sorted(found, key=lambda said: (said.interval.starts_at, said.interval.ends_at, said.presence)))


def _usual(span: Interval, zone: str, patterns: Sequence[Pattern]) -> dict[SlotKind, list[Interval]]:
    found: dict[SlotKind, list[Interval]] = {kind: [] for kind in SlotKind}
    for pattern in patterns:
        for day in _days(span, zone):
            for slot in pattern.slots_on(day):
                last = day if slot.end > slot.start else day + A_DAY
                starts_at, ends_at = instant(day, slot.start, zone), instant(last, slot.end, zone)
                # A change of the clocks may leave no time between them.
                if starts_at < ends_at:
                    found[slot.kind].append(Interval(starts_at, ends_at))
    return found


@lru_cache(maxsize=64)  # asked of many people at once
def _days(span: Interval, zone: str) -> tuple[date, ...]:
    """Answer the days on which a stretch may begin that touches the span, the day before it included."""
    home = ZoneInfo(zone)
    first, last = span.starts_at.astimezone(home).date() - A_DAY, span.ends_at.astimezone(home).date()
    return tuple(first + number * A_DAY for number in range((last - first).days + 1))


def _off_the_list(
    span: Interval, zone: str, patterns: Sequence[Pattern], usual: dict[SlotKind, list[Interval]]
) -> list[Interval]:
    named = [*usual[SlotKind.AVAILABLE], *usual[SlotKind.PREFERRED]]
    spoken_of = [
        Interval(instant(day, MIDNIGHT, zone), instant(day + A_DAY, MIDNIGHT, zone))
        for day in _days(span, zone)
        if any(pattern.names_times_to_work and pattern.holds_on(day) for pattern in patterns)
    ]
    return without(spoken_of, named)


def _single(span: Interval, one_offs: Sequence[OneOff]) -> Iterator[Said]:
    cannot = [each for each in one_offs if each.kind is SlotKind.UNAVAILABLE]
    for each in cannot:
        for part in within([each.interval], span):
            yield Said(interval=part, presence=Presence.UNAVAILABLE, reason=each.reason)
    wanted = [each.interval for each in one_offs if each.kind is SlotKind.PREFERRED]
    for part in within(without(union(wanted), [each.interval for each in cannot]), span):
        yield Said(interval=part, presence=Presence.PREFERRED)
