"""The keys by which verdicts are trusted are policy: the owners allow a new one, or an old key signs it."""

import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from support.made_once import copied
from support.proposals import OWNER, Answer, Proposed
from support.signing import git
from support.verdict_keys import private, public

KEYS = ".readiness/verdict_keys"
FIRST, SECOND, THIRD = (public(name=name).read_text("utf-8") for name in ("first", "second", "third"))


def trusting(root: Path) -> Proposed:
    """A policy with one key."""
    made = Proposed(root)
    made.write(KEYS, FIRST)
    made.commit("Trust a key")
    made.merge()
    return made


@pytest.fixture
def project(tmp_path: Path) -> Proposed:
    return copied(trusting, tmp_path / "project")


def codes(answer: Answer) -> set[str]:
    return {change["code"] for change in answer.policy["changes"]}


def rotate(project: Proposed, text: str, *, by: str = "first", replaces: str = FIRST) -> Proposed:
    """Write a file of keys that names the one it replaces, and sign it with openssl."""
    place = project.write(KEYS, f"replaces sha256:{sha256(replaces.encode()).hexdigest()}\n{text}")
    signature = place.with_name(f"{place.name}.sig")
    how = ("openssl", "dgst", "-sha256", "-sign", private(name=by), "-out", signature, place)
    subprocess.run(how, check=True, capture_output=True)
    return project


@pytest.mark.parametrize("text", [FIRST + SECOND, SECOND])
def test_a_new_key_is_a_weakening_that_the_owners_sign(project: Proposed, text: str) -> None:
    project.write(KEYS, text)
    project.commit()
    answer = project.check()
    assert answer.code == 1
    assert answer.codes == {"verdict-key-added"}
    finding = answer.weakening["findings"][0]
    assert finding["path"] == KEYS
    assert (project.folder / KEYS).read_text().splitlines()[finding["line"] - 1] == "-----BEGIN PUBLIC KEY-----"
    code, said = project.sign(OWNER)
    assert code == 0, said
    project.commit("Agree")
    assert project.check().code == 0


def test_a_key_less_and_other_words_around_a_key_are_free(project: Proposed) -> None:
    project.write(KEYS, f"# of the gate\n{FIRST}")
    project.commit()
    assert codes(project.check()) == set()
    project.merge()
    (project.folder / KEYS).unlink()
    project.commit()
    answer = project.check()
    assert (answer.code, codes(answer)) == (0, {"verdict-key-dropped"})


def test_a_first_key_is_new_as_well(tmp_path: Path) -> None:
    project = Proposed(tmp_path / "project")
    project.write(KEYS, FIRST)
    project.commit()
    assert project.check().codes == {"verdict-key-added"}


def test_an_old_key_signs_its_successor(project: Proposed) -> None:
    rotate(project, SECOND)
    project.commit()
    answer = project.check()
    assert answer.code == 0, answer.errors
    assert codes(answer) == {"verdict-key-rotated", "verdict-key-dropped"}
    project.merge()
    assert project.check().code == 0
    before = (project.folder / KEYS).read_text("utf-8")
    rotate(project, SECOND + THIRD, by="second", replaces=before)
    project.commit()
    assert codes(project.check()) == {"verdict-key-rotated"}


def relink(place: Path) -> None:
    place.rename(place.with_name("elsewhere.sig"))
    place.symlink_to("elsewhere.sig")


SIGNATURE = f"{KEYS}.sig"
ATTACKS: dict[str, Callable[[Proposed], object]] = {
    "signed by the new key": lambda p: rotate(p, FIRST + SECOND, by="second"),
    "replaces another file": lambda p: rotate(p, FIRST + SECOND, replaces=SECOND),
    "names two files": lambda p: rotate(p, f"replaces sha256:{'0' * 64}\n{FIRST}{SECOND}"),
    "edited": lambda p: p.edit("replaces", "replaces ", KEYS),
    "another key": lambda p: p.edit(SECOND, THIRD, KEYS),
    "no signature": lambda p: (p.folder / SIGNATURE).unlink(),
    "an empty signature": lambda p: p.write(SIGNATURE, ""),
    "a long signature": lambda p: p.write(SIGNATURE, "0" * 4096),
    "a link": lambda p: relink(p.folder / SIGNATURE),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_other_signature_rotates_a_key(project: Proposed, attack: str) -> None:
    rotate(project, FIRST + SECOND)
    ATTACKS[attack](project)
    project.commit()
    assert project.check().codes == {"verdict-key-added"}


def test_a_rotation_that_was_taken_back_is_not_repeated(project: Proposed) -> None:
    """The second key is found to be stolen and taken out; the old signature does not bring it back."""
    rotate(project, FIRST + SECOND)
    kept = {path: (project.folder / path).read_bytes() for path in (KEYS, f"{KEYS}.sig")}
    project.commit()
    assert project.check().code == 0
    project.merge()
    project.write(KEYS, FIRST)
    project.commit()
    assert project.check().code == 0
    project.merge()
    for path, content in kept.items():
        (project.folder / path).write_bytes(content)
    project.commit()
    assert project.check().codes == {"verdict-key-added"}


@pytest.mark.parametrize("text", ["no key\n", private(name="second").read_text("utf-8"), FIRST.replace("END", "BND")])
def test_keys_that_cannot_be_read_are_an_error(project: Proposed, text: str) -> None:
    project.write(KEYS, text)
    project.commit()
    answer = project.check()
    assert answer.weakening["status"] == "error"
    assert answer.weakening["findings"][0]["path"] == KEYS
    assert "the proposed keys for verdicts cannot be used" in answer.weakening["summary"]


def test_unreadable_keys_of_the_policy_trust_nobody(project: Proposed) -> None:
    project.write(KEYS, "no key\n")
    project.commit()
    project.merge()
    assert project.check().code == 0
    project.write(KEYS, FIRST)
    project.commit()
    assert project.check().codes == {"verdict-key-added"}


def test_a_nearer_file_and_one_above_are_policy_too(tmp_path: Path) -> None:
    """`readiness verify` looks upwards from the folder it runs in, and takes the nearest file."""
    project = Proposed(tmp_path / "project", folder="services/shop")
    above = project.root / "services" / KEYS
    above.parent.mkdir()
    above.write_text(FIRST, encoding="utf-8")
    project.commit()
    project.merge()
    project.write(KEYS, FIRST)
    project.commit()
    assert codes(project.check()) == set()
    project.write(KEYS, SECOND)
    project.commit()
    assert project.check().codes == {"verdict-key-added"}
    git(project.root, "reset", "-q", "--hard", "main")
    above.write_text(SECOND, encoding="utf-8")
    project.commit()
    answer = project.check()
    assert answer.codes == {"verdict-key-added"}
    assert answer.weakening["findings"][0]["path"] == f"../{KEYS}"


def test_a_branch_that_is_behind_proposes_no_key(project: Proposed) -> None:
    project.on_main()
    project.write(KEYS, SECOND)
    project.commit("Exchange the key", days=1)
    project.on_change()
    answer = project.check()
    assert answer.code == 0
    assert codes(answer) == set()
