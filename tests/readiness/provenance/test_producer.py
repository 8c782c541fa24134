"""An item with a producer passes only by files that its producer signed, for the commit that is judged."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from readiness.attestation.trust import ProducerKeys
from readiness.check import Context
from readiness.checklist import Item
from readiness.outcome import Evidence, Outcome, Status
from readiness.provenance.files import Declared
from readiness.provenance.producer import Producers, judged, later, nobody
from readiness.ratchet import no_worse_than
from readiness.records.storage.allowed_signers import parse_roster
from readiness.report import Subject
from readiness.strictness.declared import directions
from readiness.testing import NOW, context, evaluate
from support.evidence_reader import Reads
from support.producers import CI, OTHER, producer_line, sign_file
from support.report_values import evidence_signature
from support.repositories import commit_all, git

ROSTER = parse_roster((producer_line() + producer_line(OTHER)).encode())
PRODUCERS = partial(judged, verify=ProducerKeys(ROSTER, {"tests": (CI,), "scans": (OTHER,)}, NOW).verify)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("begun")
    (root / "src.txt").write_text("1\n")
    (root / ".gitignore").write_text("/out/\n")
    commit_all(root)
    return root


def asked(using: Context, producers: Producers = PRODUCERS, **params: Any) -> Outcome:
    """What the check answers, held to its producer."""
    outcome = evaluate(Reads, using.root, using=using, **params)
    return producers(outcome, using, Declared(params, directions(Reads)))


class Project:
    """A commit, and two logs that its producer signed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.commit = git(root, "rev-parse", "HEAD")
        for name in ("out/a.log", "out/b.log"):
            self.write(name, name)
            self.sign(name)

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    def sign(self, name: str, **said: Any) -> Path:
        return sign_file(self.root, name, said.pop("commit", self.commit), at=NOW - timedelta(minutes=1), **said)

    def context(self, producer: str = "tests", commit: str | None = None) -> Context:
        item = Item(id="logs", title="Logs", check="reads", producer=producer)
        said = self.commit if commit is None else commit
        return context(self.root, item=item, subject=Subject(project="p", commit=said))

    def asked(self, producer: str = "tests", **params: Any) -> Outcome:
        return asked(self.context(producer), **params)


@pytest.fixture
def project(tmp_path: Path, begun: Path) -> Project:
    shutil.copytree(begun, tmp_path / "project")
    return Project(tmp_path / "project")


def test_signed_files_count_and_it_is_told_who_signed(project: Project) -> None:
    outcome = project.asked()
    assert outcome.status == "passed", outcome
    assert outcome.summary == "read; 2 files of evidence signed by ci@example.com (tests)"
    assert outcome.examined == 2, "the statements beside the files are no evidence themselves"
    signatures = [one.signature for one in outcome.evidence]
    assert [one.envelope for one in signatures if one] == ["out/a.log.intoto.json", "out/b.log.intoto.json"]


def test_an_item_without_a_producer_takes_files_as_they_are(project: Project) -> None:
    outcome = project.asked("")
    assert (outcome.status, outcome.summary, outcome.examined) == ("passed", "read", 2)
    assert [one.signature for one in outcome.evidence] == [None, None]


def drop(project: Project) -> None:
    (project.root / "out/a.log.intoto.json").unlink()


def link_statement(project: Project) -> None:
    place = project.root / "out/a.log.intoto.json"
    place.rename(project.root / "out/elsewhere")
    place.symlink_to("elsewhere")


def link(project: Project) -> None:
    place = project.root / "out/a.log"
    place.rename(project.root / "out/real")
    place.symlink_to("real")


def folder(project: Project) -> None:
    drop(project)
    (project.root / "out/a.log.intoto.json").mkdir()


def copied(project: Project) -> None:
    """A signed file in the place of another, with its statement."""
    for suffix in ("", ".intoto.json"):
        shutil.copy(project.root / f"out/a.log{suffix}", project.root / f"out/b.log{suffix}")


@pytest.mark.parametrize(
    ("alter", "rule", "message"),
    [
        (drop, "unsigned", "out/a.log is not signed: there is no out/a.log.intoto.json"),
        (link_statement, "unsigned", "out/a.log.intoto.json is a link"),
        (folder, "unsigned", "a.log.intoto.json is not a file"),
        (link, "link", "out/a.log is a link"),
        (copied, "other-name", "out/b.log was signed as out/a.log"),
        (lambda p: p.write("out/c.log", "more"), "unsigned", "out/c.log is not signed"),
        (lambda p: p.write("out/a.log", "changed"), "other-digest", "out/a.log holds other bytes than were signed"),
        (lambda p: p.write("out/a.log.intoto.json", "x" * 70_000), "unsigned", "is larger than 65536 bytes"),
        (lambda p: p.sign("out/a.log", commit="c" * 40), "other-commit", "was signed for another commit: cccccccccc"),
        (lambda p: p.sign("out/a.log", by=OTHER), "not-in-role", "is signed by other-ci@example.com"),
        (lambda p: p.sign("out/a.log", by="mallory"), "unknown-key", "is not signed by a producer"),
    ],
)
def test_any_other_file_is_an_error(
    project: Project, alter: Callable[[Project], object], rule: str, message: str
) -> None:
    alter(project)
    outcome = project.asked()
    assert outcome.status == "error"
    (finding,) = outcome.findings
    assert finding.rule == rule
    assert message in finding.message
    assert message in outcome.summary
    assert finding.remedy
    assert outcome.remedy == finding.remedy


