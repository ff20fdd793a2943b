"""People read one set of words: those of docs/glossary.md."""

from __future__ import annotations

import pytest

from tests.support.house.source import ROOT, Source, breaches, sources
from tests.support.house.wording import (
    prose_of_document,
    prose_of_template,
    unsaid_in,
    unsaid_words,
)

# Written for the people of a care home; the other documents are for those who run or change FlowApp.
FOR_MANAGERS = ("docs/guide", "docs/guide.md", "docs/runs.md")


def words_not_to_say() -> dict[str, str]:
    """Read the glossary."""
    return unsaid_words((ROOT / "docs/glossary.md").read_text(encoding="utf-8"))


def test_templates_say_what_the_glossary_says() -> None:
    unsaid = words_not_to_say()
    pages = [source for source in sources(["templates"], "*.html") if "styleguide" not in source.path]
    found = breaches(pages, lambda source: unsaid_in(prose_of_template(source), unsaid))
    assert not found, "\n".join(found)


def test_the_guide_for_managers_says_what_the_glossary_says() -> None:
    unsaid = words_not_to_say()
    guides = sources([place for place in FOR_MANAGERS if (ROOT / place).exists()], "*.md")
    found = breaches(guides, lambda source: unsaid_in(prose_of_document(source), unsaid))
    assert not found, "\n".join(found)


def test_the_glossary_says_what_to_say_instead() -> None:
    unsaid = words_not_to_say()
    assert {"roster": "rota", "automation": "workflow", "log in": "sign in"}.items() <= unsaid.items()
    assert not set(unsaid) & {word.lower() for word in unsaid.values()}, "a word is both said and not said"


def test_only_tables_of_words_not_to_say_count() -> None:
    text = """
| Word | Means | Do not say |
|---|---|---|
| **Rota** | who works when | roster, Rostering |
| Home | where people live | – |

| File | What |
|---|---|
| a | b, c |
"""
    assert unsaid_words(text) == {"roster": "Rota", "rostering": "Rota"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<p>The\nrosters of this week</p>", 2),  # running text, in the plural, on its own line
        ('<input type="submit" value="Save roster">', 1),  # a button
        ('<button aria-label="Open the roster">x</button>', 1),  # what a screen reader says
        ('\n{{ ui.button("Publish the roster") }}', 2),  # a sentence given to a macro
        ('{% call ui.card("Roster") %}{% endcall %}', 1),  # a heading given to a macro
        ("<p>{% if late %}Late roster{% endif %}</p>", 1),  # depending on something
    ],
)
def test_a_word_not_to_say_is_found_where_people_see_it(text: str, line: int) -> None:
    prose = prose_of_template(Source("templates/a.html", text))
    found = list(unsaid_in(prose, {"roster": "rota"}))
    assert [finding.line for finding in found] == [line]
    assert "docs/glossary.md says 'rota'" in found[0].message


@pytest.mark.parametrize(
    "text",
    [
        "<p class='roster' id='roster'>Rota</p>",  # names in the code
        "<p>{{ roster.name }}{# the old roster #}</p>",  # values and remarks
        "<code>GET /roster</code>",  # what programs say
        "{{ url_for('roster.show') }}",  # an endpoint
        "<p>rostering</p>",  # another word
    ],
)
def test_words_of_the_code_are_nobody_elses_business(text: str) -> None:
    assert not list(unsaid_in(prose_of_template(Source("templates/a.html", text)), {"roster": "rota"}))


def test_documents_are_read_without_their_code_and_addresses() -> None:
    text = "The `roster` field, see [here](roster.md).\n\n```\nroster\n```\nThe roster.\n"
    found = list(unsaid_in(prose_of_document(Source("docs/guide.md", text)), {"roster": "rota"}))
    assert [finding.line for finding in found] == [6]
