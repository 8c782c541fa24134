"""What a change adds: the lines that its files did not have at the merge base, and the commits since then."""

import hashlib

from readiness import GitError, Repository
from readiness.outcome import CheckError
from readiness_checks.secrets.contents import lines_of
from readiness_checks.secrets.tracked import LIMIT


class Change:
    """The change between the merge base with a ref and the work tree."""

    def __init__(self, repository: Repository | None, since: str) -> None:
        """Find the merge base.

        Raises:
            CheckError: There is none, or git cannot know it.
        """
        if repository is None:
            raise CheckError("there is no git repository to see the change by", "leave `since` out")
        self._repository = repository
        try:
            if repository.shallow:
                raise CheckError("the clone is shallow: the change is cut off", "fetch all of it (fetch-depth: 0)")
            self.base = repository.merge_base(since, "HEAD")
            self._blobs = {entry.path: entry.blob for entry in repository.tree(self.base)} if self.base else {}
        except GitError as error:
            raise CheckError(f"git cannot tell what changed since `{since}`: {error}", "correct `since`") from error
        if not self.base:
            raise CheckError(f"HEAD and `{since}` share no commit", "correct `since`")

    def touches(self, path: str, data: bytes) -> bool:
        """Whether a file has other bytes now."""
        blob = self._blobs.get(path)
        if blob is None:
            return True
        made = hashlib.sha1 if len(blob) == hashlib.sha1(usedforsecurity=False).digest_size * 2 else hashlib.sha256
        return made(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest() != blob

    def had(self, path: str) -> set[str]:
        """Lines that the file had.

        Raises:
            CheckError: Git does not give them.
        """
        blob = self._blobs.get(path)
        if blob is None:
            return set()
        try:
            data = self._repository.blob_up_to(LIMIT, blob)
        except GitError as error:
            raise CheckError(f"git does not give {path} as it was: {error}", "repair the repository") from error
        return set(lines_of(data)[0]) if data is not None else set()