@pytest.mark.parametrize("pattern", ["out", "out/*", "**/*.log*"])
def test_statements_are_no_evidence_themselves(project: Project, pattern: str) -> None:
    outcome = project.asked(logs=[pattern])
    assert (outcome.status, [one.name for one in outcome.evidence]) == ("passed", ["out/a.log", "out/b.log"])
    project.write("out/c.log.intoto.json", "a file that only looks like one")
    assert project.asked(logs=[pattern]).status == "error"


def test_no_failure_of_the_base_excuses_one_by_evidence_that_does_not_count(project: Project) -> None:
    project.write("src.txt", "2\n")
    now = project.asked(says="failed").model_copy(update={"examined": 2})
    base = now.model_copy(update={"comparable": True})
    assert no_worse_than(base, now, where="main").status == "failed"


def test_a_failure_stays_one(project: Project) -> None:
    drop(project)
    outcome = project.asked(says="failed")
    assert outcome.status == "failed"
    assert outcome.summary.startswith("read; 1 of 2 files of evidence not accepted: out/a.log is not signed")


@pytest.mark.parametrize("says", ["error", "pending", "not_applicable"])
def test_what_is_no_answer_stays_as_it_is(project: Project, says: str) -> None:
    drop(project)
    assert project.asked(says=says).summary == "read"


def test_a_work_tree_that_is_not_the_commit_is_an_error(project: Project) -> None:
    project.write("src.txt", "2\n")
    outcome = project.asked()
    assert outcome.status == "error"
    assert outcome.summary.endswith("and the work tree differs from it: src.txt")


def test_a_file_outside_of_the_repository_excuses_none_in_it_that_is_called_alike(project: Project) -> None:
    project.write("src.txt", "2\n")
    outside = project.write("../src.txt", "evidence")
    outcome = project.asked(logs=[str(outside)])
    assert (outcome.status, outcome.examined) == ("error", 1)
    assert outcome.summary.endswith("and the work tree differs from it: src.txt")


@pytest.mark.parametrize("mark", ["--assume-unchanged", "--skip-worktree"])
def test_a_file_whose_changes_git_is_told_not_to_see_is_an_error(project: Project, mark: str) -> None:
    git(project.root, "update-index", mark, "src.txt")
    project.write("src.txt", "2\n")
    outcome = project.asked()
    assert outcome.status == "error"
    assert "git was told not to look at changes of src.txt" in outcome.summary


def test_evidence_that_is_in_git_and_marked_counts_by_its_signature(project: Project) -> None:
    git(project.root, "add", "--force", "out/a.log")
    git(project.root, "commit", "--quiet", "-m", "Add")
    git(project.root, "update-index", "--assume-unchanged", "out/a.log")
    project.commit = git(project.root, "rev-parse", "HEAD")
    project.write("out/a.log", "of this run")
    for name in ("out/a.log", "out/b.log"):
        project.sign(name)
    assert project.asked().status == "passed"


def test_another_commit_than_the_judged_one_is_an_error(project: Project) -> None:
    using = project.context(commit="c" * 40)
    outcome = asked(using)
    assert outcome.summary == "HEAD moved during the run, so its evidence is for another commit"


def test_outside_of_git_nothing_is_signed_for_a_commit(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/a.log").write_text("a")
    item = Item(id="logs", title="Logs", check="reads", producer="tests")
    outcome = asked(context(tmp_path, item=item))
    assert outcome.summary == "evidence is signed for a commit, and there is none here"


def test_evidence_is_named_from_the_top_of_the_repository(project: Project) -> None:
    inner = project.root / "out"
    item = Item(id="logs", title="Logs", check="reads", producer="tests")
    using = context(inner, item=item, subject=Subject(project="p", commit=project.commit))
    assert asked(using, logs=["*.log"]).status == "passed"


DECLARED = Declared({}, directions(Reads))


def said(project: Project, *evidence: Evidence, status: Status = Status.PASSED) -> Outcome:
    """What comes of an outcome that says it examined this."""
    outcome = Outcome(status=status, summary="read", examined=1, evidence=evidence)
    return PRODUCERS(outcome, project.context(), DECLARED)


def test_the_bytes_that_were_examined_count_and_not_those_that_are_there_now(project: Project) -> None:
    honest = project.asked().evidence
    other = honest[0].model_copy(update={"sha256": "0" * 64})
    assert [f.rule for f in said(project, other, honest[1]).findings] == ["other-digest"]
    assert [f.rule for f in said(project, *honest, other).findings] == ["not-examined"], "two contents of one file"
    assert [f.rule for f in said(project, honest[1]).findings] == ["not-examined"]
    assert [f.rule for f in said(project, honest[0].model_copy(update={"sha256": ""}), honest[1]).findings] == [
        "not-examined"
    ]


def test_a_file_that_was_examined_and_is_gone_is_an_error(project: Project) -> None:
    more = Evidence(name="out/gone.log", sha256="0" * 64)
    (finding,) = said(project, *project.asked().evidence, more).findings
    assert (finding.rule, finding.path) == ("not-evidence", "out/gone.log")


def test_what_a_check_claims_about_signatures_is_dropped(project: Project) -> None:
    claimed = Evidence(name="out/a.log", sha256="0" * 64, signature=evidence_signature())
    for producers in (PRODUCERS, nobody, later):
        for producer in ("", "tests"):
            outcome = Outcome(status=Status.PASSED, summary="read", examined=1, evidence=(claimed,))
            assert producers(outcome, project.context(producer), DECLARED).evidence[0].signature is None


def test_a_check_without_files_of_evidence_is_an_error(project: Project) -> None:
    outcome = PRODUCERS(project.asked(), project.context(), Declared({}, {}))
    assert outcome.summary == "no file of evidence is there that a producer could have signed"


def test_a_run_that_knows_no_producers_accepts_nothing(project: Project) -> None:
    assert asked(project.context(), nobody).status == "error"
    assert asked(project.context(""), nobody).status == "passed"
