"""Where somebody is sent back to after signing in: our own pages and nowhere else."""

from __future__ import annotations

import pytest

from flowapp.http.returning import safe_return

OWN = [
    "/",
    "/leave/",
    "/leave/12/",
    "/workflows/executions/?status=failed&q=a+b",
    "/workflows/executions/?q=a%20b&workflow=3",
    "/workflows/1/execute/",
    "/static/css/app.css?v=1.2",
]
HOSTILE = [
    "",
    " ",
    "leave/",  # relative: depends on where one is
    "evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "/ /evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\nSet-Cookie: a=b",
    "/leave/\r\nLocation: https://evil.example",
    "\t//evil.example",
    " //evil.example",
    "https://evil.example",
    "HTTPS://evil.example/",
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>",
    "vbscript:x",
    "mailto:a@b.c",
    "/@evil.example",
    "/leave//evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/leave/\x00",
    "/leave/\x7f",
    "/\u2028/evil.example",
    "\uff0f\uff0fevil.example",  # full-width slashes
    "/\uff0fevil.example",
    "/leave/\n",
    "/leave/<script>",
    "/leave/#//evil.example",
    "?next=https://evil.example",
    "#",
]


@pytest.mark.parametrize("address", OWN)
def test_an_address_of_our_own_is_gone_back_to(address: str) -> None:
    assert safe_return(address) == address


@pytest.mark.parametrize("address", HOSTILE, ids=[repr(each) for each in HOSTILE])
def test_an_address_that_may_lead_elsewhere_is_not(address: str) -> None:
    assert safe_return(address) is None


def test_there_are_enough_hostile_addresses_to_mean_something() -> None:
    assert len(set(HOSTILE)) >= 27
