"""The real server as processes of their own, and the ways they die."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType

from tests.kill.place import Place
from tests.kill.waiting import NotYet, until

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py")
PASSWORD = "Correct-horse-battery-9"
READY_SECONDS = 150.0
STOP_SECONDS = 60.0  # gunicorn's own patience, and some
LEADS = re.compile(r"process (\d+) leads")
EXIT_CODE = 49  # of /proc/<pid>/stat, counted after the name; see proc(5)


def reason_not_available() -> str | None:
    """Say why processes cannot be watched here, or None when they can."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    return None if children.exists() else "There is no /proc with children here; these tests need Linux."


class Server:
    """One start of gunicorn on a database; a context that leaves nothing running.

    `database` is a place, a file of SQLite, or the address of a database, for which `folder` says where the rest lies.
    `fault` is what FLOWAPP_FAULT says; each worker process counts for itself. `outside` says where mails and calls go.
    """

    def __init__(
        self,
        database: Place | Path | str,
        *,
        folder: Path | None = None,
        fault: str = "",
        lease_seconds: float = 1.0,
        demo: bool = False,
        outside: Mapping[str, str] | None = None,
    ) -> None:
        if isinstance(database, Place):
            self.url, folder = database.url, folder or database.folder
        else:
            self.url = f"sqlite:///{database}" if isinstance(database, Path) else database
            folder = folder or Path(self.url.removeprefix("sqlite:///")).parent
        self.fault = fault
        self.log = folder / "server.log"
        self.port = free_port()
        self.began_at = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                COMMAND,
                cwd=ROOT,
                env=_environment(self.url, folder, self.port, fault, lease_seconds, demo) | dict(outside or {}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __enter__(self) -> Server:
        try:
            self.wait_until_ready()
        except NotYet:
            self.kill()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://127.0.0.1:{self.port}"

    def worker(self) -> int:
        """Answer the worker's process number."""
        return self.workers()[0]

    def workers(self) -> list[int]:
        """Answer the process numbers of all workers there are at this moment."""
        master = self.process.pid
        return [int(each) for each in Path(f"/proc/{master}/task/{master}/children").read_text().split()]

    def leader(self) -> int | None:
        """Answer the process number of the worker that said last that it leads, if it lives."""
        found = LEADS.findall(self._log())
        return int(found[-1]) if found and int(found[-1]) in self.workers() else None

    def times_led(self) -> int:
        """Count how often a worker has said that it leads."""
        return len(LEADS.findall(self._log()))

    def stands_at(self, point: str) -> int | None:
        """Answer the process number of the first worker that has met a fault at this point."""
        found = re.search(rf"fault \w+ at {re.escape(point)} in process (\d+)", self._log())
        return int(found[1]) if found else None

    def wait_until_ready(self) -> None:
        """Wait until a worker answers; raises NotYet with the server's own words."""
        try:
            until(self._answers, within=READY_SECONDS, for_what="the server to answer")
        except NotYet as error:
            raise NotYet(f"{error}\n{self.log.read_text()}") from None

    def hold_master(self) -> None:
        """Let the master stand still, so that it puts no new worker in a dead one's place."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def release_master(self) -> None:
        """Let the master go on; it puts a new worker in a dead one's place."""
        os.kill(self.process.pid, signal.SIGCONT)

    def said(self, words: str) -> bool:
        """Say whether this start has written something to its log."""
        return words in self._log()

    def stand_still(self) -> None:
        """Let every process of it stand still, as a machine does that is put to sleep."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let all of them go on."""
        os.killpg(self.process.pid, signal.SIGCONT)

    def kill_group(self) -> None:
        """End whatever is left of it, also where the master is dead and its workers live on."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill(self) -> None:
        """End master and workers at once, as a power cut does."""
        if self.process.returncode is None:  # else the number may be somebody else's by now
            self.kill_group()

    def stop(self) -> int:
        """Ask the server to end in good order, and answer its exit status."""
        self.process.terminate()
        return self.process.wait(STOP_SECONDS)

    def _log(self) -> str:
        with self.log.open("rb") as log:
            log.seek(self.began_at)
            return log.read().decode(errors="replace")

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            raise NotYet(f"The server ended with status {self.process.returncode}.")
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


def ended_by(pid: int) -> signal.Signals | None:
    """Answer the signal that ended a process whose parent has not looked yet, or None while it lives."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    if after_name[0] != "Z":
        return None
    return signal.Signals(int(after_name[EXIT_CODE]) & 0x7F)


def free_port() -> int:
    """Answer a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(url: str, folder: Path, port: int, fault: str, lease_seconds: float, demo: bool) -> dict[str, str]:
    ours = {
        "PORT": str(port),
        "FLOWAPP_DATABASE_URL": url,
        "FLOWAPP_INSTANCE": str(folder),
        "FLOWAPP_DEMO": str(int(demo)),
        "FLOWAPP_DEMO_PASSWORD": PASSWORD,
        "FLOWAPP_TESTING": "1",
        "FLOWAPP_FAULT": fault,
        "FLOWAPP_LEASE_SECONDS": str(lease_seconds),
    }
    if sys.dont_write_bytecode:  # compiling everything at each start takes as long as the rest of it
        ours["PYTHONPYCACHEPREFIX"] = str(folder.parent / "bytecode")
    others = {name: value for name, value in os.environ.items() if not name.startswith("FLOWAPP_")}
    others.pop("PYTHONDONTWRITEBYTECODE", None)
    return others | ours
