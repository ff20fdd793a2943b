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
from flowapp.kernel.registry import BadRegistration


@cache
def catalogue() -> Mapping[str, type[Event]]:
    """Answer every event class by its type, found by looking through this package.

    Raises BadRegistration when two have the same type.
    """
    found: dict[str, type[Event]] = {}
    for info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        for _, cls in inspect.getmembers(module, inspect.isclass):
            if not issubclass(cls, Event) or cls is Event:
                continue
            if found.setdefault(cls.type, cls) is not cls:
                raise BadRegistration(f"{cls.__name__} and {found[cls.type].__name__} are both {cls.type!r}.")
    return MappingProxyType(dict(sorted(found.items())))


@cache
def context_schema(event_type: str) -> Mapping[str, Any]:
    """Answer the JSON Schema of an event's context."""
    return catalogue()[event_type].Context.model_json_schema()
