import os
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import EntryPoints, PathDistribution, entry_points
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from readiness import plugins
from readiness.check import Check, Context, Doubt
from readiness.outcome import Outcome, Status
from readiness.report import Plugin


class Inner(BaseModel):
    model_config = {"extra": "forbid"}
    depth: int


class Example(Check):
    """Something is true.

    More about it.

    Why: Because it
    matters.

    How: First this.

    Then that.

    Remedy: Do it.
    """

    count: int
    """How many."""
    mode: Literal["fast", "slow"] = "fast"
    inner: Sequence[Inner] = ()

    def run(self, context: Context) -> Outcome:
        return Outcome(status=Status.PASSED, summary=context.item.title, examined=self.count)


class Bare(Check):
    """One line."""

    def run(self, context: Context) -> Outcome:
        raise NotImplementedError


def install(folder: Path, name: str, version: str, points: str) -> None:
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "entry_points.txt").write_text(points)


def test_describes_a_check_by_its_docstrings() -> None:
    found = plugins.describe(Example)
    assert (found.summary, found.why) == ("Something is true.", "Because it matters.")
    assert (found.how, found.remedy) == ("First this.\n\nThen that.", "Do it.")
    assert found.parameters["properties"]["count"]["description"] == "How many."
    assert plugins.describe(Bare).summary == "One line."


@pytest.mark.parametrize(
    ("params", "location", "kind", "choices"),
    [
        ({}, ("count",), "missing", ()),
        ({"count": "5"}, ("count",), "int_type", ()),
        ({"count": True}, ("count",), "int_type", ()),
        ({"count": 5, "mode": "fats"}, ("mode",), "literal_error", ("fast", "slow")),
        ({"count": 5, "cuont": 5}, ("cuont",), "extra_forbidden", ("count", "inner", "mode")),
        ({"count": 5, "inner": [{"depth": 1, "deep": 1}]}, ("inner", 0, "deep"), "extra_forbidden", ("depth",)),
    ],
)
def test_validates_parameters_strictly(
    params: dict[str, object], location: tuple[str | int, ...], kind: str, choices: tuple[str, ...]
) -> None:
    (problem,) = plugins.problems(Example, params)
    assert (problem.location, problem.kind, problem.choices) == (location, kind, choices)
    assert plugins.problems(Example, {"count": 5}) == []


class Doubtful(Example):
    """A check that has doubts."""

    def doubts(self) -> Iterator[Doubt]:
        """One for each."""
        for number in range(self.count):
            yield Doubt(parameter="count", text="5", at=number, message="it is much", remedy="write less")


def test_doubts_of_a_check_are_told_where_nothing_is_wrong() -> None:
    (first, second) = plugins.problems(Doubtful, {"count": 2})
    assert (first.location, first.kind, first.message, first.remedy) == (
        ("count",),
        "doubt",
        "it is much",
        "write less",
    )
    assert (second.text, second.at) == ("5", 1)
    assert [problem.kind for problem in plugins.problems(Doubtful, {"count": "2"})] == ["int_type"]
    assert len(plugins.problems(Doubtful, {"count": 3_000})) == 1_000


def test_many_unknown_parameters_are_looked_up_in_one_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    schema = Example.model_json_schema

    def counted() -> dict[str, Any]:
        asked.append(Example)
        return schema()

    plugins._json_schema.cache_clear()
    monkeypatch.setattr(Example, "model_json_schema", counted)
    found = plugins.problems(Example, {"count": 5, **dict.fromkeys(map("x{}".format, range(3_000)), 1)})
    assert (len(found), len(asked)) == (1_000, 1)


