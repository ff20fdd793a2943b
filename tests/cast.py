"""The people that tests speak of, and the homes they work in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.accounts.roles import Role
from flowapp.accounts.users import create_user, person_of
from flowapp.bootstrap import Flow
from flowapp.events.cause import SYSTEM, Cause
from tests.factories import a_home, a_member


@dataclass(frozen=True)
class Cast:
    """Maya manages Rose House, where Dan cares and Sorcha leads; Vic cares at Elm House, which Erin manages."""

    rose: int
    elm: int
    maya: Person
    dan: Person
    sorcha: Person
    vic: Person
    erin: Person
    hana: Person  # HR
    ada: Person  # looks after FlowApp


def make_cast(flow: Flow) -> Cast:
    """Write the homes and people into a FlowApp's database."""

    def write(session: Session) -> dict[str, int]:
        at = flow.clock.now()
        rose, elm = a_home(session, at, code="ROSE"), a_home(session, at, code="ELM")
        made = {"rose": rose, "elm": elm}
        for name, role, home in (
            ("maya", Role.MANAGER, rose), ("dan", Role.STAFF, rose), ("sorcha", Role.SENIOR, rose),
            ("vic", Role.STAFF, elm), ("erin", Role.MANAGER, elm), ("hana", Role.HR, None), ("ada", Role.ADMIN, None),
        ):  # fmt: skip
            staff_id = a_member(session, at, name=name.title(), home_id=home) if home else None
            made[name] = create_user(
                session, Cause(actor=SYSTEM, at=at), email=f"{name}@example.org", name=name.title(), role=role,
                staff_id=staff_id, home_ids=[home] if home else [], all_homes=home is None,
            )  # fmt: skip
        return made

    made = flow.database.write(write)
    with flow.database.read() as session:
        people = {name: person_of(session, id_) for name, id_ in made.items() if name not in ("rose", "elm")}
    return Cast(rose=made["rose"], elm=made["elm"], **people)
