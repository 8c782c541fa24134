"""Who might sign, and who held which role, in earlier commits."""

from functools import lru_cache
from pathlib import Path

from readiness.git import GitError, Repository
from readiness.records import roster as rosters
from readiness.records.committed import REGULAR, unreadable
from readiness.records.errors import RecordsError
from readiness.records.roster import ALLOWED_SIGNERS, REVOKED_KEYS, Holder, Roster

_REMEMBERED = 256


def read_roster(repository: Repository, commit: str) -> Roster:
    """Read the roster that a commit has.

    Args:
        repository: Seen from the folder of the checklist.
        commit: Object id.

    Raises:
        RecordsError: It is missing or empty, or a line is refused; or git cannot give it.
    """
    allowed = content(repository, commit, ALLOWED_SIGNERS, rosters.LIMIT)
    if allowed is None:
        raise RecordsError(
            f"{ALLOWED_SIGNERS} does not exist in commit {commit[:10]}, so nobody can sign off",
            "bring a roster to the policy branch first",
        )
    return rosters.parse(allowed, content(repository, commit, REVOKED_KEYS, rosters.LIMIT) or b"")


def content(repository: Repository, commit: str, path: str, limit: int) -> bytes | None:
    """Bytes of a file of a commit; None when it does not exist.

    Raises:
        RecordsError: It is no file, larger than `limit` bytes, or git cannot give it.
    """
    try:
        entry = next((entry for entry in repository.tree(commit, [path]) if entry.path == path), None)
        if entry is None:
            return None
        found = repository.blobs([entry.blob], limit=limit) if entry.mode in REGULAR else {}
    except GitError as error:
        raise unreadable(error) from error
    if entry.blob not in found:
        raise RecordsError(f"{path} of commit {commit[:10]} is not a file, or too large", "make it a readable file")
    return found[entry.blob]


class Past:
    """Answers about commits of the policy branch, each with the commit before it.

    A commit may bring a revocation and in the same breath remove the person who made it, so both count.

    Args:
        repository: Seen from the folder of the checklist.
        file: Name of the checklist file; the usual names are tried when empty.
    """

    def __init__(self, repository: Repository, file: str = "") -> None:
        self._repository, self._file = repository, file
        self.rosters = lru_cache(maxsize=_REMEMBERED)(self._rosters)
        self._roles = lru_cache(maxsize=_REMEMBERED)(self._read_roles)

    def owner(self, key: bytes, commit: str) -> Holder | None:
        """Whose key it was when a commit came; None when it was nobody's, or was revoked by then."""
        known = self.rosters(commit)
        if any(key in roster.revoked for roster in known):
            return None
        return next((holder for roster in known for holder in roster.signers if holder.key.blob == key), None)

    def revoked(self, key: bytes, commit: str) -> bool:
        """Whether a key was revoked when a commit came."""
        return any(key in roster.revoked for roster in self.rosters(commit))

    def held(self, principal: str, role: str, commit: str) -> bool:
        """Whether a person held a role when a commit came."""
        return any(principal in roles.get(role, ()) for roles in self._roles(commit))

    def _rosters(self, commit: str) -> tuple[Roster, ...]:
        found = []
        for each in self._with_parent(commit):
            try:
                found.append(read_roster(self._repository, each))
            except RecordsError:
                continue  # there was none yet, or nobody could sign by it
        return tuple(found)

    def _read_roles(self, commit: str) -> tuple[dict[str, tuple[str, ...]], ...]:
        return tuple(self._roles_of(each) for each in self._with_parent(commit))

    def _roles_of(self, commit: str) -> dict[str, tuple[str, ...]]:
        from readiness.loading.file import LIMIT
        from readiness.loading.lookup import NAMES

        for name in (self._file,) if self._file else NAMES:
            try:
                data = content(self._repository, commit, name, LIMIT)
            except RecordsError:
                continue
            if data is not None:
                return _parse_roles(data, name)
        return {}

    def _with_parent(self, commit: str) -> tuple[str, ...]:
        try:
            return (commit, *self._repository.parents(commit)[:1])
        except GitError as error:
            raise unreadable(error) from error


def _parse_roles(data: bytes, name: str) -> dict[str, tuple[str, ...]]:
    """The roles of a checklist, whatever else is wrong with it; none when it is no YAML."""
    from readiness.loading.compose import compose
    from readiness.loading.diagnostics import ChecklistError
    from readiness.loading.file import ChecklistFile
    from readiness.loading.nodes import Map, Sequence
    from readiness.loading.nodes import data as plain

    try:
        root = compose(ChecklistFile(Path(name), data, name))
    except ChecklistError:
        return {}
    roles = root.get("roles") if isinstance(root, Map) else None
    if not isinstance(roles, Map):
        return {}
    return {
        role: tuple(str(plain(member)) for member in entry.value.entries)
        for role, entry in roles.entries.items()
        if isinstance(entry.value, Sequence)
    }
