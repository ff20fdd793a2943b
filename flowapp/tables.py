"""Every table of the project, loaded so that migrations and tests see them all."""

from __future__ import annotations

import importlib

from sqlalchemy import MetaData

from flowapp.kernel.columns import Base

NOUNS = (
    "accounts.audit",
    "accounts.sessions",
    "accounts.throttle",
    "accounts.tokens",
    "accounts.users",
    "engine.execution",
    "events.outbox",
    "http.idempotency",
    "messaging.in_app",
    "messaging.outbox",
    "rota.homes",
    "rota.leave",
    "rota.leave_balance",
    "rota.staff",
    "workflows.workflow",
)


def metadata() -> MetaData:
    """Answer the tables of all nouns."""
    for noun in NOUNS:
        importlib.import_module(f"flowapp.{noun}")
    return Base.metadata
