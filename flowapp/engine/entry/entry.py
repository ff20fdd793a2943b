"""How an execution comes in: at once, after others, in the place of others, held with a flood, or not at all.

All of it is decided in the transaction that accepts it. A workflow that limits nothing is asked nothing.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from flowapp.engine.cancelling import cancel_executions
from flowapp.engine.ending import follow
from flowapp.engine.entry.flood import held_words, is_flood, tell_once
from flowapp.engine.entry.modes import Verdict, admit, refusal, replaced_words, waiting_words
from flowapp.engine.entry.queueing import together
from flowapp.engine.execution import HeldBack
from flowapp.engine.parts import EngineParts
from flowapp.expressions import ExpressionError, expression, value
from flowapp.kernel import plain
from flowapp.workflows.document import Document
from flowapp.workflows.mode import Limit

log = logging.getLogger(__name__)
NOT_STARTED = "not_started"
LONGEST_KEY = 200


class Coming(Protocol):
    """What comes in: a start, as far as its entry depends on it."""

    @property
    def workflow_id(self) -> int:
        """Of which workflow."""

    @property
    def home_id(self) -> int | None:
        """In which home."""

    @property
    def trigger_type(self) -> str:
        """What sort of thing starts it."""

    @property
    def context(self) -> Mapping[str, Any]:
        """What it brings."""

    @property
    def at(self) -> datetime:
        """When."""

    @property
    def retry_of(self) -> int | None:
        """Which execution it does again, because a person said so."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """How it comes in: the key it counts under, why it may not begin yet, why not at all, and whose place it takes."""

    run_key: str | None = None
    held_back: HeldBack | None = None
    reason: str | None = None
    error: Mapping[str, str] | None = None
    ends: tuple[int, ...] = ()

    @property
    def begins(self) -> bool:
        """Whether it would begin at once."""
        return self.error is None and self.held_back is None


AT_ONCE = Entry()


def enter(parts: EngineParts, session: Session, coming: Coming, document: Document) -> Entry:
    """Decide how an execution comes in."""
    limit = document.settings.limit
    entry = AT_ONCE if limit is None else _limited(parts, session, coming, limit, document.name)
    by_person = coming.retry_of is not None
    if entry.begins and not by_person and is_flood(parts, session, coming.workflow_id, coming.trigger_type, coming.at):
        tell_once(parts, session, coming.workflow_id, coming.at)
        return replace(entry, held_back=HeldBack.FLOOD, reason=held_words(parts))
    return entry


def _limited(parts: EngineParts, session: Session, coming: Coming, limit: Limit, name: str) -> Entry:
    try:
        run_key = _key(parts, session, coming, limit.key)
    except DBAPIError:
        raise
    except Exception as error:
        return Entry(error=_without_key(error, coming.workflow_id))
    live = [number for number, _ in together(session, coming.workflow_id, run_key)]
    admission = admit(limit, live)
    match admission.verdict:
        case Verdict.REFUSED:
            return Entry(run_key=run_key, error={"code": NOT_STARTED, "message": refusal(limit, name, live)})
        case Verdict.WAITS:
            return Entry(run_key=run_key, held_back=HeldBack.QUEUE, reason=waiting_words(limit, live))
    return Entry(run_key=run_key, ends=admission.ends)


def _key(parts: EngineParts, session: Session, coming: Coming, key: str | None) -> str:
    """Answer what a run is counted under: the key's value as JSON, so that 7 and "7" are told apart."""
    if key is None:
        return ""
    names = {"context": dict(coming.context)}
    environment = parts.surroundings(session, coming.home_id, coming.at)
    found = value(key).render(names, environment) if "${" in key else expression(key).evaluate(names, environment)
    written = plain.dump(found)
    return written if len(written) <= LONGEST_KEY else hashlib.sha256(written.encode()).hexdigest()


def _without_key(error: Exception, workflow_id: int) -> dict[str, str]:
    if isinstance(error, ExpressionError):
        message = f"Which runs this one counts with could not be worked out: {error.message}"
        return {"code": error.code, "message": f"{message} Correct the key in the workflow's settings."}
    log.exception("a key cannot be worked out", extra={"workflow": workflow_id}, exc_info=error)
    return {"code": "internal", "message": "Something went wrong inside FlowApp while the key was worked out."}


def take_place(parts: EngineParts, session: Session, entry: Entry, execution_id: int, at: datetime) -> None:
    """End the runs whose place an execution takes."""
    if entry.ends:
        reason = replaced_words(execution_id)
        follow(parts, session, cancel_executions(session, entry.ends, reason=reason, at=at))
