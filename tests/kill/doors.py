"""The two doors through which leave is asked for: the JSON API and the form on the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlencode
from uuid import uuid4

from bs4 import BeautifulSoup

from tests.kill.server import Server

PATIENCE = 20.0


@dataclass(frozen=True, kw_only=True)
class Keys:
    """What somebody lets themselves in with, as a program and as a browser."""

    token: str
    cookie: str


@dataclass(frozen=True, kw_only=True)
class Asking:
    """A request for leave, ready to be sent; sent again it is the same request."""

    start: date
    end: date
    path: str
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back; nothing at all when the server died first."""

    status: int | None = None
    leave_id: int | None = None

    @property
    def acknowledged(self) -> bool:
        """Whether whoever asked was told that the request is there."""
        return self.leave_id is not None


Door = Callable[[Server, Keys, date, date], Asking]


def by_api(server: Server, keys: Keys, start: date, end: date) -> Asking:
    """Make the request of a program, with a key of its own."""
    return Asking(
        start=start,
        end=end,
        path="/api/v1/leave-requests",
        headers={
            "Authorization": f"Bearer {keys.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid4().hex,
        },
        body=json.dumps({"type": "ANNUAL", "start_date": start.isoformat(), "end_date": end.isoformat()}),
    )


def by_page(server: Server, keys: Keys, start: date, end: date) -> Asking:
    """Fetch the form and fill it in, as a browser does."""
    cookie = {"Cookie": f"flowapp={keys.cookie}"}
    answer, html = call(server, "GET", "/leave/", cookie)
    assert answer.status == 200, html
    form = BeautifulSoup(html, "html.parser").select_one('form:has([name="start_date"])')
    assert form is not None
    fields = {str(tag["name"]): str(tag.get("value", "")) for tag in form.select('input[type="hidden"]')}
    fields |= {"type": "ANNUAL", "start_date": start.isoformat(), "end_date": end.isoformat()}
    fields |= {"start_part": "all", "end_part": "all", "reason": ""}
    return Asking(
        start=start,
        end=end,
        path=str(form["action"]),
        headers=cookie | {"Content-Type": "application/x-www-form-urlencoded"},
        body=urlencode(fields),
    )


DOORS: Mapping[str, Door] = {"api": by_api, "page": by_page}


def send(server: Server, asking: Asking) -> Answer:
    """Send a request, and answer what came of it as far as whoever sent it can know."""
    try:
        answer, text = call(server, "POST", asking.path, asking.headers, asking.body)
    except (OSError, HTTPException):
        return Answer()
    if answer.status == 201:
        return Answer(status=201, leave_id=int(json.loads(text)["id"]))
    found = re.fullmatch(r"/leave/(\d+)/", answer.getheader("Location", ""))
    return Answer(status=answer.status, leave_id=int(found[1]) if answer.status == 303 and found else None)


def call(
    server: Server, method: str, path: str, headers: Mapping[str, str], body: str | None = None
) -> tuple[HTTPResponse, str]:
    """Ask the server something, and answer its answer with the text; raises OSError when it dies meanwhile."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        return answer, answer.read().decode()
    finally:
        connection.close()
