"""Whatever a program sends that the description allows, or nearly allows, is answered as the description says."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from flowapp.accounts.tokens import Scope
from flowapp.bootstrap import Flow
from tests.cast import Cast
from tests.factories import a_workflow, leave_asked, run_all
from tests.support.visitors import Api

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
TRIES = 4  # of each call and each way; more takes longer than a run of all tests should
few = settings(
    max_examples=TRIES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def token(flow: Flow, cast: Cast, api: Api) -> str:
    """A token that may do everything, where there is something to do it with."""
    a_workflow(flow, cast.maya, home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    return api.token(cast.ada, scopes=tuple(scope.value for scope in Scope))


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as_asked", "otherwise"])
def test_no_call_fails_or_answers_what_the_document_does_not_say(app: Flask, token: str, mode: Any) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    headers, tried = {"Authorization": f"Bearer {token}"}, set()
    for found in schema.get_all_operations():
        operation = found.ok()

        @few
        @given(case=operation.as_strategy(generation_mode=mode))
        def answers(case: Any) -> None:
            answer = case.call(headers=headers)
            case.validate_response(answer, checks=CHECKS)
            tried.add(case.operation.label)

        answers()
    assert len(tried) > 25
