"""Every kind of event by its type, with the schema of what it brings."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import flowapp.events as package
from flowapp.events.event import Event


@cache
def catalogue() -> Mapping[str, type[Event]]:
    """Answer every event class by its type, found by looking through this package."""
    found: dict[str, type[Event]] = {}
    for info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        for _, cls in inspect.getmembers(module, inspect.isclass):
            if issubclass(cls, Event) and cls is not Event:
                found[cls.type] = cls
    return MappingProxyType(dict(sorted(found.items())))


@cache
def context_schema(event_type: str) -> Mapping[str, Any]:
    """Answer the JSON Schema of an event's context."""
    return catalogue()[event_type].Context.model_json_schema()
