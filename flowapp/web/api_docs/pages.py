"""What the page about the API shows, read from the OpenAPI document alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import url_for

from flowapp.kernel import plain
from flowapp.web.api_docs.fields import FieldRow, field_row, field_rows, name_of, record_id
from flowapp.web.filters import plural

Document = Mapping[str, Any]
_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, kw_only=True)
class CallSection:
    """One call."""

    id: str
    title: str
    address: str  # GET /api/v1/shifts
    words: str
    scope: str  # empty where no token is needed
    parameters: tuple[FieldRow, ...]
    body: tuple[FieldRow, ...]
    body_example: str
    answers: tuple[tuple[str, str], ...]  # the status, and when it is answered
    record: str  # what is answered
    record_href: str
    answer_example: str


@dataclass(frozen=True, kw_only=True)
class NounSection:
    """The calls about one noun."""

    id: str
    title: str
    words: str
    calls: tuple[CallSection, ...]


@dataclass(frozen=True, kw_only=True)
class RecordSection:
    """One record that answers or bodies hold."""

    id: str
    name: str
    words: str
    fields: tuple[FieldRow, ...]


@dataclass(frozen=True, kw_only=True)
class ApiDocsPage:
    """Every call of the API."""

    sentence: str
    paragraphs: tuple[str, ...]
    document_url: str
    nouns: tuple[NounSection, ...]
    records: tuple[RecordSection, ...]


def api_docs_page(document: Document) -> ApiDocsPage:
    """Put the page together."""
    calls = list(_calls(document))
    return ApiDocsPage(
        sentence=f"{plural(len(calls), 'call')} for programs, each with what it takes and answers.",
        paragraphs=tuple(_plainly(document["info"]["description"]).split("\n\n")),
        document_url=url_for("openapi"),
        nouns=tuple(_noun(tag, calls) for tag in document["tags"]),
        records=tuple(_records(document["components"]["schemas"])),
    )


def _calls(document: Document) -> Iterator[tuple[str, CallSection]]:
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield item[method]["tags"][0], _call(method.upper(), path, item[method], document["components"])


def _noun(tag: Document, calls: list[tuple[str, CallSection]]) -> NounSection:
    mine = tuple(call for name, call in calls if name == tag["name"])
    return NounSection(id=_slug(tag["name"]), title=tag["name"], words=tag["description"], calls=mine)


def _call(method: str, path: str, operation: Document, components: Document) -> CallSection:
    schemas = components["schemas"]
    security = operation["security"]
    sent = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    answered = next(_good_answers(operation))
    record = name_of(answered["schema"])
    is_shown = "properties" in schemas[record]  # a list as CSV has no fields
    return CallSection(
        id=_slug(operation["operationId"]),
        title=operation["summary"],
        address=f"{method} {path}",
        words=_plainly(operation["description"]),
        scope=" ".join(security[0]["token"]) if security else "",
        parameters=tuple(_parameter(each, schemas) for each in operation["parameters"]),
        body=field_rows(schemas[name_of(sent["schema"])], schemas) if sent else (),
        body_example=_as_text(sent["example"]) if sent.get("example") else "",
        answers=tuple(_answers(operation["responses"], components["responses"])),
        record=record,
        record_href=f"#{record_id(record)}" if is_shown else "",
        answer_example=_as_text(answered["example"]),
    )


def _good_answers(operation: Document) -> Iterator[Document]:
    good = (each["content"] for each in operation["responses"].values() if "$ref" not in each)
    return (next(iter(content.values())) for content in good)  # of each kind of answer there is one


def _parameter(parameter: Document, schemas: Document) -> FieldRow:
    field = {**parameter["schema"], "description": parameter["description"]}
    return field_row(parameter["name"], field, schemas, needed=parameter["required"])


def _answers(responses: Document, known: Document) -> Iterator[tuple[str, str]]:
    for status, response in responses.items():
        found = known[response["$ref"].rpartition("/")[2]] if "$ref" in response else response
        yield f"{status} {HTTPStatus(int(status)).phrase}", _plainly(found["description"])


def _records(schemas: Document) -> Iterator[RecordSection]:
    for name, schema in schemas.items():
        if "properties" in schema:
            words, fields = _plainly(schema.get("description", "")), field_rows(schema, schemas)
            yield RecordSection(id=record_id(name), name=name, words=words, fields=fields)


def _plainly(text: str) -> str:
    """Leave out the marks that set code apart in the document."""
    return text.replace("`", "")


def _as_text(example: Any) -> str:
    """Write an example as people read it; with decimals written as numbers, as the API does."""
    return json.dumps(json.loads(plain.dump(example)), indent=2, ensure_ascii=False)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
