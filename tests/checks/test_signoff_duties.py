"""Separation of duties: whoever changed what a sign-off covers cannot approve it, however the change came about."""

from datetime import timedelta
from pathlib import Path

import pytest

from readiness.outcome import Status
from readiness.plugins import problems
from readiness.testing import NOW
from readiness_checks.signoff import Signoff
from support.authored import DAY, DEED, OWN, change, first, outcome
from support.signing import COUNSEL, PARALEGAL, Project, git


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "deedpro", covers=["templates/**"], not_by="authors")


def test_the_author_of_a_change_cannot_approve_it_and_is_told_what_to_do(project: Project) -> None:
    commit = change(project, COUNSEL)
    project.sign(COUNSEL)
    judged = outcome(project)
    assert first(judged) == OWN
    assert judged.signoffs[0].reason == (
        f"counsel@example.com changed `{DEED}`, last in {commit[:10]} on 2026-11-22, and nobody else has approved that "
        "since: someone else has to sign"
    )
    assert judged.remedy == "let paralegal@example.com run `readiness sign templates-reviewed --env production`"


def test_somebody_else_can_approve_it(project: Project) -> None:
    change(project, COUNSEL)
    project.sign(COUNSEL)
    project.sign(PARALEGAL)
    assert outcome(project).status is Status.PASSED


def test_without_the_rule_the_author_can_approve(tmp_path: Path) -> None:
    project = Project(tmp_path, covers=["templates/**"])
    change(project, COUNSEL)
    project.sign(COUNSEL)
    assert outcome(project).status is Status.PASSED


def test_a_change_of_other_files_does_not_matter(project: Project) -> None:
    project.write("README.md", "more")
    project.commit(author=COUNSEL)
    project.sign(COUNSEL)
    assert outcome(project).status is Status.PASSED


def test_a_missing_signoff_names_only_those_who_can_give_it(project: Project) -> None:
    change(project, COUNSEL)
    assert outcome(project).signoffs[0].reason == "no sign-off by legal; it can come from paralegal@example.com"


def test_when_everybody_changed_it_nobody_can_approve(project: Project) -> None:
    change(project, COUNSEL)
    change(project, PARALEGAL, "changed again")
    assert outcome(project).signoffs[0].reason == (
        "no sign-off by legal; everybody else in the role changed what it covers"
    )
    project.sign(COUNSEL)
    judged = outcome(project)
    assert first(judged) == OWN
    assert judged.remedy == "everybody in the role legal changed it: add somebody to `roles` who did not"


def test_an_author_can_reject_what_they_changed(project: Project) -> None:
    change(project, COUNSEL)
    project.sign(COUNSEL, decision="reject", reason="I was wrong.")
    assert first(outcome(project)) == ("failed", "rejected", "rejected")


@pytest.mark.parametrize("spelling", ["COUNSEL@Example.COM", "jo@home.example"])
def test_an_author_is_known_by_every_spelling_and_address(project: Project, spelling: str) -> None:
    change(project, spelling)
    project.sign(COUNSEL)
    assert first(outcome(project, {COUNSEL: ("Jo@Home.example",)})) == OWN


@pytest.mark.parametrize(
    "trailer",
    [
        "Co-authored-by: Jo <counsel@example.com>",
        "co-AUTHORED-by:Counsel@example.com",
        "  Co-authored-by: Jo <counsel@example.com>\n\nand more text, so that git takes it for no trailer",
    ],
)
def test_a_co_author_is_an_author(project: Project, trailer: str) -> None:
    change(project, "dev@example.com", message=f"Change\n\n{trailer}")
    project.sign(COUNSEL)
    assert first(outcome(project)) == OWN


def test_who_commits_the_change_of_another_is_an_author_too(project: Project) -> None:
    project.write(DEED, "changed")
    git(project.root, "add", "-A")
    git(project.root, "commit", "-q", "-m", "Change", "--author", "Dev <dev@example.com>", author=COUNSEL, date=DAY)
    project.sign(COUNSEL)
    assert first(outcome(project)) == OWN


@pytest.mark.parametrize("how", ["delete", "add", "rename away", "rename in", "make executable"])
def test_every_kind_of_change_counts(project: Project, how: str) -> None:
    deed = project.root / DEED
    match how:
        case "delete":
            deed.unlink()
        case "add":
            project.write("templates/new.html", "new")
        case "rename away":
            deed.rename(project.root / "elsewhere.html")
        case "rename in":
            (project.root / "README.md").rename(project.root / "templates/readme.html")
        case _:
            deed.chmod(0o755)
    project.commit(author=COUNSEL, date=DAY)
    project.sign(COUNSEL)
    assert first(outcome(project)) == OWN


def test_a_change_that_was_undone_later_counts(project: Project) -> None:
    change(project, COUNSEL)
    change(project, "dev@example.com", "<p>grant</p>\n")
    project.sign(COUNSEL)
    assert first(outcome(project)) == OWN


