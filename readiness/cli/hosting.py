"""The worker processes of a run: with a temporary folder of their own, and confined where that is asked for."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

from readiness import judged_tree
from readiness.cli.errors import UsageError
from readiness.cli.options import file_options, flag

if TYPE_CHECKING:
    from readiness.engine.host import Host

TEMPORARY = "readiness-"
"""How the name of the temporary folder of a run begins."""


@dataclass(frozen=True)
class ConfineOptions:
    """Where commands of the checklist may write."""

    confine: Annotated[
        bool,
        flag(
            "--confine",
            about="Let commands write only to the repository, to a temporary folder of the run, and to --writable "
            "(Linux; `sudo` fails in them). Exit 2 where the system cannot do that.",
        ),
    ]
    writable: Annotated[
        tuple[Path, ...],
        file_options("--writable", about="With --confine: commands may also write to this folder; may be repeated."),
    ]


@contextmanager
def hosted(asked: ConfineOptions, checklist: Path | None) -> "Iterator[Host]":
    """Worker processes for a run.

    Args:
        asked: Where they may write.
        checklist: The checklist file that was asked for; that of the current folder when not given.

    Raises:
        UsageError: They cannot be confined.
    """
    from readiness.engine.host import Host
    from readiness.isolation import confinement

    if asked.writable and not asked.confine:
        raise UsageError("`--writable` says what `--confine` allows\nnext: add `--confine`")
    if asked.confine and not confinement.available():
        raise UsageError("`--confine` needs Landlock, which this system does not have\nnext: leave it out")
    for folder in asked.writable:
        if not folder.is_dir():
            raise UsageError(f"--writable: `{folder}` is no folder\nnext: make it first")
    with TemporaryDirectory(prefix=TEMPORARY, ignore_cleanup_errors=True) as temporary:
        tree = judged_tree.tree(str(checklist.parent) if checklist is not None else "")
        folders = [tree, temporary, *(str(folder.resolve()) for folder in asked.writable)] if asked.confine else []
        with Host(environ={**os.environ, "TMPDIR": temporary}, confine_to=folders) as host:
            yield host
