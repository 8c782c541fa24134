"""A force-push back to an older policy: what the last attested verdict rested on has to be there still."""

from pathlib import Path

import pytest

from readiness.attestation.summary import EXTENSION
from support.policy_branch import PolicyBranch, clone, verify
from support.program import readiness
from support.signing import PARALEGAL, git
from support.verdict_keys import private, public
from support.verdicts import altered, envelope, go, statement, write


class Hosted(PolicyBranch):
    """A policy branch on a host, that somebody may push to."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "project")
        self.folder, self.verdict = folder, folder / "verdict.intoto.json"
        self.host = folder / "host.git"
        git(folder, "init", "-q", "--bare", str(self.host))
        git(self.root, "remote", "add", "origin", str(self.host))

    def push(self, *args: str) -> None:
        git(self.root, "push", "-q", *args, "origin", "main")

    def attest(self, *args: str) -> None:
        asked = ("check", "-q", "--attest", str(self.verdict), "--key", str(private()), *args)
        readiness(*asked, cwd=self.root, code=0)

    def audit(self, *args: str) -> tuple[int, str]:
        """What a fresh clone of the host says."""
        checkout = self.folder / f"audit-{len(list(self.folder.iterdir()))}"
        clone(self.host, checkout)
        return verify(checkout, "--against", str(self.verdict), "--key", str(public()), *args)


@pytest.fixture
def hosted(tmp_path: Path) -> Hosted:
    hosted = Hosted(tmp_path)
    hosted.push()
    return hosted


def test_a_branch_that_only_grew_holds_all_of_it(hosted: Hosted) -> None:
    digest = hosted.signed(10)
    hosted.attest()
    hosted.push()
    assert [fact["record"] for fact in statement(hosted.verdict)["predicate"][EXTENSION]["records"]] == [digest]
    assert hosted.audit()[0] == 0
    hosted.write("README.md", "# more\n")
    hosted.save(5)
    hosted.signed(4, PARALEGAL)
    hosted.push()
    assert hosted.audit()[0] == 0


def test_a_force_push_to_an_older_policy_is_found(hosted: Hosted) -> None:
    before = git(hosted.root, "rev-parse", "HEAD").strip()
    digest = hosted.signed(10)
    hosted.attest()
    hosted.push()
    judged = git(hosted.root, "rev-parse", "HEAD").strip()
    git(hosted.root, "reset", "-q", "--hard", before)
    hosted.push("--force")
    code, said = hosted.audit()
    assert code == 1
    assert "history-rewritten" in said
    assert judged[:10] in said
    assert "record-gone" in said
    assert digest in said
    assert "next:" in said


def test_a_rewritten_history_that_kept_the_record_is_found(hosted: Hosted) -> None:
    """The record is there, and all is well by the branch alone: but a revocation that came before could be missing."""
    first = hosted.signed(20)
    parent = git(hosted.root, "rev-parse", "HEAD").strip()
    hosted.revoked(first, 15)
    second = hosted.signed(10)
    hosted.attest()
    hosted.push()
    kept = [(path, path.read_bytes()) for path in hosted.files(second)]
    git(hosted.root, "reset", "-q", "--hard", parent)
    for path, data in kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    hosted.save(9)
    hosted.push("--force")
    assert verify(hosted.root)[0] == 0
    code, said = hosted.audit()
    assert code == 1
    assert "history-rewritten" in said
    assert "record-gone" not in said


def test_a_record_that_was_deleted_since_is_still_known_by_name(hosted: Hosted) -> None:
    digest = hosted.signed(10)
    hosted.attest()
    hosted.drop(digest, 5)
    hosted.push()
    code, said = hosted.audit()
    assert code == 1
    assert f"{digest[:2]}/{digest}.json (signoff of templates-reviewed by counsel@example.com) is gone" in said


def test_a_signature_that_was_deleted_since_is_found(hosted: Hosted) -> None:
    digest = hosted.signed(10)
    hosted.attest()
    hosted.files(digest)[1].unlink()
    hosted.save(5)
    hosted.push()
    code, said = hosted.audit()
    assert code == 1
    assert "the signature of" in said


def test_a_verdict_by_a_policy_branch_is_compared_with_that_branch(hosted: Hosted) -> None:
    hosted.signed(10)
    hosted.attest()
    hosted.push()
    assert hosted.audit("--policy-ref", "origin/main")[0] == 0
    git(hosted.root, "reset", "-q", "--hard", "HEAD~1")
    hosted.push("--force")
    code, said = hosted.audit("--policy-ref", "origin/main")
    assert code == 1
    assert "history-rewritten" in said


def test_a_verdict_that_nobody_trusted_has_signed_says_nothing(hosted: Hosted) -> None:
    hosted.signed(10)
    hosted.push()
    write(hosted.verdict, envelope(by="second"))
    code, said = hosted.audit()
    assert code == 2
    assert "no trusted key has signed it" in said
    write(hosted.verdict, altered(lambda said: said.update(predicateType="x"), resign=True))
    assert hosted.audit()[0] == 2


def test_a_verdict_of_another_repository_is_not_of_this_branch(hosted: Hosted) -> None:
    hosted.signed(10)
    hosted.push()
    write(hosted.verdict, envelope(go()))
    code, said = hosted.audit()
    assert code == 1
    assert "history-rewritten" in said


def test_a_shallow_clone_cannot_tell(hosted: Hosted) -> None:
    hosted.signed(10)
    hosted.attest()
    hosted.push()
    checkout = clone(hosted.host, hosted.folder / "shallow", "--depth", "1")
    code, said = verify(checkout, "--against", str(hosted.verdict), "--key", str(public()))
    assert code == 2
    assert "shallow" in said


def test_a_key_alone_compares_with_nothing(hosted: Hosted) -> None:
    hosted.signed(10)
    code, said = verify(hosted.root, "--key", str(public()))
    assert code == 2
    assert "--against" in said
