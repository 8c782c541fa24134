"""`readiness verify`: exit codes and words of the real program, as a deploy job meets them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from readiness.attestation.statement import EXTENSION
from readiness.report import Report
from support.program import readiness
from support.report_values import digest
from support.repositories import commit_all, git
from support.verdict_keys import PASSPHRASE, private, public
from support.verdicts import altered, conditional, envelope, go, governed_go, write

NOW = datetime.now(UTC).replace(microsecond=0)


def given(run: Report, *, ago: timedelta = timedelta(hours=1), commit: str = "", **verdict: object) -> Report:
    """The same run at another time, of another commit."""
    subject = run.subject.model_copy(update={"commit": commit} if commit else {})
    changed = {"started_at": NOW - ago, "subject": subject, "verdict": run.verdict.model_copy(update=verdict)}
    return run.model_copy(update=changed)


def fresh(run: Report | None = None) -> Report:
    """A run of an hour ago whose records have long to go."""
    run = run or go()
    far = NOW + timedelta(days=30)
    results = tuple(
        result.model_copy(
            update={
                "outcome": result.outcome.model_copy(
                    update={
                        "signoffs": tuple(c.model_copy(update={"expires_at": far}) for c in result.outcome.signoffs)
                    }
                ),
                "waiver": result.waiver and result.waiver.model_copy(update={"expires_at": far}),
            }
        )
        for result in run.results
    )
    until = far if run.verdict.valid_until else None
    flips = tuple(flip.model_copy(update={"at": far}) for flip in run.verdict.flips)
    return given(run.model_copy(update={"results": results}), valid_until=until, flips=flips)


@pytest.fixture
def verdict(tmp_path: Path) -> Path:
    return write(tmp_path / "verdict.intoto.json", envelope(fresh()))


COMMIT = go().subject.commit
ASK = ("--commit", COMMIT)


def test_good_is_0_and_says_what_judged(verdict: Path) -> None:
    done = readiness("verify", str(verdict), *ASK, "--key", str(public()), cwd=verdict.parent, code=0)
    first, *rest = done.stdout.splitlines()
    assert first.startswith(f"good: GO for deedpro 3.0.0 in production, commit {COMMIT[:10]}, judged 1 hour ago")
    assert [line.split()[0] for line in rest] == ["policy:", "valid"]
    assert rest[0].startswith("policy: readiness.yaml of the judged commit itself, without a policy ref, sha256:")
    assert done.stderr == ""


def test_the_bundle_is_as_good(verdict: Path) -> None:
    bundle = write(verdict.parent / "verdict.sigstore.json", envelope(fresh()), bundle=True)
    readiness("verify", str(bundle), *ASK, "--key", str(public()), cwd=verdict.parent, code=0)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (["--env", "production", "--release", "3.0.0", "--project", "deedpro"], 0),
        (["--env", "staging"], 1),
        (["--release", "3.0.1"], 1),
        (["--project", "other"], 1),
        (["--phase", "pre-deploy"], 1),
        (["--max-age", "30m"], 3),
        (["--max-age", "2h"], 0),
        (["--max-age", "30m", "--env", "staging"], 1),
        (["--max-age", "soon"], 2),
        (["--max-age", "-1h"], 2),
        (["--artifact", "missing"], 2),
        (["--fail-on", "anything"], 2),
    ],
    ids=str,
)
def test_what_is_asked_is_held_against_it(verdict: Path, asked: list[str], code: int) -> None:
    args = ("verify", str(verdict), *ASK, "--key", str(public()), *asked)
    done = readiness(*args, cwd=verdict.parent, code=code)
    if code in {1, 3}:
        assert "next:" in done.stdout


def test_conditional_go_is_good_unless_it_is_not_wanted(tmp_path: Path) -> None:
    path = write(tmp_path / "verdict.intoto.json", envelope(fresh(conditional())))
    asked = ("verify", str(path), *ASK, "--key", str(public()))
    assert "CONDITIONAL_GO" in readiness(*asked, cwd=tmp_path, code=0).stdout
    assert "conditional" in readiness(*asked, "--fail-on", "conditional", cwd=tmp_path, code=1).stdout


def test_a_day_is_the_most_when_nothing_is_said(tmp_path: Path) -> None:
    for hours, code in ((23, 0), (25, 3)):
        path = write(tmp_path / "verdict.intoto.json", envelope(given(fresh(), ago=timedelta(hours=hours))))
        done = readiness("verify", str(path), *ASK, "--key", str(public()), cwd=tmp_path, code=code)
    assert "LAPSED" in done.stdout
    assert "--attest` again" in done.stdout


def test_what_has_lapsed_is_3_however_young(tmp_path: Path) -> None:
    run = fresh(conditional())
    past = given(run, valid_until=NOW - timedelta(minutes=1))
    path = write(tmp_path / "verdict.intoto.json", envelope(past))
    assert "valid until" in readiness("verify", str(path), *ASK, "--key", str(public()), cwd=tmp_path, code=3).stdout


def test_a_bad_signature_is_1_and_nothing_of_the_file_is_believed(tmp_path: Path) -> None:
    forged = altered(lambda said: said["predicate"][EXTENSION].update(environment="moon"), resign=False, run=fresh())
    path = write(tmp_path / "verdict.intoto.json", forged)
    asked = ("verify", str(path), *ASK, "--key", str(public()))
    done = readiness(*asked, cwd=tmp_path, code=1)
    assert "REFUTED  bad-signature" in done.stdout
    assert "moon" not in done.stdout
    said = json.loads(readiness(*asked, "--json", cwd=tmp_path, code=1).stdout)
    assert (said["ok"], said["statement"], said["key"]) == (False, None, None)


def test_json_says_all(verdict: Path) -> None:
    done = readiness("verify", str(verdict), *ASK, "--key", str(public()), "--json", cwd=verdict.parent, code=0)
    said = json.loads(done.stdout)
    assert (said["ok"], said["exit_code"], said["objections"]) == (True, 0, [])
    assert said["statement"]["predicate"][EXTENSION]["environment"] == "production"
    done = readiness("verify", str(verdict), "--commit", "0" * 40, "--key", str(public()), "--json", cwd=verdict.parent)
    assert done.returncode == 1
    assert [one["code"] for one in json.loads(done.stdout)["objections"]] == ["other-commit"]


@pytest.mark.parametrize("content", [b"", b"{}", b"null", b"not json", b"\xff\xfe", b'{"a": 1, "a": 2}', b"[" * 10_000])
def test_a_file_that_cannot_be_read_is_2(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "verdict.intoto.json"
    path.write_bytes(content)
    done = readiness("verify", str(path), *ASK, "--key", str(public()), cwd=tmp_path, code=2)
    assert "next:" in done.stderr
    assert done.stdout == ""


def test_a_missing_or_huge_file_or_a_folder_is_2(tmp_path: Path) -> None:
    (tmp_path / "huge").write_bytes(b" " * (16 * 2**20 + 1))
    for name in ("missing", ".", "huge"):
        done = readiness("verify", name, *ASK, "--key", str(public()), cwd=tmp_path, code=2)
        assert "next:" in done.stderr


def test_a_signed_statement_of_another_shape_is_2(tmp_path: Path) -> None:
    path = write(tmp_path / "v.json", altered(lambda said: said["predicate"].pop("policy"), resign=True, run=fresh()))
    assert (
        "predicate.policy" in readiness("verify", str(path), *ASK, "--key", str(public()), cwd=tmp_path, code=2).stderr
    )


@pytest.mark.parametrize("commit", [COMMIT[:10], COMMIT[:39], COMMIT + "0", "abcd"])
def test_an_abbreviated_commit_is_refused(verdict: Path, commit: str) -> None:
    done = readiness("verify", str(verdict), "--commit", commit, "--key", str(public()), cwd=verdict.parent, code=2)
    assert "no full object id" in done.stderr
    assert "git rev-parse" in done.stderr


@pytest.mark.parametrize("commit", ["", "HEAD", "--all", "a..b", "nul\\0", "@{-1}", ":/Change"])
def test_what_names_no_commit_is_refused(verdict: Path, commit: str) -> None:
    done = readiness("verify", str(verdict), f"--commit={commit}", "--key", str(public()), cwd=verdict.parent, code=2)
    assert "names no commit here" in done.stderr


def test_the_commit_has_to_be_said(verdict: Path) -> None:
    assert "--commit" in readiness("verify", str(verdict), "--key", str(public()), cwd=verdict.parent, code=2).stderr


def test_a_commit_in_capitals_is_the_same(verdict: Path) -> None:
    asked = ("verify", str(verdict), "--commit", COMMIT.upper(), "--key", str(public()))
    readiness(*asked, cwd=verdict.parent, code=0)


def test_a_ref_is_asked_of_the_repository(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    first = commit_all(root)
    git(root, "tag", "-a", "v1", "-m", "One")
    commit_all(root)
    path = write(tmp_path / "verdict.json", envelope(given(fresh(), commit=first)))
    for ref, code in (("v1", 0), ("HEAD~1", 0), ("HEAD", 1), ("main", 1)):
        readiness("verify", str(path), "--commit", ref, "--key", str(public()), cwd=root, code=code)


def keep(root: Path, name: str = "first") -> Path:
    """Put a key where a repository keeps those that it trusts."""
    keys = root / ".readiness" / "verdict_keys"
    keys.parent.mkdir(exist_ok=True)
    keys.write_bytes(public(name=name).read_bytes())
    return keys


def test_keys_come_from_the_option_else_the_environment_else_the_policy(verdict: Path) -> None:
    root = verdict.parent / "project" / "deep"
    root.mkdir(parents=True)
    commit_all(root.parent)
    asked = ("verify", str(verdict), *ASK)
    none = readiness(*asked, cwd=root, code=2).stderr
    assert "there is no key to verify with" in none
    assert "next: name the public half" in none
    wrong, right = {"READINESS_VERIFY_KEY": str(public(name="second"))}, {"READINESS_VERIFY_KEY": str(public())}
    readiness(*asked, cwd=root, env=wrong, code=1)
    readiness(*asked, cwd=root, env=right, code=0)
    readiness(*asked, "--key", str(public()), cwd=root, env=wrong, code=0)
    readiness(*asked, "--key", str(public(name="second")), cwd=root, env=right, code=1)


def test_the_work_tree_is_not_trusted_unless_it_is_said(verdict: Path) -> None:
    """What is judged can write it."""
    root = verdict.parent / "project" / "deep"
    root.mkdir(parents=True)
    commit_all(root.parent)
    keep(root.parent)
    asked = ("verify", str(verdict), *ASK)
    said = readiness(*asked, cwd=root, code=2).stderr
    assert "is in the work tree, where the judged commit could have put it" in said
    assert "`--trust-work-tree`" in said
    readiness(*asked, "--trust-work-tree", cwd=root, code=0)
    keep(root.parent, "second")
    readiness(*asked, "--trust-work-tree", cwd=root, code=1)
    readiness(*asked, "--trust-work-tree", "--key", str(public()), cwd=root, code=0)


def test_outside_of_a_repository_no_key_of_a_folder_above_counts(verdict: Path) -> None:
    folder = verdict.parent / "job"
    folder.mkdir()
    keep(verdict.parent)
    asked = ("verify", str(verdict), *ASK, "--trust-work-tree")
    readiness(*asked, cwd=folder, code=2)
    readiness(*asked, cwd=verdict.parent, code=0)


def test_the_policy_ref_is_asked_for_and_its_keys_are_trusted(tmp_path: Path) -> None:
    """Those that its commit has in this folder or above, whatever the work tree says."""
    root = tmp_path / "project"
    (root / "deep").mkdir(parents=True)
    keep(root)
    commit_all(root)
    git(root, "branch", "policy")
    git(root, "branch", "other")
    keep(root, "second")
    keep(root / "deep", "second")
    commit_all(root)
    path = write(tmp_path / "verdict.json", envelope(fresh(by_policy("policy", head(root, "policy")))))
    asked = ("verify", str(path), *ASK)
    done = readiness(*asked, "--policy-ref", "policy", cwd=root / "deep", code=0)
    assert f"policy: readiness.yaml of policy at {head(root, 'policy')[:10]}, sha256:" in done.stdout
    readiness(*asked, "--policy-ref", "policy", "--key", str(public(name="second")), cwd=root, code=1)
    assert "bad-signature" in readiness(*asked, "--policy-ref", "main", cwd=root, code=1).stdout
    assert "other-policy" in readiness(*asked, "--policy-ref", "other", cwd=root, code=1).stdout
    assert "cannot be read" in readiness(*asked, "--policy-ref", "none", cwd=root, code=2).stderr
    assert "cannot be read" in readiness(*asked, "--policy-ref", "policy", cwd=tmp_path, code=2).stderr
    assert "--policy-ref is empty" in readiness(*asked, "--policy-ref", " ", cwd=root, code=2).stderr
    # with a key that is named, no repository is needed to ask for the policy
    readiness(*asked, "--policy-ref", "policy", "--key", str(public()), cwd=tmp_path, code=0)
    git(root, "rm", "-q", "-r", ".readiness", "deep")
    commit_all(root)
    none = readiness(*asked, "--policy-ref", "main", cwd=root, code=2).stderr
    assert "has no .readiness/verdict_keys, here or above" in none


def test_a_full_clone_tells_whether_the_branch_still_contains_the_policy(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    commit_all(root)
    path = write(tmp_path / "verdict.json", envelope(fresh(by_policy("main", head(root, "main")))))
    asked = ("verify", str(path), *ASK, "--key", str(public()), "--policy-ref", "main")
    git(root, "commit", "-q", "--allow-empty", "-m", "Go on")
    readiness(*asked, cwd=root, code=0)
    git(root, "reset", "-q", "--soft", "HEAD~1")
    git(root, "commit", "-q", "--amend", "--allow-empty", "-m", "Rewritten")
    assert "policy-not-in-branch" in readiness(*asked, cwd=root, code=1).stdout
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "1", root.as_uri(), str(shallow))
    readiness(*asked, cwd=shallow, code=0)
    readiness(*asked, cwd=tmp_path, code=0)


def by_policy(ref: str, commit: str) -> Report:
    """A run that the policy of this commit of a branch judged."""
    run = governed_go(ref)
    assert run.policy is not None
    return run.model_copy(update={"policy": run.policy.model_copy(update={"commit": commit})})


def head(root: Path, ref: str) -> str:
    return git(root, "rev-parse", ref).strip()


def test_more_that_can_be_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "verdict.json", envelope(fresh(governed_go()), folder="shop"))
    report = tmp_path / "run.json"
    report.write_bytes(b"{}")
    asked = ("verify", str(path), *ASK, "--key", str(public()))
    for option, right, wrong, code in (
        ("--checklist", "shop/readiness.yaml", "readiness.yaml", "other-checklist"),
        ("--policy-sha256", f"sha256:{digest('theirs').upper()}", digest("ours"), "other-policy"),
        ("--level", "READINESS_GO", "READINESS_CONDITIONAL_GO", "other-level"),
        ("--report", "", str(report), "other-report"),
    ):
        if right:
            readiness(*asked, option, right, cwd=tmp_path, code=0)
        assert code in readiness(*asked, option, wrong, cwd=tmp_path, code=1).stdout
    assert "is no SHA-256" in readiness(*asked, "--policy-sha256", "abc", cwd=tmp_path, code=2).stderr
    assert "the report `none` cannot be read" in readiness(*asked, "--report", "none", cwd=tmp_path, code=2).stderr


def test_any_of_several_keys_will_do(verdict: Path) -> None:
    both = ("--key", str(public(name="second")), "--key", str(public()))
    readiness("verify", str(verdict), *ASK, *both, cwd=verdict.parent, code=0)
    file = verdict.parent / "keys.pem"
    file.write_bytes(public(name="second").read_bytes() + public().read_bytes())
    readiness("verify", str(verdict), *ASK, "--key", str(file), cwd=verdict.parent, code=0)


@pytest.mark.parametrize("kind", ["rsa", "ed25519", "p384"])
def test_a_key_of_another_kind_is_2_even_beside_a_good_one(verdict: Path, kind: str) -> None:
    keys = ("--key", str(public()), "--key", str(public(kind)))
    assert "P-256" in readiness("verify", str(verdict), *ASK, *keys, cwd=verdict.parent, code=2).stderr


def test_a_private_key_is_no_key_to_verify_with(verdict: Path) -> None:
    for key in (private(), private("encrypted")):
        done = readiness("verify", str(verdict), *ASK, "--key", str(key), cwd=verdict.parent, code=2)
        assert "is a private key" in done.stderr
        assert PASSPHRASE not in done.stderr
        assert not any(line in done.stderr for line in key.read_text().splitlines()[1:-1])


def test_hostile_words_reach_neither_terminal_nor_runner(tmp_path: Path) -> None:
    said = "\u202e\x1b[2J\n::error::boo\n::set-output name=x::y"

    def rename(statement: dict[str, dict[str, dict[str, object]]]) -> None:
        statement["predicate"][EXTENSION].update(environment=said, release=said, project=said, checklist=said)
        statement["predicate"]["resourceUri"] = f"urn:readiness:project:{said}"  # type: ignore[assignment]

    path = write(tmp_path / "verdict.json", altered(rename, resign=True, run=fresh()))
    asked = ("verify", str(path), *ASK, "--key", str(public()))
    for more in ((), ("--env", "production")):
        done = readiness(*asked, *more, cwd=tmp_path, env={"GITHUB_ACTIONS": "true"}, code=1 if more else 0)
        text = done.stdout + done.stderr
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert not any(line.lstrip().startswith("::") for line in text.splitlines())
    done = readiness(*asked, "--json", cwd=tmp_path, env={"GITHUB_ACTIONS": "true"}, code=0)
    assert done.stdout.isascii()
    assert "\x1b" not in done.stdout
    assert json.loads(done.stdout)["statement"]["predicate"][EXTENSION]["environment"] == said


def test_a_hostile_name_of_the_file_is_spelled_out(tmp_path: Path) -> None:
    done = readiness("verify", "\u202e\x1b[2Jx", *ASK, "--key", str(public()), cwd=tmp_path, code=2)
    assert "\x1b" not in done.stderr
    assert "\u202e" not in done.stderr
