"""All fields of an action at once: every text in them is a value, at whatever depth."""

from __future__ import annotations

from collections.abc import Collection

from flowapp.expressions.environment import Environment
from flowapp.expressions.errors import ExpressionError
from flowapp.expressions.frame import Frame, Names, frame
from flowapp.expressions.limits import NESTING
from flowapp.expressions.template import value


def render(fields: object, names: Names, environment: Environment, *, secrets: Collection[str] = ()) -> object:
    """Fill in every text of nested records and lists; all of them together have one evaluation's steps.

    `secrets` names the outermost fields that may hold secrets. An error's `path` names the field it is in.
    """
    return _Fields(frame(names, environment), frozenset(secrets)).render(fields, "", 0, secret=False)


class _Fields:
    """One walk over the fields."""

    def __init__(self, frame: Frame, secrets: frozenset[str]) -> None:
        self._frame = frame
        self._secrets = secrets

    def render(self, field: object, path: str, depth: int, *, secret: bool) -> object:
        """Answer the field with its texts filled in."""
        if depth > NESTING:
            raise ExpressionError("too_deep", f"Fields are nested at most {NESTING} deep.", path=path)
        if isinstance(field, str):
            return self._filled(str(field), path, secret=secret)
        if isinstance(field, dict):
            return {
                name: self.render(
                    inner,
                    f"{path}.{name}" if path else str(name),
                    depth + 1,
                    secret=secret or (depth == 0 and name in self._secrets),
                )
                for name, inner in field.items()
            }
        if isinstance(field, list | tuple):
            return [
                self.render(inner, f"{path}[{place}]", depth + 1, secret=secret) for place, inner in enumerate(field)
            ]
        return field

    def _filled(self, text: str, path: str, *, secret: bool) -> object:
        try:
            return value(text, secrets=secret).fill(self._frame)
        except ExpressionError as error:
            error.path = path
            raise
