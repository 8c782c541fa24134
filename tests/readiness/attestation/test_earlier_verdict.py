"""A force-push back to an older policy: what the last attested verdict rested on has to be there still."""

import json
from pathlib import Path

import pytest

from readiness.attestation.statement import EXTENSION
from support.policy_branch import PolicyBranch, check, clone, verify
from support.program import readiness
from support.signing import PARALEGAL, git
from support.verdict_keys import private, public
from support.verdicts import altered, envelope, go, statement, write

NO_RECORDS = """\
version: 1
project: deedpro
sections:
  - title: All
    items:
      - {id: good, title: Good, check: command, with: {run: "true"}}
"""


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
    hosted.push()
    policy = git(hosted.root, "rev-parse", "HEAD").strip()
    hosted.branch("feature")
    hosted.write("README.md", "# more\n")
    judged = hosted.save(5)
    git(hosted.root, "fetch", "-q", "origin")
    hosted.attest("--policy-ref", "origin/main")
    said = statement(hosted.verdict)
    assert said["subject"][0]["digest"]["gitCommit"] == judged
    assert said["predicate"]["policy"]["annotations"] == {"commit": policy, "ref": "origin/main"}
    assert said["predicate"][EXTENSION]["policy"] == {
        "ref": "origin/main",
        "commit": policy,
        "name": "refs/remotes/origin/main",
    }
    assert hosted.audit("--policy-ref", "origin/main")[0] == 0
    hosted.switch("main")
    git(hosted.root, "reset", "-q", "--hard", "HEAD~1")
    hosted.push("--force")
    code, text = hosted.audit("--policy-ref", "origin/main")
    assert code == 1
    assert "history-rewritten" in text


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


class TestCheck:
    """`check --previous`: a gate that remembers."""

    def ask(self, hosted: Hosted, *args: str, code: int, **env: str) -> tuple[str, str]:
        """Summary of the item about records, and what was said on standard error."""
        asked = ("check", "-q", "--format", "json", "--previous", str(hosted.verdict), *args)
        trust = {"READINESS_VERIFY_KEY": str(public())} | env
        done = readiness(*asked, cwd=hosted.root, code=code, env=trust)
        results = json.loads(done.stdout)["results"] if done.stdout else []
        outcomes = [one["outcome"] for one in results if one["item"]["id"] == "records-append-only"]
        return (outcomes[0]["summary"] if outcomes else ""), done.stderr

    def test_all_is_there(self, hosted: Hosted) -> None:
        hosted.signed(10)
        hosted.attest()
        summary, _ = self.ask(hosted, code=0)
        assert "is still there" in summary
        assert "nothing was edited" in summary

    def test_a_branch_that_was_pushed_back_is_a_no_go(self, hosted: Hosted) -> None:
        before = git(hosted.root, "rev-parse", "HEAD").strip()
        hosted.signed(10)
        hosted.attest()
        git(hosted.root, "reset", "-q", "--hard", before)
        hosted.signed(9)
        assert check(hosted.root)[0] == 0
        summary, _ = self.ask(hosted, code=1)
        assert "does not contain commit" in summary

    def test_a_branch_that_never_had_a_record_is_compared_too(self, hosted: Hosted) -> None:
        hosted.write("readiness.yaml", NO_RECORDS)
        git(hosted.root, "rm", "-rq", ".readiness")
        hosted.save(30)
        hosted.attest()
        summary, _ = self.ask(hosted, code=0)
        assert "is still there" in summary
        git(hosted.root, "reset", "-q", "--hard", "HEAD~1")
        hosted.write("readiness.yaml", NO_RECORDS + "# again\n")
        git(hosted.root, "rm", "-rq", ".readiness")
        hosted.save(29)
        assert check(hosted.root)[0] == 0
        self.ask(hosted, code=1)

    def test_the_key_that_signs_the_next_verdict_is_trusted_for_the_last(self, hosted: Hosted) -> None:
        hosted.signed(10)
        hosted.attest()
        new = hosted.folder / "next.intoto.json"
        args = ("--attest", str(new), "--key", str(private()))
        self.ask(hosted, *args, code=0, READINESS_VERIFY_KEY="")
        assert new.exists()
        _, said = self.ask(hosted, code=2, READINESS_VERIFY_KEY="")
        assert "no key to verify with" in said

    @pytest.mark.parametrize("name", ["verdict.intoto.json", "verdict.json"])
    def test_the_last_verdict_is_not_overwritten_by_the_next(self, hosted: Hosted, name: str) -> None:
        hosted.signed(10)
        hosted.attest()
        bundle = hosted.folder / "verdict.sigstore.json"
        previous = hosted.verdict if name == hosted.verdict.name else bundle
        args = ("check", "--previous", str(previous), "--attest", str(hosted.folder / name), "--key", str(private()))
        assert "both the earlier verdict and the new one" in readiness(*args, cwd=hosted.root, code=2).stderr
        assert hosted.verdict.exists()
        assert bundle.exists()

    def test_a_verdict_that_nobody_trusted_has_signed_is_refused_before_anything_runs(self, hosted: Hosted) -> None:
        hosted.signed(10)
        write(hosted.verdict, envelope(by="second"))
        _, said = self.ask(hosted, code=2)
        assert "no trusted key has signed it" in said

    def test_a_shallow_clone_is_never_green(self, hosted: Hosted) -> None:
        hosted.signed(10)
        hosted.attest()
        hosted.push()
        hosted.root = clone(hosted.host, hosted.folder / "shallow", "--depth", "1")
        summary, _ = self.ask(hosted, code=3)
        assert "shallow" in summary

    def test_a_policy_branch_that_was_pushed_back_is_a_no_go(self, hosted: Hosted) -> None:
        before = git(hosted.root, "rev-parse", "HEAD").strip()
        hosted.signed(10)
        hosted.attest()
        git(hosted.root, "branch", "-q", "pushed-back", before)
        hosted.signed(9, PARALEGAL)
        self.ask(hosted, "--policy-ref", "main", code=0)
        summary, _ = self.ask(hosted, "--policy-ref", "pushed-back", code=1)
        assert "does not contain commit" in summary
