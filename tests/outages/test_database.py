"""The database is locked by somebody else for long, or its disk is full: reading goes on, and nothing is lost."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic

import pytest

from tests.kill.doors import call
from tests.kill.evidence import evidence
from tests.kill.kinds_world import KindsWorld, Prepared
from tests.kill.place import place_in
from tests.kill.server import Server, reason_not_available
from tests.kill.sink import Sink
from tests.kill.waiting import until
from tests.outages.reading import QUICK, Reader
from tests.support.databases import Files

LOCKED_SECONDS = float(os.environ.get("FLOWAPP_LOCKED_SECONDS") or 5)  # of which a person waits fifteen
ROOM = 24 * 1024 * 1024  # bytes on the small disk


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Let another program keep the database to itself."""
    with closing(sqlite3.connect(database, timeout=20, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def test_while_another_program_keeps_the_database_pages_are_quick_and_nothing_is_lost(
    world: KindsWorld, server: Server, sink: Sink
) -> None:
    calling = world.start(server, "hang")
    assert sink.wait_for(1)
    reader = Reader(world, server)
    with ThreadPoolExecutor(4) as people:
        with locked(world.database.file):
            began = monotonic()
            waiting = [people.submit(world.start, server, "inside") for _ in range(4)]
            sink.let_go()  # a result comes that cannot be kept yet
            while monotonic() - began < LOCKED_SECONDS:
                reader.read(10)
        answers = [each.result() for each in waiting]
    print(f"p95 of {len(reader.seconds)} pages while the database is locked: {reader.p95 * 1000:.0f} ms")  # noqa: T201
    assert reader.p95 < QUICK

    if LOCKED_SECONDS < 14:
        assert all(each.execution_id is not None for each in answers)
    world.send_again(server)
    until(world.is_quiet, within=40, for_what="all that waited to be done")
    with evidence(world.database) as found:
        ended = found.rows("SELECT id, status FROM execution")
        assert {row["status"] for row in ended} == {"completed"}
        assert len(ended) == 5
        assert found.one("SELECT count(*) FROM step_attempt WHERE result IN ('lost', 'failed')") == 0
    assert calling.execution_id in {row["id"] for row in ended}
    assert len(sink.store.all()) == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with little room, which only an administrator of this machine can make."""
    if reason := reason_not_available():
        pytest.skip(reason)
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("A small disk cannot be made here; the tests in tests/engine/test_hands.py limit the file instead.")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_on_a_full_disk_pages_are_quick_changes_are_refused_in_words_and_all_goes_on_afterwards(
    prepared: Prepared, sink: Sink, small_disk: Path
) -> None:
    world = KindsWorld(prepared, place_in(small_disk, Files(small_disk), of=prepared.database), sink)
    with world.server() as server:
        calling = world.start(server, "hang")
        assert sink.wait_for(1)
        reader = Reader(world, server)
        with filled(small_disk):
            refusal = refused(world, server)
            sink.let_go()  # a result comes that cannot be kept
            reader.read(40)
        print(f"p95 of {len(reader.seconds)} pages while the disk is full: {reader.p95 * 1000:.0f} ms")  # noqa: T201
        assert reader.p95 < QUICK
        assert "disk of the server is full" in refusal["detail"]

        after = world.start(server, "inside")
        until(world.is_quiet, within=40, for_what="all that waited to be done")
        with evidence(world.database) as found:
            rows = {row["id"]: row["status"] for row in found.rows("SELECT id, status FROM execution")}
            assert found.one("SELECT count(*) FROM step_attempt WHERE result IN ('lost', 'failed')") == 0
            assert [row[0] for row in found.rows("PRAGMA integrity_check")] == ["ok"]
        assert set(rows.values()) == {"completed"}
        assert {calling.execution_id, after.execution_id} <= set(rows)
        assert len(sink.store.all()) == 1


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Leave no room on a disk for a while."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65_536, 4_096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue
    yield
    filler.unlink()


def refused(world: KindsWorld, server: Server) -> dict[str, str]:
    """Start workflows until one is refused, and answer in which words; what room the files have is used first."""
    headers = {"Authorization": f"Bearer {world.prepared.token}", "Content-Type": "application/json"}
    path = f"/api/v1/workflows/{world.prepared.workflows['inside']}/execute"
    for _ in range(2_000):
        answer, text = call(server, "POST", path, headers, json.dumps({"context": {"sink": "x"}}))
        if answer.status != 202:
            assert answer.status == 503, (answer.status, text)
            found: dict[str, str] = json.loads(text)
            return found
    raise AssertionError("the disk was never full")
