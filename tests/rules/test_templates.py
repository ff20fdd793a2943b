"""Rules for all templates, macros and style sheets."""

from __future__ import annotations

import pytest

from tests.support.house import assets, markup
from tests.support.house.source import ROOT, Rule, Source, breaches, sources

UI = "templates/ui/"
RULES = (
    markup.inline_code,
    markup.evaluated_attributes,
    markup.outside_addresses,
    markup.values_set_outside_blocks,
    markup.trusted_text,
    markup.nameless_endblocks,
)


def templates() -> list[Source]:
    """Read every template."""
    return sources(["templates"], "*.html")


def static_names() -> set[str]:
    """Name every static file, from the folder `static` on."""
    folder = ROOT / "static"
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_templates_keep_to(rule: Rule) -> None:
    found = templates()
    assert found, "no templates were found: the folder has moved"
    assert not (broken := breaches(found, rule)), "\n".join(broken)


def test_pages_reach_macros_through_the_global_ui() -> None:
    pages = [source for source in templates() if not source.path.startswith(UI)]
    assert not (broken := breaches(pages, markup.imported_macros)), "\n".join(broken)


def test_every_static_file_that_is_named_exists() -> None:
    existing = static_names()
    broken = breaches(templates(), lambda source: assets.missing_static(source, existing))
    broken += breaches(sources(["static"], "*.css"), lambda source: assets.missing_in_css(source, existing))
    assert not broken, "\n".join(broken)


def offered_macros() -> dict[str, list[str]]:
    """Name the macros of each file of templates/ui."""
    return {
        source.path.removeprefix(UI).removesuffix(".html"): assets.macros(source)
        for source in templates()
        if source.path.startswith(UI)
    }


def test_every_macro_is_on_the_style_guide() -> None:
    styleguide = "".join(source.text for source in templates() if source.path.startswith("templates/styleguide"))
    found = [finding.message for finding in assets.unseen_macros(offered_macros(), styleguide)]
    assert not found, "\n".join(found)


def test_every_macro_is_styled_and_every_style_has_its_macro() -> None:
    css = "".join(source.text for source in sources(["static/css"], "*.css"))
    macros = [source for source in templates() if source.path.startswith(UI)]
    found = breaches(macros, lambda source: assets.unstyled_blocks(source, css))
    sheets = {path.name for path in (ROOT / "static/css/ui").glob("*.css")}
    found += [finding.message for finding in assets.orphaned_sheets(sheets, offered_macros())]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (markup.inline_code, "<script>go()</script>"),
        (markup.inline_code, '<script type="application/json">{}</script>'),
        (markup.inline_code, "<style>p { color: red }</style>"),
        (markup.inline_code, '<p {% if late %}style="color: red"{% endif %}>Late</p>'),
        (markup.inline_code, "<button onclick='go()'>Go</button>"),
        (markup.evaluated_attributes, '<p hx-on:click="go()"></p>'),
        (markup.evaluated_attributes, """<p hx-vals='js:{"a": b()}'></p>"""),
        (markup.evaluated_attributes, '<p hx-trigger="every 2s [!document.hidden]"></p>'),
        (markup.outside_addresses, '<script src="https://cdn.example.org/htmx.js"></script>'),
        (markup.outside_addresses, '<img src="//example.org/a.png" alt="A">'),
        (markup.outside_addresses, '<a href="JavaScript:go()">Go</a>'),
        (markup.outside_addresses, '<p hx-get="https://example.org/"></p>'),
        (
            markup.values_set_outside_blocks,
            "{% extends 'base.html' %}{% set a = 1 %}{% block b %}{% endblock b %}",
        ),
        (markup.values_set_outside_blocks, "{% if x %}{% set a %}text{% endset %}{% endif %}"),
        (markup.trusted_text, "<p>{{ note | safe }}</p>"),
        (markup.trusted_text, "{% autoescape false %}{{ note }}{% endautoescape %}"),
        (markup.imported_macros, "{% from 'ui/pill.html' import pill %}"),
        (markup.imported_macros, "{% import 'ui/pill.html' as pills %}"),
        (markup.nameless_endblocks, "{% block main %}{% endblock %}"),
        (markup.nameless_endblocks, "{%- block main -%}{%- endblock -%}"),
    ],
)
def test_a_breach_is_found_on_its_line(rule: Rule, text: str) -> None:
    assert [finding.line for finding in rule(Source("templates/a.html", f"<p>\n</p>\n{text}"))] == [3]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        # a file of ours, and attributes that only sound like a handler and a style
        (
            markup.inline_code,
            '<script src="{{ asset("js/a.js") }}"></script><p data-onclick="1" data-style="x"></p>',
        ),
        # htmx without eval, also as htmx 4 writes inheritance
        (markup.evaluated_attributes, """<p hx-trigger="every 2s" hx-headers:inherited='{"X": "y"}'></p>"""),
        # a path of ours, a mail address, the name space of a drawing
        (markup.outside_addresses, '<a href="/leave/">A</a><a href="mailto:hr@example.org">B</a>'),
        (markup.outside_addresses, '<svg xmlns="http://www.w3.org/2000/svg"><use href="#a"/></svg>'),
        # in a block and in a macro
        (
            markup.values_set_outside_blocks,
            "{% block a %}{% if x %}{% set a = 1 %}{% endif %}{% endblock a %}",
        ),
        (markup.values_set_outside_blocks, "{% macro pill(x) %}{% set a = x %}{{ a }}{% endmacro %}"),
        (markup.trusted_text, "<p>{{ note | upper }}</p>{% autoescape true %}{% endautoescape %}"),
        (markup.nameless_endblocks, "{% block main %}{% endblock main %}"),
    ],
)
def test_what_is_right_is_let_be(rule: Rule, text: str) -> None:
    source = Source("templates/a.html", text)
    found = [finding for finding in rule(source) if "autoescape" not in finding.message]
    assert not found


