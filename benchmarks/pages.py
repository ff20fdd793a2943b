"""From the POST of a leave request to the page that shows it decided, over HTTP with gunicorn as `make run` starts it.

One request at a time, 300 of them after 20 to warm up; a person's browser follows the redirect, so its time is part
of it. The reference in the same run is GET /healthz, which asks nothing of the database. p95 is to be 100 ms at most.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import httpx2

from benchmarks.decisions import FIRST_MONDAY, STAFF, furnish
from benchmarks.row import ROUNDS, Goal, Row, percentile
from benchmarks.served import flowapp_on, running
from benchmarks.table import show
from flowapp.accounts import sessions
from flowapp.bootstrap import Flow
from flowapp.kernel.schema import migrate
from flowapp.kernel.settings import read_settings

WARM, MEASURED = 20, 300
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


def rows() -> list[Row]:
    """Measure both, round by round."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "flowapp.sqlite3"
        cookies = furnished(f"sqlite:///{path}")
        server = flowapp_on(path)
        with running(server), httpx2.Client(base_url=f"http://127.0.0.1:{server.port}") as client:
            numbers = count()
            for _ in range(WARM):
                ask(client, cookies, next(numbers))
            rounds = [
                [milliseconds(call) for call in (lambda: ask(client, cookies, next(numbers)), lambda: health(client))]
                for _ in range(ROUNDS)
            ]
    decided, bare = zip(*rounds, strict=True)
    return [
        Row(
            key=f"pages.p{hundredth}",
            words=f"POST leave to the decided page, p{hundredth}",
            unit="ms",
            figures=[percentile(each, hundredth) for each in decided],
            beside="GET /healthz",
            references=[percentile(each, hundredth) for each in bare],
            goal=goal,
        )
        for hundredth, goal in ((50, None), (95, Goal(at_most=100)))
    ]


def health(client: httpx2.Client) -> None:
    """Ask what nothing is looked up for."""
    client.get("/healthz")


def milliseconds(call: Callable[[], object]) -> list[float]:
    """Answer how long a call takes, many times."""
    found = []
    for _ in range(MEASURED // ROUNDS):
        start = perf_counter()
        call()
        found.append((perf_counter() - start) * 1000)
    return found


def furnished(url: str) -> list[str]:
    """Write a home with its staff and the workflow; answer a session cookie for each person."""
    flow = Flow(read_settings(database_url=url, secret_key="bench"))
    migrate(flow.database)
    people = furnish(flow)
    now = datetime.now(UTC)
    raw = [flow.database.write(lambda session, p=person: sessions.open(session, p, now)) for person in people]
    flow.close()
    return raw


def ask(client: httpx2.Client, cookies: list[str], number: int) -> None:
    """Ask for two days as a browser does, and make sure that the page says approved."""
    cookie = {"Cookie": f"flowapp={cookies[number % STAFF]}"}
    token = TOKENS.get(number % STAFF) or CSRF.findall(client.get("/leave/", headers=cookie).text)[0]
    TOKENS[number % STAFF] = token
    monday = FIRST_MONDAY + timedelta(weeks=number // STAFF)
    form = {
        "csrf_token": token,
        "type": "ANNUAL",
        "start_date": str(monday),
        "end_date": str(monday + timedelta(days=1)),
    }
    there = client.post("/leave/", data=form, headers=cookie).headers["Location"]
    answer = client.get(there, headers=cookie)
    assert "Approved by the workflow" in answer.text, answer.text[:2000]


TOKENS: dict[int, str] = {}


if __name__ == "__main__":
    show(rows())
