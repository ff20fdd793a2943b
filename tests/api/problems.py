"""Reading the API's answers about what is wrong."""

from __future__ import annotations

from werkzeug.test import TestResponse


def places(answer: TestResponse) -> list[str]:
    """Answer the place of each problem of a 422."""
    assert answer.status_code == 422, answer.text
    assert answer.mimetype == "application/problem+json"
    body = answer.json
    assert body is not None
    for each in body["problems"]:
        assert set(each) <= {"path", "code", "message", "suggestion"}
        assert each["message"].endswith((".", "?"))
        assert each["code"]
    return [each["path"] for each in body["problems"]]


def refused(answer: TestResponse, status: int) -> str:
    """Answer what an answer of this status says, as RFC 9457 has it."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    body = answer.json
    assert body is not None
    assert body["status"] == status
    return str(body["detail"])
