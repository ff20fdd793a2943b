"""What the homes of the demo need: as many people as their rota plans on a good day."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from sqlalchemy.orm import Session

from flowapp.cli.demo.accounts import Written, as_somebody
from flowapp.cli.demo.history import Deed, Requests
from flowapp.cli.demo.rota import BY_DAY, BY_NIGHT, DAY, NIGHT
from flowapp.rota.demand import changes
from flowapp.rota.demand.changes import NeedPlan
from flowapp.rota.work import WEEKDAY_NAMES


def needing(place: int, written: Written, manager: int, since: date) -> Deed:
    """Let the manager of a home say what it needs, by day and by night, since the first day of its rota."""

    def say(session: Session, at: datetime, _requests: Requests) -> None:
        who, cause = as_somebody(session, manager, at)
        for name, (start, end), posts in (("long day", DAY, BY_DAY), ("night", NIGHT, BY_NIGHT)):
            for (role, unit), fewest in Counter(posts).items():
                unit_id = None if unit is None else written.units[place][unit]
                plan = NeedPlan(
                    unit_id=unit_id,
                    name=name,
                    role=role,
                    weekdays=WEEKDAY_NAMES,
                    start=start,
                    end=end,
                    fewest=fewest,
                    valid_from=since,
                )
                changes.create(session, cause, who, home_id=written.homes[place], plan=plan)

    return say
