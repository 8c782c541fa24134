"""A release that is set back brings approvals back that were given for it before."""

from pathlib import Path

import pytest

from readiness.policy.refusals import release_changes
from support.proposals import CHECKLIST, COUNSEL, OWNER, Proposed

APPROVED = (
    CHECKLIST
    + """\
      - {id: terms, title: Terms reviewed, check: signoff, with: {role: legal, covers: [terms.md]}}
"""
)


@pytest.mark.parametrize(
    ("own", "proposed", "code"),
    [
        ("3.0", "3.1", "release-changed"),
        ("1.9.0", "1.10.0", "release-changed"),
        ("v1.9", "1.10", "release-changed"),
        ("3.0.0-rc1", "3.0.0", "release-changed"),
        ("2026-11-27", "2026-12-01", "release-changed"),
        ("shop-9", "shop-10", "release-changed"),
        ("aurora", "borealis", "release-changed"),
        ("3.0", "borealis", "release-changed"),
        ("", "1.0", "release-changed"),
        ("3.0", "3.1+build.7", "release-changed"),
        ("3.0", "2.9", "release-set-back"),
        ("1.10.0", "1.9.9", "release-set-back"),
        ("3.1", "v3.0-rc1", "release-set-back"),
        ("2026-12-01", "2026-11-27", "release-set-back"),
        ("shop-10", "shop-9", "release-set-back"),
        ("SHOP-10", "shop-9", "release-set-back"),
        # not newer, and there are records for it
        ("borealis", "signed", "release-set-back"),
        ("", "signed", "release-set-back"),
        ("9f01c2", "8signed", "release-changed"),
        ("3.0.0", "3.0", "release-set-back"),
        ("3.0-rc1", "3.0", "release-set-back"),
        # newer, and signed for in advance
        ("3.0", "4.0", "release-changed"),
        ("3.0", "", "release-dropped"),
    ],
)
def test_a_release_that_goes_forward_is_free(own: str, proposed: str, code: str) -> None:
    signed = frozenset({"signed", "3.0", "4.0"})
    (change,) = release_changes(own, proposed, "", signed)
    assert change.code == code
    assert change.kind == ("neutral" if code == "release-changed" else "weakens")
    assert (change.before, change.after) == (own, proposed)


@pytest.mark.parametrize(
    ("own", "asked", "code"),
    [
        ("3.0", "2.9", "release-set-back"),
        ("aurora", "signed", "release-set-back"),
        ("3.0", "3.0", ""),
        ("3.0", "3.1", ""),
        ("3.0.0", "3.0.0-rc1", ""),
        ("aurora", "borealis", ""),
        ("", "2.9", ""),
        ("${tag}", "2.9", ""),
        ("3.0", "", ""),
    ],
)
def test_the_release_of_the_command_line_is_compared_with_that_of_the_policy(own: str, asked: str, code: str) -> None:
    found = list(release_changes(own, own, asked, frozenset({"signed", "3.0.0-rc1"})))
    assert [change.code for change in found] == ([code] if code else [])
    assert all(change.kind == "weakens" and "`--release`" in change.text for change in found)


@pytest.fixture
def moved_on(tmp_path: Path) -> Proposed:
    """The terms are approved for release 3.0.0, and `main` is at release 4.0.0 by now."""
    project = Proposed(tmp_path / "project", APPROVED)
    project.write("terms.md", "The terms.\n")
    project.commit("Terms")
    project.merge()
    code, said = project.sign(COUNSEL, "--env", "production", item="terms")
    assert code == 0, said
    project.edit('release: "3.0.0"', 'release: "4.0.0"')
    project.commit("Approve 3.0.0, and go on")
    project.merge()
    return project


def test_a_release_that_was_approved_before_is_not_named_again_for_free(moved_on: Proposed) -> None:
    assert moved_on.check().results["terms"]["status"] == "pending"
    moved_on.edit('release: "4.0.0"', 'release: "3.0.0"')
    moved_on.commit()
    answer = moved_on.check()
    assert (answer.code, answer.codes) == (1, {"release-set-back"})
    finding = answer.weakening["findings"][0]
    assert (finding["path"], finding["line"]) == ("readiness.yaml", 3)
    assert answer.results["terms"]["status"] == "pending", "it is judged for the release of the policy"
    code, said = moved_on.sign(OWNER)
    assert code == 0, said
    moved_on.commit("Agree")
    assert moved_on.check().weakening["status"] == "passed"


def test_a_new_release_is_free_and_its_records_come_with_it(moved_on: Proposed) -> None:
    moved_on.edit('release: "4.0.0"', 'release: "5.0.0"')
    moved_on.commit()
    code, said = moved_on.sign(COUNSEL, "--env", "production", "--release", "5.0.0", item="terms")
    assert code == 0, said
    moved_on.commit("Approve")
    answer = moved_on.check()
    assert answer.weakening["status"] == "passed"
    assert {change["code"] for change in answer.policy["changes"]} == {"release-changed"}


def test_an_option_does_not_set_the_release_back_either(moved_on: Proposed) -> None:
    answer = moved_on.check("--release", "3.0.0")
    assert answer.results["terms"]["status"] == "passed"
    assert (answer.code, answer.codes) == (1, {"release-set-back"})
    code, said = moved_on.sign(OWNER, "--release", "3.0.0")
    assert code == 0, said
    moved_on.commit("Agree")
    assert moved_on.check("--release", "3.0.0").code == 0
    assert moved_on.check("--release", "5.0.0").weakening["status"] == "passed"
