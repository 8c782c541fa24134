"""`docs/architecture.md` is true: the tree, the path of one run, the dependency rule."""

import importlib
import importlib.util
import inspect
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

import pytest

from readiness.cli import main
from readiness.cli.preparation import rehearse
from support.console import ROOT

PAGE = ROOT / "docs" / "architecture.md"
CHECKLIST = """\
version: 1
project: example
sections: [{title: Docs, items: [{id: notes, title: Notes, check: document, with: {paths: [notes.md]}}]}]
"""


@pytest.fixture(scope="module")
def structure() -> ModuleType:
    """`docs/structure.py`, which no package holds."""
    spec = importlib.util.spec_from_file_location("structure", ROOT / "docs" / "structure.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["structure"] = module  # dataclasses look for their module there
    spec.loader.exec_module(module)
    return module


def block(name: str) -> str:
    """A generated block of the page."""
    return PAGE.read_text(encoding="utf-8").partition(f"<!-- generated: {name} -->\n")[2].partition("<!-- end -->")[0]


def folders() -> Iterator[tuple[str, str]]:
    """Each folder of the tree, from the root of the repository, with what the page says about it."""
    above: list[str] = []
    for line in block("tree").splitlines()[1:-1]:
        indent, folder, text = re.fullmatch(r"( *)(\S+)/ +(.+)", line).groups()  # type: ignore[union-attr]  # or fail
        above[len(indent) // 2 :] = [folder]
        yield "/".join(above), text


def test_the_tree_has_a_line_for_every_package_and_no_other() -> None:
    homes = ("readiness", "checks/readiness_checks", "reports/readiness_reports")
    found = {file.parent.relative_to(ROOT).as_posix() for home in homes for file in (ROOT / home).rglob("__init__.py")}
    assert len(found) > 20
    assert {folder for folder, _text in folders()} == found


def test_a_line_of_the_tree_is_the_first_line_of_the_docstring() -> None:
    for folder, text in folders():
        assert (ROOT / folder / "__init__.py").read_text(encoding="utf-8").startswith(f'"""{text}.'), folder


def test_nothing_is_imported_from_a_higher_level(structure: ModuleType) -> None:
    levels = structure.levels(structure.arrows())
    assert len(levels) > 30
    assert (levels["readiness.text"], levels["readiness.outcome"]) == (1, 2)
    upward = [
        f"{where}: {importer} imports {imported}"
        for where, importer, imported in structure.imports()
        if not {importer, imported} & structure.ENTRIES
        and structure.room(importer) != structure.room(imported)
        and levels[structure.room(importer)] <= levels[structure.room(imported)]
    ]
    assert upward == []


def test_a_circle_of_imports_is_named(structure: ModuleType) -> None:
    assert structure.levels({"a": {"b"}, "b": set()}) == {"b": 1, "a": 2}
    with pytest.raises(ValueError, match="a imports b imports a"):
        structure.levels({"a": {"b"}, "b": {"a"}})


def stations() -> list[tuple[str, str]]:
    """Module and function of each station, in the order of the page."""
    table = PAGE.read_text(encoding="utf-8").partition("## The path of one run\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| [a-z]+ \| \[`([\w.]+)`\]\([^)]+\) `([\w.]+)` \|", table, re.MULTILINE)


def code(module: str, function: str) -> CodeType:
    """The code of a function, of a method, or behind a command."""
    found: Any = importlib.import_module(module)
    for name in function.split("."):
        found = getattr(found, name)
    found = inspect.unwrap(getattr(found, "callback", found))
    assert isinstance(found.__code__, CodeType)
    return found.__code__


def rehearsed(frame: FrameType) -> bool:
    """Whether it is called by the rehearsal, in which reports of nothing are rendered."""
    above = frame.f_back
    while above is not None and above.f_code is not rehearse.__code__:
        above = above.f_back
    return above is not None


@contextmanager
def called(wanted: dict[CodeType, str]) -> Iterator[list[str]]:
    """Names of the wanted functions, each when it is first called, in any thread."""
    seen: list[str] = []

    def profile(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code in wanted and wanted[frame.f_code] not in seen and not rehearsed(frame):
            seen.append(wanted[frame.f_code])

    threading.setprofile(profile)
    sys.setprofile(profile)
    try:
        yield seen
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def test_a_run_goes_through_the_stations_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "readiness.yaml").write_text(CHECKLIST, encoding="utf-8")
    (tmp_path / "notes.md").write_text("# Notes\n\nWritten.\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    names = [f"{module}.{function}" for module, function in stations()]
    assert len(names) > 8
    wanted = {code(module, function): f"{module}.{function}" for module, function in stations()}
    with called(wanted) as seen, pytest.raises(SystemExit) as left:
        main(["check", "-q", "-o", "run.json"])
    assert left.value.code == 0
    assert seen == names
