"""What teams do with git every day makes no good signature bad."""

from pathlib import Path

import pytest

from readiness.outcome import Status
from support.policy_branch import PolicyBranch, ago, clone, state, verify
from support.signing import COUNSEL, PARALEGAL, git

DEV, FORGE = "dev@example.com", "noreply@forge.example"
PASSED = ("passed", "valid", "valid")


@pytest.fixture
def duties(tmp_path: Path) -> PolicyBranch:
    """A project in which nobody approves what they wrote."""
    return PolicyBranch(tmp_path / "duties", not_by="authors")


def squash(project: PolicyBranch, branch: str, days: float, *coauthors: str) -> str:
    """What a forge does by `Squash and merge`: one commit, and a line for everybody who has a commit in the branch."""
    git(project.root, "merge", "-q", "--squash", branch, date=ago(days).isoformat())
    lines = "\n".join(f"Co-authored-by: {name} <{name}>" for name in coauthors)
    return project.save(days, f"Reword (#12)\n\n{lines}", DEV)


def proposed(project: PolicyBranch, text: str = "<p>new</p>\n", *, days: float = 20, author: str = DEV) -> None:
    """A pull request that changes a template."""
    project.branch("work")
    project.write("templates/grant_deed.html", text)
    project.save(days, "Reword", author)


def test_a_merge_by_git_pull(project: PolicyBranch) -> None:
    project.branch("local")
    project.write("app.py", "x = 1\n")
    project.save(15)
    project.switch("main")
    project.signed(14)
    project.switch("local")
    git(project.root, "merge", "-q", "--no-edit", "main", date=ago(3).isoformat())
    project.switch("main")
    git(project.root, "merge", "-q", "--ff-only", "local")
    assert state(project.judged()) == PASSED
    assert verify(project.root)[0] == 0


@pytest.mark.parametrize("how", ["open", "merge", "squash", "rebase", "cherry-pick"])
def test_a_pull_request_that_is_open_for_weeks(project: PolicyBranch, how: str) -> None:
    proposed(project)
    project.signed(19)
    if how == "open":
        assert state(project.judged(policy="main")) == PASSED
        return
    project.switch("main")
    project.write("app.py", "x = 1\n")
    project.save(5)
    if how == "merge":
        project.merge("work", 1)
    elif how == "squash":
        squash(project, "work", 1, COUNSEL)
    elif how == "rebase":
        git(project.root, "rebase", "-q", "main", "work", date=ago(1).isoformat())
    else:
        git(project.root, "cherry-pick", "main..work", date=ago(1).isoformat())
    if how != "rebase":
        git(project.root, "branch", "-q", "-D", "work")
    assert state(project.judged()) == PASSED


def test_two_branches_that_both_bring_records(project: PolicyBranch) -> None:
    for name, person in (("one", COUNSEL), ("two", PARALEGAL)):
        project.branch(name)
        project.signed(10, person)
        project.switch("main")
    project.merge("one", 2)
    project.merge("two", 1)
    assert project.judged().status is Status.PASSED
    assert {card.principal for card in project.judged().signoffs} == {COUNSEL, PARALEGAL}


@pytest.mark.parametrize("committed", [True, False])
def test_what_other_programs_leave_beside_records_is_named_and_ignored(
    project: PolicyBranch, *, committed: bool
) -> None:
    digest = project.signed(10)
    names = (".DS_Store", f"{digest[:2]}/._{digest}.json", f"{digest[:2]}/.{digest}.json.swp", "Thumbs.db", "x~")
    for name in names:
        project.write(f".readiness/records/{name}", "anything")
    if committed:
        project.save(5)
    assert state(project.judged()) == PASSED
    exit_code, said = verify(project.root)
    assert (exit_code, said.count("note     ")) == (0, len(names))
    assert "another program left it here; it is ignored" in said


