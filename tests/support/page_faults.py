"""What can be wrong with any page; each function answers sentences, none when all is well."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import html5lib
from bs4 import BeautifulSoup, Tag
from bs4.builder._html5lib import HTML5TreeBuilder

ADDRESSES = ("src", "href", "action", "formaction", "poster", "srcset")
LOCAL = re.compile(r"^https?://(localhost|127\.0\.0\.1)(:\d+)?(/|$)")
RELATIVE_TARGETS = (
    "this",
    "closest ",
    "find ",
    "next",
    "previous",
    "body",
    "document",
    "window",
    "inherit",
    "unset",
)
NEEDS_NO_LABEL = ("hidden", "submit", "button", "reset", "image")
Complaint = tuple[tuple[int, int], str, dict[str, object]]  # where, its code, what its sentence needs
INSIDE = {"tr": "tbody", "td": "tr", "th": "tr", "tbody": "table", "thead": "table", "option": "select"}


class Reader(HTML5TreeBuilder):
    """Reads HTML as browsers do, and keeps what a strict parser complains of: reading takes 10 ms a page."""

    complaints: Sequence[Complaint] = ()

    def feed(self, markup: str | bytes) -> None:
        """Read a page."""
        parser = html5lib.HTMLParser(tree=self.create_treebuilder)
        parser.parse(markup)
        self.complaints = parser.errors


def soup_of(html: str) -> BeautifulSoup:
    """Read HTML as browsers do."""
    return BeautifulSoup(html, builder=Reader())


def page_faults(html: str) -> list[str]:
    """Judge a whole page."""
    reader = Reader()
    soup = BeautifulSoup(html, builder=reader)
    return [
        *_misreadings(html, reader.complaints),
        *heading_faults(soup),
        *language_faults(soup),
        *missing_targets(soup),
        *_common(soup),
    ]


def fragment_faults(html: str) -> list[str]:
    """Judge a part of a page that htmx asked for; its targets may be elsewhere in the page."""
    parser = html5lib.HTMLParser()
    first = re.match(r"\s*<([a-z]+)", html)
    parser.parseFragment(html, container=INSIDE.get(first[1], "div") if first else "div")
    return [*_misreadings(html, parser.errors), *_common(soup_of(html))]


def _common(soup: BeautifulSoup) -> Iterator[str]:
    yield from repeated_ids(soup)
    yield from unlabelled(soup)
    yield from bad_forms(soup)
    yield from inline_code(soup)
    yield from outside_addresses(soup)


def _misreadings(html: str, complaints: Sequence[Complaint]) -> list[str]:
    return [_misreading(html, line, code, data) for (line, _), code, data in complaints]


def _misreading(html: str, line: int, code: str, data: dict[str, object]) -> str:
    message = html5lib.constants.E.get(code, code) % data
    lines = html.splitlines()
    shown = lines[min(line, len(lines)) - 1].strip()[:80] if lines else ""
    return f"HTML, line {line}: {message} {shown!r}"


def heading_faults(soup: BeautifulSoup) -> Iterator[str]:
    """Find a page without exactly one h1, or whose title does not begin with its words."""
    headings = [_words(heading) for heading in soup.find_all("h1")]
    if len(headings) != 1:
        yield f"there is exactly one h1 on a page, not {len(headings)}: {headings}"
        return
    title = _words(soup.title) if soup.title else ""
    if not title.startswith((headings[0], f"Error: {headings[0]}")) or not headings[0]:
        yield f"the title {title!r} must begin with the h1 {headings[0]!r} (after 'Error: ' if there is one)"


def language_faults(soup: BeautifulSoup) -> Iterator[str]:
    """Find a page that does not say that it is in British English."""
    language = soup.html.get("lang") if soup.html else None
    if language != "en-GB":
        yield f"<html lang> is {language!r}; it must be 'en-GB'"


def repeated_ids(soup: BeautifulSoup) -> Iterator[str]:
    """Find ids used more than once."""
    for name, times in Counter(str(tag["id"]) for tag in soup.find_all(id=True)).items():
        if times > 1:
            yield f"id {name!r} is used {times} times"


_NAME = re.compile(r"\S")


def unlabelled(soup: BeautifulSoup) -> Iterator[str]:
    """Find fields without a label, and buttons and links without words."""
    for field in soup.find_all(["input", "select", "textarea"]):
        if field.get("type") not in NEEDS_NO_LABEL and not _is_labelled(field, soup):
            yield f"no label: {_shown(field)}"
    for pressed in soup.find_all(["button", "a"]):
        named = pressed.find("img", alt=_NAME) or pressed.find("svg", attrs={"aria-label": _NAME})
        if not (_words(pressed) or _is_named(pressed, soup) or named):
            yield f"no words: {_shown(pressed)}"


def _is_labelled(field: Tag, soup: BeautifulSoup) -> bool:
    if _is_named(field, soup) or field.find_parent("label"):
        return True
    name = field.get("id")
    label = soup.find("label", attrs={"for": name}) if name else None
    return label is not None and bool(_words(label))


def _is_named(tag: Tag, soup: BeautifulSoup) -> bool:
    if str(tag.get("aria-label", "")).strip():
        return True
    names = str(tag.get("aria-labelledby", "")).split()
    return bool(names) and all(soup.find(id=name) for name in names)


def bad_forms(soup: BeautifulSoup) -> Iterator[str]:
    """Find forms that do not say where they go or how, and posted ones without the token against forgery."""
    for form in soup.find_all("form"):
        method = str(form.get("method", "")).lower()
        if method not in ("get", "post", "dialog"):
            yield f"no method: {_shown(form)}"
        if method != "dialog" and not str(form.get("action", "")).strip():
            yield f"no action: {_shown(form)}"
        if method == "post" and not form.find("input", attrs={"name": "csrf_token"}):
            yield f"no csrf_token: {_shown(form)}"


def missing_targets(soup: BeautifulSoup) -> Iterator[str]:
    """Find htmx targets that are not on the page."""
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            target = str(value).strip()
            is_selector = name.startswith("hx-target") and not target.startswith(RELATIVE_TARGETS)
            if is_selector and not soup.select(target):
                yield f"{name} {target!r} is not on the page: {_shown(tag)}"


def inline_code(soup: BeautifulSoup) -> Iterator[str]:
    """Find script and style in the page, which the content security policy refuses."""
    for tag in soup.find_all(True):
        handlers = [name for name in tag.attrs if re.match(r"on[a-z]+$|hx-on", name)]
        if tag.name == "style" or "style" in tag.attrs or (tag.name == "script" and "src" not in tag.attrs):
            yield f"inline script or style: {_shown(tag)}"
        if handlers:
            yield f"inline handler {handlers[0]}: {_shown(tag)}"


def outside_addresses(soup: BeautifulSoup) -> Iterator[str]:
    """Find addresses of other servers, and addresses that are code."""
    for tag in soup.find_all(True):
        for name in ADDRESSES:
            value = str(tag.get(name, "")).strip()
            outside = re.match(r"(https?:)?//", value, re.IGNORECASE) and not LOCAL.match(value)
            if outside or re.match(r"(javascript|vbscript|data):", value, re.IGNORECASE):
                yield f"{name} leads outside: {_shown(tag)}"


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ", strip=True).split())


def _shown(tag: Tag) -> str:
    return str(tag).partition(">")[0][:120] + ">"
