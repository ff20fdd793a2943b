"""Addresses of the application: who may ask, how paths are written, what may not answer a GET."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask

PARAMETER = re.compile(r"<(?:(?P<converter>[a-z_]+)(?:\([^)]*\))?:)?(?P<name>\w+)>")
KEBAB = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?$")
# Without a slash at the end by agreement: for machines, or fixed by a standard.
FOR_MACHINES = ("/api/", "/hooks/", "/ics/", "/static/", "/.well-known/")
# A last word that always changes something: such an address answers POST alone.
CHANGES = frozenset({"accept", "decide", "decline", "duplicate", "move", "sign-out", "toggle", "undo"})
API_CHANGES = CHANGES | frozenset(
    {"activate", "approve", "assign", "cancel", "execute", "pause", "publish", "reject", "restore", "retry"}
    | {"dry-run", "evaluate", "preview", "render", "unassign", "validate"}
)


@dataclass(frozen=True)
class Route:
    """One rule of the application's map."""

    path: str
    methods: frozenset[str]
    endpoint: str
    access: Any  # what flowapp.http.access noted on the view; None when it noted nothing

    def __str__(self) -> str:
        return f"{','.join(sorted(self.methods))} {self.path}"


def routes_of(app: Flask) -> list[Route]:
    """Read the application's map, in the order of paths."""
    found = [
        Route(
            rule.rule,
            frozenset(rule.methods or ()) - {"HEAD", "OPTIONS"},
            rule.endpoint,
            getattr(app.view_functions[rule.endpoint], "access", None),
        )
        for rule in app.url_map.iter_rules()
    ]
    return sorted(found, key=str)


def undeclared(routes: Iterable[Route]) -> Iterator[str]:
    """Find views that do not say who may ask."""
    for route in routes:
        if route.access is None:
            yield (
                f"{route} ({route.endpoint}) does not say who may ask: put @allow(…), @signed_in or @public "
                "of flowapp.http.access on the view."
            )


def untyped_parameters(routes: Iterable[Route]) -> Iterator[str]:
    """Find parameters of addresses without a type."""
    for route in routes:
        for found in PARAMETER.finditer(route.path):
            if not found["converter"]:
                yield f"{route}: <{found['name']}> has no type; write <int:{found['name']}> or <string:…>."


def misspelt_paths(routes: Iterable[Route]) -> Iterator[str]:
    """Find paths that are not kebab-case, or end otherwise than the house does."""
    routes = list(routes)
    paths = {route.path for route in routes}
    for route in routes:
        for part in route.path.strip("/").split("/"):
            if part and "<" not in part and not part.startswith(".") and not KEBAB.match(part):
                yield f"{route}: {part!r} is not kebab-case."
        yield from _endings(route, paths)


def _endings(route: Route, paths: set[str]) -> Iterator[str]:
    path = route.path
    if path.startswith(FOR_MACHINES):
        if path.startswith("/api/") and path.endswith("/"):
            yield f"{route}: addresses of the API have no slash at the end."
        return
    if path.endswith(">"):
        yield f"{route}: a page about one thing ends with a slash."
    if not path.endswith("/") and any(other.startswith(f"{path}/<") for other in paths):
        yield f"{route}: it is a collection, so it ends with a slash."


def changes_by_get(routes: Iterable[Route]) -> Iterator[str]:
    """Find addresses that change something and yet answer a GET."""
    for route in routes:
        last = route.path.rstrip("/").rpartition("/")[2]
        verbs = API_CHANGES if route.path.startswith("/api/") else CHANGES
        step_verb = "/steps/" in route.path and last in ("add", "update", "delete")
        if "GET" in route.methods and (last in verbs or step_verb):
            yield f"{route}: {last!r} changes something, so it answers POST alone."


def differences(routes: Iterable[Route], known: str) -> list[str]:
    """Compare with the list of known routes, in which # begins a remark."""
    now = {str(route) for route in routes}
    then = {line.strip() for line in known.splitlines() if line.strip() and not line.startswith("#")}
    gone = [f"gone: {route}" for route in sorted(then - now)]
    return gone + [f"new: {route}" for route in sorted(now - then)]
