"""The ladder of a certificate: its owner is asked to renew it, then the manager is told, until a newer one is there."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from flowapp.messaging.in_app import Notification
from tests.cast import Cast
from tests.factories import a_document, a_workflow, condition, notify, run_all
from tests.unit.rota_training.records import Records

LADDER = a_document(
    condition(
        "soon",
        "${context.reminder_day} > 14",
        then=[notify("ask", "Please renew ${context.certificate.type_name}", to="${context.staff_id}")],
        else_=[
            notify("ask_again", "Renew ${context.certificate.type_name} now", to="${context.staff_id}"),
            notify("tell", "${context.staff.name}: ${context.training_type}, ${context.days_left} days"),
        ],
    ),
    name="Certificate ladder",
    category="compliance",
    triggers=[{"id": "due", "type": "event", "event": "training_due"}],
)


def told(flow: Flow) -> list[tuple[int, str]]:
    """Read who was told what, in order."""
    with flow.database.read() as session:
        query = select(Notification.user_id, Notification.message).order_by(Notification.id)
        return [(user_id, message) for user_id, message in session.execute(query)]


def test_a_certificate_climbs_its_ladder_until_it_is_renewed(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    records = Records(flow, cast, clock)
    a_workflow(flow, cast.maya, LADDER, home_id=cast.rose)
    records.record(expires_on=clock.now().date() + timedelta(days=30))
    records.record(cast.erin, of=cast.vic)  # of another home, which the workflow does not hear of

    for _ in range(24):  # until six days before the end
        flow.tick()
        run_all(flow)
        records.pass_days(1)
    records.record(issued=clock.now().date())
    for _ in range(12):
        flow.tick()
        run_all(flow)
        records.pass_days(1)

    dan, maya = cast.dan.user_id, cast.maya.user_id
    assert told(flow) == [
        (dan, "Please renew Fire safety"),
        (dan, "Renew Fire safety now"), (maya, "Dan: FIRE, 14 days"),
        (dan, "Renew Fire safety now"), (maya, "Dan: FIRE, 7 days"),
    ]  # fmt: skip
