"""Resolves the ref of the policy, and refuses one whose name means several things."""

from readiness.git import GitError, Repository
from readiness.records.model.errors import RecordsError
from readiness.text import short

_FETCH = "fetch it (`git fetch origin main`; in CI, check out with full history: `fetch-depth: 0`), or correct its name"


def resolve(repository: Repository, ref: str) -> str:
    """Object id of the commit that a ref names.

    Raises:
        RecordsError: There is none, or git knows several things by this name: a tag `origin/main` would go before the
            branch.
    """
    try:
        commit = repository.resolve(ref)
        names = _meanings(repository, ref)
        others = {repository.resolve(name) for name in names}
        remotes = repository.read("remote").split()
    except GitError as error:
        raise RecordsError(
            f"the policy ref {short(ref)} cannot be resolved: {short(str(error))}",
            _FETCH,
        ) from error
    if others - {commit} or (f"refs/tags/{ref}" in names and ref.partition("/")[0] in remotes):
        raise RecordsError(
            f"{short(ref)} is not only the name of a branch: {', '.join(map(short, names))}",
            f"write it in full, refs/remotes/{short(ref)}, and find out who made the other one",
        )
    return commit


def _meanings(repository: Repository, ref: str) -> list[str]:
    """Full names of all refs that git knows by a short one."""
    patterns = (
        f"refs/{ref}",
        f"refs/tags/{ref}",
        f"refs/heads/{ref}",
        f"refs/remotes/{ref}",
        f"refs/remotes/{ref}/HEAD",
    )
    out = repository.read("for-each-ref", "--format=%(refname)", "--", *patterns)
    return [name for name in out.splitlines() if name in patterns]
