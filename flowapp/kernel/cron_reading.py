"""Reading cron: five fields of text become numbers, or a sentence that says which field is wrong and how to mend it.

Stricter than croniter, which takes a sixth and a seventh field, `?`, `R`, and ranges that run backwards, and reads
`23-23` as every hour.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from flowapp.kernel.errors import FlowError

LONGEST = 200
LAST_DAY, LAST_WEEKDAY = "L", "LW"
ALIASES = {
    "@YEARLY": "0 0 1 1 *",
    "@ANNUALLY": "0 0 1 1 *",
    "@MONTHLY": "0 0 1 * *",
    "@WEEKLY": "0 0 * * 0",
    "@DAILY": "0 0 * * *",
    "@MIDNIGHT": "0 0 * * *",
    "@HOURLY": "0 * * * *",
}
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_NUMBER = re.compile(r"[0-9]{1,4}", re.ASCII)
_ITEM = re.compile(r"(?P<first>[^-/#]+)(-(?P<last>[^-/#]+))?(/(?P<step>[0-9]{1,4}))?", re.ASCII)
_NTH = re.compile(r"(?P<day>[^-/#]+)#(?P<nth>[1-5])", re.ASCII)
_LAST = re.compile(r"(?P<day>[0-7])L", re.ASCII)


class CronError(FlowError):
    """That is not a time at which something can be started again and again."""

    code = "bad_cron"


@dataclass(frozen=True)
class _Kind:
    name: str
    low: int
    high: int
    hint: str
    names: tuple[str, ...] = ()

    def number(self, text: str) -> int | None:
        if text in self.names:
            return self.names.index(text) + self.low
        found = int(text) if _NUMBER.fullmatch(text) else None
        return found if found is not None and self.low <= found <= self.high else None


_KINDS = (
    _Kind("minute", 0, 59, "a number from 0 to 59, * for every minute, or */15 for every 15 minutes"),
    _Kind("hour", 0, 23, "a number from 0 to 23, * for every hour, or 8-17 for the hours from 8 to 17"),
    _Kind("day of the month", 1, 31, "a number from 1 to 31, * for every day, L for the last day, or LW for the last"
          " day from Monday to Friday"),
    _Kind("month", 1, 12, "a number from 1 to 12, * for every month, or a name such as JAN", MONTHS),
    _Kind("day of the week", 0, 7, "a name such as MON, a range such as MON-FRI, * for every day, 5L for the last"
          " Friday, or FRI#1 for the first Friday", WEEKDAYS),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class CronField:
    """One of the five fields: the numbers it names, in order, and what cannot be said in numbers.

    Sunday is 0. `nth` are pairs of weekday and count, `last` weekdays of which the last of a month is meant,
    `ends` L and LW.
    """

    starred: bool  # it begins with a star, which is what Debian's cron looks at
    step: int | None  # `*` is 1 and `*/15` is 15; None when it is more than that
    numbers: tuple[int, ...]
    nth: tuple[tuple[int, int], ...] = ()
    last: tuple[int, ...] = ()
    ends: tuple[str, ...] = ()

    @property
    def everything(self) -> bool:
        """Whether it is a plain star, which leaves everything open."""
        return self.step == 1


@dataclass(frozen=True, kw_only=True)
class Cron:
    """Five fields that were read and make sense, each for itself."""

    minute: CronField
    hour: CronField
    day: CronField
    month: CronField
    weekday: CronField

    @property
    def fixed(self) -> bool:
        """Whether it names times of day; Debian's cron treats those otherwise when the clocks change."""
        return not self.minute.starred and not self.hour.starred

    @property
    def both_days(self) -> bool:
        """Whether a day must fit both day fields: so when either begins with a star, else one is enough."""
        return self.day.starred or self.weekday.starred


