"""Days on which leave is closed, and a list that is looked at."""

from __future__ import annotations

from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.rota.embargoes import changes as embargo_changes
from flowapp.rota.embargoes.details import EmbargoDetails
from flowapp.rota.exchange.csv_import import take_in
from flowapp.rota.exchange.lists import ListKind
from tests.cast import Cast
from tests.factories import cause_of


def exchange(flow: Flow, cast: Cast) -> dict[str, str]:
    """Close leave for some days, and bring in a list with a bad row that is looked at."""
    cause = cause_of(cast.maya, flow.clock.now())
    closed = EmbargoDetails(home_id=cast.rose, yearly_from="12-20", yearly_to="01-03", message="All hands are needed.")
    text = "employee_no,name,email\nE-Dan,Daniel,\nE-Sorcha,,no address\n"

    def write(session: Session) -> dict[str, str]:
        taken = take_in(session, cause, cast.maya, kind=ListKind.STAFF, text=text, file_name="staff.csv")
        embargo_id = embargo_changes.create(session, cause, cast.maya, closed)
        return {"embargo_id": str(embargo_id), "import_id": str(taken)}

    found = flow.database.write(write)
    flow.imports.look().result()
    return found
