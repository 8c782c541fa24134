"""What is judged: the project, and what git says about the files; git that cannot answer never fails a run."""

from pathlib import Path
from typing import Any

from readiness.checklist import Checklist
from readiness.report import Selection, Subject


def find_subject(checklist: Checklist, root: Path, selection: Selection) -> Subject:
    """Describe what is judged.

    Args:
        checklist: The checklist, resolved for an environment.
        root: Root of what is judged.
        selection: Which items were asked for.
    """
    return Subject(
        project=checklist.project,
        release=checklist.release,
        environment=checklist.environment,
        checklist=checklist.source,
        checklist_sha256=checklist.sha256,
        selection=selection,
        **_from_git(root),
    )


def _from_git(root: Path) -> dict[str, Any]:
    from readiness.git import GitError, Repository

    repository = Repository.find(root)
    if repository is None:
        return {}
    facts: dict[str, Any] = {"branch": repository.branch, "commit": repository.head}
    try:
        if repository.head:
            facts["committed_at"] = repository.commit().committed_at
        changed = len(repository.changed_files())
        facts |= {"changed": changed, "dirty": changed > 0}
    except (GitError, ValueError):
        facts["dirty"] = None
    return {name: _sayable(value) for name, value in facts.items()}


def _sayable(value: Any) -> Any:
    """Write bytes of a branch's name that are not UTF-8 as escapes."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value
