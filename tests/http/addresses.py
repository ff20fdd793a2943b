"""The addresses of the application, with a number or a word in each place that wants one."""

from __future__ import annotations

import re

from flask import Flask

PARAMETER = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?\w+>")
FIRST = {"int": "1", "path": "css/app.css"}


def addresses(app: Flask, method: str, *, api: bool = False) -> list[str]:
    """Answer every address that takes this method: those of pages, or those of the API."""
    rules = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]
    chosen = {rule.rule for rule in rules if rule.rule.startswith("/api/") is api}
    return sorted(PARAMETER.sub(lambda found: FIRST.get(found["kind"], "word"), rule) for rule in chosen)
