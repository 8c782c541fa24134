"""What teams do with covered files: leave some out, link, move, keep them in LFS, check out a part, write a default."""

import hashlib
from pathlib import Path

import pytest

from readiness.records.history.contents import contents
from readiness.records.model.errors import RecordsError
from support.policy_branch import PolicyBranch, clone, state, verify
from support.signing import git

PASSED = ("passed", "valid", "valid")
STALE = ("pending", "stale", "subject-changed")


def told(project: PolicyBranch) -> str:
    return project.judged().signoffs[0].reason


class TestLeavingOut:
    @pytest.fixture
    def drafts(self, project: PolicyBranch) -> PolicyBranch:
        project.params["covers"] = ["!templates/drafts/**", "templates/**"]
        project.write("templates/drafts/new.html", "<p>draft</p>\n")
        project.save(20)
        project.signed(10)
        return project

    def test_what_is_left_out_may_change(self, drafts: PolicyBranch) -> None:
        drafts.write("templates/drafts/new.html", "<p>another draft</p>\n")
        assert state(drafts.judged()) == PASSED
        drafts.save(5)
        assert state(drafts.judged()) == PASSED
        assert "templates/drafts/new.html" not in drafts.judged().signoffs[0].covers

    def test_what_moves_out_of_the_drafts_is_new(self, drafts: PolicyBranch) -> None:
        git(drafts.root, "mv", "templates/drafts/new.html", "templates/new.html")
        drafts.save(5)
        assert state(drafts.judged()) == STALE
        assert "`templates/new.html` was added" in told(drafts)

    def test_what_moves_into_the_drafts_is_missing(self, drafts: PolicyBranch) -> None:
        git(drafts.root, "mv", "templates/tax_deed.html", "templates/drafts/tax_deed.html")
        drafts.save(5)
        assert state(drafts.judged()) == STALE
        assert "`templates/tax_deed.html` was removed" in told(drafts)

    def test_nothing_brings_back_what_is_left_out(self, project: PolicyBranch) -> None:
        project.params["covers"] = ["templates/**", "!templates/tax_deed.html", "templates/tax_*"]
        with pytest.raises(RecordsError, match=r"all that `templates/tax_\*` names is left out again"):
            _ = project.question

    def test_to_leave_out_is_no_list(self, project: PolicyBranch) -> None:
        project.params["covers"] = ["!templates/drafts/**"]
        with pytest.raises(ValueError, match="only leaves files out: name first what is covered"):
            _ = project.question


class TestLinks:
    @pytest.fixture
    def linked(self, project: PolicyBranch) -> PolicyBranch:
        (project.root / "templates/current.html").symlink_to("grant_deed.html")
        project.save(20)
        project.signed(10)
        return project

    def test_a_link_is_named_and_not_fatal(self, linked: PolicyBranch) -> None:
        outcome = linked.judged()
        assert state(outcome) == PASSED
        assert [(found.path, found.message.partition(":")[0]) for found in outcome.findings] == [
            ("templates/current.html", "it is a link to grant_deed.html")
        ]

    def test_a_link_that_leads_elsewhere_is_a_change(self, linked: PolicyBranch) -> None:
        link = linked.root / "templates/current.html"
        link.unlink()
        link.symlink_to("tax_deed.html")
        with pytest.raises(RecordsError, match=r"templates/current\.html differs from commit"):
            _ = linked.question
        linked.save(5)
        assert state(linked.judged()) == STALE

    def test_a_file_that_says_where_the_link_led_is_another_thing(self, linked: PolicyBranch) -> None:
        (linked.root / "templates/current.html").unlink()
        linked.write("templates/current.html", "grant_deed.html")
        linked.save(5)
        assert state(linked.judged()) == STALE

    @pytest.mark.parametrize("text", ["link to grant_deed.html", "symbolic link grant_deed.html"])
    def test_a_link_in_place_of_a_file_that_speaks_of_one(self, project: PolicyBranch, text: str) -> None:
        project.write("templates/current.html", text)
        project.save(20)
        project.signed(10)
        (project.root / "templates/current.html").unlink()
        (project.root / "templates/current.html").symlink_to("grant_deed.html")
        project.save(5)
        assert state(project.judged()) == STALE

    def test_what_was_signed_with_a_link_is_found_in_the_history(self, linked: PolicyBranch) -> None:
        there = {subject.name: subject.digest.sha256 for subject in linked.question.subjects}
        linked.write("templates/grant_deed.html", "<p>another</p>")
        linked.save(5)
        came = git(linked.root, "log", "--format=%H", "--", "templates/current.html").split()
        tip = git(linked.root, "rev-parse", "HEAD").strip()
        assert contents(linked.root, ("templates/**",), tip).first(there) == came[0]

    def test_a_link_in_place_of_a_file_that_says_the_same(self, project: PolicyBranch) -> None:
        project.write("templates/current.html", "grant_deed.html")
        project.save(20)
        project.signed(10)
        (project.root / "templates/current.html").unlink()
        (project.root / "templates/current.html").symlink_to("grant_deed.html")
        with pytest.raises(RecordsError, match=r"templates/current\.html differs from commit"):
            _ = project.question
        project.save(5)
        assert state(project.judged()) == STALE

    def test_a_link_that_is_named_itself_is_refused(self, linked: PolicyBranch) -> None:
        linked.params["covers"] = ["templates/current.html"]
        with pytest.raises(RecordsError, match="is a link: only regular files"):
            _ = linked.question

    def test_a_link_can_be_left_out(self, linked: PolicyBranch) -> None:
        linked.params["covers"] = ["templates/**", "!templates/current.html"]
        linked.signed(5)
        outcome = linked.judged()
        assert (state(outcome), outcome.findings) == (PASSED, ())


