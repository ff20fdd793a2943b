"""Gives templates the drawn pieces of `templates/ui` as one global, and pages their one style sheet."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from jinja2 import Environment, TemplateNotFound

SHEET = "css/app.css"
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


def serve_assets(app: Flask) -> None:
    """Serve the style sheet in one piece, and give each static file an address that changes when it does.

    A page then asks for one sheet and not for forty, and a browser may keep what it has for good.
    Without this, `static/css/app.css` is a list of imports: pages look the same and arrive later.
    """
    folder = Path(app.static_folder or "static")
    plain: Callable[..., Any] = app.view_functions["static"]
    versions: dict[str, str] = {}

    def static(filename: str) -> Response:
        if filename != SHEET:
            answer: Response = plain(filename=filename)
            return answer
        response = Response(stylesheet(folder / SHEET), mimetype="text/css")
        response.add_etag()
        response.make_conditional(request)
        return response

    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint != "static" or not (folder / values["filename"]).is_file():
            return
        filename = values["filename"]
        if app.debug or filename not in versions:
            versions[filename] = version(folder / filename)
        values["v"] = versions[filename]

    app.view_functions["static"] = static
    app.url_defaults(add_version)


def version(file: Path) -> str:
    """Give a short name to what a static file holds; for a style sheet, with all it imports."""
    contents = stylesheet(file).encode() if file.suffix == ".css" else file.read_bytes()
    return hashlib.sha256(contents).hexdigest()[:12]
