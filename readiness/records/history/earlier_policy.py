"""Who might sign, and who held which role, in earlier commits."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from readiness.git import Repository
from readiness.records.model.errors import RecordsError
from readiness.records.storage.allowed_signers import (
    ALLOWED_SIGNERS,
    REVOKED_KEYS,
    ROSTER_LIMIT,
    Holder,
    Roster,
    once_revoked,
    parse_roster,
)
from readiness.records.storage.reading import read_committed, reading_history

if TYPE_CHECKING:
    from readiness.loading.as_written import Declared


def read_committed_roster(repository: Repository, commit: str) -> Roster:
    """Read the roster that a commit has.

    Args:
        repository: Seen from the folder of the checklist.
        commit: Object id.

    Raises:
        RecordsError: It is missing or empty, or a line is refused; or git cannot give it.
    """
    allowed = read_committed(repository, commit, ALLOWED_SIGNERS, ROSTER_LIMIT)
    if allowed is None:
        raise RecordsError(
            f"{ALLOWED_SIGNERS} does not exist in commit {commit[:10]}, so nobody can sign off",
            "bring a roster to the policy branch first",
        )
    return parse_roster(allowed, read_committed(repository, commit, REVOKED_KEYS, ROSTER_LIMIT) or b"")


_FILES = (ALLOWED_SIGNERS, REVOKED_KEYS)


class EarlierPolicy:
    """Answers about the first-parent line of the policy branch, for each commit together with the one before it.

    A commit may bring a revocation and in the same breath remove the person who made it, so both count.

    Args:
        repository: Seen from the folder of the checklist.
        versions: By path: position and object id of each version, oldest first; as `Branch` has them.
        names: Names that the checklist file may have.
    """

    def __init__(
        self, repository: Repository, versions: Mapping[str, Sequence[tuple[int, str]]], names: Sequence[str]
    ) -> None:
        self._repository, self._versions, self._names = repository, versions, names
        self._read: dict[str, bytes] = {}
        self._parsed: dict[tuple[str, str], Roster | None] = {}
        self._said: dict[str, Declared] = {}

    def versions(self, path: str) -> Sequence[tuple[int, str]]:
        """Position and object id of each version of a watched file, oldest first; an empty id where it was removed."""
        return self._versions.get(path, ())

    def files(self, position: int) -> tuple[bytes, bytes]:
        """Bytes of roster and of revoked keys at a position of the line; empty where there was none.

        Raises:
            RecordsError: Git cannot give them.
        """
        allowed, revoked = (self._content(self._blob(path, position), ROSTER_LIMIT) for path in _FILES)
        return allowed, revoked

    def revoked_until(self, position: int) -> frozenset[bytes]:
        """Keys that `revoked_keys` named up to a position: to take one out of the file brings nothing back.

        Raises:
            RecordsError: Git cannot give them.
        """
        found = (self._content(blob, ROSTER_LIMIT) for place, blob in self.versions(REVOKED_KEYS) if place <= position)
        return frozenset(key for data in found for key in once_revoked(data))

    def owner(self, key: bytes, position: int) -> Holder | None:
        """Whose key it was at a position of the line; None when it was nobody's, or was revoked by then.

        Raises:
            RecordsError: Git cannot give the roster of then.
        """
        for each in (position, position - 1):
            roster = self.roster(each)
            holder = next((one for one in roster.signers if one.key.blob == key), None) if roster is not None else None
            if roster is not None and holder is not None and key not in roster.revoked:
                return holder
        return None

    def removed(self, key: bytes) -> tuple[Holder, int] | None:
        """Whose line the key had last, and the position of the commit that took it out; None when it never had one.

        Raises:
            RecordsError: Git cannot give the rosters of then.
        """
        places = [place for place, _blob in self.versions(ALLOWED_SIGNERS)]
        for index in reversed(range(len(places))):
            roster = self.roster(places[index])
            holder = next((one for one in roster.signers if one.key.blob == key), None) if roster is not None else None
            if holder is not None:
                return None if index + 1 == len(places) else (holder, places[index + 1])
        return None

    def held(self, principal: str, role: str, position: int) -> bool:
        """Whether a person held a role at a position of the line.

        Raises:
            RecordsError: Git cannot give the checklist of then.
        """
        return any(principal in self._declared(each).roles.get(role, ()) for each in (position, position - 1))

    def might_waive(self, principal: str, item: str, position: int) -> bool:
        """Whether the policy let a person waive an item at a position of the line.

        Raises:
            RecordsError: Git cannot give the checklist of then.
        """
        from readiness.records.model.waiver_rights import roles

        said = (self._declared(each) for each in (position, position - 1))
        return any(principal in members for one in said for members in roles(one.rules, one.roles, item).values())

    def held_throughout(
        self, principal: str, key: bytes, role: str, between: tuple[int, int], *, waived: str = ""
    ) -> bool:
        """Whether a person held a role and a key at every position of the line from one to another.

        Args:
            principal: Who.
            key: The key.
            role: The role in which the person signed.
            between: The first and the last position.
            waived: For a waiver: the item that it is for, which the role had to be allowed to waive.

        Raises:
            RecordsError: Git cannot give what was there.
        """
        from readiness.records.model.waiver_rights import roles

        first, last = between
        watched = [ALLOWED_SIGNERS, REVOKED_KEYS, *self._names]
        changes = {place for path in watched for place, _blob in self.versions(path) if first < place <= last}
        for position in sorted({first, *changes}):
            roster, said = self.roster(position), self._declared(position)
            holders = [one for one in roster.signers if one.key.blob == key] if roster is not None else []
            if not any(one.principal == principal for one in holders) or (roster and key in roster.revoked):
                return False
            members = roles(said.rules, said.roles, waived).get(role, ()) if waived else said.roles.get(role, ())
            if principal not in members:
                return False
        return True

    def owned(self, principal: str, position: int) -> bool:
        """Whether a person was one of the policy's owners at a position of the line.

        Raises:
            RecordsError: Git cannot give the checklist of then.
        """
        said = (self._declared(each) for each in (position, position - 1))
        return any(principal in one.roles.get(one.rules.owners, ()) for one in said if one.rules.owners)

    def asked(self, item: str, role: str, position: int) -> bool:
        """Whether an item asked for sign-offs of a role at a position of the line.

        Raises:
            RecordsError: Git cannot give the checklist of then.
        """
        from readiness.loading.file import LIMIT

        for each in (position, position - 1):
            for name in self._names:
                blob = self._blob(name, each)
                if blob and _asks(self._content(blob, LIMIT), name, item, role):
                    return True
        return False

    def _blob(self, path: str, position: int) -> str:
        """Object id of a file at a position; empty when it was not there."""
        versions = self._versions.get(path, ())
        index = bisect_right(versions, position, key=lambda version: version[0])
        return versions[index - 1][1] if index else ""

    def _content(self, blob: str, limit: int) -> bytes:
        if blob and blob not in self._read:
            with reading_history():
                self._read[blob] = self._repository.blobs([blob], limit=limit).get(blob, b"")
        return self._read.get(blob, b"")

    def roster(self, position: int) -> Roster | None:
        """The roster at a position of the line; None when there was none, or nobody could sign by it.

        Raises:
            RecordsError: Git cannot give it.
        """
        blobs = self._blob(ALLOWED_SIGNERS, position), self._blob(REVOKED_KEYS, position)
        if blobs not in self._parsed:
            allowed, revoked = (self._content(blob, ROSTER_LIMIT) for blob in blobs)
            try:
                self._parsed[blobs] = parse_roster(allowed, revoked)
            except RecordsError:
                self._parsed[blobs] = None
        return self._parsed[blobs]

    def _declared(self, position: int) -> "Declared":
        """What the checklist of then said about people and rules; nothing when there was none."""
        from readiness.loading.as_written import Declared
        from readiness.loading.file import LIMIT

        for name in self._names:
            blob = self._blob(name, position)
            if blob and blob not in self._said:
                self._said[blob] = _parse(self._content(blob, LIMIT), name)
            if blob:
                return self._said[blob]
        return Declared()


def _parse(data: bytes, name: str) -> "Declared":
    """What a checklist says about people and rules; nothing when it cannot be read."""
    from readiness.loading import ChecklistError
    from readiness.loading.as_written import Declared, read_declared

    try:
        return read_declared(Path(name), data)
    except ChecklistError:
        return Declared()


def _asks(data: bytes, name: str, item: str, role: str) -> bool:
    """Whether a checklist, as it is written, asks for sign-offs of a role in an item."""
    from readiness.loading import ChecklistError, outline

    try:
        items = outline(Path(name), content=data, shown=name).items
    except ChecklistError:
        return False
    return any(one.id == item and one.params.get("role") == role for one in items)
