"""Somebody who asks for leave whenever runs wait for that; what they asked for before they withdraw."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from tests.kill.days import some_mondays
from tests.kill.doors import call
from tests.kill.evidence import Evidence, evidence
from tests.kill.kinds import WAKE
from tests.kill.place import Place
from tests.kill.server import Server

LEAVES = 15  # weeks from which leave is asked for; the first are for those who want it
EVENTS = 2  # that a run of the kind waits for
_ASKED = f"SELECT id FROM leave_request WHERE reason = '{WAKE}'"
# Each run gets its first event as soon as it is there, and another one once it has taken that.
_WAITS = f"""
    SELECT count(*) FROM execution WHERE workflow_id = ? AND finished_at IS NULL
    AND (SELECT count(*) FROM signal WHERE signal.execution_id = execution.id) < {EVENTS}
    AND (SELECT count(*) FROM event WHERE type = 'leave_requested' AND seq > after_seq AND subject_id IN ({_ASKED}))
     <= (SELECT count(*) FROM signal WHERE signal.execution_id = execution.id)
"""


@dataclass(frozen=True)
class LeaveAsker:
    """Somebody with a token."""

    database: Place
    token: str
    workflows: Mapping[str, int]

    def look(self, server: Server) -> None:
        """Ask for leave, if runs wait for it; raises OSError or HTTPException when the server dies meanwhile."""
        with evidence(self.database) as found:
            waits, before = self._waits(found), found.rows(f"{_ASKED} AND status = 'requested'")
        if not waits:
            return
        for row in before:
            self._post(server, f"/leave-requests/{row['id']}/cancel", {"reason": "No more"})
        monday = some_mondays(LEAVES)[-1]
        period = {"start_date": monday.isoformat(), "end_date": (monday + timedelta(days=3)).isoformat()}
        self._post(server, "/leave-requests", {"type": "UNPAID", "reason": WAKE, **period})

    def _waits(self, found: Evidence) -> bool:
        return "wait" in self.workflows and found.one(_WAITS, self.workflows["wait"]) > 0

    def _post(self, server: Server, path: str, body: Mapping[str, str]) -> None:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        call(server, "POST", f"/api/v1{path}", headers | {"Idempotency-Key": uuid4().hex}, json.dumps(body))
