"""Says which files of a repository are its source: what a test run may depend on."""

import re
from collections.abc import Collection
from pathlib import PurePosixPath

from readiness import GitError
from readiness.check import Context
from readiness.outcome import CheckError

_PROSE = frozenset((
    ".adoc", ".asciidoc", ".gif", ".ico", ".jpeg", ".jpg", ".markdown", ".md", ".pdf", ".png", ".rst", ".svg", ".webp",
))  # fmt: skip
_PROSE_NAMES = re.compile(
    r"(authors|changelog|changes|codeowners|contributing|contributors|copying|licen[cs]e|news|notice|readme)"
    r"([.-][\w.-]*)?(\.txt)?|\.gitignore|\.gitattributes|\.mailmap",
    re.IGNORECASE,
)
_WRITTEN_BY_TOOLS = frozenset((
    "", ".cov", ".coverage", ".csv", ".db", ".gcda", ".gcno", ".gcov", ".html", ".info", ".json", ".lcov", ".lock",
    ".log", ".out", ".sarif", ".snap", ".sqlite", ".sqlite3", ".txt", ".xml", ".yaml", ".yml",
))  # fmt: skip
"""Endings of files that a pipeline writes anew beside its results, also where they are tracked."""
_MANIFESTS = re.compile(
    r"package\.json|pyproject\.toml|setup\.(py|cfg)|pom\.xml|build\.gradle(\.kts)?|Cargo\.toml|go\.mod|composer\.json"
    r"|Gemfile|mix\.exs|[^/]+\.(cs|fs|vb)proj|CMakeLists\.txt"
)
"""Files that make a folder a project of its own."""
_RECORDS = ".readiness/"


class SourceFiles:
    """The source of a repository: every tracked file, but prose and pictures, records, the checklist, and evidence.

    A tracked file that was changed and not committed counts where a person wrote it: pipelines write reports, lock
    files and databases anew, and a test run does not depend on what comes after it.

    Args:
        context: The run.
        evidence: Files of evidence, relative to the root.
        tests: Files of tests that the evidence is about. Where each of them, and each file of evidence, lies in a
            project of its own below the root (told by its manifest), these projects alone are the source.
        apart: Other files that are no source.

    Raises:
        CheckError: Git cannot tell.
    """

    def __init__(
        self, context: Context, evidence: Collection[str], tests: Collection[str] = (), *, apart: Collection[str] = ()
    ) -> None:
        source = context.item.source
        self._apart = {*evidence, *apart, *([source.file] if source is not None else [])}
        repository, root = context.repository, context.root
        try:
            tracked = repository.tracked_files() if repository is not None else []
            changed = frozenset(repository.changed_files()) if repository is not None and tracked else frozenset()
        except GitError as error:
            raise CheckError(f"git cannot tell which files are tracked: {error}", "check it with `git fsck`") from error
        roots = {PurePosixPath(name).parent for name in tracked if _MANIFESTS.fullmatch(PurePosixPath(name).name)}
        homes = {_project(name, roots) for name in (*evidence, *tests)}
        self._projects = () if "" in homes else tuple(f"{home}/" for home in homes)
        self.names = [
            name
            for name in tracked
            if name in self
            and not (name in changed and PurePosixPath(name).suffix.lower() in _WRITTEN_BY_TOOLS)
            and (root / name).is_file()
        ]
        """Their paths, relative to the root."""

    def __contains__(self, name: object) -> bool:
        """Whether a tracked file is source, by its name."""
        path = PurePosixPath(str(name))
        return not (
            path.suffix.lower() in _PROSE
            or _PROSE_NAMES.fullmatch(path.name)
            or path.as_posix() in self._apart
            or path.as_posix().startswith(_RECORDS)
            or (self._projects and not path.as_posix().startswith(self._projects))
        )


def _project(name: str, roots: Collection[PurePosixPath]) -> str:
    """The nearest folder above a file that has a manifest; empty for the root, or where there is none."""
    home = next((folder for folder in PurePosixPath(name).parents if folder in roots), PurePosixPath())
    return "" if home == PurePosixPath() else home.as_posix()
