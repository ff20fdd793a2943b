"""What the engine is handed by bootstrap, and the plans it keeps."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.engine.entry.gauge import Gauge
from flowapp.engine.plan import Plan, make_plan
from flowapp.expressions import Environment
from flowapp.kernel.clock import Clock
from flowapp.kernel.db import Database
from flowapp.workflows.document import Document
from flowapp.workflows.kinds import Action, Trigger
from flowapp.workflows.workflow import Version

Surroundings = Callable[[Session, int | None, datetime], Environment]
MOST_PLANS = 500


class Plans:
    """Plans by version; a version never changes, so neither does its plan."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Plan] = OrderedDict()
        self._guard = threading.Lock()

    def of(self, session: Session, version_id: int) -> Plan:
        """Answer the plan of a version, laid out at its first use; raises ValueError for one that cannot be run."""
        with self._guard:
            if version_id in self._kept:
                self._kept.move_to_end(version_id)
                return self._kept[version_id]
        data = session.scalars(select(Version.document).where(Version.id == version_id)).one()
        plan = make_plan(Document.model_validate(data))
        if not plan.first:
            raise ValueError("a version without steps cannot be run")
        with self._guard:
            self._kept[version_id] = plan
            if len(self._kept) > MOST_PLANS:
                self._kept.popitem(last=False)
        return plan


@dataclass(frozen=True, kw_only=True)
class EngineParts:
    """Everything the engine needs and did not make itself.

    `owner` names this process in leases; it is new at every start, so that a dead process is never mistaken for
    a living one.
    """

    database: Database
    clock: Clock
    actions: Mapping[str, Action]
    triggers: Mapping[str, Trigger]
    surroundings: Surroundings
    owner: str
    lease_seconds: float
    pause_after_failures: int = 10  # 0 is never
    base_url: str = ""  # of links in mails
    plans: Plans = field(default_factory=Plans)
    gauge: Gauge = field(default_factory=Gauge)
