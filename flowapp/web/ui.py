"""Gives templates the drawn pieces of `templates/ui` as one global, and pages their one style sheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from jinja2 import Environment, TemplateNotFound

IMPORT = re.compile(r'@import url\("(?P<file>[^"]+)"\) layer\((?P<layer>\w+)\);\n')


class Ui:
    """The macros of `templates/ui`, each loaded when it is first asked for by its name."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Answer with the macro of the file of that name.

        Raises AttributeError when there is none, which a strict environment tells with the template's line.
        """
        path = f"ui/{name}.html"
        try:
            macros = vars(self._environment.get_template(path).module)
        except TemplateNotFound as missing:
            if missing.name != path:
                raise  # a macro that reaches for a file that is not there
            raise AttributeError(f"there is no macro {name} in templates/ui") from missing
        macro: Callable[..., Any] = macros[name]
        return macro


def install(environment: Environment) -> None:
    """Make `ui` a global: `{{ ui.pill("Approved", "good") }}` in pages, in their blocks and in other macros.

    A global, because a block rendered alone does not see what its page imported.
    """
    environment.globals["ui"] = Ui(environment)


def stylesheet(source: Path) -> str:
    """Put the imports of a style sheet in place, each inside its layer."""

    def in_place(found: re.Match[str]) -> str:
        text = (source.parent / found["file"]).read_text(encoding="utf-8")
        return f"@layer {found['layer']} {{\n{text}}}\n"

    return IMPORT.sub(in_place, source.read_text(encoding="utf-8"))


def serve_stylesheet(app: Flask) -> None:
    """Answer `/static/css/app.css` with one joined sheet, so that a page asks once and not forty times.

    Without this the same address answers with the list of imports, which looks the same and takes longer.
    """
    source = Path(app.static_folder or "static") / "css" / "app.css"
    joined = stylesheet(source)

    def show() -> Response:
        response = Response(stylesheet(source) if app.debug else joined, mimetype="text/css")
        response.cache_control.no_cache = True
        response.add_etag()
        response.make_conditional(request)
        return response

    app.add_url_rule("/static/css/app.css", "stylesheet", show)
