"""What a work tree proposes, part by part: compared, left to the policy branch, or not known."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from readiness.plugins import Description, PluginError, Problem
from readiness.policy.base import find_base
from readiness.policy.proposal import Proposal, read_proposal
from readiness.report import Plugin
from support.policies import built_in_checks
from support.proposals import ATTACKER, CHECKLIST, COUNSEL, OWNER, Proposed
from support.signing import git, key, public

ROSTER, REVOKED = ".readiness/allowed_signers", ".readiness/revoked_keys"


class Host:
    """Answers about built-in checks in this process.

    Args:
        broken: Names of checks that cannot be described.
        problem: What is wrong with the parameters of every item.
    """

    def __init__(self, *broken: str, problem: str = "") -> None:
        self.broken, self.problem = broken, problem

    def describe(self, plugin: Plugin) -> Description:
        if plugin.name in self.broken:
            raise PluginError("it cannot be imported")
        return built_in_checks()[plugin.name]

    def problems(self, plugin: Plugin, params: Mapping[str, Any]) -> Sequence[Problem]:  # noqa: ARG002 - of the protocol
        return [Problem(location=(), kind="value_error", message=self.problem)] if self.problem else []


@pytest.fixture
def project(tmp_path: Path) -> Proposed:
    return Proposed(tmp_path / "project")


def read(project: Proposed, host: Host | None = None) -> Proposal:
    return read_proposal(find_base("main", start=project.folder), host or Host())


def codes(found: Proposal) -> list[tuple[str, str]]:
    return [(change.kind, change.code) for change in found.changes]


def unknown(found: Proposal) -> tuple[str, str, str]:
    """Rule, path and message of the only part that cannot be compared."""
    (finding,) = found.unknown
    assert finding.remedy
    return finding.rule, finding.path or "", finding.message


def move_on(project: Proposed, path: str, text: str, *, old: str = "") -> None:
    """Let the policy branch change a file after the change left it."""
    project.on_main()
    if old:
        project.edit(old, text, path)
    else:
        project.write(path, text)
    project.commit("Move on")
    project.on_change()


def test_what_is_the_same_is_no_change(project: Proposed) -> None:
    found = read(project)
    assert (found.changes, found.unknown, found.notices, found.weakens) == ((), (), (), ())
    assert found.base.commit == git(project.root, "rev-parse", "main").strip()
    assert found.settings > 10


def test_the_ends_of_lines_that_git_may_change_are_none(project: Proposed) -> None:
    for path in ("readiness.yaml", ROSTER):
        place = project.folder / path
        place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n"))
    assert (read(project).changes, read(project).unknown) == ((), ())


class TestChecklist:
    def test_what_it_says_is_compared(self, project: Proposed) -> None:
        project.edit("production: {limit: 3}", "production: {limit: 4}")
        found = read(project)
        assert ("weakens", "limit-raised") in codes(found)
        assert [change.code for change in found.weakens] == ["limit-raised"]
        project.edit("production: {limit: 4}", "production: {limit: 2}")
        found = read(project)
        assert ("strengthens", "limit-lowered") in codes(found)
        assert found.weakens == ()

    def test_one_that_is_gone_is_dropped(self, project: Proposed) -> None:
        (project.folder / "readiness.yaml").unlink()
        assert codes(read(project)) == [("weakens", "checklist-dropped")]

    def test_it_may_take_the_other_usual_name(self, project: Proposed) -> None:
        project.edit("production: {limit: 3}", "production: {limit: 4}")
        (project.folder / "readiness.yaml").rename(project.folder / "readiness.yml")
        assert ("weakens", "limit-raised") in codes(read(project))
        assert ("weakens", "checklist-dropped") not in codes(read(project))

    @pytest.mark.parametrize(
        ("text", "why"), [("version: [", "readiness.yaml:1:"), ("version: 2\n", "readiness.yaml:")]
    )
    def test_one_that_cannot_be_used_is_not_known(self, project: Proposed, text: str, why: str) -> None:
        project.write("readiness.yaml", text)
        rule, path, message = unknown(read(project))
        assert (rule, path) == ("policy-unreadable", "readiness.yaml")
        assert message.startswith("the proposed checklist cannot be used: ")
        assert why in message
        assert read(project).changes == ()

    def test_nor_is_one_with_parameters_that_its_check_refuses(self, project: Proposed) -> None:
        project.edit("title: It builds", "title: Built")
        found = read(project, Host(problem="there is no such report"))
        assert "there is no such report" in unknown(found)[2]
        assert found.changes == ()

    def test_a_link_in_its_place_is_not_followed(self, project: Proposed) -> None:
        (project.folder / "readiness.yaml").rename(project.folder / "other.yaml")
        (project.folder / "readiness.yaml").symlink_to("other.yaml")
        rule, path, message = unknown(read(project))
        assert (rule, path) == ("policy-unreadable", "readiness.yaml")
        assert message.startswith("the proposed checklist cannot be read: ")

    def test_what_only_the_policy_branch_changed_is_not_proposed(self, project: Proposed) -> None:
        move_on(project, "readiness.yaml", "production: {limit: 1}", old="production: {limit: 3}")
        found = read(project)
        assert (found.changes, found.unknown) == ((), ())
        (notice,) = found.notices
        assert notice.startswith("main has changed readiness.yaml since")

    def test_what_both_changed_is_compared_as_it_is(self, project: Proposed) -> None:
        move_on(project, "readiness.yaml", "production: {limit: 1}", old="production: {limit: 3}")
        project.edit("title: It builds", "title: Built")
        found = read(project)
        assert {("weakens", "limit-raised"), ("neutral", "title-changed")} < set(codes(found))
        assert found.notices == ()


class TestRoster:
    def test_who_may_sign_is_compared(self, project: Proposed) -> None:
        project.enroll(OWNER, COUNSEL, ATTACKER)
        assert codes(read(project)) == [("weakens", "signer-added")]
        project.enroll(OWNER)
        assert codes(read(project)) == [("strengthens", "signer-dropped")]

    def test_one_that_is_gone_is_dropped(self, project: Proposed) -> None:
        (project.folder / ROSTER).unlink()
        assert codes(read(project)) == [("weakens", "roster-dropped")]

    def test_a_first_one_adds_its_signers(self, project: Proposed) -> None:
        project.on_main()
        roster = (project.folder / ROSTER).read_text()
        shutil.rmtree(project.folder / ".readiness")
        project.commit("None")
        git(project.root, "checkout", "-q", "-B", "change")
        project.write(ROSTER, roster)
        assert codes(read(project)) == [("weakens", "signer-added")] * 2

    def test_one_that_cannot_be_read_is_not_known(self, project: Proposed) -> None:
        project.write(ROSTER, "junk\n")
        rule, path, message = unknown(read(project))
        assert (rule, path) == ("policy-unreadable", ROSTER)
        assert message.startswith("the proposed roster cannot be used: ")
        assert read(project).changes == ()

    def test_what_only_the_policy_branch_changed_is_not_proposed(self, project: Proposed) -> None:
        text = (project.folder / ROSTER).read_text().splitlines(keepends=True)[0]
        move_on(project, ROSTER, text)
        found = read(project)
        assert found.changes == ()
        assert ROSTER in found.notices[0]


class TestRevoked:
    LINE = property(lambda _: public(key(ATTACKER)).line + "\n")

    def test_a_key_more_strengthens_and_one_less_weakens(self, project: Proposed) -> None:
        project.write(REVOKED, self.LINE)
        assert codes(read(project)) == [("strengthens", "key-revoked")]
        git(project.root, "checkout", "-q", "-B", "main")
        project.commit("Revoke")
        git(project.root, "checkout", "-q", "-B", "change")
        (project.folder / REVOKED).unlink()
        assert codes(read(project)) == [("weakens", "key-unrevoked")]

    def test_a_list_that_cannot_be_read_is_not_known(self, project: Proposed) -> None:
        project.write(REVOKED, "junk\n")
        rule, path, message = unknown(read(project))
        assert (rule, path) == ("policy-unreadable", REVOKED)
        assert message.startswith("the proposed list of revoked keys cannot be used: ")


class TestTrustedFiles:
    def test_a_script_that_an_item_runs_is_compared(self, project: Proposed) -> None:
        project.write("build.sh", "#!/bin/sh\nfalse\n")
        (change,) = read(project).changes
        assert (change.kind, change.code) == ("weakens", "trusted-file-changed")
        assert "build.sh" in change.text

    def test_an_older_one_than_the_policy_branch_has_is_not_known(self, project: Proposed) -> None:
        move_on(project, "build.sh", "#!/bin/sh\nmake\n")
        found = read(project)
        rule, path, message = unknown(found)
        assert (rule, path, found.changes) == ("trusted-file-stale", "build.sh", ())
        assert "main has changed it since" in message
        assert "rebase onto main" in found.unknown[0].remedy

    def test_it_is_named_from_the_folder_of_the_checklist(self, tmp_path: Path) -> None:
        project = Proposed(tmp_path / "project", folder="services/api")
        move_on(project, "build.sh", "#!/bin/sh\nmake\n")
        assert unknown(read(project))[1] == "build.sh"

    def test_of_many_that_are_older_fifty_are_shown(self, tmp_path: Path) -> None:
        scripts = [f"run{number}.sh" for number in range(51)]
        run = "; ".join(f"sh {script}" for script in scripts)
        project = Proposed(tmp_path / "project", CHECKLIST.replace("run: ./build.sh", f'run: "{run}"'))
        project.on_main()
        for script in scripts:
            project.write(script, "make\n")
        project.commit("Move on")
        project.on_change()
        assert [finding.rule for finding in read(project).unknown] == ["trusted-file-stale"] * 50

    def test_one_that_both_changed_is_compared(self, project: Proposed) -> None:
        move_on(project, "build.sh", "#!/bin/sh\nmake\n")
        project.write("build.sh", "#!/bin/sh\nfalse\n")
        assert codes(read(project)) == [("weakens", "trusted-file-changed")]
        assert read(project).unknown == ()

    def test_of_a_check_that_cannot_be_described_they_are_not_known(self, project: Proposed) -> None:
        rule, path, message = unknown(read(project, Host("command")))
        assert (rule, path) == ("policy-unreadable", "readiness.yaml")
        assert "the check `command` trusts is not known" in message


def test_in_a_folder_the_files_beside_the_checklist_are_meant(tmp_path: Path) -> None:
    project = Proposed(tmp_path / "project", folder="services/api")
    assert read(project).changes == ()
    project.enroll(OWNER, COUNSEL, ATTACKER)
    assert codes(read(project)) == [("weakens", "signer-added")]
    project.write(ROSTER, "junk\n")
    assert unknown(read(project))[1] == f"services/api/{ROSTER}"
