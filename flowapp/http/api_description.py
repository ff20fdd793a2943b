"""The API's description of itself: made by the API, shown by the pages, which do not know each other."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, cast

from flask import Flask, current_app

KEPT_AS = "flowapp_api_description"
Description = dict[str, Any]


def describe_with(app: Flask, make: Callable[[Flask], Description]) -> None:
    """Let this function describe the application's API; it is asked once, when all addresses are known."""
    app.extensions[KEPT_AS] = cache(lambda: make(app))


def api_description() -> Description:
    """Answer the OpenAPI document of the present application."""
    return cast(Callable[[], Description], current_app.extensions[KEPT_AS])()
