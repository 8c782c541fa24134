"""The allowed signers as of the commit that brought each record, and every version of them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from readiness.git import Repository
from readiness.records.history.branch import BranchCommit
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.ssh.sshsig import signed_by
from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS, REVOKED_KEYS, ROSTER_LIMIT
from readiness.records.storage.reading import read_committed, read_file


@dataclass(frozen=True)
class RosterVersion:
    """What one commit made of the roster or of the list of revoked keys."""

    commit: str
    """Object id."""
    at: datetime
    """Date of the commit."""
    author: str
    """E-mail address of its author."""
    path: str
    """Which of both files."""
    content: bytes | None
    """None when the commit removed it."""

    @property
    def sha256(self) -> str:
        """Digest of the content; empty when there is none."""
        return "" if self.content is None else hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class RosterAsOf:
    """The roster that vouches for a record."""

    content: bytes
    """Bytes of `allowed_signers`."""
    as_of: str
    """Object id of the commit that it was read from; empty for the present one."""

    @property
    def sha256(self) -> str:
        """Digest of the content."""
        return hashlib.sha256(self.content).hexdigest()


class Rosters:
    """Finds the roster as of each record.

    That of the commit that brought the record; the one before it, where that commit removed the signer; the present one
    for a record that no commit brought yet, or that came before its signer was enrolled.

    Args:
        evidence: All records, and since when they are there.

    Raises:
        RecordsError: A file, or what history has of it, cannot be read.
    """

    def __init__(self, evidence: RecordEvidence) -> None:
        self._evidence, self._line = evidence, evidence.branch.line
        self._present = RosterAsOf(present_roster(evidence), evidence.policy)

    def of(self, digest: str, signature: bytes | None) -> RosterAsOf:
        """The roster as of a record.

        Args:
            digest: Of the record.
            signature: Content of its `.sig` file.
        """
        then = self._then(digest)
        key = signed_by(signature or b"")
        if key is None:
            return then[0] if then else self._present
        named = (one for one in (*then, self._present) if key.line.encode() in one.content)
        return next(named, then[0] if then else self._present)

    def _then(self, digest: str) -> list[RosterAsOf]:
        """As of the commit that brought a record, and of the one before."""
        seen, earlier_policy = self._evidence.seen.get(digest), self._evidence.earlier_policy
        if seen is None or earlier_policy is None:
            return []
        positions = [position for position in (seen.position, seen.position - 1) if position >= 0]
        found = [RosterAsOf(earlier_policy.files(position)[0], self._line[position].commit) for position in positions]
        return [one for one in found if one.content]

    def history(self) -> list[RosterVersion]:
        """Every version of both files along the policy branch, oldest first."""
        earlier_policy = self._evidence.earlier_policy
        if earlier_policy is None:
            return []
        found = [
            (position, _version(self._line[position], path, earlier_policy.files(position)[index] if blob else None))
            for index, path in enumerate((ALLOWED_SIGNERS, REVOKED_KEYS))
            for position, blob in earlier_policy.versions(path)
        ]
        return [version for _position, version in sorted(found, key=lambda each: each[0])]


def present_roster(evidence: RecordEvidence) -> bytes:
    """Bytes of `allowed_signers` as records are judged by today.

    Raises:
        RecordsError: It cannot be read.
    """
    if evidence.policy:
        return read_committed(Repository(evidence.root), evidence.policy, ALLOWED_SIGNERS, ROSTER_LIMIT) or b""
    return read_file(evidence.root, ALLOWED_SIGNERS, limit=ROSTER_LIMIT) or b""


def _version(by: BranchCommit, path: str, content: bytes | None) -> RosterVersion:
    return RosterVersion(by.commit, by.at, by.author, path, content)
