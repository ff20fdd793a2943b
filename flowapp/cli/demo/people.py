"""The people of the demo: invented names and jobs, the same each time for the same day."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import TYPE_CHECKING

from flowapp.cli.demo.homes import GLENFARROW, MEADOWMERE, STRATHALLOW, Size
from flowapp.cli.demo.weeks import (
    MON_TO_WED,
    OFFICE,
    Week,
    four_nights_on_four_off,
    four_on_four_off,
    one_long_day,
    three_long_days,
    two_nights,
    two_two_three,
)
from flowapp.rota.staff import Contract, JobRole

if TYPE_CHECKING:
    from faker import Faker

SEED = 20260101
MEN_ONE_IN = 5  # 78 to 82 per cent of the workforce are women; Skills for Care
MEDIAN_YEARS, SPREAD = 3.1, 1.4  # of service: a fifth came within a year
SHORTEST_DAYS, LONG_SERVED_DAYS, LONGEST_DAYS = 21, 3 * 365, 28 * 365
BANK = 4

# One manager, deputy, administrator and cook; of forty people five seniors, nine carers, three domestics.
ONE_EACH = (JobRole.MANAGER, JobRole.DEPUTY, JobRole.OFFICE, JobRole.COOK)
OF_FORTY = {JobRole.SENIOR_CARER: 5, JobRole.CARER: 9, JobRole.DOMESTIC: 3}
_WEEKS: dict[JobRole, tuple[Callable[[int], Week], ...]] = {
    JobRole.SENIOR_CARER: (three_long_days, two_nights, four_nights_on_four_off, three_long_days, two_nights),
    JobRole.CARER: (
        *(three_long_days, two_nights, two_two_three, two_nights, four_on_four_off, two_nights),
        *(three_long_days, two_two_three, two_nights),
    ),
    JobRole.CARE_ASSISTANT: (
        *(three_long_days, two_nights, two_two_three, three_long_days, two_nights, four_nights_on_four_off),
        *(three_long_days, two_nights, four_on_four_off, three_long_days, two_nights, two_two_three),
        *(three_long_days, four_nights_on_four_off, two_nights),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody who works in a home of the demo, before they are written."""

    number: int  # the place in the demo
    employee_no: str
    name: str
    email: str
    home: int  # the place of the home
    role: JobRole
    contract: Contract
    week: Week
    start_date: date


# Those who sign in: the first of their job in their home.
KNOWN = {
    (GLENFARROW, JobRole.CARER): ("Anna Boyd", "carer@example.org"),
    (GLENFARROW, JobRole.SENIOR_CARER): ("Sorcha Munro", "senior@example.org"),
    (GLENFARROW, JobRole.MANAGER): ("Maya Reid", "manager@example.org"),
    (STRATHALLOW, JobRole.CARER): ("Dan Fraser", "carer2@example.org"),
    (STRATHALLOW, JobRole.MANAGER): ("Iain Lennox", "manager2@example.org"),
    (MEADOWMERE, JobRole.MANAGER): ("Grace Whitcombe", "manager3@example.org"),
}


def people_of(size: Size, as_of: date) -> tuple[Colleague, ...]:
    """Answer everybody who works in the homes of a demo of this size."""
    # Imported on first use: loading the library takes half a second, which no other start should pay.
    from faker import Faker

    rng, fake, known = Random(SEED), Faker("en_GB"), dict(KNOWN)
    fake.seed_instance(SEED)
    names = _names(fake)
    found: list[Colleague] = []
    for home in range(size.homes):
        for role, contract, week in _posts(size.staff):
            signs_in = known.pop((home, role), None)
            name, email = signs_in or next(names)
            found.append(
                Colleague(
                    number=len(found),
                    employee_no=f"E{1001 + len(found)}",
                    name=name,
                    email=email,
                    home=home,
                    role=role,
                    contract=contract,
                    week=MON_TO_WED if signs_in and week.planned else week,
                    start_date=as_of - timedelta(days=_days_of_service(rng, longer=signs_in is not None)),
                )
            )
    return tuple(found)


def _posts(staff: int) -> Iterator[tuple[JobRole, Contract, Week]]:
    """Go through the posts of a home: the job, the terms, and how the work lies in the week."""
    jobs = [*ONE_EACH, *(role for role, posts in OF_FORTY.items() for _ in range(posts * staff // 40))]
    jobs += [JobRole.CARE_ASSISTANT] * (staff - len(jobs))
    held: Counter[JobRole] = Counter()
    used: Counter[Callable[[int], Week]] = Counter()
    for place, role in enumerate(jobs):
        if role not in _WEEKS:
            yield role, Contract.PERMANENT, OFFICE
            continue
        bank = place >= staff - BANK
        kind = one_long_day if bank else _WEEKS[role][held[role] % len(_WEEKS[role])]
        yield role, Contract.BANK if bank else Contract.PERMANENT, kind(used[kind])
        held[role] += 1
        used[kind] += 1


def _days_of_service(rng: Random, *, longer: bool) -> int:
    days = int(rng.lognormvariate(math.log(MEDIAN_YEARS * 365), SPREAD))
    return min(max(days, LONG_SERVED_DAYS if longer else SHORTEST_DAYS), LONGEST_DAYS)


def _names(fake: Faker) -> Iterator[tuple[str, str]]:
    """Go through names that occur once, with the addresses made of them; four in five are women's."""
    taken = {_address(name) for name, _ in KNOWN.values()}
    for number in count():
        given = fake.first_name_male() if number % MEN_ONE_IN == 0 else fake.first_name_female()
        name = f"{given} {fake.last_name()}"
        if _address(name) not in taken:
            taken.add(_address(name))
            yield name, _address(name)


def _address(name: str) -> str:
    parts = ("".join(sign for sign in part.lower() if sign.isalpha()) for part in name.split())
    return f"{'.'.join(parts)}@example.org"
