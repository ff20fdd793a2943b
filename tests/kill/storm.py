"""Deaths at random moments under load, from a seed that is printed; the database is kept from piece to piece."""

from __future__ import annotations

import json
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from datetime import date, timedelta
from http.client import HTTPException
from pathlib import Path
from random import Random
from uuid import uuid4

from tests.kill.days import some_mondays
from tests.kill.doors import by_api, send
from tests.kill.ending import Sent
from tests.kill.evidence import Stand, evidence
from tests.kill.kinds import KINDS
from tests.kill.kinds_world import LEASE_SECONDS, KindsWorld, Prepared, prepare_kinds
from tests.kill.place import Place
from tests.kill.server import Server
from tests.kill.sink import Sink
from tests.kill.waiting import until
from tests.kill.world import CARER, keys_of

CLIENTS = 2
LOOK_EVERY = 25  # kills
QUIET_WITHIN = 120.0
LATE_SECONDS = 180.0  # a timer may be due while nobody lives for long
LEAVES = 10  # as much as one carer may take
WAYS = ("worker",) * 6 + ("leader",) * 2 + ("sleep",) * 3 + ("master", "everything", "stop", "reload")


class Storm:
    """One piece of a storm on the files in a folder; started again there, it goes on with them."""

    def __init__(self, place: Place, sink: Sink, seed: str, workers: int) -> None:
        self.folder = place.folder
        self.world = KindsWorld(_prepared(place), place, sink, workers, _asked(place.folder))
        self.carer = keys_of(self.world.database, CARER)
        self.chance = Random(seed)
        self.kills = 0
        self.leaves = some_mondays(LEAVES)
        self._calm = threading.Event()
        self.server = self._started()

    def rage(self, kills: int) -> None:
        """Kill so often, and look after every so many whether all is well; raises AssertionError when it is not."""
        try:
            while self.kills < kills:
                self._a_while(min(kills, self.kills + LOOK_EVERY))
                self._look()
        finally:
            self.server.kill()

    def _a_while(self, until_kills: int) -> None:
        self._calm.clear()
        with ThreadPoolExecutor(CLIENTS) as clients:
            asking = [clients.submit(self._ask, Random(self.chance.random())) for _ in range(CLIENTS)]
            try:
                while self.kills < until_kills:
                    threading.Event().wait(self.chance.uniform(0.05, 0.8))
                    self._strike(self.chance.choice(WAYS))
            finally:
                self._calm.set()
            for each in asking:
                each.result()

    def _strike(self, way: str) -> None:
        if way == "sleep":
            self._let_one_sleep()
        elif way == "worker":
            self.kills += _signalled(self._one(), signal.SIGKILL)
        elif way == "leader":
            self.kills += _signalled(self.server.leader() or 0, signal.SIGKILL)
        elif way == "reload":
            self.server.process.send_signal(signal.SIGHUP)
        else:
            self._replace(way)
            self.kills += 1

    def _replace(self, way: str) -> None:
        """Let the server end in a way, and start another one: beside what is left of it where only the master dies."""
        before = self.server
        if way == "master":
            before.process.send_signal(signal.SIGKILL)
            self.server = self._started()
        if way == "stop":
            assert before.stop() == 0
        before.kill_group()
        if way != "master":
            self.server = self._started()

    def _let_one_sleep(self) -> None:
        """Let a worker stand still for up to two leases, while others may take over what it was doing."""
        worker = self._one()
        if _signalled(worker, signal.SIGSTOP):
            threading.Event().wait(self.chance.uniform(0, 2 * LEASE_SECONDS))
            _signalled(worker, signal.SIGCONT)

    def _one(self) -> int:
        workers = self.server.workers()
        return self.chance.choice(workers) if workers else 0

    def _started(self) -> Server:
        server = self.world.server()
        server.wait_until_ready()
        return server

    def _ask(self, chance: Random) -> None:
        """Be a client: start workflows of every kind, and now and then ask for leave."""
        while not self._calm.is_set():
            self.world.start(self.server, *self._wish(chance))
            self.world.attend(self.server)
            if chance.random() < 0.1:
                self._ask_for_leave(chance.choice(self.leaves))  # asked for already it is refused
            self._ask_for_other_things(chance)
            self._calm.wait(chance.uniform(0.05, 0.4))

    def _ask_for_other_things(self, chance: Random) -> None:
        """Do what another sort of storm wants done, too."""

    def _wish(self, chance: Random) -> tuple[str, str]:
        """Choose a kind and a key, and note both before anybody is asked: the next piece must know of them."""
        kind, key = chance.choice(KINDS).name, uuid4().hex
        with (self.folder / "asked").open("a") as file:
            file.write(f"{kind} {key}\n")
        return kind, key

    def _ask_for_leave(self, day: date) -> None:
        with suppress(OSError, HTTPException):
            send(self.server, by_api(self.server, self.carer, day, day + timedelta(days=1)))

    def _look(self) -> None:
        """Wait until all is quiet, and see that all is well."""
        self.server.wait_until_ready()
        until(self._all_answered, within=QUIET_WITHIN, for_what="every start to be answered")
        self.world.let_leases_of_mails_end()
        until(lambda: self.world.is_quiet_with(self.server), within=QUIET_WITHIN, for_what="all to be quiet")
        wrong = self.world.broken(LATE_SECONDS)
        with evidence(self.world.database) as found:
            wrong += [f"leave from {day} is not decided" for day in self.leaves if found.stand(day) is Stand.ASKED]
        assert wrong == []

    def _all_answered(self) -> bool:
        self.world.send_again(self.server)
        answered = {each.key for each in self.world.sent if each.execution_id is not None}
        return all(each.key in answered for each in self.world.sent)


def _signalled(process: int, number: int) -> bool:
    """Send a signal, and answer whether there was somebody to hear it."""
    if not process:
        return False
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return False
    return True


def _prepared(place: Place) -> Prepared:
    """Answer the database of this storm, made at the first time."""
    kept = place.folder / "prepared"
    if not kept.exists():
        kept.write_text(json.dumps({**asdict(prepare_kinds(place)), "database": ""}))
    return Prepared(**{**json.loads(kept.read_text()), "database": place})


def _asked(folder: Path) -> list[Sent]:
    """Answer what earlier pieces asked for; who was answered what they shall be told again."""
    kept = folder / "asked"
    return [Sent(*line.split()) for line in kept.read_text().splitlines()] if kept.exists() else []
