"""From the POST of a leave request to the page that shows it decided, over HTTP with gunicorn as `make run` starts it.

One request at a time, 300 of them after 20 to warm up; a person's browser follows the redirect, so its time is part
of it. The reference in the same run is GET /healthz, which asks nothing of the database. p95 is to be 100 ms at most.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from statistics import quantiles
from tempfile import TemporaryDirectory
from threading import Event
from time import perf_counter

import httpx2

from benchmarks.decisions import FIRST_MONDAY, STAFF, furnish
from flowapp.accounts import sessions
from flowapp.bootstrap import Flow
from flowapp.kernel.schema import migrate
from flowapp.kernel.settings import ROOT, read_settings

PORT, WARM, MEASURED = 8765, 20, 300
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


def main() -> None:
    """Measure, and print the table."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/flowapp.sqlite3"
        cookies = furnished(url)
        with server(url), httpx2.Client(base_url=f"http://127.0.0.1:{PORT}") as client:
            decided = [seconds(lambda n=n: ask(client, cookies, n)) for n in range(WARM + MEASURED)][WARM:]
            health = [seconds(lambda: client.get("/healthz")) for _ in range(WARM + MEASURED)][WARM:]
    print(f"{MEASURED} requests, one at a time; ms")
    print(f"{'':44}{'p50':>10}{'p95':>10}{'highest':>10}")
    for words, figures in (("GET /healthz", health), ("POST leave to the decided page (p95 ≤ 100)", decided)):
        p50, p95 = quantiles(figures, n=100)[49] * 1000, quantiles(figures, n=100)[94] * 1000
        print(f"{words:44}{p50:>10.1f}{p95:>10.1f}{max(figures) * 1000:>10.1f}")
    sys.exit(0 if quantiles(decided, n=100)[94] <= 0.1 else 1)


def furnished(url: str) -> list[str]:
    """Write a home with its staff and the workflow; answer a session cookie for each person."""
    flow = Flow(read_settings(database_url=url, secret_key="bench"))
    migrate(flow.database)
    people = furnish(flow)
    now = datetime.now(UTC)
    raw = [flow.database.write(lambda session, p=person: sessions.open(session, p, now)) for person in people]
    flow.close()
    return raw


@contextmanager
def server(url: str) -> Iterator[None]:
    """Run gunicorn as `make run` does."""
    given = {"FLOWAPP_DATABASE_URL": url, "FLOWAPP_SECRET_KEY": "bench", "FLOWAPP_DEMO": "0", "PORT": str(PORT)}
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | given, stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                httpx2.get(f"http://127.0.0.1:{PORT}/healthz")
                break
            except httpx2.TransportError:
                Event().wait(0.1)
        yield
    finally:
        process.terminate()
        process.wait(20)


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


def seconds(call: Callable[[], object]) -> float:
    """Answer how long a call takes."""
    start = perf_counter()
    call()
    return perf_counter() - start


if __name__ == "__main__":
    main()
