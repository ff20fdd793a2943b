"""Writing workflows as a program does."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from flowapp.accounts.audit import AuditEntry
from flowapp.bootstrap import Flow
from tests.cast import Cast
from tests.factories import a_document
from tests.support.visitors import Api

EDIT = ("read", "run", "edit")
BY_HAND = [{"id": "by_hand", "type": "manual"}]


def ask(api: Api, who: Any, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """Ask with a token that may edit."""
    return api.call(method, path, who, body, scopes=EDIT, **headers)


def made(api: Api, cast: Cast, document: Any = None, **more: Any) -> int:
    """Make a workflow of Rose House as Maya, and answer its number."""
    body = {"document": document or a_document(name="Round"), "home": "ROSE", **more}
    answer = ask(api, cast.maya, "POST", "/workflows", body)
    assert answer.status_code == 201, answer.text
    return int(answer.json["id"])


def saved(api: Api, cast: Cast, number: int, rev: int, document: Any) -> Any:
    """Write a draft as Maya."""
    body = {"document": document}
    return ask(api, cast.maya, "PUT", f"/workflows/{number}/draft", body, **{"If-Match": str(rev)})


def published(api: Api, cast: Cast, number: int, **body: Any) -> int:
    """Publish a draft as Maya, and answer the number of the version."""
    answer = ask(api, cast.maya, "POST", f"/workflows/{number}/publish", body)
    assert answer.status_code == 200, answer.text
    return int(answer.json["version"])


def audited(flow: Flow) -> list[tuple[str, Any, Any]]:
    """Read what the audit says of workflows."""
    with flow.database.read() as session:
        rows = session.scalars(select(AuditEntry).filter_by(entity="workflow").order_by(AuditEntry.id))
        return [(each.action, each.before, each.after) for each in rows]


def calls(number: int) -> list[tuple[str, str, Any]]:
    """Answer every call that writes, about this workflow."""
    one = f"/workflows/{number}"
    return [
        ("PUT", f"{one}/draft", {"document": a_document()}),
        ("POST", f"{one}/publish", {}),
        ("POST", f"{one}/versions/1/restore", {}),
    ]
