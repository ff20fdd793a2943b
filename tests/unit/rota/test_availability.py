"""What somebody says of a span of time, from what they say of their weeks and of single stretches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from flowapp.rota.availability.pattern import Pattern, Slot, SlotKind, as_kept, from_kept
from flowapp.rota.availability.saying import OneOff, said_in
from flowapp.rota.eligibility.candidate import Presence
from flowapp.rota.wall_time import Interval

LONDON = "Europe/London"
QUARTER, A_DAY = timedelta(minutes=15), timedelta(days=1)
MONDAY = date(2026, 11, 23)
CANNOT, WOULD, CAN = SlotKind.UNAVAILABLE, SlotKind.PREFERRED, SlotKind.AVAILABLE
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # the Sundays on which the clocks change


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Answer the moment at which the clock in London shows a time."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(LONDON)).astimezone(UTC)


def a_slot(weekday: int, start: int, end: int, kind: SlotKind = CANNOT, *, week: int = 1) -> Slot:
    return Slot(week=week, weekday=weekday, start=time(start), end=time(end), kind=kind)


def a_pattern(*slots: Slot, **given: object) -> Pattern:
    return Pattern(**({"valid_from": MONDAY, "anchor": MONDAY, "slots": slots} | given))  # type: ignore[arg-type]


def told(
    patterns: Sequence[Pattern], *one_offs: OneOff, days: int = 14, first: date = MONDAY, by_list: bool = False
) -> list[tuple[datetime, datetime, Presence]]:
    span = Interval(at(first, 0), at(first + days * A_DAY, 0))
    found = said_in(span, LONDON, patterns, one_offs, works_by_list=by_list)
    return [(each.interval.starts_at, each.interval.ends_at, each.presence) for each in found]


def test_a_stretch_comes_again_every_week() -> None:
    sunday = a_pattern(a_slot(6, 9, 17))
    assert told([sunday]) == [
        (at(MONDAY + number * A_DAY, 9), at(MONDAY + number * A_DAY, 17), Presence.UNAVAILABLE) for number in (6, 13)
    ]


def test_a_stretch_of_the_second_week_comes_every_second_week() -> None:
    pattern = a_pattern(a_slot(0, 9, 17, week=2), repeat_weeks=2)
    assert [start.date() for start, _, _ in told([pattern], days=28)] == [MONDAY + 7 * A_DAY, MONDAY + 21 * A_DAY]


def test_the_weeks_are_counted_from_the_anchor_also_before_it() -> None:
    pattern = a_pattern(a_slot(0, 9, 17), repeat_weeks=3, anchor=MONDAY + 7 * A_DAY)
    assert [start.date() for start, _, _ in told([pattern], days=35)] == [MONDAY + 7 * A_DAY, MONDAY + 28 * A_DAY]


def test_a_night_that_began_before_the_span_reaches_into_it() -> None:
    night = a_pattern(a_slot(6, 20, 8), valid_from=MONDAY - 7 * A_DAY)
    assert told([night], days=1) == [(at(MONDAY, 0), at(MONDAY, 8), Presence.UNAVAILABLE)]


def test_a_whole_day_is_from_midnight_to_midnight() -> None:
    assert told([a_pattern(a_slot(0, 0, 0))], days=7) == [
        (at(MONDAY, 0), at(MONDAY + A_DAY, 0), Presence.UNAVAILABLE)]  # fmt: skip


def test_a_pattern_speaks_of_its_days_alone() -> None:
    pattern = a_pattern(a_slot(0, 9, 17), valid_from=MONDAY + 1 * A_DAY, valid_to=MONDAY + 7 * A_DAY)
    assert [start.date() for start, _, _ in told([pattern], days=28)] == [MONDAY + 7 * A_DAY]


def test_what_is_said_of_one_day_goes_before_what_is_said_of_the_weeks() -> None:
    mondays = a_pattern(a_slot(0, 0, 0), a_slot(1, 8, 20, WOULD))
    free = OneOff(interval=Interval(at(MONDAY, 8), at(MONDAY, 20)), kind=CAN)
    dentist = OneOff(interval=Interval(at(MONDAY + A_DAY, 8), at(MONDAY + A_DAY, 10)), kind=CANNOT, reason="Dentist")
    assert told([mondays], free, dentist, days=7) == [
        (at(MONDAY, 0), at(MONDAY, 8), Presence.UNAVAILABLE),
        (at(MONDAY, 20), at(MONDAY + A_DAY, 0), Presence.UNAVAILABLE),
        (at(MONDAY + A_DAY, 8), at(MONDAY + A_DAY, 10), Presence.UNAVAILABLE),
        (at(MONDAY + A_DAY, 10), at(MONDAY + A_DAY, 20), Presence.PREFERRED),
    ]
    span = Interval(at(MONDAY, 0), at(MONDAY + 7 * A_DAY, 0))
    reasons = {each.reason for each in said_in(span, LONDON, [mondays], [dentist])}
    assert reasons == {"", "Dentist"}


def test_whoever_works_by_a_list_cannot_work_at_other_times() -> None:
    list_of_times = a_pattern(a_slot(0, 8, 20, CAN), a_slot(1, 20, 8, WOULD))
    assert told([list_of_times], days=3, by_list=True) == [
        (at(MONDAY, 0), at(MONDAY, 8), Presence.UNAVAILABLE),
        (at(MONDAY, 20), at(MONDAY + A_DAY, 20), Presence.UNAVAILABLE),
        (at(MONDAY + A_DAY, 20), at(MONDAY + 2 * A_DAY, 8), Presence.PREFERRED),
        (at(MONDAY + 2 * A_DAY, 8), at(MONDAY + 3 * A_DAY, 0), Presence.UNAVAILABLE),
    ]
    assert told([list_of_times], days=1) == []  # of whoever does not, a time to work says nothing of others


def test_a_list_that_names_no_time_to_work_says_nothing_of_other_times() -> None:
    assert told([a_pattern(a_slot(0, 8, 10))], days=7, by_list=True) == [
        (at(MONDAY, 8), at(MONDAY, 10), Presence.UNAVAILABLE)]  # fmt: skip


def test_a_stretch_that_a_change_of_the_clocks_leaves_no_time_for_is_left_out() -> None:
    gone = a_pattern(a_slot(6, 1, 2), valid_from=SPRING - 7 * A_DAY, anchor=SPRING - 6 * A_DAY)
    assert told([gone], first=SPRING, days=1) == []


def test_a_wish_is_cut_where_it_meets_a_time_that_is_not_possible() -> None:
    both = a_pattern(a_slot(0, 8, 20, WOULD), a_slot(0, 12, 14))
    assert told([both], days=1) == [
        (at(MONDAY, 8), at(MONDAY, 12), Presence.PREFERRED),
        (at(MONDAY, 12), at(MONDAY, 14), Presence.UNAVAILABLE),
        (at(MONDAY, 14), at(MONDAY, 20), Presence.PREFERRED),
    ]


def test_a_stretch_that_ends_before_it_begins_cuts_nothing() -> None:
    gone = Slot(week=1, weekday=6, start=time(1, 30), end=time(2, 15), kind=CANNOT)  # 02:15 comes first that night
    pattern = a_pattern(gone, a_slot(6, 0, 0, WOULD), valid_from=SPRING, anchor=SPRING - 6 * A_DAY)
    assert told([pattern], first=SPRING, days=1) == [(at(SPRING, 0), at(SPRING + A_DAY, 0), Presence.PREFERRED)]


def test_slots_are_kept_by_week_and_weekday() -> None:
    slots = (a_slot(0, 9, 17, week=2), a_slot(6, 0, 0, WOULD))
    kept = as_kept(slots)
    assert kept == {
        "1": {"sun": [{"from": "00:00", "to": "00:00", "kind": "preferred"}]},
        "2": {"mon": [{"from": "09:00", "to": "17:00", "kind": "unavailable"}]},
    }
    assert set(from_kept(kept)) == set(slots)


def shows(wall: datetime) -> datetime:
    """Find when the clock in London shows a time, by looking at what it shows; the first time, where it does twice."""
    zone = ZoneInfo(LONDON)
    morning = wall.replace(hour=0, minute=0) - timedelta(hours=12)
    offsets = [
        (morning + shift).replace(tzinfo=UTC).astimezone(zone).utcoffset() for shift in (timedelta(), timedelta(days=2))
    ]
    for offset in offsets:
        assert offset is not None
        moment = (wall - offset).replace(tzinfo=UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == wall:
            return moment
    assert offsets[0] is not None
    return (wall - offsets[0]).replace(tzinfo=UTC)  # the clock skips it


def kinds_of(moment: datetime, day: date, pattern: Pattern) -> set[SlotKind]:
    """Say what a pattern says at a moment by way of one day."""
    weeks = (day - timedelta(days=day.weekday()) - pattern.anchor).days // 7
    found = set()
    for slot in pattern.slots:
        if slot.weekday == day.weekday() and slot.week - 1 == weeks % pattern.repeat_weeks:
            end = day if slot.end > slot.start else day + A_DAY
            if shows(datetime.combine(day, slot.start)) <= moment < shows(datetime.combine(end, slot.end)):
                found.add(slot.kind)
    return found


def oracle(moment: datetime, patterns: Sequence[Pattern], one_offs: Sequence[OneOff], *, by_list: bool) -> str:
    """Say what holds at a moment, by going through everything that was ever said."""
    single = {each.kind for each in one_offs if each.interval.starts_at <= moment < each.interval.ends_at}
    if single:
        return "cannot" if CANNOT in single else "would" if WOULD in single else ""
    today = moment.astimezone(ZoneInfo(LONDON)).date()
    holding = [
        (day, pattern)
        for pattern in patterns
        for day in (today - A_DAY, today)
        if pattern.valid_from <= day and (pattern.valid_to is None or day <= pattern.valid_to)
    ]
    usual = {kind for day, pattern in holding for kind in kinds_of(moment, day, pattern)}
    listed = any(day == today and {slot.kind for slot in pattern.slots} - {CANNOT} for day, pattern in holding)
    if CANNOT in usual or (by_list and listed and not usual):
        return "cannot"
    return "would" if WOULD in usual else ""


slots = st.builds(
    Slot,
    week=st.integers(1, 2),
    weekday=st.sampled_from([5, 6]),
    start=st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45])),
    end=st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45])),
    kind=st.sampled_from(SlotKind),
)


@st.composite
def patterns_around(draw: st.DrawFn, sunday: date) -> Pattern:
    """Make a pattern that begins in one of the weeks around a change of the clocks."""
    start = sunday + draw(st.integers(-9, 1)) * A_DAY
    length = draw(st.none() | st.integers(0, 9))
    return Pattern(
        valid_from=start,
        valid_to=None if length is None else start + length * A_DAY,
        repeat_weeks=draw(st.integers(1, 2)),
        anchor=sunday - timedelta(days=sunday.weekday()) + 7 * draw(st.integers(-2, 2)) * A_DAY,
        slots=tuple(draw(st.lists(slots, min_size=2, max_size=8))),
    )


@st.composite
def one_offs_around(draw: st.DrawFn, sunday: date) -> OneOff:
    """Make something that is said of some hours around a change of the clocks."""
    start = at(sunday, 0) + draw(st.integers(-96, 96)) * QUARTER
    kind = draw(st.sampled_from(SlotKind))
    return OneOff(interval=Interval(start, start + draw(st.integers(1, 120)) * QUARTER), kind=kind)


@given(st.data(), st.sampled_from([SPRING, AUTUMN]), st.booleans())
@settings(max_examples=200, deadline=None)
def test_what_is_said_around_a_change_of_the_clocks_agrees_with_an_oracle(
    data: st.DataObject, sunday: date, by_list: bool
) -> None:
    patterns = data.draw(st.lists(patterns_around(sunday), min_size=1, max_size=2))
    one_offs = data.draw(st.lists(one_offs_around(sunday), max_size=3))
    span = Interval(at(sunday, 0) - 6 * QUARTER * 8, at(sunday + A_DAY, 0) + 6 * QUARTER * 8)
    said = said_in(span, LONDON, patterns, one_offs, works_by_list=by_list)
    moment = span.starts_at
    while moment < span.ends_at:
        holding = {each.presence for each in said if each.interval.starts_at <= moment < each.interval.ends_at}
        assert len(holding) <= 1, moment
        word = {Presence.UNAVAILABLE: "cannot", Presence.PREFERRED: "would"}
        assert "".join(word[each] for each in holding) == oracle(moment, patterns, one_offs, by_list=by_list), moment
        moment += QUARTER
