"""The ledger judges each record on the terms that it names itself."""

from pathlib import Path

import pytest

from readiness.checklist import Checklist, Section
from readiness.records.judging.evidence import read_evidence
from readiness.records.model.errors import RecordsError
from readiness.records.review.ledger import Entry, Ledger
from readiness.testing import NOW
from support.signing import COUNSEL, PARALEGAL, STRANGER, Project, key


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "deedpro", covers=["templates/**"])


def entries(project: Project) -> dict[str, Entry]:
    def load(environment: str, release: str) -> Checklist:
        if environment not in {"production", "staging"}:
            raise RecordsError(f"the checklist has no environment {environment}")
        return Checklist(
            version=1,
            project=project.name,
            release=release,
            environment=environment,
            roles=project.roles,
            sections=(Section(title="Legal", items=(project.item,)),),
        )

    ledger = Ledger(read_evidence(project.root, NOW), load)
    return {entry.record: entry for entry in ledger.entries()}


def test_records_of_several_releases_and_environments_are_each_judged_on_their_own_terms(project: Project) -> None:
    here = project.sign()
    project.release, project.environment = "2.9", "staging"
    there = project.sign()
    found = entries(project)
    assert [(found[d].state, found[d].release, found[d].environment) for d in (here, there)] == [
        ("valid", "3.0.0", "production"),
        ("valid", "2.9", "staging"),
    ]


def test_revoked_and_revoking_records_are_both_listed(project: Project) -> None:
    target = project.sign()
    by = project.revoke(target, PARALEGAL)
    found = entries(project)
    assert (found[target].state, found[target].code) == ("revoked", "revoked")
    assert (found[by].action, found[by].state, found[by].item, found[by].target) == (
        "revoke",
        "valid",
        "templates-reviewed",
        target,
    )


def test_a_revocation_that_has_no_effect_says_so(project: Project) -> None:
    target = project.sign()
    stranger, forged = project.revoke(target, STRANGER), project.revoke(target, COUNSEL, using=key(STRANGER))
    found = entries(project)
    assert (found[stranger].state, found[stranger].code) == ("unauthorised", "may-not-revoke")
    assert (found[forged].state, found[forged].code) == ("invalid", "signer-mismatch")
    assert found[target].state == "valid"


def test_a_revocation_of_a_record_that_is_not_here_is_in_force(project: Project) -> None:
    by = project.revoke("ab" * 32)
    assert (entries(project)[by].state, entries(project)[by].code) == ("valid", "target-unknown")


def test_a_record_of_an_item_that_is_gone_or_of_another_project_is_stale(project: Project) -> None:
    digest = project.sign()
    project.id = "renamed"
    assert (entries(project)[digest].state, entries(project)[digest].code) == ("stale", "item-gone")
    project.id, project.name = "templates-reviewed", "other"
    assert (entries(project)[digest].state, entries(project)[digest].code) == ("stale", "other-project")


def test_what_cannot_be_judged_is_undetermined_and_never_valid(project: Project) -> None:
    digest = project.sign()
    project.write("templates/grant_deed.html", "not committed")
    entry = entries(project)[digest]
    assert (entry.state, entry.code) == ("undetermined", "undetermined")
    assert "differs from commit" in entry.reason
    project.commit()
    assert entries(project)[digest].state == "stale"
    project.environment = "nowhere"
    lost = project.sign()
    assert "no environment nowhere" in entries(project)[lost].reason


def test_a_bad_signature_is_invalid_whatever_the_checklist_says(project: Project) -> None:
    digest = project.sign()
    project.files(digest)[1].unlink()
    project.id = "renamed"
    assert (entries(project)[digest].state, entries(project)[digest].code) == ("invalid", "signature-missing")


def test_an_approval_that_names_neither_release_nor_files_is_what_check_says_it_is(tmp_path: Path) -> None:
    project = Project(tmp_path / "deedpro")
    project.release = ""
    approval, rejection = project.sign(), project.sign(PARALEGAL, decision="reject", reason="no")
    found = entries(project)
    assert (found[approval].state, found[approval].code) == ("stale", "unbound")
    assert "state the `release`" in found[approval].remedy
    assert found[rejection].state == "rejected"
    project.params["covers"] = "none"
    meant = project.sign()
    assert entries(project)[meant].state == "valid"
