"""Cron: the times of the table, with Debian's behaviour when the clocks change, and a sentence for every mistake."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from flowapp.kernel.cron import check_cron, next_after
from flowapp.kernel.cron_reading import CronError

DATA = Path(__file__).parents[2] / "data"
CASES: list[dict[str, Any]] = json.loads((DATA / "cron_cases.json").read_text())
LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def name_of(case: dict[str, Any]) -> str:
    """Name a case by what it asks."""
    return f"{case['kind']}: {case['expr'] or 'nothing'} in {case['tz']} from {case['start']}"


def due(expression: str, zone: ZoneInfo, moment: datetime, count: int = 5) -> list[str]:
    """Answer the next times as people in the zone would write them."""
    found = []
    for _ in range(count):
        moment = next_after(expression, zone, moment)
        found.append(moment.astimezone(zone).isoformat())
    return found


def refused(expression: str) -> str:
    """Answer what is wrong with an expression."""
    with pytest.raises(CronError) as raised:
        check_cron(expression)
    return raised.value.message


def test_the_table_is_the_one_that_was_handed_over() -> None:
    digest = hashlib.sha256((DATA / "cron_cases.json").read_bytes()).hexdigest()
    assert digest in (DATA / "README.md").read_text()
    assert {each["kind"] for each in CASES} == {"dst", "standard", "extension", "invalid", "never"}


@pytest.mark.parametrize("case", [each for each in CASES if isinstance(each["expected_next"], list)], ids=name_of)
def test_the_next_times_of_the_table(case: dict[str, Any]) -> None:
    zone = ZoneInfo(case["tz"])
    start = datetime.fromisoformat(case["start"]).replace(tzinfo=zone)
    assert due(case["expr"], zone, start) == case["expected_next"]


@pytest.mark.parametrize("case", [each for each in CASES if isinstance(each["expected_next"], str)], ids=name_of)
def test_what_the_table_calls_wrong_is_refused(case: dict[str, Any]) -> None:
    message = refused(case["expr"])
    assert message.endswith(".")
    with pytest.raises(CronError):
        next_after(case["expr"], LONDON, MONDAY)


@pytest.mark.parametrize(
    ("expression", "field", "remedy"),
    [
        ("60 * * * *", "The minute cannot be “60”", "0 to 59"),
        ("0 24 * * *", "The hour cannot be “24”", "0 to 23"),
        ("0 6 0 * *", "The day of the month cannot be “0”", "1 to 31"),
        ("0 6 * 13 *", "The month cannot be “13”", "1 to 12"),
        ("0 6 * * 8", "The day of the week cannot be “8”", "MON-FRI"),
        ("0 6 * * FOO", "The day of the week cannot be “FOO”", "MON-FRI"),
        ("0 6 * MON *", "The month cannot be “MON”", "JAN"),  # in the wrong field
        ("0 6 * * FRIL", "The day of the week cannot be “FRIL”", "5L"),
        ("0 6 5L * *", "The day of the month cannot be “5L”", "L for the last day"),
        ("L 6 * * *", "The minute cannot be “L”", "0 to 59"),
        ("0 6 15W * *", "The day of the month cannot be “15W”", "LW"),
        ("*/0 * * * *", "The minute has “*/0”", "after the /"),
        ("0 22-4 * * *", "runs backwards", "22-23,0-4"),
        ("0 6 * * FRI-MON", "runs backwards", "FRI-SAT,SUN-MON"),
        ("0 6 * * SAT-SUN", "runs backwards", "SAT,SUN"),
        ("0 23-0 * * *", "runs backwards", "23,0"),
        ("*-5 * * * *", "The minute cannot be “*-5”", "0 to 59"),
        ("1-2-3 * * * *", "The minute cannot be “1-2-3”", "0 to 59"),
        ("0, * * * *", "The minute has a comma with nothing beside it", "0 to 59"),
        ("0 6 * * *  2026", "five parts", "Leave the seconds out"),
        ("0 0 6 * * * 2026", "Here are 7", "such as 0 6 * * MON"),
        ("0 6 * *", "Here are 4", "such as 0 6 * * MON"),
        ("@reboot", "“@reboot” is not known", "@daily"),
        ("@daily 5", "“@daily 5” is not known", "nothing else"),
        ("0 0 * * \N{LATIN SMALL LETTER LONG S}UN", "cannot be", "MON"),  # a letter that Python makes a capital S of
        ("0 0 31 4,6 *", "No day fits", "Choose a day"),
        ("0 0 LW * */6", "No day fits", "Choose a day"),  # a last working day that is a Saturday or a Sunday
        ("0" * 201, "more than 200 characters", "two triggers"),
    ],
)
def test_a_mistake_names_the_field_and_the_remedy(expression: str, field: str, remedy: str) -> None:
    message = refused(expression)
    assert field in message
    assert remedy in message


def test_a_long_mistake_is_not_repeated_whole() -> None:
    assert "X" * 40 not in refused(f"{'X' * 150} * * * *")


@pytest.mark.parametrize(
    ("expression", "same"),
    [
        ("@hourly", "0 * * * *"),
        ("@daily", "0 0 * * *"),
        ("@midnight", "0 0 * * *"),
        ("@weekly", "0 0 * * 0"),
        ("@monthly", "0 0 1 * *"),
        ("@yearly", "0 0 1 1 *"),
        ("@Annually", "0 0 1 1 *"),
        ("0 6 * * mon", "0 6 * * 1"),
        ("0 6 * * mon-fri", "0 6 * * 1,2,3,4,5"),
        ("0 6 * * 5-7", "0 6 * * 0,5,6"),
        ("0 6 * dec *", "0 6 * 12 *"),
        (" 0  6 * * *\t", "0 6 * * *"),
        ("00 06 01 * *", "0 6 1 * *"),
        ("0 6-6 * * *", "0 6 * * *"),  # which croniter takes for every hour
        ("0 6 * * 7#2", "0 6 * * SUN#2"),
        ("0 6 * * 0L", "0 6 * * 7L"),
        ("10-30/10 6 * * *", "10,20,30 6 * * *"),
    ],
)
def test_two_ways_to_say_the_same(expression: str, same: str) -> None:
    assert due(expression, LONDON, MONDAY) == due(same, LONDON, MONDAY)


@pytest.mark.parametrize(
    ("expression", "days"),
    [
        ("0 9 LW * *", ["2026-11-30", "2026-12-31", "2027-01-29", "2027-02-26", "2027-03-31"]),
        ("59 23 * * 1,2", ["2026-11-23", "2026-11-24", "2026-11-30", "2026-12-01", "2026-12-07"]),
        ("* 23 LW 5 *", ["2027-05-31"] * 5),
        ("0 9 L * *", ["2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"]),
        ("0 9 L,1 * *", ["2026-11-30", "2026-12-01", "2026-12-31", "2027-01-01", "2027-01-31"]),
        ("0 9 LW * MON#1", ["2026-11-30", "2026-12-07", "2026-12-31", "2027-01-04", "2027-01-29"]),  # either
        ("0 9 13 * FRI#1", ["2026-12-04", "2026-12-13", "2027-01-01", "2027-01-13", "2027-02-05"]),  # either
        ("0 9 * * WED,FRI#1", ["2026-11-25", "2026-12-02", "2026-12-04", "2026-12-09", "2026-12-16"]),
        ("0 9 */10 * MON", ["2026-12-21", "2027-01-11", "2027-02-01", "2027-03-01", "2027-05-31"]),  # both, as Debian
        ("0 9 LW 2 */2", ["2028-02-29", "2030-02-28", "2034-02-28", "2041-02-28", "2045-02-28"]),
    ],
)
def test_days_that_only_months_and_weeks_together_name(expression: str, days: list[str]) -> None:
    assert [each[:10] for each in due(expression, LONDON, MONDAY)] == days


def test_two_fixed_times_that_are_both_skipped_come_once() -> None:
    start = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert due("0,30 1,2 * * *", LONDON, start, 3) == [
        "2026-03-29T02:00:00+01:00", "2026-03-29T02:30:00+01:00", "2026-03-30T01:00:00+01:00",
    ]  # fmt: skip


def test_a_moment_in_the_second_pass_of_an_hour_is_never_answered_with_the_first() -> None:
    second_pass = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # ten past one, in winter time
    assert due("30 1 * * *", LONDON, second_pass, 1) == ["2026-10-26T01:30:00+00:00"]
    assert due("*/30 1 * * *", LONDON, second_pass, 1) == ["2026-10-25T01:30:00+00:00"]


def test_a_change_of_half_an_hour_is_kept_to_as_well() -> None:
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    back = datetime(2026, 4, 4, 14, 40, tzinfo=UTC)  # 01:40, twenty minutes before half an hour comes again
    assert due("*/15 * * * *", lord_howe, back, 4) == [
        "2026-04-05T01:45:00+11:00", "2026-04-05T01:30:00+10:30",
        "2026-04-05T01:45:00+10:30", "2026-04-05T02:00:00+10:30",
    ]  # fmt: skip


def test_a_whole_day_that_was_skipped_is_made_good_at_its_end() -> None:
    start = datetime(2011, 12, 29, 12, tzinfo=ZoneInfo("Pacific/Apia"))
    assert due("0 9 30 12 *", ZoneInfo("Pacific/Apia"), start, 1) == ["2011-12-31T00:00:00+14:00"]


@pytest.mark.parametrize(
    "moment",
    [
        datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
        datetime(9999, 6, 1, tzinfo=ZoneInfo("America/New_York")),
        datetime.max.replace(tzinfo=ZoneInfo("America/New_York")),
    ],
    ids=str,
)
@pytest.mark.parametrize("expression", ["0 0 1 1 *", "* * 1 1 *"])
def test_after_the_last_time_of_the_calendar_there_is_none(expression: str, moment: datetime) -> None:
    with pytest.raises(CronError, match="nearer to today"):
        next_after(expression, LONDON, moment)
