"""What a template may not do: inline script or style, outside addresses, trusted text, nameless blocks."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from jinja2 import Environment, nodes

from tests.support.house.source import Finding, Source

JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
ADDRESSES = re.compile(r"^(src|href|action|formaction|poster|data|srcset|xlink:href|hx-(get|post|put|patch|delete).*)$")
OUTSIDE = re.compile(r"^\s*([a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
JAVASCRIPT = re.compile(r"^\s*(javascript|vbscript|data):", re.IGNORECASE)
NEEDS_EVAL = re.compile(r"^hx-on|^hx-(vals|headers|request).*")

jinja = Environment(autoescape=True, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])


def html_of(template: str) -> str:
    """Blank out what Jinja reads, so that lines stay where they are and HTML is left."""
    return JINJA.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), template)


class _Tags(HTMLParser):
    """Collects each tag with its line and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str, list[tuple[str, str]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((self.getpos()[0], tag, [(name, value or "") for name, value in attrs]))


def tags(source: Source) -> list[tuple[int, str, list[tuple[str, str]]]]:
    """Answer each tag: its line, its name, its attributes."""
    reader = _Tags()
    reader.feed(html_of(source.text))
    reader.close()
    return reader.found


def inline_code(source: Source) -> Iterator[Finding]:
    """Find script and style written into the page, which the content security policy refuses."""
    for line, tag, attributes in tags(source):
        names = [name for name, _ in attributes]
        if tag == "script" and "src" not in names:
            yield Finding(line, "inline script: put it into static/js and bind it with data-behaviour.")
        if tag == "style" or "style" in names:
            yield Finding(line, "inline style: give it a class with its rules in static/css.")
        for name in names:
            if re.match(r"on[a-z]+$", name):
                yield Finding(line, f"{name} handler: put it into static/js and bind it with data-behaviour.")


def evaluated_attributes(source: Source) -> Iterator[Finding]:
    """Find htmx attributes that need eval, which the content security policy refuses."""
    for line, _, attributes in tags(source):
        for name, value in attributes:
            script = NEEDS_EVAL.match(name) and (
                name.startswith("hx-on") or value.lstrip().startswith(("js:", "javascript:"))
            )
            if script or (name.startswith("hx-trigger") and "[" in value):
                yield Finding(line, f"{name} needs eval: write a small script in static/js instead.")


def outside_addresses(source: Source) -> Iterator[Finding]:
    """Find addresses of other servers, and addresses that are code."""
    for line, _, attributes in tags(source):
        for name, value in attributes:
            if JAVASCRIPT.match(value):
                yield Finding(line, f"{name} is code, not an address: use a button and a script in static/js.")
            elif ADDRESSES.match(name) and OUTSIDE.match(value):
                yield Finding(line, f"{name} leads to another server: keep a copy in static/vendor, or leave it out.")


def values_set_outside_blocks(source: Source) -> Iterator[Finding]:
    """Find values that are silently empty when a block is rendered alone; `_part.html` is included whole."""
    if source.path.rpartition("/")[2].startswith("_"):
        return
    for node in jinja.parse(source.text).iter_child_nodes():
        yield from _assignments(node)


def _assignments(node: nodes.Node) -> Iterator[Finding]:
    if isinstance(node, nodes.Block | nodes.Macro):
        return
    if isinstance(node, nodes.Assign | nodes.AssignBlock):
        yield Finding(node.lineno, "set outside a block is empty in fragments: set it in the page's dataclass.")
    for child in node.iter_child_nodes():
        yield from _assignments(child)


def trusted_text(source: Source) -> Iterator[Finding]:
    """Find text that is let through unescaped."""
    tree = jinja.parse(source.text)
    for found in tree.find_all(nodes.Filter):
        if found.name == "safe":
            yield Finding(found.lineno, "|safe: let a macro build the HTML, it escapes.")
    for off in tree.find_all(nodes.ScopedEvalContextModifier):
        yield Finding(off.lineno, "autoescape is changed here: leave it on, everywhere.")


def imported_macros(source: Source) -> Iterator[Finding]:
    """Find macros imported at the top, which are undefined when a block is rendered alone."""
    tree = jinja.parse(source.text)
    for node in tree.find_all((nodes.Import, nodes.FromImport)):
        yield Finding(node.lineno, "imported macros are missing in fragments: use the global `ui`.")


def nameless_endblocks(source: Source) -> Iterator[Finding]:
    """Find ends of blocks that do not say which block ends."""
    tokens = [(line, kind, value) for line, kind, value in jinja.lex(source.text) if kind != "whitespace"]
    for (line, _, value), (_, following, _) in itertools.pairwise(tokens):
        if value == "endblock" and following != "name":
            yield Finding(line, "endblock without the block's name: write {% endblock name %}.")
