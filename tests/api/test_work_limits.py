"""What the rules of working time know of somebody, over the API: who may see it, who may change it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.events.outbox import EventRecord
from flowapp.kernel.errors import NotAllowed
from flowapp.rota.work_limits import changes
from tests.api.problems import places
from tests.cast import Cast
from tests.factories import cause_of
from tests.support.visitors import Api

SEEN = {"If-Match": "1"}
ALL = {
    "born": "1990-02-28", "opted_out_on": "2026-01-02", "opt_out_notice_days": 14, "night_assessed_on": "2026-05-04",
    "most_days_in_a_row": 5, "most_week_hours": 45.5, "wants_extra": True, "restrictions": ["no_nights"],
}  # fmt: skip


def changed(api: Api, who: Person, of: Person, given: dict[str, Any], **headers: str) -> Any:
    """Change what the rules know of somebody."""
    return api.call("PATCH", f"/staff/{of.staff_id}/work-limits", who, given, **(headers or SEEN))


def told(flow: Flow) -> list[EventRecord]:
    """Read what was told of changed staff."""
    with flow.database.read() as session:
        return list(session.scalars(select(EventRecord).filter_by(type="staff_updated")))


def noted(flow: Flow) -> list[AuditEntry]:
    """Read what the audit says."""
    with flow.database.read() as session:
        return list(session.scalars(select(AuditEntry).filter_by(action="staff.limits")))


def test_a_manager_says_what_the_rules_must_know(api: Api, cast: Cast, flow: Flow) -> None:
    answer = changed(api, cast.maya, cast.dan, ALL)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"'), answer.text
    assert answer.json == ALL | {"staff_id": cast.dan.staff_id, "version": 2}
    (event,) = told(flow)
    assert event.context["changed"] == [*ALL]
    assert "1990" not in str((event.changes, event.context, noted(flow)[0].before, noted(flow)[0].after))
    assert changed(api, cast.maya, cast.dan, ALL, **{"If-Match": "2"}).json["version"] == 2
    assert len(told(flow)) == 1


def test_what_is_private_is_seen_by_the_person_their_manager_and_hr(api: Api, cast: Cast) -> None:
    changed(api, cast.maya, cast.dan, ALL)
    where = f"/staff/{cast.dan.staff_id}/work-limits"
    for who, expected in (
        (cast.dan, 200), (cast.maya, 200), (cast.hana, 200), (cast.sorcha, 403), (cast.ada, 403),
        (cast.vic, 404), (cast.erin, 404),
    ):  # fmt: skip
        assert api.call("GET", where, who).status_code == expected, who.name
    assert api.call("GET", "/staff/999/work-limits", cast.hana).status_code == 404


def test_what_occupational_health_wrote_is_for_the_person_and_hr(api: Api, cast: Cast, flow: Flow) -> None:
    assert changed(api, cast.maya, cast.dan, {"restriction_note": "Epilepsy"}).status_code == 403
    assert changed(api, cast.hana, cast.dan, {"restriction_note": "Epilepsy"}).json["restriction_note"] == "Epilepsy"
    where = f"/staff/{cast.dan.staff_id}/work-limits"
    assert "restriction_note" not in api.call("GET", where, cast.maya).json
    assert api.call("GET", where, cast.dan).json["restriction_note"] == "Epilepsy"
    changed(api, cast.hana, cast.dan, {"restriction_note": ""}, **{"If-Match": "2"})
    assert len(noted(flow)) == len(told(flow)) == 2
    everything = [(each.before, each.after) for each in noted(flow)] + [(e.context, e.changes) for e in told(flow)]
    assert "Epilepsy" not in str(everything)


def test_it_is_changed_by_those_who_look_after_staff_and_see_it(api: Api, cast: Cast) -> None:
    for who, expected in ((cast.dan, 403), (cast.sorcha, 403), (cast.ada, 403), (cast.vic, 403), (cast.erin, 404)):
        assert changed(api, who, cast.dan, {"wants_extra": True}).status_code == expected, who.name
    assert changed(api, cast.maya, cast.dan, {"wants_extra": True}, **{"If-Match": "7"}).status_code == 409
    without = api.call("PATCH", f"/staff/{cast.dan.staff_id}/work-limits", cast.maya, {})
    assert without.status_code == 428


def test_nobody_changes_what_the_rules_know_of_themselves(cast: Cast, flow: Flow) -> None:
    cause = cause_of(cast.dan, flow.clock.now())
    with pytest.raises(NotAllowed):
        flow.database.write(lambda s: changes.change(s, cause, cast.dan, cast.dan.staff_id or 0, born=None))


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"born": "2020-01-01"}, "born"),  # a child
    ({"born": "1900-01-01"}, "born"),
    ({"born": "2030-01-01"}, "born"),
    ({"opted_out_on": "2026-11-24"}, "opted_out_on"),  # tomorrow
    ({"opted_out_on": "0001-01-01"}, "opted_out_on"),
    ({"born": "2009-01-01", "opted_out_on": "2026-01-02"}, "opted_out_on"),  # under 18
    ({"opt_out_notice_days": 14}, "opted_out_on"),  # a notice of nothing
    ({"opted_out_on": "2026-01-02", "opt_out_notice_days": 6}, "opt_out_notice_days"),
    ({"opted_out_on": "2026-01-02", "opt_out_notice_days": 91}, "opt_out_notice_days"),
    ({"night_assessed_on": "2027-01-01"}, "night_assessed_on"),
    ({"most_days_in_a_row": 0}, "most_days_in_a_row"),
    ({"most_days_in_a_row": 15}, "most_days_in_a_row"),
    ({"most_week_hours": 0}, "most_week_hours"),
    ({"most_week_hours": 37.555}, "most_week_hours"),
    ({"most_week_hours": "40"}, "most_week_hours"),
    ({"wants_extra": "yes"}, "wants_extra"),
    ({"restrictions": ["no_mondays"]}, "restrictions.0"),
    ({"restriction_note": "x" * 2001}, "restriction_note"),
    ({"weight": 70}, "weight"),
]


@pytest.mark.parametrize(("given", "path"), WRONG)
def test_what_is_wrong_is_told_by_its_field(api: Api, cast: Cast, flow: Flow, given: dict[str, Any], path: str) -> None:
    assert places(changed(api, cast.hana, cast.dan, given)) == [path]
    assert (told(flow), noted(flow)) == ([], [])
