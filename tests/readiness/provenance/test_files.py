"""Evidence that the judged change brings itself does not count, under whatever name it came."""

from pathlib import Path

import pytest

from readiness.check import Context
from readiness.outcome import Level, Outcome, Status
from readiness.testing import context, evaluate
from support.evidence_reader import Reads
from support.repositories import commit_all, git


class Project:
    """A repository with a policy branch `main`, and a branch `change`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("src.txt", "1\n")
        self.write(".gitignore", "/out/\n")
        commit_all(root)
        git(root, "checkout", "-q", "-b", "change")

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def commit(self, *forced: str) -> None:
        if forced:
            git(self.root, "add", "--force", *forced)
        commit_all(self.root)

    def on_main(self) -> None:
        git(self.root, "checkout", "-q", "main")

    def on_change(self) -> None:
        git(self.root, "checkout", "-q", "change")

    def asked(self, *, policy: str = "main", root: Path | None = None, **params: object) -> Outcome:
        using = context(root or self.root)
        facts = using.facts
        commit = git(self.root, "rev-parse", policy) if policy else ""
        facts = facts.model_copy(update={"policy_commit": commit})
        return evaluate(Reads, facts.root, using=Context(facts, environ={}), **params)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = tmp_path / "project"
    root.mkdir()
    return Project(root)


def rules(outcome: Outcome) -> list[tuple[str, Level]]:
    return [(finding.rule, finding.level) for finding in outcome.findings if finding.rule]


def test_what_the_job_wrote_after_the_checkout_counts(project: Project) -> None:
    project.write("out/a.log", "seen\n")
    for policy in ("main", ""):
        outcome = project.asked(policy=policy)
        assert outcome.status is Status.PASSED
        assert outcome.findings == ()


def test_a_tracked_file_of_the_change_is_an_error_with_a_remedy(project: Project) -> None:
    project.write("out/a.log", "seen\n")
    project.commit("out/a.log")
    outcome = project.asked()
    assert outcome.status is Status.ERROR
    assert "1 file of evidence came with this change (out/a.log)" in outcome.summary
    assert "git rm --cached" in outcome.remedy
    assert [(f.rule, f.level, f.path) for f in outcome.findings] == [("committed", Level.ERROR, "out/a.log")]


def test_without_a_policy_branch_it_is_a_warning(project: Project) -> None:
    project.write("out/a.log", "seen\n")
    project.commit("out/a.log")
    outcome = project.asked(policy="")
    assert outcome.status is Status.PASSED
    assert rules(outcome) == [("committed", Level.WARNING)]


def test_what_the_policy_branch_has_too_is_no_work_of_the_change(project: Project) -> None:
    project.on_main()
    project.write("out/a.log", "seen\n")
    project.commit("out/a.log")
    git(project.root, "branch", "-qf", "change")
    project.on_change()
    project.write("src.txt", "2\n")
    project.commit()
    project.on_main()
    project.write("out/a.log", "seen later\n")  # the branch went on, and the change is not rebased
    project.commit("out/a.log")
    project.on_change()
    assert project.asked().status is Status.PASSED
    project.write("out/a.log", "edited\n")
    project.commit("out/a.log")
    assert project.asked().status is Status.ERROR


def test_a_tracked_file_that_the_job_wrote_anew_is_not_what_the_change_brought(project: Project) -> None:
    project.write("out/a.log", "seen\n")
    project.commit("out/a.log")
    project.write("out/a.log", "seen by the job\n")
    assert project.asked().status is Status.PASSED


def test_a_copy_of_a_tracked_file_under_another_name_is_one(project: Project) -> None:
    project.write("testdata/green.txt", "seen\n")
    project.commit()
    project.write("out/a.log", "seen\n")
    outcome = project.asked()
    assert outcome.status is Status.ERROR
    assert "holds the very bytes of testdata/green.txt" in outcome.findings[0].message


def test_a_link_to_a_tracked_file_is_one(project: Project) -> None:
    project.write("green.txt", "seen\n")
    (project.root / "out").mkdir()
    (project.root / "out/a.log").symlink_to("../green.txt")
    project.commit("out/a.log")
    assert project.asked().status is Status.ERROR


@pytest.mark.parametrize("place", ["out/a.log", "out"])
def test_a_link_of_the_change_that_leads_elsewhere_is_an_error(project: Project, tmp_path: Path, place: str) -> None:
    """Whoever writes the link chooses which file of the machine is taken for evidence."""
    project.write(".gitignore", "/seen/\n")
    (tmp_path / "old").mkdir()
    (tmp_path / "old/a.log").write_text("seen\n")
    link = project.root / place
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(tmp_path / "old" / link.relative_to(project.root / "out"))
    project.commit()
    outcome = project.asked()
    assert outcome.status is Status.ERROR
    assert f"is where {place} leads, a link that is in git, and the policy branch" in outcome.findings[0].message
    assert rules(outcome) == [("committed", Level.ERROR), ("link", Level.NOTE)]
    assert rules(project.asked(policy="")) == [("committed", Level.WARNING), ("link", Level.NOTE)]
    project.on_main()
    git(project.root, "merge", "-q", "change")
    outcome = project.asked()
    assert (outcome.status, rules(outcome)) == (Status.PASSED, [("link", Level.NOTE)])


@pytest.mark.parametrize(
    "target", ["alternative", "{root}/alternative", "../project/alternative", "made/../alternative"]
)
def test_a_link_of_the_change_behind_a_link_of_the_policy_is_an_error(project: Project, target: str) -> None:
    """The outer link is as it was; the change moves the inner one to other results that the job makes."""
    project.on_main()
    project.write(".gitignore", "/made/\n/alternative/\n")
    (project.root / "out").symlink_to("current")
    (project.root / "current").symlink_to("made")
    commit_all(project.root)
    project.on_change()
    git(project.root, "merge", "-q", "main")
    project.write("made/a.log", "seen\n")
    project.write("alternative/a.log", "seen elsewhere\n")
    assert (project.asked().status, project.asked().findings) == (Status.PASSED, ())
    (project.root / "current").unlink()
    (project.root / "current").symlink_to(target.format(root=project.root))
    project.commit()
    outcome = project.asked()
    assert outcome.status is Status.ERROR
    assert "is where current leads, a link that is in git, and the policy branch" in outcome.findings[0].message


def test_a_link_in_a_submodule_that_the_change_moves_is_an_error(project: Project, tmp_path: Path) -> None:
    module = tmp_path / "module"
    module.mkdir()
    (module / "out").symlink_to("../alternative")
    commit_all(module)
    git(project.root, "-c", "protocol.file.allow=always", "submodule", "-q", "add", str(module), "module")
    project.write(".gitignore", "/alternative/\n")
    project.commit()
    project.write("alternative/a.log", "seen elsewhere\n")
    outcome = project.asked(logs=["module/out/*.log"])
    assert outcome.status is Status.ERROR
    assert "is where module/out leads, a link that is in git" in outcome.findings[0].message


def test_a_link_that_the_job_makes_is_told_where_it_leads_out(project: Project, tmp_path: Path) -> None:
    """Bazel puts its results behind `bazel-testlogs`; a job may as well write the file there itself."""
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache/a.log").write_text("seen\n")
    (project.root / "out").symlink_to(tmp_path / "cache")
    project.write(".gitignore", "/out\n")
    project.commit()
    outcome = project.asked()
    assert (outcome.status, rules(outcome)) == (Status.PASSED, [("link", Level.NOTE)])
    assert outcome.findings[0].message == "out is a link: 1 file of evidence lie outside of the repository"
    (project.root / "out").unlink()
    project.write("made/a.log", "seen\n")
    (project.root / "out").symlink_to("made")
    assert project.asked().findings == ()


def test_line_ends_that_git_turns_do_not_hide_it(project: Project) -> None:
    project.write(".gitattributes", "*.log text eol=crlf\n")
    project.write("out/a.log", "seen\n")
    project.commit("out/a.log")
    (project.root / "out/a.log").unlink()
    git(project.root, "checkout", "-q", "--", "out/a.log")
    assert (project.root / "out/a.log").read_bytes() == b"seen\r\n"
    assert project.asked().status is Status.ERROR


def test_a_submodule_that_the_change_moves_brings_its_files(project: Project, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.log").write_text("seen\n")
    commit_all(other)
    add = ("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other), "lib")
    git(project.root, *add)
    project.commit()
    outcome = project.asked(logs=["lib/*.log"])
    assert outcome.status is Status.ERROR
    assert "is in the submodule lib" in outcome.findings[0].message
    project.write("lib/b.log", "by the job\n")
    assert project.asked(logs=["lib/b.log"]).status is Status.PASSED
    assert project.asked(logs=["lib/*.log"], policy="change").status is Status.PASSED


def test_files_that_are_named_inside_of_parameters_are_held_to_it(project: Project) -> None:
    project.write("inner.txt", "seen\n")
    project.commit()
    project.write("out/a.log", "by the job\n")
    outcome = project.asked(logs=["out/a.log"], inner=[{"file": "inner.txt"}])
    assert outcome.status is Status.ERROR
    assert [f.path for f in outcome.findings] == ["inner.txt"]


def test_the_default_of_a_parameter_is_held_to_it(project: Project) -> None:
    project.write("out/a.log", "seen\n")
    project.commit("out/a.log")
    assert project.asked().status is Status.ERROR


def test_a_checklist_in_a_folder_below_sees_the_same(project: Project) -> None:
    project.write("service/out/a.log", "seen\n")
    project.commit("service/out/a.log")
    assert project.asked(root=project.root / "service").status is Status.ERROR
    project.write("shared.log", "seen above\n")
    project.commit()
    assert project.asked(root=project.root / "service", logs=["../shared.log"]).status is Status.ERROR


def test_a_failure_stays_a_failure_and_says_it_too(project: Project) -> None:
    project.write("out/a.log", "seen\n")
    project.commit("out/a.log")
    outcome = project.asked(says="failed")
    assert outcome.status is Status.FAILED
    assert outcome.summary.startswith("read; 1 file of evidence came with this change")


def test_an_empty_file_is_nobodys(project: Project) -> None:
    project.write("empty.txt", "")
    project.commit()
    project.write("out/a.log", "")
    assert project.asked().status is Status.PASSED


def test_a_policy_commit_that_is_not_there_is_an_error(project: Project) -> None:
    project.write("out/a.log", "seen\n")
    project.commit("out/a.log")
    using = context(project.root)
    facts = using.facts.model_copy(update={"policy_commit": "0" * 40})
    outcome = evaluate(Reads, project.root, using=Context(facts, environ={}))
    assert outcome.status is Status.ERROR
    assert "git cannot tell which evidence this change brings" in outcome.summary


def test_without_a_repository_nothing_is_in_git(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/a.log").write_text("seen\n")
    assert evaluate(Reads, tmp_path).status is Status.PASSED
