"""Refuses links where files of another job were unpacked: one of the change would choose what they are written over.

Nothing here asks git, whose own files may be what was overwritten.
"""

import os
from pathlib import Path

from readiness import judged_tree
from readiness.cli.errors import UsageError


def refuse_links_to(place: Path) -> None:
    """Insist that a place in the repository is where its name says.

    Args:
        place: A folder or file; the current folder is what it is relative to.

    Raises:
        UsageError: The way to it leads over a link of the repository, or into the folder of git.
    """
    top = Path(judged_tree.tree())
    way = Path.cwd() / place
    for one in (way, *way.parents):
        real = one.parent.resolve()
        if real.is_relative_to(top) and (one.is_symlink() or real / one.name == top / ".git"):
            raise _refusal(one)


def refuse_links_in(folder: Path) -> None:
    """Insist that a folder is where its name says, and in the repository that nothing in it is a link.

    Args:
        folder: The folder; the current one is what it is relative to.

    Raises:
        UsageError: There is a link on the way to it or in it.
    """
    refuse_links_to(folder)
    way = Path.cwd() / folder
    if not way.resolve().is_relative_to(judged_tree.tree()):
        return
    for where, folders, files in os.walk(way):
        for name in sorted((*folders, *files)):
            if (one := Path(where, name)).is_symlink():
                raise _refusal(one)


def _refusal(place: Path) -> UsageError:
    return UsageError(
        f"`{place}` is a link, or git's own: the change would choose what is unpacked over it\n"
        "next: undo the link, or unpack outside of the repository"
    )
