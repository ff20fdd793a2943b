"""The schemas of everything that calls take and answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from flowapp.api.openapi_call import Call
from flowapp.api.schemas.problems import Problem

PLACE = "#/components/schemas/{model}"
Schema = dict[str, Any]


class _Plainly(GenerateJsonSchema):
    """Pydantic's own schemas, without the titles it makes of names.

    What stands in for an absent field of an answer is left out: nobody is ever sent it.
    """

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Leave every title out."""
        return False

    def default_schema(self, schema: Any) -> Schema:
        """Leave the default of an answer out."""
        return self.generate_inner(schema["schema"]) if self.mode == "serialization" else super().default_schema(schema)


class Schemas:
    """Where the schema of each model is, and all of them together."""

    def __init__(self, calls: Iterable[Call]) -> None:
        models = sorted(
            {*_sent(calls := tuple(calls)), *_answered(calls)}, key=lambda each: (each[0].__name__, each[1])
        )
        self._places, made = models_json_schema(models, ref_template=PLACE, schema_generator=_Plainly)
        self.all: dict[str, Schema] = made["$defs"]
        for schema in self.all.values():
            schema.pop("title", None)
        self._queries = {model: self.all.pop(self._name(model)) for model in {c.query for c in calls if c.query}}

    def _name(self, model: type[BaseModel]) -> str:
        return str(self.of_sent(model)["$ref"]).rpartition("/")[2]

    def of_sent(self, model: type[BaseModel]) -> Schema:
        """Answer the place of a body's schema."""
        return self._places[(model, "validation")]

    def of_answer(self, model: type[BaseModel]) -> Schema:
        """Answer the place of an answer's schema."""
        return self._places[(model, "serialization")]

    def of_query(self, model: type[BaseModel]) -> Mapping[str, Schema]:
        """Answer the schema of each thing that an address may say after its question mark."""
        return {name: _without_null(field) for name, field in self._queries[model]["properties"].items()}


Wanted = tuple[type[BaseModel], JsonSchemaMode]


def _sent(calls: Iterable[Call]) -> Iterable[Wanted]:
    for call in calls:
        for model in (call.body, call.query):
            if model is not None:
                yield model, "validation"


def _answered(calls: Iterable[Call]) -> Iterable[Wanted]:
    yield Problem, "serialization"
    for call in calls:
        yield call.answer, "serialization"


def _without_null(field: Schema) -> Schema:
    """An address cannot say null: it leaves the question out."""
    kept = {name: part for name, part in field.items() if name != "anyOf" and (name, part) != ("default", None)}
    options = [each for each in field.get("anyOf", ()) if each != {"type": "null"}]
    if len(options) == 1:
        return {**options[0], **kept}
    return kept | ({"anyOf": options} if options else {})
