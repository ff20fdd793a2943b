"""What a cron expression means, in plain English: `Every Monday at 06:00`."""

from __future__ import annotations

from calendar import day_name, month_name
from collections.abc import Callable, Sequence
from itertools import pairwise

from flowapp.kernel.cron import check_cron
from flowapp.kernel.cron_reading import LAST_DAY, Cron, CronField

MOST_TIMES = 6  # more times of day than this are said as a rule
_NTH = ("", "first", "second", "third", "fourth", "fifth")


def in_words(expression: str) -> str:
    """Say when an expression is due; raises CronError for one that never is."""
    cron = check_cron(expression)
    times = _times(cron)
    if _every_day(cron) and cron.month.everything:
        return _upper(f"every day {times}" if times.startswith("at ") else times)
    return _upper(f"{_days(cron)}{' ' if times.startswith('at ') else ', '}{times}")


def _every_day(cron: Cron) -> bool:
    """Say whether the days leave nothing out, as when either of two fields is enough and one holds all seven."""
    all_week = len(cron.weekday.numbers) == len(day_name)
    return all_week and (cron.day.everything or not cron.both_days)


def _days(cron: Cron) -> str:
    """Say on which days."""
    month = "" if cron.month.everything else f" in {_months(cron)}"
    if _every_day(cron):
        return f"every day{month}"
    if cron.day.everything:
        return _weekdays(cron, "on ") + (month if cron.weekday.numbers else "")
    if cron.weekday.everything:
        return _month_days(cron)
    if cron.both_days:
        return f"{_month_days(cron)}, if that is {_any_weekday(cron)},"
    return f"{_month_days(cron)} and {_weekdays(cron, '')}{month if cron.weekday.numbers else ''}"


def _month_days(cron: Cron) -> str:
    of = f"of {'every month' if cron.month.everything else _months(cron)}"
    if cron.day.step is not None and cron.day.step > 1 and len(cron.day.numbers) > 1:
        return f"every {cron.day.step} days from the 1st {of}"
    named = _runs(cron.day.numbers, lambda day: f"the {_ordinal(day)}")
    named += ["the last day" if end == LAST_DAY else "the last day from Monday to Friday" for end in cron.day.ends]
    return f"on {_and(named)} {of}"


def _weekdays(cron: Cron, before: str) -> str:
    """Say which weekdays: `every Monday`, `on the first Friday of every month`."""
    field = cron.weekday
    plain = f"every {_and(_weekday_runs(field))}" if field.numbers else ""
    counted = _counted(field)
    of = f"of {'every month' if cron.month.everything else _months(cron)}"
    special = f"{before}{_and(counted)} {of}" if counted else ""
    return " and ".join(part for part in (plain, special) if part)


def _any_weekday(cron: Cron) -> str:
    named = [f"a {each}" for each in map(_weekday, _week(cron.weekday.numbers))]
    return " or ".join(named + _counted(cron.weekday))


def _counted(field: CronField) -> list[str]:
    return [f"the {_NTH[nth]} {_weekday(day)}" for day, nth in field.nth] + [
        f"the last {_weekday(day)}" for day in field.last
    ]


def _weekday_runs(field: CronField) -> list[str]:
    return _runs(_week(field.numbers), _weekday)


def _week(numbers: Sequence[int]) -> list[int]:
    """Begin the week with Monday: Sunday becomes 7."""
    return sorted(day or 7 for day in numbers)


def _weekday(number: int) -> str:
    return day_name[(number - 1) % 7]


def _months(cron: Cron) -> str:
    return _and(_runs(cron.month.numbers, lambda month: month_name[month]))


def _times(cron: Cron) -> str:
    """Say at which times of day: `at 06:00`, `every 15 minutes`."""
    minutes, hours = cron.minute.numbers, cron.hour.numbers
    if len(minutes) * len(hours) <= MOST_TIMES:
        return f"at {_and([f'{hour:02}:{minute:02}' for hour in hours for minute in minutes])}"
    if len(hours) < 24:
        return _times_of_hours(cron)
    if _even(minutes, 60) and minutes[0] == 0:
        return "every minute" if len(minutes) == 60 else f"every {60 // len(minutes)} minutes"
    if minutes == (0,):
        return "every hour, on the hour"
    return f"every hour at {_minutes(minutes)} past"


def _times_of_hours(cron: Cron) -> str:
    minutes, hours = cron.minute.numbers, cron.hour.numbers
    first, last = minutes[0], minutes[-1]
    if len(minutes) == 1 and _even(hours, 24):
        return f"every {24 // len(hours)} hours from {hours[0]:02}:{first:02}"
    stretches = [f"from {a:02}:{first:02} to {b:02}:{last:02}" for a, b in _stretches(hours)]
    if len(minutes) == 1:
        return f"every hour {_and(stretches)}"
    if _even(minutes, 60):
        return f"every {_count(60 // len(minutes))} {_and(stretches)}"
    return f"at {_minutes(minutes)} past each hour {_and(stretches)}"


def _count(minutes: int) -> str:
    return "minute" if minutes == 1 else f"{minutes} minutes"


def _minutes(numbers: Sequence[int]) -> str:
    named = _and(_runs(numbers, str))
    return f"{named} minute" if numbers == (1,) else f"{named} minutes"


def _even(numbers: Sequence[int], whole: int) -> bool:
    """Say whether the numbers lie evenly, and go on so when the whole begins anew."""
    gaps = {b - a for a, b in pairwise((*numbers, numbers[0] + whole))}
    return len(numbers) > 1 and len(gaps) == 1


def _runs(numbers: Sequence[int], name: Callable[[int], str]) -> list[str]:
    """Name numbers, three and more in a row as `Monday to Friday`."""
    named: list[str] = []
    for first, last in _stretches(numbers):
        if last - first < 2:
            named += [name(each) for each in range(first, last + 1)]
        else:
            named.append(f"{name(first)} to {name(last)}")
    return named


def _stretches(numbers: Sequence[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