def test_what_others_approved_since_is_no_own_change_any_more(project: Project) -> None:
    change(project, COUNSEL, date="2026-11-10T10:00:00Z")
    project.release = "2.9"
    project.sign(PARALEGAL, at=NOW - timedelta(days=5))
    project.commit("Sign", date="2026-11-18T12:00:00Z")
    project.release = "3.0.0"
    project.sign(COUNSEL)
    assert outcome(project).status is Status.PASSED
    change(project, COUNSEL, "again", date="2026-11-22T13:00:00Z")
    project.sign(COUNSEL, at=NOW)
    assert first(outcome(project)) == OWN


def test_their_own_approval_does_not_free_an_author(project: Project) -> None:
    change(project, COUNSEL)
    project.sign(COUNSEL, at=NOW - timedelta(days=2))
    project.sign(COUNSEL)
    assert first(outcome(project)) == OWN


def test_two_authors_cannot_free_each_other(project: Project) -> None:
    change(project, COUNSEL)
    change(project, PARALEGAL, "changed again")
    for days in (4, 3, 2):
        project.sign(COUNSEL, at=NOW - timedelta(days=days))
        project.sign(PARALEGAL, at=NOW - timedelta(days=days))
    judged = outcome(project)
    assert judged.status is Status.FAILED
    assert {card.code for card in judged.signoffs} == {"own-change"}


def test_a_quorum_takes_that_many_people_who_are_no_authors(tmp_path: Path) -> None:
    third = "judge@example.com"
    project = Project(
        tmp_path, covers=["templates/**"], not_by="authors", quorum=2, members=(COUNSEL, PARALEGAL, third)
    )
    change(project, COUNSEL)
    project.sign(PARALEGAL, at=NOW - timedelta(days=2))
    project.sign(COUNSEL)
    judged = outcome(project)
    assert judged.status is Status.FAILED
    assert sorted(card.code for card in judged.signoffs) == ["own-change", "valid"]


def test_a_revoked_approval_frees_nobody(project: Project) -> None:
    change(project, COUNSEL)
    project.release = "2.9"
    digest = project.sign(PARALEGAL, at=NOW - timedelta(days=2))
    project.release = "3.0.0"
    project.sign(COUNSEL)
    assert outcome(project).status is Status.PASSED
    project.revoke(digest, PARALEGAL)
    assert first(outcome(project)) == OWN


@pytest.mark.parametrize("lie", ["an older commit", "a commit of another branch", "no commit"])
def test_an_approval_is_of_the_content_that_the_history_has_whatever_commit_it_names(
    project: Project, lie: str
) -> None:
    older = git(project.root, "rev-parse", "HEAD").strip()
    git(project.root, "checkout", "-q", "-b", "other")
    elsewhere = change(project, "dev@example.com")
    git(project.root, "checkout", "-q", "main")
    change(project, COUNSEL)
    claimed = {"an older commit": older, "a commit of another branch": elsewhere, "no commit": ""}[lie]
    project.release = "2.9"
    project.sign(PARALEGAL, at=NOW - timedelta(days=2), alter={"commit": claimed})
    project.release = "3.0.0"
    project.sign(COUNSEL)
    assert outcome(project).status is Status.PASSED


def test_an_approval_for_other_files_or_another_item_frees_nobody(project: Project) -> None:
    change(project, COUNSEL)
    project.params["covers"], project.release = [DEED], "2.9"
    project.sign(PARALEGAL, at=NOW - timedelta(days=2))
    project.params["covers"], project.id = ["templates/**"], "privacy-reviewed"
    project.sign(PARALEGAL, at=NOW - timedelta(days=2))
    project.id, project.release = "templates-reviewed", "3.0.0"
    project.sign(COUNSEL)
    assert first(outcome(project)) == OWN


def test_who_left_the_role_since_still_counts_as_having_approved(tmp_path: Path) -> None:
    project = Project(tmp_path, covers=["templates/**"], not_by="authors")
    change(project, COUNSEL)
    project.write("readiness.yaml", "version: 1\nroles: {legal: [counsel@example.com, paralegal@example.com]}\n")
    project.release = "2.9"
    project.sign(PARALEGAL, at=NOW - timedelta(days=2))
    project.commit("Sign", date="2026-11-21T13:00:00Z")
    project.release, project.roles["legal"] = "3.0.0", (COUNSEL,)
    project.sign(COUNSEL)
    assert outcome(project).status is Status.PASSED


def test_a_matrix_is_held_against_each_name_on_its_own(tmp_path: Path) -> None:
    project = Project(tmp_path, covers=["templates/**"], not_by="authors", each=["seller", "buyer"])
    change(project, COUNSEL)
    project.release = "2.9"
    project.sign(PARALEGAL, each="seller", at=NOW - timedelta(days=2))
    project.release = "3.0.0"
    project.sign(COUNSEL, each="seller")
    project.sign(COUNSEL, each="buyer")
    judged = outcome(project)
    assert [(card.subject, card.code) for card in judged.signoffs] == [("seller", "valid"), ("buyer", "own-change")]
    assert judged.status is Status.FAILED


def test_it_needs_files_and_knows_no_other_rule() -> None:
    (finding,) = problems(Signoff, {"role": "legal", "not_by": "authors"})
    assert "`not_by` needs `covers`" in finding.message
    assert problems(Signoff, {"role": "legal", "covers": ["a"], "not_by": "owners"})
