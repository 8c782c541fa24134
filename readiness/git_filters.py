"""Keeps git from running programs that its configuration names for the content of files, in submodules as well.

`git status` and `git hash-object` run the `clean` filter or the `process` of a file (gitattributes(5)). Its name stands
in the tree, its command line in the configuration of the clone or of the user, where a command of an earlier step or an
unpacked artefact may have written it; that of a submodule is a file in its own folder. So these filters do not run,
but for Git LFS and git-crypt.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

_RUN_FILTERS = frozenset(("status", "hash-object"))
_OPTIONS = 3
"""Before the name of a command there may be `-C FOLDER`."""
_KNOWN = re.compile(
    r"git[ -]lfs (clean|filter-process)( --skip)?( -- %f)?"
    r"|\"?git-crypt\"? clean( --key-name=[A-Za-z0-9_-]+)?"
)
"""How these two configure themselves."""
_DRIVERS = ("config", "--includes", "-z", "--get-regexp", r"^filter\..*\.(clean|process)$")
_EXTENSIONS = ("config", "--includes", "-z", "--get-regexp", r"^lfs\.extension\.")
"""Programs that Git LFS runs in its filter."""
_SUBMODULE = "160000"

Run = Callable[[Sequence[str]], str]
"""Runs a git command that runs no filter, and gives what it printed; empty when git has nothing to say."""


def without_filters(args: Sequence[str], run: Run) -> list[str]:
    """Options that keep a git command from running filters; none where it runs none.

    Args:
        args: The command.
        run: Runs another one in the same folder.

    Raises:
        ValueError: A filter has a name that no option can say.
    """
    if _RUN_FILTERS.isdisjoint(args[:_OPTIONS]):
        return []
    options = []
    for name in dict.fromkeys(_foreign(run, "")):
        if "=" in name or "\n" in name:
            raise ValueError(f"the configuration of git names a filter {name!r}, which cannot be switched off")
        for key, value in (("clean", ""), ("process", ""), ("required", "false")):
            options += ["-c", f"filter.{name}.{key}={value}"]
    return options


def _foreign(run: Run, folder: str) -> Iterator[str]:
    """Names of the filters of a repository and of its submodules, as far as they are there."""
    here = ("-C", folder) if folder else ()
    extended = bool(run([*here, *_EXTENSIONS]))
    for entry in filter(None, run([*here, *_DRIVERS]).split("\0")):
        key, _, value = entry.partition("\n")
        if value and (extended or not _KNOWN.fullmatch(value)):
            yield key.partition(".")[2].rpartition(".")[0]
    top = run([*here, "rev-parse", "--show-toplevel"]).removesuffix("\n")
    for entry in run(["-C", top, "ls-files", "-z", "--stage"]).split("\0") if top else ():
        meta, _, path = entry.partition("\t")
        if meta.startswith(_SUBMODULE) and (Path(top) / path / ".git").exists():
            yield from _foreign(run, f"{top}/{path}")
