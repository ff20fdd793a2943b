"""Servers that are measured: FlowApp as `make run` starts it, and the bare endpoint beside it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event
from time import monotonic, perf_counter

from flowapp.kernel.settings import ROOT, read_settings

READY_SECONDS, STOP_SECONDS = 120.0, 30.0


class Served:
    """A server that answers, how long it took until then, and its processes."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, ready: float) -> None:
        self.process = process
        self.port = port
        self.ready = ready

    @property
    def processor_seconds(self) -> float:
        """How long its processes have used a processor, whatever else the machine did meanwhile."""
        master = self.process.pid
        workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        ticks = sum(_ticks(int(each)) for each in (master, *workers))
        return ticks / os.sysconf("SC_CLK_TCK")

    @property
    def memory(self) -> int:
        """The bytes that the server and its workers hold, what they share counted once (PSS)."""
        master = self.process.pid
        workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        return sum(_held(int(each)) for each in (master, *workers))


def _held(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _ticks(pid: int) -> int:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return int(after_name[11]) + int(after_name[12])  # in user and in system mode; see proc(5)


def flowapp_on(path: Path, *, demo: bool = False) -> Served:
    """Start FlowApp on a database as `make run` does, with the settings it ships with."""
    given = {
        "FLOWAPP_DATABASE_URL": f"sqlite:///{path}",
        "FLOWAPP_DEMO": str(int(demo)),
        "FLOWAPP_LOG_LEVEL": "WARNING",
    }
    return _started([str(ROOT / "bin" / "run")], given, ROOT)


def bare_on(database: Path, rows: Path) -> Served:
    """Start the bare endpoint with the worker and the threads FlowApp has."""
    settings = read_settings()
    options = ["--worker-class", "gthread", "--workers", "1", "--threads", str(settings.web_threads)]
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", *options, "--log-level", "warning"]
    given = {"BARE_DATABASE": str(database), "BARE_ROWS": str(rows), "PYTHONPATH": str(ROOT)}
    return _started([*command, "benchmarks.bare_flask:app()"], given, rows.parent)  # away from gunicorn.conf.py


@contextmanager
def running(*servers: Served) -> Iterator[None]:
    """Stop these servers in the end."""
    try:
        yield
    finally:
        for server in servers:
            server.process.terminate()
        for server in servers:
            server.process.wait(STOP_SECONDS)


def _started(command: Sequence[str], given: Mapping[str, str], folder: Path) -> Served:
    port, start = free_port(), perf_counter()
    bound = ["--bind", f"127.0.0.1:{port}"] if "gunicorn" in command else []
    others = {name: value for name, value in os.environ.items() if not name.startswith("FLOWAPP_")}
    process = subprocess.Popen(
        [*command, *bound], cwd=folder, env=others | given | {"PORT": str(port)}, stdout=subprocess.DEVNULL
    )
    deadline = monotonic() + READY_SECONDS
    while not _answers(port):
        if process.poll() is not None or monotonic() > deadline:
            process.kill()
            raise RuntimeError(f"{command[0]} does not answer; it says above why")
        Event().wait(0.01)
    return Served(process, port, perf_counter() - start)


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def free_port() -> int:
    """Answer a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
