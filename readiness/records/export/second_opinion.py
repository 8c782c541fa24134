"""Verifies records through OpenSSH's own `ssh-keygen -Y verify`, and holds our verifier's answers against its."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from readiness import judged_tree
from readiness.records.export.rosters import present_roster
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.judging.signature import Standing, check_signature, rejects
from readiness.records.model.errors import RecordsError
from readiness.records.ssh.sshsig import NAMESPACE
from readiness.records.storage.work_tree import Record
from readiness.text import short

_TIMEOUT = 60.0
"""Seconds for one signature; it takes a hundredth of one."""
_OLDEST = (9, 1)
"""The first OpenSSH that takes times in UTC, in the roster and as `verify-time`."""
_MOMENT = "%Y%m%d%H%M%SZ"
_OURS_ALONE = frozenset({"post-dated", "late"})
"""Reason codes about commits, of which OpenSSH knows nothing."""
_SAME_RULE = frozenset({"unknown-key", "signer-mismatch", "key-revoked"})
"""Reason codes of rules that OpenSSH has as well: what we refuse by them, it must refuse."""


@dataclass(frozen=True)
class Answer:
    """What OpenSSH says about a record."""

    word: Literal["good", "void", "bad"]
    """Void: good but for a key that is revoked."""
    said: str = ""
    """Its own words, when it is not good."""


@dataclass(frozen=True)
class Comparison:
    """Both answers about one record."""

    record: Record
    standing: Standing | None
    """Ours: why it cannot count; None when its signature is in order."""
    answer: Answer

    @property
    def word(self) -> Literal["agree", "stricter", "disagree"]:
        """Whether both agree; stricter is what we refuse by a rule that OpenSSH does not have."""
        if self.standing is None:
            return "agree" if self.answer.word == "good" else "disagree"
        if self.answer.word == "bad" or self.standing.code in _OURS_ALONE:
            return "agree"
        if self.standing.code == "key-revoked":
            return "agree" if self.answer.word == "void" else "disagree"
        if self.standing.code in _SAME_RULE:
            return "disagree"
        return "stricter" if self.answer.word == "good" else "agree"


@dataclass(frozen=True)
class OpenSSH:
    """The programs of this machine."""

    keygen: str
    """Path of `ssh-keygen`."""
    version: str
    """As `ssh -V` tells it; empty when `ssh` is not there."""

    def verify(self, args: Sequence[str], message: bytes) -> str:
        """Verify one signature; empty when it is good, otherwise what was said against it.

        Args:
            args: What follows `-Y verify`.
            message: The signed bytes.

        Raises:
            RecordsError: The program cannot be run, or does not end.
        """
        try:
            done = subprocess.run(
                [self.keygen, "-Y", "verify", "-n", NAMESPACE, *args],
                input=message,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={"PATH": os.defpath, "LC_ALL": "C"},
                timeout=_TIMEOUT,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise RecordsError(f"ssh-keygen did not answer: {error}", "see why it cannot be run here") from error
        if done.returncode == 0:
            return ""
        said = " ".join(done.stdout.decode(errors="replace").split())
        return short(said) or f"it ended with exit code {done.returncode}"


def find_openssh() -> OpenSSH:
    """Find the programs.

    Raises:
        RecordsError: There is no `ssh-keygen`, or it is too old.
    """
    keygen = judged_tree.program("ssh-keygen")
    if keygen is None:
        raise RecordsError("ssh-keygen is not installed, or not on PATH", "install OpenSSH 9.1 or newer")
    ssh, version = judged_tree.program("ssh"), ""
    if ssh is not None:
        done = subprocess.run([ssh, "-V"], capture_output=True, timeout=_TIMEOUT, check=False)
        version = short((done.stderr or done.stdout).decode(errors="replace").partition(",")[0].strip())
    match = re.match(r"OpenSSH\D{0,20}(\d+)\.(\d+)", version)
    if match is not None and (int(match[1]), int(match[2])) < _OLDEST:
        raise RecordsError(f"{version} takes no times in UTC", "install OpenSSH 9.1 or newer")
    return OpenSSH(keygen, version)


def compare(evidence: RecordEvidence, openssh: OpenSSH) -> Iterator[Comparison]:
    """Verify every record twice, by our verifier and by OpenSSH.

    Raises:
        RecordsError: The roster cannot be read, or OpenSSH does not answer.
    """
    with tempfile.TemporaryDirectory(prefix="readiness-") as folder, ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        asker = _Asker(evidence, openssh, Path(folder))
        ours = [check_signature(record, evidence).standing for record in evidence.kept.records]
        for record, standing, answer in zip(
            evidence.kept.records, ours, pool.map(asker.ask, enumerate(evidence.kept.records)), strict=True
        ):
            yield Comparison(record, standing, answer)


@dataclass(frozen=True)
class _Rules:
    """Files by which one roster is applied."""

    roster: Path
    revoked: Path


class _Asker:
    """Puts each record to OpenSSH, with its files in a folder of its own."""

    def __init__(self, evidence: RecordEvidence, openssh: OpenSSH, folder: Path) -> None:
        self._evidence, self._openssh, self._folder = evidence, openssh, folder
        self._present = _write(folder, "present", present_roster(evidence), evidence.roster.revoked_keys)
        self._then = lru_cache(maxsize=None)(self._read_then)
        for record in evidence.kept.records:
            self._then_of(record)  # git is asked before threads are at work

    def ask(self, numbered: tuple[int, Record]) -> Answer:
        """Ask about one record, given with a number that no other has."""
        number, record = numbered
        if record.signature is None:
            return Answer("bad", "there is no signature to verify")
        signature = self._folder / f"{number}.sig"
        signature.write_bytes(record.signature)
        answers = (self._by(rules, signature, record) for rules in (self._present, *self._then_of(record)))
        found = next(answers)
        while found.word != "good" and (other := next(answers, None)) is not None:
            found = other if other.word == "good" else found
        return found

    def _by(self, rules: _Rules, signature: Path, record: Record) -> Answer:
        said = record.statement.predicate
        args = ["-f", str(rules.roster), "-I", said.signer.principal, "-s", str(signature)]
        for moment in self._moments(record):
            against = self._openssh.verify([*args, f"-Overify-time={moment.strftime(_MOMENT)}"], record.data)
            if against:
                return Answer("bad", against)
        last = [*args, f"-Overify-time={said.signed_at.strftime(_MOMENT)}", "-r", str(rules.revoked)]
        against = self._openssh.verify(last, record.data)
        return Answer("void", against) if against else Answer("good")

    def _moments(self, record: Record) -> list[datetime]:
        """When the key has to be valid: when it signed, and when the record came."""
        signed_at = record.statement.predicate.signed_at
        rejection = record.signoff is not None and record.signoff.decision == "reject"
        return (
            [signed_at] if rejection or not self._evidence.dated else [signed_at, self._evidence.since(record.digest)]
        )

    def _then_of(self, record: Record) -> list[_Rules]:
        """For a withdrawal or a rejection, the rosters of when it came: who made it may have left since."""
        seen = self._evidence.seen.get(record.digest)
        lasting = record.withdrawal is not None or (record.signoff is not None and rejects(record.signoff))
        if not lasting or seen is None:
            return []
        found = (self._then(position) for position in (seen.position, seen.position - 1) if position >= 0)
        return [rules for rules in found if rules is not None]

    def _read_then(self, position: int) -> _Rules | None:
        earlier_policy = self._evidence.earlier_policy
        allowed, revoked = earlier_policy.files(position) if earlier_policy is not None else (b"", b"")
        return _write(self._folder, str(position), allowed, revoked) if allowed else None


def _write(folder: Path, name: str, allowed: bytes, revoked: bytes) -> _Rules:
    rules = _Rules(folder / f"{name}.allowed_signers", folder / f"{name}.revoked_keys")
    rules.roster.write_bytes(allowed)
    rules.revoked.write_bytes(revoked)
    return rules
