"""What is noticed of an installation that changes, and what is no change."""

import importlib.util
import os
import py_compile
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from readiness.isolation.installation import Installation
from readiness.isolation.seal import sealed


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the import path with the package of a plugin."""
    site = tmp_path / "site"
    package = site / "watched"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("ANSWER = 1\n", encoding="utf-8")
    (package / "module.py").write_text("ANSWER = 2\n", encoding="utf-8")
    (site / "other").mkdir()
    monkeypatch.syspath_prepend(str(site))
    return site


def watch(site: Path) -> Callable[[], list[str]]:
    """Begin to watch; what is asked for gives the changes below the folder."""
    installation = Installation(["watched"])
    return lambda: [path.removeprefix(f"{site}/") for path in installation.changes()]


def test_nothing_has_changed_where_nothing_was_written(site: Path) -> None:
    assert watch(site)() == []


def test_a_file_that_was_written_to_is_found_although_its_bytes_and_date_are_restored(site: Path) -> None:
    path = site / "watched/module.py"
    facts, text = path.stat(), path.read_bytes()
    changes = watch(site)
    path.write_bytes(b"ANSWER = 3\n")
    path.write_bytes(text)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert changes() == ["watched/module.py"]


@pytest.mark.parametrize(
    "name",
    [
        "watched/module/__init__.py",
        "watched/added.py",
        "watched/module.abi3.so",
        "watched.py",
        "later.pth",
        "sitecustomize.py",
        "usercustomize/__init__.py",
    ],
)
def test_a_file_that_was_added_is_found(site: Path, name: str) -> None:
    changes = watch(site)
    (site / name).parent.mkdir(exist_ok=True)
    (site / name).write_text("", encoding="utf-8")
    assert [path for path in changes() if name.startswith(path)]


def test_a_file_that_is_gone_is_found(site: Path) -> None:
    changes = watch(site)
    (site / "watched/module.py").unlink()
    assert changes() == ["watched/module.py"]


def test_a_package_in_the_place_of_a_dependency_is_found(site: Path) -> None:
    changes = watch(site)
    (site / "pydantic").mkdir()
    assert changes() == ["pydantic"]


def test_another_program_of_the_name_of_git_is_found(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    changes = watch(site)
    (programs / "git").write_text("#!/bin/sh\n", encoding="utf-8")
    (programs / "git").chmod(0o755)
    assert str(programs / "git") in changes()


def test_a_forged_compiled_file_is_found_and_an_honest_one_is_not(site: Path) -> None:
    changes = watch(site)
    for name in ("__init__", "module"):
        py_compile.compile(str(site / f"watched/{name}.py"), doraise=True)
    assert changes() == []
    cached = Path(importlib.util.cache_from_source(str(site / "watched/module.py")))
    forged = site / "forged.py"
    forged.write_text("ANSWER = 9\n", encoding="utf-8")
    other = Path(py_compile.compile(str(forged), doraise=True) or "").read_bytes()
    cached.write_bytes(cached.read_bytes()[:16] + other[16:])
    assert changes() == [f"watched/__pycache__/{cached.name}"]


def test_a_compiled_file_is_written_anew_where_its_source_is_newer_and_nowhere_else(site: Path) -> None:
    for name in ("__init__", "module"):
        py_compile.compile(str(site / f"watched/{name}.py"), doraise=True)
    time.sleep(0.02)
    (site / "watched/module.py").write_text("ANSWER = 22\n", encoding="utf-8")
    changes = watch(site)
    for name in ("__init__", "module"):
        py_compile.compile(str(site / f"watched/{name}.py"), doraise=True)
    assert changes() == [f"watched/__pycache__/{Path(importlib.util.cache_from_source('__init__.py')).name}"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("module.cpython-311-pytest-9.2.0.pyc", False),
        ("module.cpython-27.pyc", False),
        ("module.{tag}.pyc.139872", False),
        ("module.{tag}.pyc", True),
        ("module.{tag}.opt-1.pyc", True),
        ("module.{tag}.opt-2.pyc", True),
        ("module.py", True),
        ("module.{tag}.pyc.py", True),
    ],
)
def test_a_compiled_file_that_this_python_never_loads_is_no_change(site: Path, name: str, *, found: bool) -> None:
    changes = watch(site)
    path = site / "watched/__pycache__" / name.format(tag=sys.implementation.cache_tag)
    path.parent.mkdir()
    path.write_bytes(b"no code")
    assert bool(changes()) is found


def test_a_compiled_file_without_a_source_is_found_where_it_is_imported(site: Path) -> None:
    changes = watch(site)
    (site / "watched/module.cpython-27.pyc").write_bytes(b"no code")
    assert changes() == ["watched/module.cpython-27.pyc"]


def test_a_compiled_file_that_cannot_be_read_is_found(site: Path) -> None:
    changes = watch(site)
    cached = Path(importlib.util.cache_from_source(str(site / "watched/module.py")))
    cached.parent.mkdir()
    cached.write_bytes(b"no code")
    assert changes() == [f"watched/__pycache__/{cached.name}"]


def test_another_package_and_a_further_hard_link_are_no_change(site: Path) -> None:
    changes = watch(site)
    (site / "unrelated").mkdir()
    (site / "unrelated/__init__.py").write_text("", encoding="utf-8")
    (site / "other/link.py").hardlink_to(site / "watched/module.py")
    assert changes() == []


def test_a_changed_module_is_not_imported_any_more_and_an_unchanged_one_is(site: Path) -> None:
    (site / "watched/changed.py").write_text("ANSWER = 4\n", encoding="utf-8")
    importlib.invalidate_caches()
    (site / "other/old.py").write_text("ANSWER = 7\n", encoding="utf-8")
    time.sleep(0.02)  # the clock of a file system ticks every few milliseconds
    with sealed(Installation(["watched"])):
        (site / "watched/changed.py").write_text("ANSWER = 5\n", encoding="utf-8")
        with pytest.raises(ImportError, match=r"changed\.py was changed"):
            importlib.import_module("watched.changed")
        (site / "other/new.py").write_text("ANSWER = 6\n", encoding="utf-8")
        with pytest.raises(ImportError, match="was changed or added"):
            importlib.import_module("other.new")
        assert importlib.import_module("other.old").ANSWER == 7
        assert importlib.import_module("watched.module").ANSWER == 2
    for name in ("watched", "watched.module", "other", "other.old"):
        sys.modules.pop(name, None)


def test_a_folder_that_takes_the_place_of_another_is_not_imported(site: Path) -> None:
    (site / "prepared").mkdir()
    (site / "prepared/module.py").write_text("ANSWER = 8\n", encoding="utf-8")
    time.sleep(0.02)
    with sealed(Installation(["watched"])):
        (site / "other").rmdir()
        (site / "prepared").rename(site / "other")
        with pytest.raises(ImportError, match="was changed or added"):
            importlib.import_module("other.module")


def test_a_forged_compiled_file_is_not_imported(site: Path) -> None:
    with sealed(Installation(["watched"])):
        forged = site / "forged.py"
        forged.write_text("ANSWER = 9\n", encoding="utf-8")
        other = Path(py_compile.compile(str(forged), doraise=True) or "").read_bytes()
        cached = Path(py_compile.compile(str(site / "watched/module.py"), doraise=True) or "")
        cached.write_bytes(cached.read_bytes()[:16] + other[16:])
        assert importlib.import_module("watched.module").ANSWER == 2
    for name in ("watched", "watched.module"):
        sys.modules.pop(name, None)