@lru_cache(maxsize=512)
def read_cron(text: str) -> Cron:
    """Read five fields, or a name such as `@daily`; raises CronError."""
    if len(text) > LONGEST:
        raise CronError(f"The times have more than {LONGEST} characters. Write them more briefly, or as two triggers.")
    words = (text.upper() if text.isascii() else text).split()  # some foreign letters become English capitals
    if not words:
        raise CronError("Say when: minute, hour, day of the month, month and day of the week, such as 0 6 * * MON.")
    if words[0].startswith("@"):
        words = _alias(words)
    if len(words) != len(_KINDS):
        more = " Leave the seconds out." if len(words) == len(_KINDS) + 1 else ""
        raise CronError(
            "There must be five parts: minute, hour, day of the month, month and day of the week, such as "
            f"0 6 * * MON. Here are {len(words)}.{more}"
        )
    minute, hour, day, month, weekday = (_field(kind, word) for kind, word in zip(_KINDS, words, strict=True))
    return Cron(minute=minute, hour=hour, day=day, month=month, weekday=weekday)


def _alias(words: list[str]) -> list[str]:
    if len(words) > 1 or words[0] not in ALIASES:
        raise CronError(
            f"“{_shown(' '.join(words).lower())}” is not known. Write one of {', '.join(ALIASES).lower()} and nothing "
            "else, or the five parts."
        )
    return ALIASES[words[0]].split()


def _field(kind: _Kind, text: str) -> CronField:
    numbers: set[int] = set()
    nth: dict[tuple[int, int], None] = {}
    last: dict[int, None] = {}
    ends: dict[str, None] = {}
    weekdays, days = kind.high == 7, kind.high == 31
    for item in text.split(","):
        if days and item in (LAST_DAY, LAST_WEEKDAY):
            ends[item] = None
        elif weekdays and (found := _LAST.fullmatch(item)):
            last[int(found["day"]) % 7] = None
        elif weekdays and (found := _NTH.fullmatch(item)):
            nth[_number(kind, found["day"], item) % 7, int(found["nth"])] = None
        else:
            numbers |= {each % 7 if weekdays else each for each in _numbers(kind, item)}
    return CronField(
        starred=text.startswith("*"),
        step=_step(text),
        numbers=tuple(sorted(numbers)),
        nth=tuple(nth),
        last=tuple(last),
        ends=tuple(ends),
    )


def _step(text: str) -> int | None:
    if text == "*":
        return 1
    return int(text[2:]) if text.startswith("*/") and _NUMBER.fullmatch(text[2:]) else None


def _numbers(kind: _Kind, item: str) -> range:
    """Answer the numbers of `*`, `5`, `1-5`, `*/15`, `5/15` or `1-5/2`."""
    found = _ITEM.fullmatch(item)
    if found is None:
        raise _wrong(kind, item)
    step = int(found["step"] or 1)
    if step == 0:
        raise CronError(f"The {kind.name} has “{_shown(item)}”: steps of 0 lead nowhere. Write a number after the /.")
    if found["first"] == "*":
        if found["last"]:
            raise _wrong(kind, item)
        return range(kind.low, (kind.high if kind.high != 7 else 6) + 1, step)
    first = _number(kind, found["first"], item)
    if found["last"] is None:
        return range(first, (kind.high if found["step"] else first) + 1, step)
    last = _number(kind, found["last"], item)
    if last < first:
        raise CronError(
            f"The {kind.name} has “{_shown(item)}”, which runs backwards. Write the smaller one first, or two parts "
            f"with a comma between them, such as {_two_parts(kind, found['first'], found['last'])}."
        )
    return range(first, last + 1, step)


def _two_parts(kind: _Kind, first: str, last: str) -> str:
    end = kind.names[-1] if first in kind.names else str(kind.high)
    start = kind.names[0] if last in kind.names else str(kind.low)
    parts = (first if first == end else f"{first}-{end}", last if last == start else f"{start}-{last}")
    return ",".join(parts)


def _number(kind: _Kind, text: str, item: str) -> int:
    found = kind.number(text)
    if found is None:
        raise _wrong(kind, item)
    return found


def _wrong(kind: _Kind, item: str) -> CronError:
    if not item:
        return CronError(f"The {kind.name} has a comma with nothing beside it. Write {kind.hint}.")
    return CronError(f"The {kind.name} cannot be “{_shown(item)}”. Write {kind.hint}.")


def _shown(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:30]}…"
