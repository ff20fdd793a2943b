"""Static files and macros: what is referred to exists, and each macro has its css and is shown."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from jinja2 import nodes

from tests.support.house.markup import jinja, tags
from tests.support.house.source import Finding, Source

LITERAL = re.compile(r"""["'(]/static/([^"'?#)\s]+)""")
CSS_REFERENCE = re.compile(r"""(?:@import\s+(?:url\()?|url\()\s*["']?([^"'()\s?#]+)""")


def static_files(source: Source) -> Iterator[tuple[int, str]]:
    """Answer the static files a template names: by url_for, by `asset("…")`, or by their address."""
    for call in jinja.parse(source.text).find_all(nodes.Call):
        name = _static_name(call)
        if name:
            yield call.lineno, name
    for number, line in enumerate(source.text.splitlines(), 1):
        for found in LITERAL.finditer(line):
            yield number, found[1]


def _static_name(call: nodes.Call) -> str | None:
    if not isinstance(call.node, nodes.Name):
        return None
    given = [arg.value for arg in call.args if isinstance(arg, nodes.Const)]
    named = {word.key: word.value.value for word in call.kwargs if isinstance(word.value, nodes.Const)}
    if call.node.name == "url_for" and given[:1] == ["static"]:
        return str(named["filename"]) if "filename" in named else None
    if call.node.name in ("asset", "static") and given:
        return str(given[0])
    return None


def missing_static(source: Source, existing: Collection[str]) -> Iterator[Finding]:
    """Find references of a template to static files that do not exist."""
    for line, name in static_files(source):
        if name.partition("#")[0] not in existing:
            yield Finding(line, f"static/{name} does not exist.")


def missing_in_css(source: Source, existing: Collection[str]) -> Iterator[Finding]:
    """Find references of a style sheet to files that do not exist, or to other servers."""
    folder = source.path.rpartition("/")[0]
    for found in CSS_REFERENCE.finditer(source.text):
        line = source.text.count("\n", 0, found.start()) + 1
        if re.match(r"([a-z]+:)?//", found[1]):
            yield Finding(line, f"{found[1]} is on another server.")
        elif not found[1].startswith("data:") and _path(folder, found[1]) not in existing:
            yield Finding(line, f"{found[1]} does not exist.")


def _path(folder: str, reference: str) -> str:
    if reference.startswith("/"):
        return reference.removeprefix("/static/")
    parts = folder.split("/")[1:]
    for part in reference.split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def macros(source: Source) -> list[str]:
    """Answer the macros that a file of templates/ui offers."""
    found = jinja.parse(source.text).find_all(nodes.Macro)
    return [macro.name for macro in found if not macro.name.startswith("_")]


def unseen_macros(offered: Mapping[str, list[str]], styleguide: str) -> Iterator[Finding]:
    """Find macros, by the file they are in, that the style guide does not show."""
    for file, names in offered.items():
        for name in names:
            if not re.search(rf"\bui\.{re.escape(name)}\(", styleguide):
                yield Finding(1, f"ui.{name} ({file}.html) is not on the style guide: show it in every state.")


def orphaned_sheets(sheets: Collection[str], offered: Collection[str]) -> Iterator[Finding]:
    """Find style sheets under static/css/ui that are not named after a macro's file."""
    for sheet in sorted(sheets):
        if sheet.removesuffix(".css") not in offered:
            yield Finding(1, f"static/css/ui/{sheet} belongs to no macro of templates/ui.")


def unstyled_blocks(source: Source, css: str) -> Iterator[Finding]:
    """Find classes whose block (`step` of `step__words` and `step--off`) has no rule at all."""
    for line, _, attributes in tags(source):
        for name in dict(attributes).get("class", "").split():
            block = re.split(r"__|--", name)[0]
            if not re.search(rf"\.{re.escape(block)}(?!-?[a-zA-Z0-9]|_[a-zA-Z0-9])", css):
                yield Finding(line, f"class {name!r}: nothing in static/css styles {block!r}.")
