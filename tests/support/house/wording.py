"""The words people read: taken out of templates and documents, held against the glossary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from jinja2 import nodes

from tests.support.house.markup import html_of, jinja
from tests.support.house.source import Finding, Source

READ_OUT = frozenset({"alt", "aria-label", "label", "placeholder", "title"})
NOT_PROSE = frozenset({"code", "kbd", "pre", "script", "style"})
CODE_IN_PROSE = re.compile(r"```.*?```|`[^`\n]*`|\]\([^)]*\)|<[^>]+>", re.DOTALL)


def unsaid_words(glossary: str) -> dict[str, str]:
    """Read the glossary's tables: answer each word not to say, with the word to say instead.

    A table counts when its header's last column is "Do not say"; a dash there means none.
    """
    unsaid: dict[str, str] = {}
    counts = False
    for line in glossary.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            counts = False
        elif cells[-1] == "Do not say":
            counts = True
        elif counts and not set(cells[-1]) <= set("-: –"):
            for word in cells[-1].split(","):
                unsaid[word.strip().lower()] = re.split(r"[,(]", cells[0].replace("*", ""))[0].strip()
    return unsaid


class _Prose(HTMLParser):
    """Collects what a person sees or hears, by line."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in NOT_PROSE:
            self._inside.append(tag)
        is_button = tag == "input" and dict(attrs).get("type") in ("submit", "button", "reset")
        for name, value in attrs:
            if value and (name in READ_OUT or (is_button and name == "value")):
                self.found.append((self.getpos()[0], value))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            self._inside.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.found.append((self.getpos()[0], data))


def prose_of_template(source: Source) -> list[tuple[int, str]]:
    """Answer the visible words of a template with their lines, the sentences given to macros among them."""
    reader = _Prose()
    reader.feed(html_of(source.text))
    reader.close()
    for output in jinja.parse(source.text).find_all((nodes.Output, nodes.CallBlock)):
        for const in output.find_all(nodes.Const):
            if isinstance(const.value, str) and re.match(r"[A-Z]|\S+ \S", const.value.strip()):
                reader.found.append((const.lineno, const.value))
    return reader.found


def prose_of_document(source: Source) -> list[tuple[int, str]]:
    """Answer the words of a Markdown document with their lines; code and addresses are not words."""
    text = CODE_IN_PROSE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), source.text)
    return list(enumerate(text.splitlines(), 1))


def unsaid_in(prose: Iterable[tuple[int, str]], unsaid: dict[str, str]) -> Iterator[Finding]:
    """Find words that the glossary says not to use."""
    if not unsaid:
        return
    either = "|".join(re.escape(word) for word in sorted(unsaid, key=len, reverse=True))
    pattern = re.compile(rf"\b({either})(s|es)?\b", re.IGNORECASE)
    for line, text in prose:
        for offset, part in enumerate(text.split("\n")):
            for found in pattern.finditer(part):
                instead = unsaid[found[1].lower()]
                yield Finding(line + offset, f"{found[0]!r}: docs/glossary.md says {instead!r}.")
