"""Deciding on leave over the API, and taking it back."""

from __future__ import annotations

import pytest

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from tests.api.problems import places, refused
from tests.cast import Cast
from tests.factories import leave_asked
from tests.support.visitors import Api


@pytest.fixture
def dans(flow: Flow, cast: Cast) -> str:
    """The address of Dan's leave request."""
    return f"/leave-requests/{leave_asked(flow, cast.dan)}"


def status_of(api: Api, cast: Cast, path: str) -> str:
    """Answer how a request stands."""
    answer = api.call("GET", path, cast.maya)
    assert answer.json is not None
    return str(answer.json["status"])


def test_approving_answers_with_the_request_as_it_is_now(cast: Cast, api: Api, dans: str) -> None:
    answer = api.call("POST", f"{dans}/approve", cast.maya, {"reason": "Enjoy it"})
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["status"] == "approved"
    assert (answer.json["decided_by"], answer.json["decision_reason"]) == ("Maya", "Enjoy it")
    assert answer.json["decided_at"].startswith("2026-11-23T09:00:00")
    assert answer.json["version"] == 2


def test_approving_needs_no_body(cast: Cast, api: Api, dans: str) -> None:
    assert api.call("POST", f"{dans}/approve", cast.maya).status_code == 200


def test_turning_down_needs_a_reason(cast: Cast, api: Api, dans: str) -> None:
    assert places(api.call("POST", f"{dans}/reject", cast.maya, {})) == ["reason"]
    assert places(api.call("POST", f"{dans}/reject", cast.maya, {"reason": "  "})) == ["reason"]
    assert status_of(api, cast, dans) == "requested"
    answer = api.call("POST", f"{dans}/reject", cast.maya, {"reason": "Nobody else is there"})
    assert answer.json is not None
    assert (answer.json["status"], answer.json["decision_reason"]) == ("rejected", "Nobody else is there")


def stands(api: Api, who: Person, path: str, body: dict[str, str]) -> str:
    """Do something that must succeed, and answer how the request stands then."""
    answer = api.call("POST", path, who, body)
    assert answer.json is not None
    return str(answer.json["status"])


def test_a_carer_asks_to_cancel_approved_leave_and_a_manager_cancels_it(cast: Cast, api: Api, dans: str) -> None:
    api.call("POST", f"{dans}/approve", cast.maya, {})
    assert stands(api, cast.dan, f"{dans}/cancel", {"reason": "Plans changed"}) == "cancel_requested"
    assert "asked already" in refused(api.call("POST", f"{dans}/cancel", cast.dan, {}), 409)
    assert stands(api, cast.maya, f"{dans}/cancel", {"reason": "As you like"}) == "cancelled"


def test_a_manager_cancels_at_once_without_being_asked(cast: Cast, api: Api, dans: str) -> None:
    api.call("POST", f"{dans}/approve", cast.maya, {})
    assert stands(api, cast.maya, f"{dans}/cancel", {"reason": "The home is short"}) == "cancelled"


def test_a_manager_keeps_the_leave_and_has_to_say_why(cast: Cast, api: Api, dans: str) -> None:
    api.call("POST", f"{dans}/approve", cast.maya, {})
    refused(api.call("POST", f"{dans}/keep", cast.maya, {"reason": "Nobody asked"}), 409)
    api.call("POST", f"{dans}/cancel", cast.dan, {})
    assert places(api.call("POST", f"{dans}/keep", cast.maya, {"reason": " "})) == ["reason"]
    assert stands(api, cast.maya, f"{dans}/keep", {"reason": "The rota is out"}) == "approved"


def test_those_who_stand_like_this_can_be_listed(cast: Cast, api: Api, dans: str) -> None:
    api.call("POST", f"{dans}/approve", cast.maya, {})
    api.call("POST", f"{dans}/cancel", cast.dan, {})
    answer = api.call("GET", "/leave-requests?status=cancel_requested", cast.maya)
    assert answer.json is not None
    assert [each["status"] for each in answer.json["items"]] == ["cancel_requested"]


def test_one_takes_ones_own_request_back(cast: Cast, api: Api, dans: str) -> None:
    answer = api.call("POST", f"{dans}/cancel", cast.dan, {})
    assert answer.json is not None
    assert answer.json["status"] == "withdrawn"


DECIDING = [("approve", {}), ("reject", {"reason": "No"})]
CALLS = [*DECIDING, ("keep", {"reason": "No"})]


@pytest.mark.parametrize(("verb", "body"), CALLS)
@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("dan", 403),  # may not decide at all
        ("sorcha", 403),
        ("vic", 403),
        ("erin", 404),  # decides in another home: there is no such request
    ],
)
def test_who_may_not_decide(
    cast: Cast, api: Api, dans: str, verb: str, body: dict[str, str], name: str, status: int
) -> None:
    refused(api.call("POST", f"{dans}/{verb}", getattr(cast, name), body), status)
    assert status_of(api, cast, dans) == "requested"


def test_nobody_decides_on_their_own_leave(flow: Flow, cast: Cast, api: Api) -> None:
    own = f"/leave-requests/{leave_asked(flow, cast.maya)}"
    words = refused(api.call("POST", f"{own}/approve", cast.maya, {}), 403)
    assert "somebody else" in words
    assert api.call("POST", f"{own}/approve", cast.hana, {}).status_code == 200


@pytest.mark.parametrize("name", ["vic", "erin"])
def test_an_outsider_takes_nothing_back(cast: Cast, api: Api, dans: str, name: str) -> None:
    refused(api.call("POST", f"{dans}/cancel", getattr(cast, name), {}), 404)
    assert status_of(api, cast, dans) == "requested"


@pytest.mark.parametrize(("verb", "body"), [*DECIDING, ("cancel", {})])
def test_what_is_decided_is_a_conflict(cast: Cast, api: Api, dans: str, verb: str, body: dict[str, str]) -> None:
    api.call("POST", f"{dans}/reject", cast.maya, {"reason": "No"})
    words = refused(api.call("POST", f"{dans}/{verb}", cast.maya, body), 409)
    assert "turned down" in words


@pytest.mark.parametrize(("verb", "body"), [*CALLS, ("cancel", {})])
def test_a_request_that_does_not_exist_is_said_to_be_none(
    cast: Cast, api: Api, verb: str, body: dict[str, str]
) -> None:
    refused(api.call("POST", f"/leave-requests/99/{verb}", cast.maya, body), 404)


@pytest.mark.parametrize(("verb", "body"), [*CALLS, ("cancel", {})])
def test_a_body_that_makes_no_sense_is_named(cast: Cast, api: Api, dans: str, verb: str, body: dict[str, str]) -> None:
    assert places(api.call("POST", f"{dans}/{verb}", cast.maya, body | {"colour": "blue"})) == ["colour"]
    assert places(api.call("POST", f"{dans}/{verb}", cast.maya, {"reason": 5})) == ["reason"]
    assert places(api.call("POST", f"{dans}/{verb}", cast.maya, {"reason": "x" * 2001})) == ["reason"]
    assert status_of(api, cast, dans) == "requested"


@pytest.mark.parametrize("verb", ["approve", "reject", "keep", "cancel"])
def test_looking_decides_nothing(cast: Cast, api: Api, dans: str, verb: str) -> None:
    refused(api.call("GET", f"{dans}/{verb}", cast.maya), 405)
    assert status_of(api, cast, dans) == "requested"
