"""The server dies again and again at random moments while people and programs ask, and everything is done once.

`FLOWAPP_KILLS` says how often (1,000 with each number of workers, see `tests/kill/crowds.py`), `FLOWAPP_SEED` repeats
the choices of an earlier run. They are done in pieces of 100; with `FLOWAPP_KILL_JOURNAL=<folder>` pieces that have
passed are left out the next time, and the database is kept there from piece to piece.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kill.crowds import NUMBERS
from tests.kill.journal import Journal, my_share
from tests.kill.place import Place, file_at, place_in
from tests.kill.server import reason_not_available
from tests.kill.sink import a_sink
from tests.kill.storm import Storm
from tests.support.databases import Databases

pytestmark = pytest.mark.skipif(reason_not_available() is not None, reason=str(reason_not_available()))
KILLS = int(os.environ.get("FLOWAPP_KILLS") or 1_000)
SEED = os.environ.get("FLOWAPP_SEED") or secrets.token_hex(4)
PIECE = 100
A_FEW, PIECES_OF_A_FEW = 8, 2
PIECES = [(start, min(start + PIECE, KILLS), workers) for workers in NUMBERS for start in range(0, KILLS, PIECE)]


@pytest.fixture
def place(lasting: Databases, tmp_path: Path) -> Iterator[Place]:
    """Where a storm goes over that leaves nothing behind."""
    made = place_in(tmp_path, lasting)
    yield made
    lasting.drop(made.url)


def test_a_few_kills_at_random_moments_lose_and_double_nothing(place: Place) -> None:
    for number in range(PIECES_OF_A_FEW):
        rage(place, A_FEW // PIECES_OF_A_FEW, f"{SEED}-{number}", workers=2)


@pytest.mark.long
@pytest.mark.parametrize(("first", "last", "workers"), my_share(PIECES))
def test_a_thousand_kills_at_random_moments_lose_and_double_nothing(
    first: int, last: int, workers: int, place: Place
) -> None:
    journal, case = Journal(), f"storm-{first}-{last}-with-{workers}"
    if journal.passed(case):
        pytest.skip("it has passed before")
    if journal.path and place.is_file:  # a server is gone with its tests
        folder = journal.path.parent / f"storm-with-{workers}"
        folder.mkdir(exist_ok=True, parents=True)
        place = file_at(folder / place.file.name)
    rage(place, last - first, f"{SEED}-{first}", workers=workers)
    journal.note(case)


def rage(place: Place, kills: int, seed: str, *, workers: int) -> None:
    """Let a storm go over what lies in a place."""
    print(f"FLOWAPP_SEED={SEED}: {kills} kills, {workers} workers")  # noqa: T201 so that a bad ending can be had again
    port = place.folder / "place"  # the same in each piece: what is sent again must be the same request
    with a_sink(place.folder / "came", int(port.read_text()) if port.exists() else 0) as sink:
        port.write_text(str(sink.hook_port))
        storm = Storm(place, sink, seed, workers)
        storm.rage(kills)
        assert len(storm.world.sent) > kills
