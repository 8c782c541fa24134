"""Attacks on the files that checks read: results that nobody signed, or that were signed for something else."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from support.attacked import WEAKENING, Attacked, Seen, ago
from support.producers import CI, OTHER, producer_key, producer_line, sign_file
from support.signing import COUNSEL, STRANGER, key, roster_line

TESTS = "tests"
UNIT = "reports/unit.xml"
RESULTS = '<testsuite name="s" tests="1"><testcase classname="t" name="{}" file="README.md"/></testsuite>'


class Produced(Attacked):
    """A policy whose test results count only as CI has signed them."""

    def propose(self) -> str:
        """Commit the change and run its tests; the commit."""
        commit = self.save(3)
        self.write(UNIT, RESULTS.format("total"))
        return commit

    def came(self, item: str = TESTS) -> Seen:
        return self.seen(ref="main", item=item)

    def judge_results(self, **more: str) -> None:
        item = {"id": TESTS, "title": "The tests pass", "check": "junit", "with": {"paths": ["reports/*.xml"]}}
        self.more = [item | more]
        self.agree()


@pytest.fixture
def produced(tmp_path: Path) -> Produced:
    project = Produced(tmp_path / "deedpro")
    project.policy = {"owners": "qa"}
    project.roles |= {"ci": (CI, "late@example.com", COUNSEL), "scans": (OTHER,)}
    project.judge_results(producer="ci")
    people = "".join(roster_line(person, key(person)) for person in (COUNSEL, STRANGER))
    keys = producer_line(COUNSEL, namespace="signoff@readiness") + producer_line(CI) + producer_line(OTHER)
    project.enroll(people + keys + producer_line("late@example.com", before=f"{ago(10):%Y%m%d}Z"))
    project.write(".gitignore", "/reports/\n")
    project.save(20)
    project.signed(15)
    project.branch("work")
    return project


def test_nobody_signed(produced: Produced, row: Seen) -> None:
    """Results come that nobody signed."""
    sign_file(produced.root, UNIT, produced.propose())
    assert produced.outcomes("--policy-ref", "main")[TESTS]["status"] == "passed", "signed, they would count"
    (produced.root / f"{UNIT}.intoto.json").unlink()
    assert produced.came() == row


def test_changed_after_signing(produced: Produced, row: Seen) -> None:
    """Results are changed after they were signed."""
    sign_file(produced.root, UNIT, produced.propose())
    produced.write(UNIT, RESULTS.format("other"))
    assert produced.came() == row


def test_of_another_commit(produced: Produced, row: Seen) -> None:
    """Results of an earlier commit are brought again, with their signature."""
    commit = produced.propose()
    produced.write("README.md", "# changed\n")
    produced.propose()
    sign_file(produced.root, UNIT, commit)
    assert produced.came() == row


def test_in_the_place_of_others(produced: Produced, row: Seen) -> None:
    """Signed results of a smaller run take the place of others."""
    commit = produced.propose()
    shutil.move(produced.root / UNIT, produced.root / "reports/smoke.xml")
    beside = sign_file(produced.root, "reports/smoke.xml", commit)
    shutil.move(produced.root / "reports/smoke.xml", produced.root / UNIT)
    shutil.move(beside, produced.root / f"{UNIT}.intoto.json")
    assert produced.came() == row


def test_a_file_beside(produced: Produced, row: Seen) -> None:
    """Results that nobody signed lie beside signed ones."""
    sign_file(produced.root, UNIT, produced.propose())
    produced.write("reports/more.xml", RESULTS.format("more"))
    assert produced.came() == row


def test_the_key_of_a_person(produced: Produced, row: Seen) -> None:
    """Results are signed with the key of a member of the role that signs records."""
    sign_file(produced.root, UNIT, produced.propose(), by=COUNSEL)
    assert produced.came() == row


def test_another_producer(produced: Produced, row: Seen) -> None:
    """Results are signed by the producer of other evidence."""
    sign_file(produced.root, UNIT, produced.propose(), by=OTHER)
    assert produced.came() == row


def test_a_lapsed_key(produced: Produced, row: Seen) -> None:
    """A stolen key for evidence that has lapsed signs with a date from before."""
    sign_file(produced.root, UNIT, produced.propose(), by="late@example.com", at=ago(10) - timedelta(days=1))
    assert produced.came() == row


def test_a_revoked_key(produced: Produced, row: Seen) -> None:
    """A stolen key for evidence is listed as revoked, and taken out of the list again."""
    produced.switch("main")
    produced.write(".readiness/revoked_keys", producer_key(CI).trusted.ssh.line + "\n")
    produced.save(6)
    (produced.root / ".readiness/revoked_keys").unlink()
    produced.save(5)
    produced.branch("later")
    sign_file(produced.root, UNIT, produced.propose())
    assert produced.came() == row


def test_its_own_key_for_evidence(produced: Produced, row: Seen) -> None:
    """A pull request adds a key for evidence of its own, and signs with it."""
    roster = produced.root / ".readiness/allowed_signers"
    produced.enroll(roster.read_text() + producer_line(CI, by="mallory"))
    sign_file(produced.root, UNIT, produced.propose(), by="mallory")
    assert produced.came() == row
    assert produced.came(WEAKENING).code == "signer-added"


def test_no_producer(produced: Produced, row: Seen) -> None:
    """A pull request lets an item take results that nobody signed."""
    produced.judge_results()
    sign_file(produced.root, UNIT, produced.propose())
    assert produced.came(WEAKENING) == row