def test_a_plugin_in_the_judged_repository_does_not_take_the_place_of_an_installed_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "project/.git").mkdir(parents=True)
    (tmp_path / "site").mkdir()
    install(tmp_path / "site", "zeta", "2", "[readiness.checks]\nx = installed:Check\n")
    install(tmp_path / "project", "alpha", "1", "[readiness.checks]\nx = judged:Check\ny = judged:Check\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.syspath_prepend(str(tmp_path / "project"))
    monkeypatch.chdir(tmp_path / "project")
    found = plugins.installed("readiness.checks")
    assert (found["x"].distribution, found["y"].distribution) == ("zeta", "alpha")
    assert [plugin.distribution for plugin in plugins.conflicts("readiness.checks") if plugin.name == "x"] == ["alpha"]


def test_lists_plugins_without_importing_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    points = "[readiness.checks]\nx-broken = nowhere.at.all:Check\ncommand = nowhere:Check\n"
    install(tmp_path, "zeta", "2", points)
    install(tmp_path, "alpha", "1", "[readiness.checks]\nx-broken = elsewhere:Check\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = plugins.installed("readiness.checks")
    assert (found["x-broken"].distribution, found["x-broken"].version) == ("alpha", "1")
    assert found["command"].distribution == "readiness"
    assert {(p.name, p.distribution) for p in plugins.conflicts("readiness.checks")} == {
        ("x-broken", "zeta"),
        ("command", "zeta"),
    }
    assert list(found) == sorted(found)


def test_each_built_in_is_registered_as_a_third_party_would() -> None:
    names = {
        point.name for point in entry_points(group="readiness.checks") if point.dist and point.dist.name == "readiness"
    }
    assert {"command", "signoff", "tls"} <= names
    assert set(plugins.installed("readiness.reporters")) >= {"html", "json", "md"}


@pytest.mark.parametrize(
    ("entry_point", "words"),
    [
        ("nowhere:Check", "cannot be imported: ModuleNotFoundError"),
        ("json:absent", "cannot be imported: AttributeError"),
        ("json:loads", "is not a check"),
        ("readiness.check:Check", "is not a check"),
        ("json", "is not a check"),
    ],
)
def test_what_is_no_check_is_refused(entry_point: str, words: str) -> None:
    plugin = Plugin(name="it", entry_point=entry_point, distribution="acme", version="1")
    with pytest.raises(plugins.PluginError, match=words) as caught:
        plugins.load_check(plugin)
    assert "`it` of acme 1" in str(caught.value)


def test_loads_reporters() -> None:
    plugin = Plugin(name="it", entry_point="builtins:str", distribution="acme", version="1")
    assert plugins.load_reporter(plugin) is str
    with pytest.raises(plugins.PluginError, match="cannot be called"):
        plugins.load_reporter(plugin.model_copy(update={"entry_point": "sys:path"}))


def test_the_metadata_of_a_distribution_is_read_as_often_for_many_plugins_as_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "one", "1.0", "[readiness.checks]\na = m:A\n")
    install(tmp_path, "many", "2.0", "[readiness.checks]\nb = m:B\nc = m:C\nd = m:D\ne = m:E\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    read: list[str] = []
    read_text = PathDistribution.read_text

    def counted(self: PathDistribution, filename: str) -> str | None:
        text = read_text(self, filename)
        if filename == "METADATA" and text:
            read.append(text.split()[3])
        return text

    monkeypatch.setattr(PathDistribution, "read_text", counted)
    found = plugins.installed("readiness.checks")
    assert [(found[name].distribution, found[name].version) for name in "abe"] == [
        ("one", "1.0"), ("many", "2.0"), ("many", "2.0")
    ]  # fmt: skip
    assert read.count("many") == read.count("one") > 0


def test_distributions_are_looked_through_again_when_one_was_added_or_the_path_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def counted(*, group: str) -> EntryPoints:
        looked.append(group)
        return entry_points(group=group)

    monkeypatch.setattr(plugins, "entry_points", counted)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert plugins.installed("readiness.checks") == plugins.installed("readiness.checks")
    assert looked == ["readiness.checks"]
    install(tmp_path, "late", "1", "[readiness.checks]\nx-late = m:A\n")
    os.utime(tmp_path, ns=(0, 1))
    assert "x-late" in plugins.installed("readiness.checks")
    monkeypatch.setattr(sys, "path", [place for place in sys.path if place != str(tmp_path)])
    assert "x-late" not in plugins.installed("readiness.checks")
