"""The outside keeps what came, whoever dies: it is a process of its own that ends when nobody is left to ask it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.kill.server import ROOT
from tests.kill.sink import Sink, a_sink
from tests.kill.store import Store
from tests.kill.waiting import until

PATIENCE = 20.0
A_TEST_THAT_IS_KILLED = """
import os, signal, sys
from pathlib import Path
from tests.kill.sink import a_sink
from tests.kill.test_sink import post
with a_sink(Path(sys.argv[1])) as sink:
    post(sink, "ok")
    print(sink.process.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def post(sink: Sink, way: str) -> int:
    """Call the hook, and answer how often it was called under this key."""
    call = urllib.request.Request(f"{sink.address}/{way}", b"tea", {"webhook-id": "a key"})
    with urllib.request.urlopen(call, timeout=PATIENCE) as answer:
        return int(json.loads(answer.read())["seen"])


def test_what_came_is_there_for_the_next_one_at_the_same_place(tmp_path: Path) -> None:
    with a_sink(tmp_path / "came") as sink:
        port, seen = sink.hook_port, [post(sink, "ok"), post(sink, "ok")]
    with a_sink(tmp_path / "came", port) as sink:
        seen.append(post(sink, "ok"))
        assert sink.hook_port == port
        assert len(sink.store.all()) == 3
    assert seen == [1, 2, 3]


def test_it_ends_with_the_process_of_the_tests_and_keeps_what_came(tmp_path: Path) -> None:
    command = [sys.executable, "-c", A_TEST_THAT_IS_KILLED, str(tmp_path / "came")]
    died = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr
    until(lambda: not _lives(int(died.stdout)), within=PATIENCE, for_what="the outside to end")
    assert [each.key for each in Store(tmp_path / "came").all()] == ["a key"]


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_calls_that_hang_are_answered_when_it_is_told_to_let_go(tmp_path: Path) -> None:
    with a_sink(tmp_path / "came") as sink:
        sink.let_go()
        assert post(sink, "hang") == 1


def test_a_call_whose_caller_dies_in_the_middle_is_none(tmp_path: Path) -> None:
    with a_sink(tmp_path / "came") as sink:
        with socket.create_connection(("127.0.0.1", sink.hook_port), PATIENCE) as dying:
            dying.sendall(b"POST /ok HTTP/1.1\r\nwebhook-id: a key\r\ncontent-length: 3\r\n\r\nte")
            dying.shutdown(socket.SHUT_WR)
            assert dying.recv(1) == b""
        assert post(sink, "ok") == 1


def test_a_line_that_was_broken_off_counts_for_nothing_and_spoils_no_other(tmp_path: Path) -> None:
    store = Store(tmp_path / "came")
    store.keep("/ok", "first", b"")
    whole = os.path.getsize(store.path)
    store.keep("/ok", "second", b"")
    os.truncate(store.path, whole + 10)
    again = Store(store.path)
    assert again.keep("/ok", "second", b"") == 1
    assert [each.key for each in again.all()] == ["first", "second"]
