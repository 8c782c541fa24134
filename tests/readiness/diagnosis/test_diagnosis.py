"""What `readiness doctor` finds missing, line by line."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from readiness import diagnosis
from readiness.checklist import Checklist, Item
from readiness.diagnosis import Line, machine, needs
from readiness.loading.diagnostics import ChecklistError, Diagnostic
from readiness.plugins import Description, PluginError, Problem
from readiness.reach import Address
from readiness.report import Plugin
from support.repositories import commit_all, git

SIGNED = Item(id="signed", title="Signed", check="signoff", params={"role": "legal"})
BUILT = Item(id="built", title="Built", check="bandit")


class Host:
    """No check can be imported."""

    def describe(self, plugin: Plugin) -> Description:
        raise PluginError(f"`{plugin.name}` cannot be imported")

    def problems(self, plugin: Plugin, params: Mapping[str, Any]) -> Sequence[Problem]:
        raise NotImplementedError


def test_a_program_is_missing_only_where_an_item_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    lines = machine.machine([SIGNED], ("commanded",))
    assert [(line.state, line.items) for line in lines[1:]] == [("failed", ("signed",))] * 2 + [
        ("failed", ("commanded",))
    ]
    assert "git is not found; install git" in lines[1].text
    assert {line.state for line in machine.machine([], ())[1:]} == {"not_applicable"}


def test_an_extra_that_is_not_installed_is_named_with_the_command_that_brings_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    needed = ["pydantic>=2", "no-such-thing>=1; extra == 'bandit'", "readiness[bandit]; extra == 'all'"]
    monkeypatch.setattr(machine, "requires", lambda _name: needed)
    text = "no-such-thing is not installed: pip install 'readiness[bandit]'"
    assert machine.extras([BUILT]) == [Line("failed", text, ("built",))]
    assert machine.extras([]) == [Line("not_applicable", text)]


def test_a_check_that_cannot_be_imported_is_missing_where_an_item_asks_it() -> None:
    lines = {line.text: line for line in machine.plugins(Host(), [BUILT])}
    assert (lines["`bandit` cannot be imported"].state, lines["`bandit` cannot be imported"].items) == (
        "failed",
        ("built",),
    )
    assert lines["`tls` cannot be imported"].state == "not_applicable"


def test_a_repository_needs_commits_and_its_whole_history(tmp_path: Path) -> None:
    outside = needs.repository(tmp_path, [SIGNED])
    assert [(line.state, line.items) for line in outside] == [("failed", ("signed",))]
    assert outside[0].text.startswith("no git repository, so nothing can be said of commits and sign-offs: ")
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    origin.mkdir()
    git(origin, "init", "--quiet")
    assert [line.text for line in needs.repository(origin, [])] == ["there is no commit yet"]
    commit_all(origin)
    commit_all(origin)
    git(tmp_path, "clone", "--quiet", "--depth=1", origin.as_uri(), str(clone))
    head, cut = needs.repository(clone, [SIGNED])
    assert (head.state, cut.state) == ("passed", "failed")
    assert cut.text == "history is cut off: fetch it all, for instance with `fetch-depth: 0`"


def test_of_many_mistakes_ten_are_shown() -> None:
    mistakes = [Diagnostic(file="readiness.yaml", message=f"mistake {n}", help="mend it") for n in range(12)]
    lines = list(diagnosis._mistakes(ChecklistError(mistakes)))
    assert len(lines) == 12
    assert lines[0] == Line("failed", "readiness.yaml: mistake 0 (mend it)")
    assert lines[10].text == "and 2 more; `readiness validate` shows them"
    assert lines[11].state == "not_applicable"


def test_of_many_hosts_fifty_are_tried_and_the_services_of_the_checklist_are_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    urls = [f"http://h{number}.example.com/" for number in range(52)]
    item = {"id": "up", "title": "Up", "check": "http", "with": {"urls": [*urls, "http://own.example.com/"]}}
    checklist = Checklist.model_validate(
        {
            "version": 1, "project": "p", "sections": [{"title": "All", "items": [item]}],
            "services": {"app": {"run": "serve", "ready": "http://own.example.com/health"}},
        }
    )  # fmt: skip
    silent = {Address("h0.example.com", 80): "cannot be reached: refused"}
    monkeypatch.setattr(needs, "unreachable", lambda _places: silent)
    lines = needs.hosts(checklist, list(checklist.items))
    assert lines[0] == Line("not_applicable", "own.example.com:80: a service of the checklist, started by `check`")
    assert lines[1] == Line("failed", "h0.example.com:80 cannot be reached: refused", ("up",))
    assert [line.state for line in lines[2:51]] == ["passed"] * 49
    assert lines[51].text == "2 more hosts were not tried"
    assert needs.hosts(checklist, []) == [Line("not_applicable", "no item asks one")]
