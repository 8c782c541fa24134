"""A check of a third party says itself which way is stricter and which files it trusts; it runs in a worker only."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from readiness.engine import Host
from readiness.plugins import Description, PluginError
from readiness.policy.base import find_base
from readiness.policy.proposal import read_proposal
from readiness.report import Plugin, PolicyChange
from support.proposals import Proposed
from support.thirdparty import install


def checklist(**params: dict[str, Any]) -> str:
    """One item of `acme-limits` for each set of parameters."""
    items = [{"id": name, "title": name, "check": "acme-limits", "with": given} for name, given in params.items()]
    return yaml.safe_dump({"version": 1, "project": "p", "sections": [{"title": "All", "items": items}]})


def compared(project: Proposed, site: Path) -> tuple[PolicyChange, ...]:
    """Every change of the policy that the work tree proposes."""
    with Host(environ={**os.environ, "PYTHONPATH": str(site)}) as host:
        proposal = read_proposal(find_base("main", start=project.folder), host)
    assert proposal.unknown == ()
    return proposal.changes


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(tmp_path_factory)


def test_its_parameters_and_files_are_compared(tmp_path: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(site))
    before: dict[str, dict[str, Any]] = {
        "raised": {"most": 5}, "lowered": {"most": 5}, "dropped": {"most": 5}, "spelt-out": {}, "added": {},
        "undeclared": {"undeclared": 1}, "trusts": {"rules": "rules.txt"},
    }  # fmt: skip
    after: dict[str, dict[str, Any]] = {
        "raised": {"most": 6}, "lowered": {"most": 4}, "dropped": {}, "spelt-out": {"most": 10}, "added": {"least": 1},
        "undeclared": {"undeclared": 2}, "trusts": {"rules": "rules.txt"},
    }  # fmt: skip
    project = Proposed(tmp_path / "project", checklist(**before))
    project.on_main()
    project.write("rules.txt", "strict")
    project.commit("Rules", days=9)
    project.write("rules.txt", "lax")
    project.write("readiness.yaml", checklist(**after))
    imported = set(sys.modules)  # another test may have loaded one of its reporters, which render in this process
    found = compared(project, site)
    assert {(change.item, change.kind, change.code) for change in found} == {
        ("raised", "weakens", "limit-raised"),
        ("lowered", "strengthens", "limit-lowered"),
        ("dropped", "weakens", "limit-raised"),
        ("spelt-out", "neutral", "spelled-differently"),
        ("added", "strengthens", "threshold-raised"),
        ("undeclared", "weakens", "parameter-changed"),
        ("", "weakens", "trusted-file-changed"),
    }
    assert not [name for name in set(sys.modules) - imported if name.startswith("acme_readiness")]


def test_what_cannot_be_described_leaves_its_trusted_files_unknown(
    tmp_path: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(site))

    def fail(_self: Host, plugin: Plugin) -> Description:
        raise PluginError(f"{plugin.name} hangs")

    project = Proposed(tmp_path / "project", checklist(trusts={"rules": "rules.txt"}))
    project.on_main()
    monkeypatch.setattr(Host, "describe", fail)
    with Host() as host:
        (unknown,) = read_proposal(find_base("main", start=project.folder), host).unknown
    assert "`acme-limits` trusts is not known" in unknown.message
