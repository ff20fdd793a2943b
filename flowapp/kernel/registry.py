"""A package of files, each of which declares one type; looked up by kind."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import ClassVar, Protocol, TypeVar

from flowapp.kernel.errors import FlowError


class Kind(Protocol):
    """What every type of a family declares."""

    kind: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]]


T = TypeVar("T", bound=Kind)


class BadRegistration(FlowError):
    """A file of a family does not declare its type as it should."""

    code = "bad_registration"


class UnknownKind(FlowError):
    """There is no such kind."""

    code = "unknown_kind"


class Registry(Mapping[str, T]):
    """Every type of one family by its kind; an alias finds it too.

    Built once from a package: one file, one type, the file named after the kind. Raises BadRegistration when a
    file declares none or several, when the names differ, or when a kind or alias is taken twice.
    """

    def __init__(self, family: type[T], *packages: ModuleType) -> None:
        self.family = family
        self._types: dict[str, T] = {}
        self._by_alias: dict[str, T] = {}
        for package in packages:
            for module in _modules(package):
                self._add(module)

    def _add(self, module: ModuleType) -> None:
        name = module.__name__.rpartition(".")[2]
        found = _declared(module, self.family)
        if len(found) != 1:
            raise BadRegistration(f"{module.__name__} must declare one {self.family.__name__}, not {len(found)}.")
        cls = found[0]
        if vars(cls).get("kind") != name:
            declared = vars(cls).get("kind")
            raise BadRegistration(f"{module.__name__} declares {declared!r}; the file must have the kind's name.")
        for key in (cls.kind, *cls.aliases):
            if key in self._by_alias:
                raise BadRegistration(f"{key!r} is declared by both {self._by_alias[key]!r} and {cls!r}.")
        self._types[cls.kind] = cls()
        self._by_alias.update(dict.fromkeys((cls.kind, *cls.aliases), self._types[cls.kind]))

    def __getitem__(self, kind: str) -> T:
        return self._by_alias[kind]

    def find(self, kind: str) -> T:
        """Answer the type of this kind; raises UnknownKind, which names the family."""
        try:
            return self._by_alias[kind]
        except KeyError:
            raise UnknownKind(f"There is no {self.family.__name__.lower()} called {kind!r}.") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._types)

    def __len__(self) -> int:
        return len(self._types)


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
        if not info.name.startswith("_"):
            yield importlib.import_module(f"{package.__name__}.{info.name}")


def _declared(module: ModuleType, family: type[T]) -> list[type[T]]:
    classes = [cls for _, cls in inspect.getmembers(module, inspect.isclass)]
    return [cls for cls in classes if issubclass(cls, family) and cls.__module__ == module.__name__]
