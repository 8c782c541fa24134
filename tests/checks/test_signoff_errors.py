"""Sign-offs that cannot be judged: bad records, wrong parameters, a missing roster, approvals that nothing binds."""

from pathlib import Path
from typing import Any

import pytest

from readiness.outcome import Level, Status
from readiness.plugins import describe, problems
from readiness_checks.signoff import Signoff
from support.signing import COUNSEL, PARALEGAL, Project, key, roster_line, states


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "deedpro", covers=["templates/**"])


def test_an_unknown_bad_file_is_a_warning_and_does_not_unmake_a_pass(project: Project) -> None:
    project.sign()
    project.write(".readiness/records/ab/notes.txt", "hello")
    outcome = project.outcome()
    assert outcome.status is Status.PASSED
    assert [(f.rule, f.level, f.path) for f in outcome.findings] == [
        ("foreign-file", Level.WARNING, ".readiness/records/ab/notes.txt")
    ]


def test_a_bad_record_beside_a_valid_one_is_shown_and_does_not_unmake_a_pass(project: Project) -> None:
    project.files(project.sign(PARALEGAL))[1].unlink()
    project.sign()
    outcome = project.outcome()
    assert outcome.status is Status.PASSED
    assert ("invalid", "signature-missing") in states(outcome)
    assert [finding.level for finding in outcome.findings] == [Level.NOTE]


@pytest.mark.parametrize(
    ("roles", "params", "summary"),
    [
        ({}, {}, "the checklist has no role `legal`"),
        ({"legal": ()}, {}, "the role `legal` has no members"),
        ({"legal": (COUNSEL,)}, {"quorum": 2}, "a quorum of 2 can never be reached"),
        ({"legal": (COUNSEL, COUNSEL)}, {"quorum": 2}, "a quorum of 2 can never be reached"),
        ({"legal": (COUNSEL, "Counsel@example.com")}, {"quorum": 2}, "names one person in two spellings"),
        ({"legal": ("*@example.com",)}, {}, "which is no principal"),
        ({"legal": (COUNSEL,)}, {"covers": ["nothing/**"]}, "`covers` matches no file"),
        ({"legal": (COUNSEL,)}, {"covers": ["templates/**", "typo.md"]}, "`covers` matches no file"),
    ],
)
def test_what_nobody_could_ever_satisfy_is_an_error(
    tmp_path: Path, roles: dict[str, tuple[str, ...]], params: dict[str, object], summary: str
) -> None:
    project = Project(tmp_path)
    project.roles = roles
    project.params = {"role": "legal", **params}
    outcome = project.outcome()
    assert outcome.status is Status.ERROR
    assert summary in outcome.summary
    assert outcome.remedy


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"role": "legal", "quorum": 0},
        {"role": "legal", "quorum": "2"},
        {"role": "legal", "covers": ["../secret"]},
        {"role": "legal", "covers": [""]},
        {"role": "legal", "valid_for": "soon"},
        {"role": "legal", "each": ["a", "a"]},
        {"role": "legal", "each": [""]},
        {"role": "legal", "each": ["\u202e"]},
        {"role": "legal", "rolle": "legal"},
    ],
)
def test_wrong_parameters_are_refused(params: dict[str, object]) -> None:
    assert problems(Signoff, params)


def test_a_missing_roster_is_an_error(project: Project) -> None:
    (project.root / ".readiness/allowed_signers").unlink()
    outcome = project.outcome()
    assert outcome.status is Status.ERROR
    assert "allowed_signers does not exist" in outcome.summary


def test_a_broken_roster_is_an_error_with_its_line(project: Project) -> None:
    project.sign()
    project.enroll(roster_line(COUNSEL, key(COUNSEL)) + "* ssh-ed25519 AAAA\n")
    outcome = project.outcome()
    assert outcome.status is Status.ERROR
    assert outcome.summary.startswith(".readiness/allowed_signers:2: ")
    assert [finding.place for finding in outcome.findings] == [".readiness/allowed_signers:2"]


def test_a_store_that_cannot_be_read_is_an_error(project: Project) -> None:
    project.write(".readiness/records", "not a folder")
    assert project.outcome().status is Status.ERROR


def test_records_that_are_a_link_are_an_error(project: Project, tmp_path: Path) -> None:
    project.sign()
    records = project.root / ".readiness/records"
    records.rename(tmp_path / "elsewhere")
    records.symlink_to(tmp_path / "elsewhere")
    outcome = project.outcome()
    assert outcome.status is Status.ERROR
    assert "is a link" in outcome.summary


def test_covers_outside_a_git_repository_is_an_error(project: Project) -> None:
    project.sign()
    (project.root / ".git").rename(project.root.parent / "git-elsewhere")
    outcome = project.outcome()
    assert outcome.status is Status.ERROR
    assert "not in a git repository" in outcome.summary


def test_without_covers_it_works_outside_a_git_repository(tmp_path: Path) -> None:
    project = Project(tmp_path / "deedpro")
    project.sign()
    (project.root / ".git").rename(tmp_path / "git-elsewhere")
    assert project.outcome().status is Status.PASSED


def test_the_check_documents_itself() -> None:
    said = describe(Signoff)
    assert said.summary == "The right people have signed off what is there now."
    assert said.why
    assert said.how
    assert said.remedy
    assert not said.uses_services
    assert all(parameter["description"] for parameter in said.parameters["properties"].values())


def unbound(root: Path, **params: Any) -> Project:
    project = Project(root / "deedpro", **params)
    project.release = ""
    return project


def test_an_approval_of_no_release_and_no_file_is_pending_with_its_remedy(tmp_path: Path) -> None:
    project = unbound(tmp_path)
    project.sign()
    outcome = project.outcome()
    assert outcome.status is Status.PENDING
    assert states(outcome) == [("stale", "unbound")]
    assert "bound to neither a release nor files, it holds whatever is changed later" in outcome.summary
    assert "state the `release`" in outcome.remedy
    assert "`covers: none`" in outcome.remedy


def test_where_the_checklist_says_that_it_is_meant_it_passes_with_a_caution(tmp_path: Path) -> None:
    project = unbound(tmp_path, covers="none")
    project.sign()
    outcome = project.outcome()
    assert outcome.status is Status.PASSED
    assert "caution: bound to neither a release nor files" in outcome.summary
    assert [(f.rule, f.level) for f in outcome.findings] == [("unbound", Level.WARNING)]


def test_a_release_or_a_file_binds_it(tmp_path: Path) -> None:
    project = Project(tmp_path / "deedpro")
    project.sign()
    assert project.outcome().status is Status.PASSED
    other = unbound(tmp_path / "other", covers=["templates/**"])
    other.sign()
    assert other.outcome().status is Status.PASSED


def test_a_rejection_that_is_bound_to_nothing_still_fails(tmp_path: Path) -> None:
    project = unbound(tmp_path)
    project.sign(decision="reject", reason="no")
    assert project.outcome().status is Status.FAILED
