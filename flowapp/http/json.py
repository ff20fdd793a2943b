"""JSON as we answer it: decimals as numbers with all their digits, moments as ISO 8601."""

from __future__ import annotations

from typing import Any

from flask.json.provider import JSONProvider

from flowapp.kernel import plain


class PlainJson(JSONProvider):
    """Flask's JSON through the project's own way of writing plain data."""

    def dumps(self, obj: Any, **_: Any) -> str:
        """Write JSON."""
        return plain.dump(obj)

    def loads(self, s: str | bytes, **_: Any) -> Any:
        """Read JSON."""
        return plain.load(s)