def test_a_covered_file_that_is_moved_is_told_by_both_names(project: PolicyBranch) -> None:
    project.signed(10)
    git(project.root, "mv", "templates/tax_deed.html", "templates/levy_deed.html")
    project.save(5)
    assert state(project.judged()) == STALE
    assert "`templates/levy_deed.html` was added" in told(project)
    assert "`templates/tax_deed.html` was removed" in told(project)


def test_a_record_that_is_moved_is_named_and_can_be_moved_back(project: PolicyBranch) -> None:
    digest = project.signed(10)
    place = project.files(digest)[0]
    git(project.root, "mv", str(place.parent), str(place.parent.parent / "old"))
    project.save(5)
    exit_code, said = verify(project.root)
    assert (exit_code, "record-deleted" in said) == (1, True)
    git(project.root, "revert", "--no-edit", "HEAD")
    assert state(project.judged()) == PASSED
    assert "record-brought-back" in verify(project.root)[1]


def test_a_sparse_checkout_without_the_covered_files(project: PolicyBranch, tmp_path: Path) -> None:
    project.write("src/app.py", "x = 1\n")
    project.save(20)
    project.signed(10)
    project.root = clone(project.root, tmp_path / "sparse")
    git(project.root, "sparse-checkout", "set", "src", ".readiness")
    assert not (project.root / "templates").exists()
    assert state(project.judged()) == PASSED
    assert verify(project.root)[0] == 0


def test_a_submodule_beside_covered_files(project: PolicyBranch, tmp_path: Path) -> None:
    other = PolicyBranch(tmp_path / "vendor")
    git(project.root, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other.root), "vendor/theirs")
    project.save(20)
    project.signed(10)
    git(project.root, "submodule", "deinit", "-q", "-f", "vendor/theirs")
    assert state(project.judged()) == PASSED
    assert verify(project.root)[0] == 0


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 9\n"


def test_files_in_lfs(project: PolicyBranch) -> None:
    """The pointer is what git has, and so what is covered: it names the SHA-256 of the file itself."""
    project.write(".gitattributes", ".readiness/** -text\ntemplates/*.pdf filter=lfs -text\n")
    project.write("templates/deed.pdf", POINTER.format("ab" * 32))
    project.save(20)
    project.signed(10)
    outcome = project.judged()
    assert state(outcome) == PASSED
    project.write("templates/deed.pdf", POINTER.format("cd" * 32))
    project.save(5)
    assert state(project.judged()) == STALE


def test_files_in_lfs_that_were_smudged(project: PolicyBranch) -> None:
    """The work tree has the file, and git the pointer, which says what the file has to be."""
    project.write(".gitattributes", ".readiness/** -text\ntemplates/*.pdf filter=lfs -text\n")
    pointer = POINTER.format(hashlib.sha256(b"%PDF-1.7\n").hexdigest())
    project.write("templates/deed.pdf", pointer)
    project.save(20)
    project.signed(10)
    project.write("templates/deed.pdf", b"%PDF-1.7\n")
    assert state(project.judged()) == PASSED
    project.write("templates/deed.pdf", b"%PDF-1.6\n")
    with pytest.raises(RecordsError, match=r"templates/deed\.pdf differs from commit"):
        _ = project.question


@pytest.mark.parametrize("written", [{"quorum": 1}, {"each": [], "not_by": None}, {"user_verification": False}])
def test_a_default_that_is_written_out_asks_for_the_same(project: PolicyBranch, written: dict[str, object]) -> None:
    project.signed(10)
    project.params |= written
    assert state(project.judged()) == PASSED
    project.signed(5)
    for name in written:
        del project.params[name]
    assert state(project.judged()) == PASSED


def test_a_default_of_an_item_that_covers_no_file(project: PolicyBranch) -> None:
    del project.params["covers"]
    project.signed(10)
    project.params["quorum"] = 1
    assert state(project.judged()) == PASSED
    project.params["quorum"] = 2
    assert state(project.judged()) == ("pending", "stale", "item-changed")


def test_a_parameter_that_changed_is_named(project: PolicyBranch) -> None:
    project.signed(10)
    project.params["valid_for"] = "180d"
    assert state(project.judged()) == ("pending", "stale", "item-changed")
    assert told(project) == ("the item changed after counsel@example.com signed: `valid_for`, from nothing to 180d")
