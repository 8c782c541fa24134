"""A comparison of the evidence that is stopped or crashes blocks, names the file, and holds for no other change."""

from pathlib import Path

import pytest

from readiness import memory_limit
from readiness.evidence.change import Comparing, Stopped, WeakenedEvidence
from readiness.policy import evidence
from readiness.policy.base import find_base
from readiness.policy.evidence import compare_evidence
from support.proposals import OWNER, Proposed
from support.sample_checks import LocalHost

ITEM = "evidence-weakening"
MANY = "def test_a(): assert f(1) == 2\n" * 120_000
"""Tests that take more than a second to read, and more than 256 MB."""


@pytest.fixture
def project(tmp_path: Path) -> Proposed:
    return Proposed(tmp_path / "repository")


def never_ending(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Leave a comparison so little time that it never ends."""
    monkeypatch.setattr(evidence, "SECONDS", seconds)


def test_one_that_takes_too_long_blocks_until_the_owners_sign_exactly_this_change(
    project: Proposed, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("app/odd.py", "x = 1\n")
    project.commit()
    never_ending(monkeypatch, 0.001)
    answer = project.check()
    outcome = answer.results[ITEM]
    assert (answer.code, outcome["status"]) == (1, "failed")
    assert "1 file differs from main" in outcome["summary"]
    assert "could not be compared" in outcome["summary"]
    (finding,) = outcome["findings"]
    assert finding["rule"] == "not-compared"
    assert "the comparison took longer than 0.001 s and was stopped" in finding["message"]
    assert "so that it can be compared; or take it back" in outcome["remedy"]
    assert project.sign(OWNER, item=ITEM)[0] == 0
    project.commit("Sign it off")
    assert project.check().results[ITEM]["status"] == "passed"
    project.write("app/odd.py", "x = 2\n")
    assert "stale" in project.check().results[ITEM]["summary"]


def test_a_file_that_keeps_the_comparison_busy_is_named(project: Proposed, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write("a.py", "x = 1\n")
    project.commit()
    assert project.check().results[ITEM]["status"] == "passed"  # and the worker has imported what compares
    project.write("odd \n name/test_many.py", MANY)
    project.commit()
    never_ending(monkeypatch, 2)
    (finding,) = project.check().results[ITEM]["findings"]
    assert (finding["rule"], finding["path"]) == ("not-compared", "odd \n name/test_many.py")


def test_one_that_gets_no_memory_blocks(project: Proposed, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write("test_many.py", MANY)
    project.commit()
    monkeypatch.setattr(evidence, "MEMORY", memory_limit.LEAST)
    outcome = project.check().results[ITEM]
    assert outcome["status"] == "failed"
    assert "needed more memory than the 256 MB" in outcome["findings"][0]["message"]


def test_where_nothing_differs_nobody_is_asked(project: Proposed) -> None:
    class Nobody:
        def compare(self, asked: Comparing) -> WeakenedEvidence | Stopped:
            raise AssertionError(asked)

    base = find_base("main", start=project.root)
    found = compare_evidence(base, Nobody())
    assert (found.weakenings, found.compared, found.differing) == ((), 4, 0)
    project.write("build.sh", "#!/bin/sh\nexit 0\n")
    with pytest.raises(AssertionError):
        compare_evidence(base, Nobody())
    by_reading = compare_evidence(base, LocalHost())
    assert (by_reading.compared, by_reading.differing) == (4, 1)
