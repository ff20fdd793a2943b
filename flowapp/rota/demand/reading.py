"""Reading what a home needs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from flowapp.kernel.errors import NotFound
from flowapp.kernel.prepared import Prepared
from flowapp.rota.demand.gaps import HomeNeed
from flowapp.rota.demand.need import Demand
from flowapp.rota.units import Unit


def all_needs() -> Select[*tuple[Any, ...]]:
    """Select needs as `HomeNeed` has them; in no order yet."""
    return select(
        *(Demand.id, Demand.home_id, Demand.unit_id, Unit.name.label("unit_name"), Demand.name, Demand.role),
        *(Demand.weekdays, Demand.start_local, Demand.end_local, Demand.fewest, Demand.ideal),
        *(Demand.valid_from, Demand.valid_to, Demand.skills, Demand.version),
    ).outerjoin(Unit, Unit.id == Demand.unit_id)


_OF_HOME = Prepared(
    all_needs().where(Demand.home_id == bindparam("home_id")).order_by(Demand.start_local, Demand.unit_id, Demand.id),
    HomeNeed,
)
_ONE = Prepared(all_needs().where(Demand.id == bindparam("need_id")), HomeNeed)


def needs_of(session: Session, home_id: int) -> list[HomeNeed]:
    """Answer everything a home needs, also what held once or will hold later; the earliest shift first."""
    return _OF_HOME.rows(session, home_id=home_id)


def need_as_it_is(session: Session, need_id: int) -> HomeNeed:
    """Answer one need; raises NotFound."""
    found = _ONE.first(session, need_id=need_id)
    if found is None:
        raise NotFound
    return found
