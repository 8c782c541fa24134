"""The files that are judged: none of them becomes a part of the program that judges.

Python and the shell look for modules and programs in the current folder when a variable says so: `PYTHONPATH=.`, an
empty part of it, `python -m`, `PATH=.:/usr/bin`. The current folder of a gate holds the proposed change. This module
imports only what Python itself has loaded already, for anything else could come from that folder.
"""

import os
import sys

ORIGINAL = "READINESS_PYTHONPATH"
"""Environment variable by which a worker learns the PYTHONPATH that its commands get."""
_PROGRAMS = ("readiness", "readiness.exe")
_ELSEWHERE = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_SHALLOW_FILE", "GIT_PREFIX", "GIT_IMPLICIT_WORK_TREE", "GIT_ATTR_SOURCE",
    "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_CEILING_DIRECTORIES",
)  # fmt: skip
"""What `git rev-parse --local-env-vars` names, beside the configuration, and what else changes its answers."""
_SOURCES = ("checks", "reports")
"""Folders of the source of readiness that hold a package of it."""
_PACKAGES = (
    ("readiness",), ("readiness_checks",), ("readiness_reports",),
    ("checks", "readiness_checks"), ("reports", "readiness_reports"),
)  # fmt: skip


def tree(folder: str = "") -> str:
    """Root of the repository of a folder, links followed; the folder itself outside of one.

    Args:
        folder: The current one when empty.
    """
    start = place = os.path.realpath(folder or os.curdir)
    while not os.path.lexists(os.path.join(place, ".git")):
        above = os.path.dirname(place)
        if above == place:
            return start
        place = above
    return place


def inside(path: str, root: str) -> bool:
    """Whether a path of an import or search path leads into a tree, the environment of this Python left out.

    Args:
        path: As it stands there; a relative one leads to whatever folder is the current one.
        root: As `tree` gives it.
    """
    if not os.path.isabs(path):
        return True
    place = os.path.realpath(path)
    return _below(place, root) and not any(_below(place, own) for own in _environment())


def _environment() -> list[str]:
    """Where this Python and readiness are installed; not the folder in which readiness is developed."""
    home = _home()
    target = not os.path.lexists(os.path.join(home, ".git")) and any(
        name.startswith("readiness-") and name.endswith(".dist-info") for name in os.listdir(home)
    )
    return [os.path.realpath(own) for own in (sys.prefix, sys.base_prefix, *([home] if target else []))]


def _home() -> str:
    """The folder of the package of readiness."""
    return os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def outside(value: str, root: str) -> str:
    """A search path (PATH, PYTHONPATH) without its parts that lead into a tree."""
    return os.pathsep.join(part for part in value.split(os.pathsep) if part and not inside(part, root))


def programs(root: str = "") -> str:
    """The search path for programs of our own: PATH without its parts that lead into a tree.

    Args:
        root: As `tree` gives it; that of the current folder when empty.
    """
    return outside(os.environ.get("PATH", os.defpath), root or tree())


def program(name: str) -> str | None:
    """A program of our own, wherever PATH leads none of the tree that is judged; None where there is none."""
    import shutil  # what Python has not loaded by itself is imported once the tree has left the import path

    return shutil.which(name, path=programs())


def forget_other_repositories() -> None:
    """Take out of the environment what leads git to another repository, index or object store than the judged one.

    A hook of git sets some of it, and so may a step before this one; the folder alone says what is judged.
    """
    for name in _ELSEWHERE:
        os.environ.pop(name, None)


def leave_import_path(root: str) -> None:
    """Take the tree out of what PYTHONPATH and `python -m` have added to the import path.

    The folder of readiness itself goes behind all others: who develops it judges its own tree.
    """
    standard = os.path.dirname(os.__file__)
    added = sys.path.index(standard) if standard in sys.path else 0
    ours = {os.path.join(_home(), name) for name in _SOURCES} | {_home()}
    strange = [entry for entry in sys.path[:added] if inside(entry, root)]
    front = [entry for entry in sys.path[:added] if entry not in strange]
    sys.path[:] = [*front, *sys.path[added:], *(entry for entry in strange if os.path.abspath(entry) in ours)]


def intruders(root: str) -> list[str]:
    """Files of a tree that this process has imported already, those of readiness itself left out, sorted."""
    home = _home()
    packages = tuple(os.path.join(home, *parts, "") for parts in _PACKAGES)
    files = {
        getattr(module, "__file__", None) or "" for name, module in list(sys.modules.items()) if name != "__main__"
    }
    return sorted(
        file for file in files if os.path.isabs(file) and not file.startswith(packages) and inside(file, root)
    )


def is_program() -> bool:
    """Whether this process runs readiness as a program, and not as a library of another one."""
    begun = sys.argv[0] if getattr(sys, "argv", None) else ""
    if begun == "-m":  # while Python looks for the module
        words = sys.orig_argv
        named = words[words.index("-m") + 1] if "-m" in words[:-1] else ""
        return named == "readiness" or named.startswith("readiness.")
    return os.path.basename(begun) in _PROGRAMS or begun == os.path.join(_home(), "readiness", "__main__.py")


def leave() -> None:
    """Take the tree of the current folder out of the import path, where readiness runs as a program."""
    if is_program():
        leave_import_path(tree())
