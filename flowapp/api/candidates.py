"""Who can take a shift, over the API."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from flowapp.api.lists import whole
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.candidates import CandidatesQuery, ExplainAnswer, ExplainQuery
from flowapp.http.access import allow, person
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.eligibility.answer import Availability, availability
from flowapp.rota.eligibility.candidates import candidate, candidates
from flowapp.rota.eligibility.explaining import explain

MOST_NAMED, MOST_NUMBER = 500, 10**15 - 1


def add_to(bp: Blueprint) -> None:
    """Add the calls about who can take a shift."""
    bp.add_url_rule("/shifts/<int:shift_id>/candidates", view_func=list_candidates, methods=["GET"])
    bp.add_url_rule("/shifts/<int:shift_id>/explain", view_func=explain_candidate, methods=["GET"])


@allow("shift.assign")
@documented(Call(query=CandidatesQuery, answer=Availability))
def list_candidates(shift_id: int) -> Response:
    """Answer who can take a shift in the order to ask them, and why the others cannot."""
    limit = whole("limit", None, least=1, most=MOST_NAMED)
    found = candidates(reading(), person(), shift_id, flow().clock.now())
    return jsonify(availability(found, limit=limit))


@allow("shift.assign")
@documented(Call(query=ExplainQuery, answer=ExplainAnswer))
def explain_candidate(shift_id: int) -> Response:
    """Answer what every rule says of one person and a shift."""
    staff_id = whole("staff_id", None, least=1, most=MOST_NUMBER)
    if staff_id is None:
        message = "Say about whom: staff_id is the number of a member of staff."
        raise Refused([Problem(path="staff_id", code="required", message=message)])
    shift, slot, judged = candidate(reading(), person(), shift_id, staff_id)
    return jsonify(
        {
            "shift_id": shift.id,
            "staff_id": judged.staff_id,
            "name": judged.name,
            "eligible": judged.verdict.is_eligible,
            "rules": [each._asdict() for each in explain(slot, judged.known.candidate, judged.verdict)],
        }
    )
