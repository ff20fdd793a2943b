"""A client that looks at every page it fetches, so that no test can pass on a broken one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.page_faults import fragment_faults, page_faults, soup_of

TOKEN = re.compile(r'<input [^>]*\bname="csrf_token"[^>]* value="(?P<token>[^"]*)"')
# What differs from one visit to the next and is no matter of any fault: signatures and forms' own numbers.
MADE_UP = re.compile(r'(?<= value=")[\w-]{43,64}(?=")|(?<="X-CSRFToken":")[\w-]{43,64}(?=")')
_faultless: set[tuple[str, bool]] = set()  # pages, and fragments, in which nothing was found; most are fetched often


class PageFault(AssertionError):
    """A page came back that must not be shown to anybody."""


class PageClient:
    """Flask's test client, with an inspection of each page; keeps the last one as `soup`."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._html: str | None = None
        self._soup: BeautifulSoup | None = None
        self._token = ""

    @property
    def soup(self) -> BeautifulSoup:
        """The last page or fragment, for CSS selectors: `page.soup.select_one("h1")`."""
        if self._html is None:
            raise PageFault("No page has been fetched yet.")
        if self._soup is None:
            self._soup = soup_of(self._html)
        return self._soup

    @property
    def text(self) -> str:
        """The words of the last page or fragment, with single spaces."""
        return " ".join(self.soup.get_text(" ").split())

    def get(self, url: str, *, status: int = 200, **given: Any) -> TestResponse:
        """Fetch a page as a browser without JavaScript does."""
        return self._look(self.client.get(url, **given), url, status=status, fragment=False)

    def fragment(self, url: str, *, status: int = 200, **given: Any) -> TestResponse:
        """Fetch the part of a page that htmx asks for."""
        headers = {"HX-Request": "true"} | dict(given.pop("headers", {}))
        return self._look(self.client.get(url, headers=headers, **given), url, status=status, fragment=True)

    def post(
        self, url: str, data: Mapping[str, Any] | None = None, *, status: int | None = None, **given: Any
    ) -> TestResponse:
        """Send a form with the token of the last page that had one, unless `data` brings its own."""
        sent = {"csrf_token": self._token, **(data or {})} if self._token else dict(data or {})
        fragment = "HX-Request" in given.get("headers", {})
        return self._look(self.client.post(url, data=sent, **given), url, status=status, fragment=fragment)

    def _look(self, answer: TestResponse, url: str, *, status: int | None, fragment: bool) -> TestResponse:
        if status is not None and answer.status_code != status:
            raise PageFault(f"{url} answered {answer.status}, not {status}: {answer.get_data(as_text=True)[:500]}")
        if answer.mimetype == "text/html" and not 300 <= answer.status_code < 400 and answer.data:
            self._inspect(answer.get_data(as_text=True), url, fragment=fragment)
        return answer

    def _inspect(self, html: str, url: str, *, fragment: bool) -> None:
        judged = MADE_UP.sub("", html), fragment
        faults = [] if judged in _faultless else fragment_faults(html) if fragment else page_faults(html)
        if faults:
            raise PageFault(f"{url} has faults:\n- " + "\n- ".join(faults))
        _faultless.add(judged)
        self._html, self._soup = html, None
        if field := TOKEN.search(html):
            self._token = unescape(field["token"])
