"""What comes of a policy branch whose own checklist cannot be used: the change that is judged cannot mend it."""

from pathlib import Path

import pytest

from readiness.loading import ChecklistError
from readiness.policy.request import PolicyRequest, read_run_policy
from readiness.testing import NOW
from support.checklists import with_items
from support.repositories import commit_all, git
from support.sample_checks import LocalHost, register

ITEM = "- {id: a, title: A, check: plain, phase: nightly}\n"


def test_an_undeclared_phase_of_the_base_is_told_with_the_line_and_where_it_has_to_be_merged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(tmp_path / "site", monkeypatch)
    root = tmp_path / "project"
    root.mkdir()
    (root / "readiness.yaml").write_text(with_items(ITEM))
    commit_all(root)
    git(root, "checkout", "-q", "-b", "change")
    (root / "readiness.yaml").write_text(with_items(ITEM, head="phases: [pre-deploy, post-deploy, nightly]\n"))
    commit_all(root)
    monkeypatch.chdir(root)
    with pytest.raises(ChecklistError) as caught:
        read_run_policy(PolicyRequest(ref="main"), host=LocalHost(), now=NOW)
    text = str(caught.value)
    assert "--> main:readiness.yaml:6:48\n" in text
    assert "declare it at the top of the checklist: `phases: [pre-deploy, post-deploy, nightly]`" in text
    assert text.endswith(
        "next: this is the checklist of main, which judges every change: correct it there first, in a change that does "
        "nothing else and is merged without --policy-ref"
    )
