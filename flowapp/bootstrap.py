"""The one place that joins the parts: registries, subscribers, clock, and what the engine is handed."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

import flowapp.actions
import flowapp.triggers
from flowapp.engine.accept import accept_event
from flowapp.engine.entry.gauge import Gauge
from flowapp.engine.loop import Loop
from flowapp.engine.parts import EngineParts, Surroundings
from flowapp.engine.queries import settled
from flowapp.engine.schedules import start_due
from flowapp.engine.sequel import Sequel
from flowapp.engine.waiting import Waiting
from flowapp.engine.worker import Worker
from flowapp.events.catalogue import catalogue
from flowapp.events.outbox import Recorded
from flowapp.events.signals import committed, signal_of
from flowapp.expressions import WEEKDAYS_ONLY, Environment, condition
from flowapp.kernel import faults
from flowapp.kernel.clock import Clock, SystemClock
from flowapp.kernel.db import Database, DatabaseBusy
from flowapp.kernel.registry import Registry
from flowapp.kernel.settings import Settings
from flowapp.messaging.delivery import Delivered, deliver_due
from flowapp.messaging.email import smtp_server
from flowapp.messaging.in_app import notify
from flowapp.messaging.post import Post
from flowapp.rota.chores import chores_of_the_rota
from flowapp.rota.exchange.background import Background
from flowapp.rota.exchange.carrying import carry_on_imports
from flowapp.rota.homes import place_of
from flowapp.rota.publishing.telling import HEARD, tell_whoever_has_it
from flowapp.workflows.kinds import Action, Trigger


@dataclass(frozen=True, kw_only=True)
class Registries:
    """Every kind of action and of trigger."""

    actions: Mapping[str, Action]
    triggers: Mapping[str, Trigger]


@cache
def registries() -> Registries:
    """Look through the folders of actions and triggers; raises BadRegistration for a file that breaks the rules."""
    return Registries(
        actions=Registry(Action, flowapp.actions),
        triggers=Registry(Trigger, flowapp.triggers),
    )


@dataclass(frozen=True, kw_only=True)
class Ticked:
    """What one tick found due."""

    started: int  # runs, by their schedules
    done: Mapping[str, int]  # by the name of the chore, how much there was to do
    mails: Future[Delivered]  # which another thread is sending


class Flow:
    """FlowApp, put together: one per process, made after fork.

    Nothing runs until `start`; `close` lets everything go again.
    """

    def __init__(
        self, settings: Settings, *, clock: Clock | None = None, actions: Mapping[str, Action] | None = None
    ) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self.database = Database(settings.database_url)
        self.actions = actions or registries().actions
        self.triggers = registries().triggers
        self.waiting = Waiting(self._have_ended)
        self.parts = EngineParts(
            database=self.database,
            clock=self.clock,
            actions=self.actions,
            triggers=self.triggers,
            surroundings=surroundings_in(settings),
            owner=uuid4().hex,
            lease_seconds=settings.lease_seconds,
            pause_after_failures=settings.pause_after_failures,
            base_url=settings.base_url,
            gauge=Gauge(settings.flood_limit, settings.web_workers),
        )
        self.chores = chores_of_the_rota(tell=notify, zone=settings.zone)
        self.worker = Worker(self.parts, self.waiting, threads=settings.workers)
        self.loop = Loop(self.worker)
        self.smtp = smtp_server(settings.smtp_url, sender=settings.mail_from) if settings.smtp_url else None
        faults.arm(settings.fault if settings.testing else None)
        self.post = Post(lambda: deliver_due(self.database, self.clock.now(), self.smtp, self.parts.owner))
        self.imports = Background(lambda stop: carry_on_imports(self.database, self.clock.now, stop))
        self._subscribe()

    def start(self) -> None:
        """Let the engine look for work."""
        self.loop.start()
        self.database.carry_on_with(Sequel(self.worker, self.loop.ring))
        # What the first person to ask for leave would wait for: a quarter of a second.
        threading.Thread(target=lambda: condition("true"), name="warm-up", daemon=True).start()

    def tick(self) -> Ticked:
        """Look at everything that may be due: schedules, the engine's steps, mails, and the chores of the rota."""
        self.loop.ring()
        mails = self.post.look()
        self.imports.look()
        if started := start_due(self.parts, self.clock.now()):
            self.loop.ring()
        done = {chore.name: chore.look(self.database, self.clock.now()) for chore in self.chores}
        return Ticked(started=started, done=done, mails=mails)

    def close(self) -> None:
        """Finish what is under way and let everything go."""
        for event_type in catalogue():
            signal_of(event_type).disconnect(self._accept)
        for heard in HEARD:
            signal_of(heard.type).disconnect(self._tell)
        committed.disconnect(self.loop.ring)
        self.database.carry_on_with(None)
        self.loop.stop()
        self.post.close()
        self.imports.close()
        self.database.dispose()

    def _have_ended(self, execution_ids: Collection[int]) -> bool:
        """Say whether executions have ended, whichever process carried them on."""
        try:
            with self.database.read() as session:
                return settled(session, execution_ids)
        except (SQLAlchemyError, DatabaseBusy):  # that nobody can tell is no failure of what they wait for
            return False

    def _subscribe(self) -> None:
        for event_type in catalogue():
            signal_of(event_type).connect(self._accept, weak=False)
        for heard in HEARD:
            signal_of(heard.type).connect(self._tell, weak=False)
        committed.connect(self.loop.ring, weak=False)

    def _accept(self, session: Session, *, recorded: Recorded) -> None:
        if session.bind is self.database.writer:  # another FlowApp in this process has signals of the same names
            accept_event(self.parts, session, recorded)

    def _tell(self, session: Session, *, recorded: Recorded) -> None:
        if session.bind is self.database.writer:
            tell_whoever_has_it(session, recorded.event, notify)


def surroundings_in(settings: Settings) -> Surroundings:
    """Answer the function that tells expressions what today and bank holidays mean in a home."""

    def surroundings(session: Session, home_id: int | None, at: datetime) -> Environment:
        place = place_of(session, home_id) if home_id is not None else None
        if place is None:
            return Environment(now=at, timezone=settings.zone, calendar=WEEKDAYS_ONLY)
        return Environment(now=at, timezone=place.zone, calendar=place.calendar)

    return surroundings