def test_a_part_that_pages_include_whole_may_set_values() -> None:
    text = "{% set a = 1 %}<p>{{ a }}</p>"
    assert list(markup.values_set_outside_blocks(Source("templates/leave/list.html", text)))
    assert not list(markup.values_set_outside_blocks(Source("templates/leave/_row.html", text)))


@pytest.mark.parametrize(
    "text",
    [
        "{{ url_for('static', filename='js/gone.js') }}",
        "{{ asset('js/gone.js') }}",
        "<script src='/static/js/gone.js?v=2'></script>",
        "{{ asset('js/gone.js#part') }}",
    ],
)
def test_a_static_file_that_does_not_exist_is_found(text: str) -> None:
    source = Source("templates/a.html", text)
    assert [finding.message for finding in assets.missing_static(source, {"js/here.js"})] != []
    assert not list(assets.missing_static(source, {"js/gone.js"}))


def test_css_is_followed_relative_to_its_folder() -> None:
    source = Source("static/css/ui/pill.css", '@import "../tokens.css"; a { background: url("/static/img/a.svg#b") }')
    assert not list(assets.missing_in_css(source, {"css/tokens.css", "img/a.svg"}))
    assert len(list(assets.missing_in_css(source, {"tokens.css"}))) == 2
    outside = Source("static/css/a.css", "@import url(https://example.org/font.css);")
    assert [finding.message for finding in assets.missing_in_css(outside, ())] != []


def test_a_macro_out_of_sight_is_found() -> None:
    offered = {"pill": ["pill"], "table": ["table", "row"]}
    found = assets.unseen_macros(offered, "{{ ui.pill('x') }} {% call ui.row() %} ui.tables(")
    assert [finding.message.split()[0] for finding in found] == ["ui.table"]


def test_a_style_without_a_macro_is_found() -> None:
    found = assets.orphaned_sheets({"pill.css", "old.css"}, {"pill"})
    assert [finding.message.split()[0] for finding in found] == ["static/css/ui/old.css"]


@pytest.mark.parametrize(
    ("classes", "unstyled"),
    [
        ("pill pill__glyph", []),
        ("pill--{{ tone }}", []),  # completed by Jinja
        ("card", []),  # only a part of it has a rule
        ("pil", ["'pil'"]),  # the beginning of another name is not that name
        ("pill {% if wide %}row--{{ tone }}{% endif %}", ["'row'"]),
    ],
)
def test_a_class_that_nothing_styles_is_found(classes: str, unstyled: list[str]) -> None:
    source = Source("templates/ui/pill.html", f'<p class="{classes}">x</p>')
    found = assets.unstyled_blocks(source, ".pill { color: red } .pill-box { top: 0 } .card__title { top: 0 }")
    assert [finding.message.split()[-1].rstrip(".") for finding in found] == unstyled


def test_private_macros_are_nobody_elses_business() -> None:
    assert assets.macros(Source("a", "{% macro _row() %}{% endmacro %}{% macro table() %}{% endmacro %}")) == ["table"]
