"""One file, one kind: what a folder of kinds must be like, shown with folders made for each test."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from flowapp.kernel.registry import BadRegistration, Registry, UnknownKind

Folder = Callable[..., tuple[type[Any], ModuleType]]
FAMILY = '''
class Bird:
    """What every kind of this family is."""

    aliases = ()
'''


def a_bird(kind: str, name: str = "Kind", **lines: str) -> str:
    """Write a file that declares one kind."""
    more = "".join(f"    {key} = {value}\n" for key, value in lines.items())
    return f"from FAMILY import Bird\n\n\nclass {name}(Bird):\n    kind = {kind!r}\n{more}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Folder:
    """Answer a function that writes a package with these files and imports it, with its family."""
    monkeypatch.syspath_prepend(tmp_path)
    made = 0

    def make(**files: str) -> tuple[type[Any], ModuleType]:
        nonlocal made
        made += 1
        own = f"birds_{abs(hash(request.node.nodeid))}_{made}"
        (tmp_path / f"{own}_family.py").write_text(FAMILY)
        package = tmp_path / own
        package.mkdir()
        (package / "__init__.py").write_text("")
        for name, content in files.items():
            (package / f"{name}.py").write_text(content.replace("FAMILY", f"{own}_family"))
        importlib.invalidate_caches()
        return importlib.import_module(f"{own}_family").Bird, importlib.import_module(own)

    return make


def test_every_file_of_the_folder_is_one_kind(folder: Folder) -> None:
    family, package = folder(robin=a_bird("robin"), wren=a_bird("wren"))
    found = Registry(family, package)
    assert list(found) == ["robin", "wren"]
    assert len(found) == 2
    assert isinstance(found["wren"], family)
    assert found.find("robin") is found["robin"]


def test_files_that_begin_with_an_underscore_are_left_out(folder: Folder) -> None:
    family, package = folder(robin=a_bird("robin"), _nest="word = 'no kind at all'\n")
    assert list(Registry(family, package)) == ["robin"]


def test_a_kind_that_a_file_only_imports_is_not_its_own(folder: Folder) -> None:
    family, package = folder(robin=a_bird("robin"))
    path = Path(package.__path__[0])
    (path / "wren.py").write_text(
        f"from {package.__name__}.robin import Kind as Other\n"
        + a_bird("wren", "Wren").replace("FAMILY", f"{package.__name__}_family")
        + "\nused = Other\n"
    )
    assert list(Registry(family, package)) == ["robin", "wren"]


def test_a_file_without_a_kind_is_refused(folder: Folder) -> None:
    family, package = folder(robin="word = 'nothing here'\n")
    with pytest.raises(BadRegistration, match=r"robin must declare one Bird, not 0"):
        Registry(family, package)


def test_a_file_with_two_kinds_is_refused(folder: Folder) -> None:
    family, package = folder(robin=a_bird("robin") + a_bird("wren", "Second"))
    with pytest.raises(BadRegistration, match=r"robin must declare one Bird, not 2"):
        Registry(family, package)


def test_a_file_named_otherwise_than_its_kind_is_refused(folder: Folder) -> None:
    family, package = folder(robin=a_bird("wren"))
    with pytest.raises(BadRegistration, match=r"robin declares 'wren'; the file must have the kind's name"):
        Registry(family, package)


def test_a_class_that_forgets_its_kind_is_refused(folder: Folder) -> None:
    family, package = folder(robin="from FAMILY import Bird\n\n\nclass Robin(Bird):\n    label = 'Robin'\n")
    with pytest.raises(BadRegistration, match="robin"):
        Registry(family, package)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (a_bird("robin", aliases="('bird',)"), a_bird("wren", aliases="('bird',)")),  # two old names alike
        (a_bird("robin", aliases="('wren',)"), a_bird("wren")),  # an old name is another's name
        (a_bird("robin"), a_bird("wren", aliases="('robin',)")),  # and the other way about
    ],
)
def test_a_name_taken_twice_is_refused(folder: Folder, first: str, second: str) -> None:
    family, package = folder(robin=first, wren=second)
    with pytest.raises(BadRegistration, match="declared by both"):
        Registry(family, package)


def test_the_same_kind_in_two_folders_is_refused(folder: Folder) -> None:
    family, package = folder(robin=a_bird("robin"))
    (other := Path(package.__path__[0]) / "abroad").mkdir()
    (other / "__init__.py").write_text("")
    (other / "robin.py").write_text(a_bird("robin").replace("FAMILY", f"{package.__name__}_family"))
    abroad = importlib.import_module(f"{package.__name__}.abroad")
    home = ModuleType("home")
    home.__path__ = []
    assert list(Registry(family, abroad, home)) == ["robin"]
    with pytest.raises(BadRegistration, match="declared by both"):
        Registry(family, abroad, abroad)


def test_an_old_name_finds_the_kind_but_is_not_listed(folder: Folder) -> None:
    family, package = folder(robin=a_bird("robin", aliases="('redbreast', 'ruddock')"))
    found = Registry(family, package)
    assert found["redbreast"] is found.find("ruddock") is found["robin"]
    assert "ruddock" in found
    assert list(found) == ["robin"]


def test_a_kind_that_does_not_exist_is_named_with_its_family(folder: Folder) -> None:
    family, package = folder(robin=a_bird("robin"))
    found = Registry(family, package)
    with pytest.raises(UnknownKind, match=r"There is no bird called 'dodo'\."):
        found.find("dodo")
    with pytest.raises(KeyError):
        found["dodo"]
    assert found.get("dodo") is None


def test_an_error_inside_a_file_is_not_hidden(folder: Folder) -> None:
    family, package = folder(robin="raise RuntimeError('broken file')\n")
    with pytest.raises(RuntimeError, match="broken file"):
        Registry(family, package)
