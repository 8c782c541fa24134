"""Evidence is signed for the commit that is checked out, and only where that is what it was produced from."""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from readiness.attestation import AttestationError
from readiness.attestation.signed_evidence import SignedFile, read_evidence_statement, sign_evidence
from support.producers import CI, producer_key
from support.repositories import commit_all, git


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("begun")
    (root / "app.py").write_text("x = 1\n")
    commit_all(root)
    return root


@pytest.fixture
def project(tmp_path: Path, begun: Path) -> Path:
    """A repository with a source, and a report that git does not know."""
    root = tmp_path / "project"
    shutil.copytree(begun, root)
    (root / "reports").mkdir()
    (root / "reports/unit.xml").write_text("<testsuite/>")
    return root


def signing(root: Path, *names: str, now: datetime | None = None) -> list[SignedFile]:
    files = [root / name for name in names or ("reports/unit.xml",)]
    return sign_evidence(files, producer_key(CI), now or datetime.now(UTC), folder=root)


def refused(root: Path, *names: str) -> str:
    with pytest.raises(AttestationError) as caught:
        signing(root, *names)
    assert caught.value.remedy
    return str(caught.value)


def test_the_statement_names_file_digest_and_commit(project: Path) -> None:
    now = datetime.now(UTC)
    (one,) = signing(project, now=now)
    assert one.path == project / "reports/unit.xml.intoto.json"
    said = read_evidence_statement(one.envelope)
    assert (said.file.name, said.commit) == ("reports/unit.xml", git(project, "rev-parse", "HEAD"))
    assert said.predicate.source.digest["sha1"] == said.commit
    assert said.predicate.signed_at == now.replace(microsecond=0)
    assert one.envelope.signer([producer_key(CI).trusted]) is not None


def test_statements_of_an_earlier_run_do_not_hinder(project: Path) -> None:
    (project / "reports/unit.xml.intoto.json").write_text("old")
    assert len(signing(project)) == 1


def test_statements_that_a_pattern_finds_are_passed_over(project: Path) -> None:
    (project / "reports/unit.xml.intoto.json").write_text("old")
    (one,) = signing(project, "reports/unit.xml.intoto.json", "reports/unit.xml")
    assert one.name == "reports/unit.xml"


def test_a_file_outside_of_the_repository_is_called_by_its_name(project: Path) -> None:
    outside = project.parent / "unit.xml"
    (project / "reports/unit.xml").rename(outside)
    (one,) = sign_evidence([outside], producer_key(CI), datetime.now(UTC), folder=project)
    assert one.name == "unit.xml"


def test_a_file_outside_of_the_repository_excuses_none_in_it_that_is_called_alike(project: Path) -> None:
    (project / "app.py").write_text("x = 2\n")
    (project / "reports/unit.xml").unlink()
    outside = project.parent / "app.py"
    outside.write_text("evidence")
    with pytest.raises(AttestationError, match=r"would be signed: app\.py"):
        sign_evidence([outside], producer_key(CI), datetime.now(UTC), folder=project)


def test_a_file_is_called_by_its_place_whatever_link_leads_to_the_repository(project: Path) -> None:
    other = project.parent / "other"
    other.symlink_to(project)
    (one,) = sign_evidence([other / "reports/unit.xml"], producer_key(CI), datetime.now(UTC), folder=project)
    assert one.name == "reports/unit.xml"


def link(root: Path) -> None:
    (root / "reports/unit.xml").rename(root.parent / "real.xml")
    (root / "reports/unit.xml").symlink_to(root.parent / "real.xml")


def old(root: Path) -> None:
    before = (datetime.now(UTC) - timedelta(hours=1)).timestamp()
    os.utime(root / "reports/unit.xml", (before, before))


def untracked(root: Path) -> None:
    (root / "test_more.py").write_text("")


def folder(root: Path) -> None:
    (root / "reports/unit.xml").unlink()
    (root / "reports/unit.xml").mkdir()


def hidden(root: Path) -> None:
    git(root, "update-index", "--assume-unchanged", "app.py")


@pytest.mark.parametrize(
    ("alter", "message"),
    [
        (lambda root: (root / "reports/unit.xml").unlink(), "cannot be read: No such file"),
        (lambda root: (root / "reports/unit.xml").write_text(""), "is empty"),
        (folder, "cannot be read: Is a directory"),
        (link, "is a link"),
        (old, "before the commit that it would be signed for"),
        (lambda root: (root / "app.py").write_text("x = 2\n"), "the work tree differs from commit"),
        (untracked, "would be signed: test_more.py"),
        (hidden, "git was told to ignore changes"),
    ],
)
def test_what_was_not_produced_from_the_commit_is_refused(
    project: Path, alter: Callable[[Path], object], message: str
) -> None:
    alter(project)
    assert message in refused(project)


def test_a_signed_statement_is_no_evidence(project: Path) -> None:
    (project / "reports/unit.xml").unlink()
    (project / "reports/unit.xml.intoto.json").write_text("{}")
    assert "is called like a signed statement" in refused(project, "reports/unit.xml.intoto.json")


def test_ignored_files_do_not_hinder(project: Path) -> None:
    (project / ".gitignore").write_text("/out/\n")
    commit_all(project)
    (project / "out").mkdir()
    (project / "out/log").write_text("x")
    assert len(signing(project)) == 1


def test_a_commit_of_tomorrow_does_not_hinder(project: Path) -> None:
    git(project, "commit", "--quiet", "--allow-empty", "-m", "Tomorrow", date=datetime.now(UTC) + timedelta(days=1))
    assert len(signing(project)) == 1


def test_there_has_to_be_a_commit(tmp_path: Path) -> None:
    (tmp_path / "unit.xml").write_text("x")
    assert "git knows of none here" in refused(tmp_path, "unit.xml")
    git(tmp_path, "init", "--quiet")
    assert "there is no commit yet" in refused(tmp_path, "unit.xml")
