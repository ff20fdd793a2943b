"""The bank holidays of the four nations, as GOV.UK publishes them.

Loading the library that knows them takes half a second and 20 MB, most of it for other countries. What it says of the
years around today is therefore kept beside this file; `python -m flowapp.rota.bank_holidays` writes it anew, and a test
compares the two.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

KEPT = Path(__file__).with_name("bank_holidays.json")
KEPT_YEARS = range(2017, 2036)
SATURDAY = 5


class Nation(StrEnum):
    """Where a care home stands; the nations keep different bank holidays."""

    SCOTLAND = "scotland"  # 2 January, first Monday in August and St Andrew's Day; not Easter Monday
    ENGLAND = "england"
    WALES = "wales"  # keeps the same days as England
    NORTHERN_IRELAND = "northern_ireland"  # England's days, St Patrick's Day and 12 July


SUBDIVISIONS = {
    Nation.SCOTLAND: "SCT",
    Nation.ENGLAND: "ENG",
    Nation.WALES: "WLS",
    Nation.NORTHERN_IRELAND: "NIR",
}


@lru_cache(maxsize=256)
def bank_holidays(nation: Nation, year: int) -> Mapping[date, str]:
    """List a nation's bank holidays of one year with their names.

    A holiday that falls on a weekend is kept on its substitute day only: the Saturday or Sunday itself is no
    bank holiday (gov.uk/bank-holidays). A home that treats the day itself as one adds it to its local days.
    """
    kept = _kept().get((nation, year))
    return MappingProxyType(from_library(nation, year) if kept is None else kept)


def from_library(nation: Nation, year: int) -> dict[date, str]:
    """Ask the library, which is loaded for that."""
    from holidays import country_holidays

    found = country_holidays("GB", subdiv=SUBDIVISIONS[nation], years=year)
    return {
        day: name.replace("(observed)", "(substitute day)")
        for day, name in sorted(found.items())
        if day.weekday() < SATURDAY
    }


@cache
def _kept() -> Mapping[tuple[Nation, int], dict[date, str]]:
    found: dict[tuple[Nation, int], dict[date, str]] = {(nation, year): {} for nation in Nation for year in KEPT_YEARS}
    for nation, days in json.loads(KEPT.read_text(encoding="utf-8")).items():
        for text, name in days.items():
            day = date.fromisoformat(text)
            found[Nation(nation), day.year][day] = name
    return found


def _write() -> None:
    days = {
        nation: {str(day): name for year in KEPT_YEARS for day, name in from_library(nation, year).items()}
        for nation in Nation
    }
    KEPT.write_text(json.dumps(days, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _write()
