"""How the people of the demo work: their usual week, and the days on which the rota gives them shifts.

FlowApp keeps a usual week. Of a cycle of another length it keeps the average week; the rota goes by the cycle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from flowapp.rota.work import A_MONDAY, WEEKDAY_NAMES

LONG_SHIFT = Decimal(11)  # twelve hours, one of them unpaid
HALF_SHIFT = Decimal("5.5")
OFFICE_DAY = Decimal("7.5")


@dataclass(frozen=True, kw_only=True)
class Week:
    """A way of working: the hours of each weekday, and which days of a cycle have a shift."""

    name: str
    hours: Mapping[str, Decimal]
    cycle: int  # days until it repeats, counted from a Monday long ago
    on: frozenset[int]  # days of the cycle
    nights: bool = False
    planned: bool = True  # whether the rota plans the shifts

    def works(self, day: date) -> bool:
        """Tell whether the cycle has a shift on this day."""
        return (day - A_MONDAY).days % self.cycle in self.on

    @property
    def days(self) -> int:
        """How many days of the usual week are worked."""
        return len(self.hours)

    @property
    def weekly_hours(self) -> Decimal:
        """The hours of the usual week."""
        return sum(self.hours.values(), Decimal(0))


def _weekly(name: str, first: int, days: int, *, nights: bool = False) -> Week:
    """Shifts on the same weekdays each week, `days` in a row from a weekday on (Monday is 0)."""
    on = [(first + number) % 7 for number in range(days)]
    hours = {WEEKDAY_NAMES[day]: LONG_SHIFT for day in sorted(on)}
    return Week(name=name, hours=MappingProxyType(hours), cycle=7, on=frozenset(on), nights=nights)


def _cycled(name: str, cycle: int, on: tuple[int, ...], *, shifted: int, first: int, nights: bool = False) -> Week:
    """Shifts on seven days of fourteen or four of eight: three and a half a week, kept as from a weekday on."""
    hours = {WEEKDAY_NAMES[(first + number) % 7]: LONG_SHIFT for number in range(3)}
    hours[WEEKDAY_NAMES[(first + 3) % 7]] = HALF_SHIFT
    moved = frozenset((day + shifted) % cycle for day in on)
    return Week(name=name, hours=MappingProxyType(hours), cycle=cycle, on=moved, nights=nights)


def _office() -> Week:
    hours = dict.fromkeys(WEEKDAY_NAMES[:5], OFFICE_DAY)
    return Week(name="office week", hours=MappingProxyType(hours), cycle=7, on=frozenset(range(5)), planned=False)


MON_TO_WED = _weekly("three long days", 0, 3)
OFFICE = _office()
_TWO_TWO_THREE = (0, 1, 4, 5, 6, 9, 10)  # two on, two off, three on; the next week the other way round
_FOUR_ON = (0, 1, 2, 3)


def three_long_days(number: int) -> Week:
    """Three long days in a row, beginning on another weekday for each number."""
    return _weekly("three long days", number * 3, 3)


def two_nights(number: int) -> Week:
    """Two nights in a row."""
    return _weekly("two nights", number * 2, 2, nights=True)


def one_long_day(number: int) -> Week:
    """One long day a week, as the bank works."""
    return _weekly("one long day", 5 + number, 1)


def two_two_three(number: int) -> Week:
    """Two on, two off, three on, by day."""
    return _cycled("2-2-3", 14, _TWO_TWO_THREE, shifted=number * 7, first=number * 3)


def four_on_four_off(number: int) -> Week:
    """Four long days on, four off."""
    return _cycled("4-on-4-off", 8, _FOUR_ON, shifted=number * 4, first=number * 2)


def four_nights_on_four_off(number: int) -> Week:
    """Four nights on, four off."""
    return _cycled("4-on-4-off, nights", 8, _FOUR_ON, shifted=number * 4 + 2, first=number * 3 + 2, nights=True)
