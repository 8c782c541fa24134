"""The check `size`: built files stay within their limits."""

import hashlib
import re
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import Field, StringConstraints, model_validator

from readiness import GitError
from readiness.check import Check, Context
from readiness.outcome import CheckError, Evidence, Finding, Measurement, Outcome, Status
from readiness.size import Size as Bytes
from readiness.size import render
from readiness.strictness import stricter
from readiness.text import count
from readiness_checks.parameters import ONE_OR_MANY
from readiness_checks.reading.evidence_files import matching, modified_at
from readiness_checks.reading.freshness import Freshness
from readiness_checks.reading.source_files import SourceFiles

_CHUNK = 2**20
_GZIP = 31
"""zlib's word for the largest window, with the header of gzip."""
_BEST = 9
_DIGEST = re.compile(r"(?<=[.-])(?=\w*\d\w*\d)\w{8,}(?=\.\w+$)")
"""What bundlers put into a name: eight letters and digits or more, with two digits at least."""
_SHOWN = 50
_BUILD = "build them again from this very source"


class Size(Check):
    """Built files stay within their limits: the bundle of a web page, a package, an image.

    Why: Pages and packages grow a little with each change, and nobody notices until users on slow networks do.

    How: Adds up the bytes of all files that match, or with `gzip` the bytes of each file compressed (level 9), as web
    servers send them. Each path or glob has to match a file. What git does not track has been built: for each path or
    glob the newest of these files must not be older than the source files of the repository, as test results must not.

    With `no_worse_than: base` what has a limit (the total, the largest file) may not become larger than it is on the
    policy branch.

    Remedy: Find out what the largest file is made of, load what is not always needed later, or raise the limit.

    Example:
        - id: bundle
          title: The bundle stays small
          check: size
          with: {paths: ["dist/**/*.js"], max_total: 250 kB, gzip: true}
    """

    uses_services: ClassVar[bool] = False
    runs_foreign_code: ClassVar[bool] = False

    paths: Annotated[
        list[Annotated[str, StringConstraints(min_length=1)]], Field(min_length=1), ONE_OR_MANY, stricter.more_entries
    ]
    """The files, as paths, folders or globs (`dist/**/*.js`); each of them has to match a file."""
    max_total: Annotated[Bytes | None, Field(ge=0), stricter.lower.measured_as("size")] = None
    """How large all of them together may be, for instance `250 kB`."""
    max_each: Annotated[Bytes | None, Field(ge=0), stricter.lower.measured_as("size")] = None
    """How large each of them may be."""
    gzip: Annotated[bool, stricter.false] = False
    """Whether the size is that of the compressed file."""

    @model_validator(mode="after")
    def _has_a_limit(self) -> Self:
        if self.max_total is None and self.max_each is None:
            raise ValueError("give `max_total`, `max_each` or both")
        return self

    def run(self, context: Context) -> Outcome:
        """Measure, add up, compare."""
        groups = [matching(context, [pattern]) for pattern in self.paths]
        built = _built_at(context, groups)
        sizes: dict[str, int] = {}
        evidence: list[Evidence] = []
        for path in _distinct(groups):
            name = context.name(path)
            sizes[name], digest = _measured(name, path, compressed=self.gzip)
            evidence.append(Evidence(name=name, sha256=digest, produced_at=built.get(path)))
        if not sum(sizes.values()):
            raise CheckError(f"{count(len(sizes), 'file')}, all empty", _BUILD, evidence=tuple(evidence))
        measurements = (
            _measurement("total", sum(sizes.values()), self.max_total),
            _measurement("largest file", max(sizes.values()), self.max_each),
        )
        findings = self._findings(context, sizes)
        how = " compressed with gzip" if self.gzip else ""
        return Outcome(
            status=Status.FAILED if findings else Status.PASSED,
            summary=f"{count(len(sizes), 'file')}, {render(sum(sizes.values()))}{how}",
            examined=len(sizes),
            unit="files",
            measurements=measurements,
            findings=tuple(findings),
            evidence=tuple(evidence),
            remedy="find out what has grown; raise the limit only if it is worth that to users" if findings else "",
            comparable=True,
        )

    def _findings(self, context: Context, sizes: dict[str, int]) -> list[Finding]:
        largest = sorted(sizes, key=lambda name: (-sizes[name], name))
        total, findings = sum(sizes.values()), []
        if self.max_total is not None and total > self.max_total:
            source = context.item.source
            over = f"all files together have {_exact(total)}, at most {_exact(self.max_total)} are allowed"
            path, line = (source.file, source.line) if source else (largest[0], None)
            remedy = f"begin with the largest, {largest[0]} ({render(sizes[largest[0]])})"
            findings.append(Finding(message=over, rule="total-too-large", path=path, line=line, remedy=remedy))
        for name in largest[:_SHOWN]:
            if self.max_each is not None and sizes[name] > self.max_each:
                over = f"it has {_exact(sizes[name])}, at most {_exact(self.max_each)} are allowed"
                findings.append(
                    Finding(
                        message=over,
                        rule="file-too-large",
                        path=name,
                        remedy="make it smaller",
                        fingerprint=_fingerprint(name),
                    )
                )
        return findings


def _measurement(name: str, value: int, limit: int | None) -> Measurement:
    return Measurement(name=name, value=value, unit="B", operator="" if limit is None else "<=", threshold=limit)


def _exact(size: int) -> str:
    return count(size, "byte")


def _measured(name: str, path: Path, *, compressed: bool) -> tuple[int, str]:
    """Size and digest of a file, read piece by piece; an empty one has none to compress."""
    digest, size, packed, packer = hashlib.sha256(), 0, 0, zlib.compressobj(_BEST, zlib.DEFLATED, _GZIP)
    try:
        with path.open("rb") as file:
            while piece := file.read(_CHUNK):
                digest.update(piece)
                size += len(piece)
                packed += len(packer.compress(piece)) if compressed else 0
    except OSError as error:
        raise CheckError(f"{name} cannot be read: {error.strerror}", "make it readable") from error
    return packed + len(packer.flush()) if compressed and size else size, digest.hexdigest()


def _distinct(groups: Iterable[Sequence[Path]]) -> Iterable[Path]:
    """Each file once, however many patterns or links lead to it."""
    found: dict[Path, Path] = {}
    for path in chain.from_iterable(groups):
        found.setdefault(path.resolve(), path)
    return found.values()


def _built_at(context: Context, groups: Iterable[Sequence[Path]]) -> dict[Path, datetime]:
    """When each group's newest file was built, after making sure that this was after the last change of the source.

    A build leaves a file alone that would become the same, or copies it with its date, so that the others may be old.
    """
    try:
        tracked = frozenset(context.repository.tracked_files()) if context.repository is not None else frozenset()
    except GitError as error:
        raise CheckError(f"git cannot tell which files are tracked: {error}", "check it with `git fsck`") from error
    found: dict[Path, datetime] = {}
    for group in groups:
        built = [path for path in group if context.name(path) not in tracked]
        if built:
            names = [context.name(path) for path in built]
            source = SourceFiles(context, names)
            newest = max(built, key=modified_at)
            found[newest] = Freshness(context, source.names, _BUILD, whole=source).produced_at(newest, None)
    return found


def _fingerprint(name: str) -> str:
    """A file whose name holds a digest of its content (`app-3f2a91bc.js`) is the same file after the next build."""
    return f"size:{_DIGEST.sub('*', name)}"
