"""Refuses to judge in a process that has already imported a file of what is judged."""

from pathlib import Path

from readiness import judged_tree
from readiness.text import count, safe


class IntruderError(Exception):
    """The process has code of the change in it; the text says which, and what to do."""


def refuse_intruders(checklist: Path | None) -> None:
    """Insist that no module of this process comes from the tree that is judged.

    Args:
        checklist: The checklist file that was asked for; that of the current folder when not given.

    Raises:
        IntruderError: One does.
    """
    if not judged_tree.is_program():
        return
    root = judged_tree.tree(str(checklist.parent) if checklist is not None else "")
    judged_tree.leave_import_path(root)
    found = judged_tree.intruders(root)
    if found:
        raise IntruderError(
            f"Python has imported {count(len(found), 'file')} of what is judged: {safe(found[0])}\n"
            "next: unset PYTHONPATH, and start the installed `readiness`, or `python -I -m readiness`"
        )