def test_a_signature_that_a_crash_left_can_be_removed_again(project: PolicyBranch) -> None:
    project.signed(10)
    left = project.files("ab" * 32)[1]
    project.write(left.relative_to(project.root).as_posix(), "a signature")
    project.save(5)
    exit_code, said = verify(project.root)
    assert (exit_code, "remove it: alone it says nothing" in said) == (1, True)
    left.unlink()
    project.save(4)
    assert verify(project.root)[0] == 0


def test_the_first_signature_on_windows(project: PolicyBranch, tmp_path: Path) -> None:
    """`core.autocrlf=true` is the default of git for Windows, and before the first record there is no attribute."""
    there = clone(project.root, tmp_path / "windows", "-c", "core.autocrlf=true")
    roster = there / ".readiness/allowed_signers"
    assert b"\r\n" in roster.read_bytes()
    project.root = there
    project.signed(2)
    assert b"\r\n" not in roster.read_bytes()
    assert state(project.judged()) == PASSED
    project.root = clone(there, tmp_path / "unix", "-c", "core.autocrlf=false")
    assert state(project.judged()) == PASSED
    assert verify(project.root)[0] == 0


class TestSquashes:
    def test_who_only_brought_a_record_is_no_author(self, duties: PolicyBranch) -> None:
        proposed(duties)
        duties.signed(19)
        duties.switch("main")
        squash(duties, "work", 18, COUNSEL)
        assert state(duties.judged()) == PASSED
        git(duties.root, "branch", "-q", "-D", "work")
        assert state(duties.judged()) == PASSED

    def test_a_co_author_who_signs_afterwards_is_one(self, duties: PolicyBranch) -> None:
        proposed(duties)
        duties.write("templates/tax_deed.html", "<p>by counsel</p>\n")
        duties.save(19, "More", COUNSEL)
        duties.switch("main")
        squash(duties, "work", 18, COUNSEL)
        duties.signed(17)
        assert state(duties.judged()) == ("failed", "unauthorised", "own-change")

    def test_a_co_author_who_signed_in_the_branch_is_one_as_long_as_the_branch_shows_it(
        self, duties: PolicyBranch
    ) -> None:
        proposed(duties)
        duties.write("templates/tax_deed.html", "<p>by counsel</p>\n")
        duties.save(19, "More", COUNSEL)
        duties.signed(18)
        duties.switch("main")
        squash(duties, "work", 17, COUNSEL)
        assert state(duties.judged()) == ("failed", "unauthorised", "own-change")

    def test_a_sign_off_of_other_content_makes_no_co_author_a_reader(self, duties: PolicyBranch) -> None:
        proposed(duties)
        duties.signed(19)
        duties.write("templates/tax_deed.html", "<p>more</p>\n")
        duties.save(18)
        duties.switch("main")
        squash(duties, "work", 17, COUNSEL)
        duties.signed(16)
        assert state(duties.judged()) == ("failed", "unauthorised", "own-change")

    @pytest.mark.parametrize("how", ["squash", "merge"])
    def test_what_was_reviewed_before_it_is_reviewed_after_it(self, duties: PolicyBranch, how: str) -> None:
        duties.write("templates/tax_deed.html", "<p>by counsel</p>\n")
        duties.save(21, "Write", COUNSEL)
        proposed(duties)
        duties.signed(19, PARALEGAL)
        duties.switch("main")
        if how == "squash":
            squash(duties, "work", 18)
        else:
            duties.merge("work", 18)
        duties.write("templates/grant_deed.html", "<p>later</p>\n")
        duties.save(17)
        duties.signed(16)
        assert [card.state for card in duties.judged().signoffs if card.principal == COUNSEL] == ["valid"]

    def test_what_nobody_reviewed_is_the_authors_own(self, duties: PolicyBranch) -> None:
        duties.write("templates/tax_deed.html", "<p>by counsel</p>\n")
        duties.save(21, "Write", COUNSEL)
        duties.write("templates/grant_deed.html", "<p>later</p>\n")
        duties.save(17)
        duties.signed(16)
        assert state(duties.judged()) == ("failed", "unauthorised", "own-change")
