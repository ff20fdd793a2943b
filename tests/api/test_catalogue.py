"""The catalogue over the API: what workflows can be made of, with schemas that hold."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from jsonschema import Draft202012Validator

from flowapp.bootstrap import registries
from flowapp.events.catalogue import catalogue
from flowapp.expressions import WEEKDAYS_ONLY, Environment, expression
from flowapp.expressions.functions import TABLE
from flowapp.workflows.check import check_document
from flowapp.workflows.reading import read_document
from tests.cast import Cast
from tests.conftest import MONDAY_MORNING
from tests.support.visitors import Api

KINDS = ("actions", "triggers", "events", "functions")


@pytest.fixture
def listed(api: Api, cast: Cast) -> Any:
    """Fetch one part of the catalogue, and answer its items by name."""

    def fetch(kind: str) -> dict[str, Any]:
        answer = api.call("GET", f"/catalogue/{kind}", cast.dan)
        assert answer.status_code == 200, answer.text
        assert answer.json is not None
        assert answer.json["next"] is None
        return {item["name"]: item for item in answer.json["items"]}

    return fetch


def test_everything_that_is_registered_is_listed(listed: Any) -> None:
    assert list(listed("actions")) == list(registries().actions)
    assert list(listed("triggers")) == list(registries().triggers)
    assert list(listed("events")) == list(catalogue())
    assert sorted(listed("functions")) == sorted(TABLE)


@pytest.mark.parametrize("kind", KINDS)
def test_everything_has_words_and_a_schema_and_an_example(listed: Any, kind: str) -> None:
    for item in listed(kind).values():
        assert item["label"], item
        assert item["description"], item
        assert item["examples"], item
        Draft202012Validator.check_schema(item["fields"])


def test_an_action_says_what_it_needs(listed: Any) -> None:
    found = listed("actions")["approve_leave"]
    assert (found["label"], found["category"], found["effect"]) == ("Approve leave", "rota", "db")
    assert found["fields"]["required"] == ["leave_request_id"]
    assert "decided_at" in found["output"]["properties"]
    assert found["examples"] == [
        {
            "id": "approve_leave", "type": "action", "action": "approve_leave",
            "with": {"leave_request_id": "${context.leave_request_id}"},
        }
    ]  # fmt: skip


def test_examples_of_triggers_and_actions_make_a_workflow_that_can_be_read(listed: Any) -> None:
    actions, triggers = registries().actions, registries().triggers
    steps = [step for item in listed("actions").values() for step in item["examples"]]
    (trigger,) = listed("triggers")["event"]["examples"]
    document = read_document({"name": "Everything", "triggers": [trigger], "steps": steps})
    wrong = check_document(document, actions=actions, triggers=triggers).problems
    assert not [problem for problem in wrong if problem.code in ("unknown_key", "missing", "unknown_event")]
    for item in listed("triggers").values():
        fields = {name: value for name, value in item["examples"][0].items() if name not in ("id", "type")}
        triggers[item["name"]].Fields.model_validate(fields)


def test_examples_of_events_fit_their_schemas(listed: Any) -> None:
    for name, item in listed("events").items():
        (example,) = item["examples"]
        catalogue()[name].Context.model_validate(example)
        assert not list(Draft202012Validator(item["fields"]).iter_errors(example))


def test_an_event_says_its_facts(listed: Any) -> None:
    found = listed("events")["leave_requested"]
    assert (found["label"], found["subject_type"], found["version"]) == ("leave is requested", "leave_request", 1)
    assert found["fields"]["properties"]["notice_days"]["description"].startswith("Days from the request")


def test_a_function_says_what_it_takes(listed: Any) -> None:
    found = listed("functions")
    assert found["round"]["label"] == "round(x, digits=0)"
    assert found["round"]["fields"]["required"] == ["x"]
    assert found["round"]["fields"]["properties"]["digits"] == {"type": "integer"}
    assert found["contains"]["examples"][0] == {"expression": 'contains("Anna Boyd", "Boyd")', "value": "true"}


def test_examples_of_functions_give_what_they_say(listed: Any) -> None:
    environment = Environment(now=MONDAY_MORNING, timezone=ZoneInfo("Europe/London"), calendar=WEEKDAYS_ONLY)
    for item in listed("functions").values():
        if item["group"] == "dates":
            continue  # those hang on the moment, and on the bank holidays of a nation
        for example in item["examples"]:
            made = expression(example["expression"]).evaluate({"context": {}}, environment)
            assert made == expression(example["value"]).evaluate({"context": {}}, environment), example


@pytest.mark.parametrize("kind", KINDS)
def test_the_catalogue_needs_a_token_that_may_read(api: Api, cast: Cast, kind: str) -> None:
    assert api.call("GET", f"/catalogue/{kind}", cast.maya, scopes=("run", "admin")).status_code == 403
