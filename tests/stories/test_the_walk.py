"""The walk of docs/architecture.md, walked."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from flowapp.bootstrap import Flow
from flowapp.cli.demo.workflows import AUTO_APPROVE
from tests.cast import Cast
from tests.engine.patience import until
from tests.factories import a_workflow
from tests.support.page import PageClient

ROOT = Path(__file__).resolve().parents[2]
SLOWED_DOWN_SECONDS = 30
STATION = re.compile(r"^\d+\. `(?P<file>[\w/]+\.py)` · `(?P<function>\w+)`", re.MULTILINE)


def stations() -> list[tuple[str, str]]:
    """Answer the files and functions of the walk, as the document numbers them."""
    text = (ROOT / "docs" / "architecture.md").read_text()
    return [(found["file"], found["function"]) for found in STATION.finditer(text)]


@contextmanager
def calls_noted() -> Iterator[list[tuple[str, str]]]:
    """Note every call of our own functions, in every thread that starts meanwhile."""
    noted: list[tuple[str, str]] = []
    prefix = f"{ROOT}/"

    def note(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(prefix):
            noted.append((frame.f_code.co_filename.removeprefix(prefix), frame.f_code.co_name))

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield noted
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]


def test_a_leave_request_takes_the_road_that_the_document_describes(flow: Flow, cast: Cast, as_dan: PageClient) -> None:
    a_workflow(flow, cast.maya, AUTO_APPROVE, home_id=cast.rose)
    as_dan.get("/leave/")

    with calls_noted() as noted:
        flow.start()
        assert until(lambda: ("flowapp/engine/claim.py", "due") in noted)  # its first look, which the bell cannot start
        as_dan.post("/leave/", {"type": "ANNUAL", "start_date": "2026-12-07", "end_date": "2026-12-08"}, status=303)
        assert flow.waiting.wait([1], SLOWED_DOWN_SECONDS)  # a page waits less long; noting every call takes its time
        as_dan.get("/workflows/executions/1/")

    road = iter(noted)
    for station in stations():
        assert station in road, f"{station[0]} · {station[1]} is not reached after the stations before it"


def test_the_document_names_twenty_stations_that_exist() -> None:
    assert len(stations()) == 20
    for file, function in stations():
        assert f"def {function}(" in (ROOT / file).read_text(), f"{file} has no {function}"
