"""Training and certificates."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.rota.training import changes as training_changes
from flowapp.rota.training.catalogue import write_catalogue
from flowapp.rota.training.requirements import requirements
from flowapp.rota.training.types import type_with_code
from tests.cast import Cast
from tests.factories import cause_of


def training(flow: Flow, cast: Cast) -> dict[str, str]:
    """Write the types of training, and a certificate of Dan's that runs out in a fortnight."""
    return flow.database.write(lambda session: _written(flow, cast, session))


def _written(flow: Flow, cast: Cast, session: Session) -> dict[str, str]:
    cause = cause_of(cast.maya, flow.clock.now())
    write_catalogue(session, cause)
    kind = type_with_code(session, "MOVING_HANDLING")
    assert kind is not None
    assert cast.dan.staff_id is not None
    certificate_id = training_changes.record(
        session, cause, cast.maya, cast.dan.staff_id, type_id=kind.id, issued_on=date(2025, 12, 7)
    )
    asked = requirements(session, type_id=kind.id)
    return {"certificate_id": str(certificate_id), "type_id": str(kind.id), "requirement_id": str(asked[0].id)}
