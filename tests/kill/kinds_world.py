"""A world in which every kind of step has a workflow, and a manager who starts them by the API."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPException
from uuid import uuid4

import psycopg
from sqlalchemy.orm import Session

from flowapp.accounts import tokens
from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.events.cause import SYSTEM, Cause
from tests.factories import a_workflow, leave_asked, run_all
from tests.kill.days import some_mondays
from tests.kill.doors import call
from tests.kill.ending import Case, Sent
from tests.kill.evidence import evidence
from tests.kill.invariants import broken
from tests.kill.kinds import CHILD, KINDS, Kind
from tests.kill.leave_asker import LEAVES, LeaveAsker
from tests.kill.place import Place
from tests.kill.server import Server
from tests.kill.sink import Sink
from tests.kill.world import MANAGER, SENIOR, at_hand, broken_audit_entry, keys_of, person, prepare

LEASE_SECONDS = 1.0
AT_ONCE = 6  # starts that are sent again
FOUR_DAYS = timedelta(days=3)  # from the first to the last; too many to be approved by itself
LOOK_EVERY = 0.1


@dataclass(frozen=True)
class Prepared:
    """A database to be copied, and how its workflows are called and started; somebody in it asks for leave."""

    database: Place
    token: str
    workflows: Mapping[str, int]
    asker: str  # a token


def prepare_kinds(database: Place, kinds: Sequence[Kind] = KINDS) -> Prepared:
    """Fill a database with a workflow for each kind of step, and leave that waits for a decision."""
    prepare(database)
    with at_hand(database) as flow:
        with flow.database.read() as session:
            owner, asker = person(session, MANAGER), person(session, SENIOR)
        numbers = _leave_asked(flow, asker) if any(kind.undone for kind in kinds) else {}
        workflows: dict[str, int] = {}
        for kind in (CHILD, *kinds):
            document = kind.document(numbers | workflows)
            workflows[kind.name] = a_workflow(flow, owner, document, home_id=min(owner.home_ids))
        now = flow.clock.now()

        def write(session: Session) -> str:
            return tokens.create(
                session, Cause(actor=SYSTEM, at=now), user_id=owner.user_id, name="kinds",
                scopes=["read", "rota", "run"], expires_at=now + timedelta(days=30),
            )  # fmt: skip

        token = flow.database.write(write)
    return Prepared(database, token, workflows, keys_of(database, SENIOR).token)


def _leave_asked(flow: Flow, asker: Person) -> dict[str, int]:
    """Let somebody ask for leave that people decide on, and answer how documents call it."""
    [*_, first, second, _] = some_mondays(LEAVES)
    asked = {
        name: leave_asked(flow, asker, start=monday, end=monday + FOUR_DAYS)
        for name, monday in (("first leave", first), ("second leave", second))
    }
    run_all(flow)  # so that nothing of it is left to those who die
    return asked


@dataclass
class KindsWorld:
    """A copy of it, the outside beside it, and everything that was sent."""

    prepared: Prepared
    database: Place
    sink: Sink
    workers: int = 1
    sent: list[Sent] = field(default_factory=list)
    refusals: list[tuple[int, str]] = field(default_factory=list)  # what was answered instead

    def server(self, fault: str = "", *, lease_seconds: float = LEASE_SECONDS) -> Server:
        """Start a server on it."""
        outside = self.sink.settings | {"FLOWAPP_WEB_WORKERS": str(self.workers), "FLOWAPP_PAUSE_AFTER_FAILURES": "0"}
        return Server(self.database, fault=fault, lease_seconds=lease_seconds, outside=outside)

    def start(self, server: Server, kind: Kind | str, key: str | None = None) -> Sent:
        """Start a workflow, and remember what was answered; nothing, if the server died meanwhile."""
        sent = Sent(str(kind), key or uuid4().hex)
        headers = {"Authorization": f"Bearer {self.prepared.token}", "Content-Type": "application/json"}
        path = f"/api/v1/workflows/{self.prepared.workflows[sent.kind]}/execute"
        body = json.dumps({"context": {"sink": self.sink.address}})
        try:
            answer, text = call(server, "POST", path, headers | {"Idempotency-Key": sent.key}, body)
            if answer.status == 202:
                sent = Sent(sent.kind, sent.key, json.loads(text)["execution_id"])
            else:
                self.refusals.append((answer.status, text))
        except (OSError, HTTPException):
            pass
        self.sent.append(sent)
        return sent

    def start_all(self, server: Server, kind: Kind) -> None:
        """Start a workflow as often as its kind asks for."""
        for _ in range(kind.starts):
            self.start(server, kind)

    def send_again(self, server: Server) -> None:
        """Send again what nobody answered for, under the same keys."""
        answered = {each.key for each in self.sent if each.execution_id is not None}
        unanswered = {each.key: each.kind for each in self.sent if each.key not in answered}
        with ThreadPoolExecutor(AT_ONCE) as crowd:
            list(crowd.map(lambda each: self.start(server, each[1], each[0]), unanswered.items()))

    def attend(self, server: Server) -> None:
        """Do what runs wait for people to do, unless the server or its database dies meanwhile."""
        with suppress(OSError, HTTPException, psycopg.OperationalError):
            LeaveAsker(self.database, self.prepared.asker, self.prepared.workflows).look(server)

    def attend_until(self, server: Server, enough: threading.Event) -> None:
        """Do so again and again."""
        while not enough.wait(LOOK_EVERY):
            self.attend(server)

    def is_quiet(self) -> bool:
        """Say whether every execution has ended and every mail is sent."""
        with evidence(self.database) as found:
            live = found.one("SELECT count(*) FROM execution WHERE finished_at IS NULL")
            return not live and not found.one("SELECT count(*) FROM mail WHERE status != 'sent'")

    def is_quiet_with(self, server: Server) -> bool:
        """Do what runs wait for people to do, and say whether all is quiet."""
        self.attend(server)
        return self.is_quiet()

    def let_leases_of_mails_end(self) -> None:
        """Let the three minutes pass for which a mail belongs to whoever took it: nobody here waits so long."""
        self.database.say("UPDATE mail SET lease_until = created_at WHERE status = 'sending'")

    def broken(self, late_seconds: float = 60.0) -> list[str]:
        """Answer everything that is not as it must be."""
        kinds = {number: name for name, number in self.prepared.workflows.items()}
        with evidence(self.database) as found:
            wrong = broken(Case(found, self.sink.store.all(), self.sent, kinds, late_seconds))
        entry = broken_audit_entry(self.database)
        return wrong if entry is None else [*wrong, f"the audit is broken at {entry}"]
