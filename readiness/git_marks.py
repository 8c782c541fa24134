"""Marks in the index of git that keep it from seeing changes of a file."""

from readiness.git import Repository


def marked_files(repository: Repository) -> list[str]:
    """Files that are `assume-unchanged` or `skip-worktree`, from the top of the repository, in submodules as well.

    Raises:
        GitError: Git does not answer.
    """
    files = repository.read("-C", str(repository.top), "ls-files", "-z", "-v", "--recurse-submodules").split("\0")
    return [entry[2:] for entry in files if entry and (entry[0] == "S" or entry[0].islower())]
