"""Reads requirements files as pip does: nested files, constraints, options, continuation lines, encodings."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from readiness.check import Context
from readiness.outcome import CheckError, Evidence, Finding, Level
from readiness_checks.dependencies import named_files
from readiness_checks.dependencies.declared import needs_of
from readiness_checks.dependencies.packages import Collection, Package, digest, read_requirement, unpinned

LIMIT = 16 * 2**20
"""Bytes; a larger file is no requirements file."""
_COMMENT = re.compile(r"(^|\s)#.*$")
_OPTION = re.compile(r"^(?P<name>--[a-z-]+|-[a-zA-Z])\s*=?\s*(?P<value>.*)$")
_PLACE = re.compile(r"\.{1,2}(/[^\s;#]*)?|[^\s;#/\[]+/[^\s;#]*")
"""A folder: `.`, `./lib`, `../lib` or `lib/core`."""
_EXTRAS = re.compile(r"\[[^\[\]]*\]$")
_SHOWN, _LONGEST = 20, 80
_VARIABLE = re.compile(r"\$\{[A-Z0-9_]+\}")
_HARMLESS = {
    "-i", "--index-url", "--pypi-url", "--extra-index-url", "--no-index", "-f", "--find-links", "--no-binary",
    "--only-binary", "--prefer-binary", "--require-hashes", "--pre", "--trusted-host", "--use-feature",
    "--all-releases", "--only-final",
}  # fmt: skip
"""Options that say where and how to fetch, not what (pip: Requirements File Format, global options)."""
_HASH = re.compile(r"--hash(?:=|\s|$)\s*([^\s:]*):?(\S*)")
_DIGITS = {"sha256": 64, "sha384": 96, "sha512": 128}
"""Hexadecimal digits of the hashes that pip accepts."""
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read(context: Context, paths: list[str]) -> Collection:
    """Read requirements files and all that they include.

    Raises:
        CheckError: A file that the checklist names cannot be read.
    """
    reader = _Reader(context)
    locks = []
    for path in paths:
        lock = named_files.read(context, context.path(path))
        if lock is not None:
            locks.append(lock)
        else:
            reader.file(context.path(path), constraint=False)
    return sum(locks, reader.result())


class _Reader:
    """Follows includes once each, so that a cycle ends, and applies constraints at the end, as pip does."""

    def __init__(self, context: Context) -> None:
        self._context = context
        repository = context.repository
        self._bounds = (context.root if repository is None else repository.top).resolve()
        self._seen: set[tuple[Path, bool]] = set()
        self._packages: list[Package] = []
        self._open: list[tuple[Requirement, str, int]] = []
        self._problems: list[Finding] = []
        self._folders: list[tuple[Path, str, str, int]] = []
        self._evidence: dict[str, Evidence] = {}
        self._constraints: dict[str, set[Package]] = {}

    def result(self) -> Collection:
        """Give what was read, with constraints applied to requirements that leave their version open."""
        for requirement, path, line in self._open:
            limits = self._constraints.get(canonicalize_name(requirement.name), set())
            fitting = [p for p in limits if requirement.specifier.contains(p.version, prereleases=True)]
            if fitting:
                self._packages.extend(sorted(fitting, key=lambda package: package.version))
            else:
                self._problems.append(unpinned(str(requirement), path, line))
        return Collection(
            packages=tuple(self._packages),
            problems=tuple(self._problems),
            notes=tuple(self._notes()),
            evidence=tuple(self._evidence.values()),
        )

    def file(self, path: Path, *, constraint: bool) -> None:
        """Read one file, once as requirements and once as constraints at the most."""
        if (path.resolve(), constraint) in self._seen:
            return
        self._seen.add((path.resolve(), constraint))
        name = self._context.name(path)
        data = self._context.read(path, limit=LIMIT)
        self._evidence.setdefault(name, digest(name, data))
        lines = list(_logical_lines(_decode(data, name)))
        self._problems.extend(_cut_off(lines, data, name))
        for number, line in lines:
            if line.startswith("-"):
                self._option(path, name, number, line, constraint=constraint)
            elif _VARIABLE.search(line.split(" --", 1)[0]):
                self._problems.append(unpinned(line, name, number, "depends on an environment variable"))
            elif not self._folder(path, _without_options(line), name, number):
                self._requirement(_without_options(line), name, number, constraint=constraint)

    def _requirement(self, text: str, name: str, number: int, *, constraint: bool) -> None:
        found = read_requirement(text, name, number)
        if constraint:
            if isinstance(found, Package):
                self._constraints.setdefault(found.name, set()).add(found)
        elif isinstance(found, Package):
            self._packages.append(found)
        elif isinstance(found, Requirement):
            self._open.append((found, name, number))
        else:
            self._problems.append(found)

    def _option(self, path: Path, name: str, number: int, line: str, *, constraint: bool) -> None:
        match = _OPTION.match(line)
        option, value = (match["name"], match["value"].strip(" '\"")) if match else (line, "")
        if option in {"-r", "--requirement", "-c", "--constraint"}:
            self._include(path, name, number, value, constraint=constraint or option in {"-c", "--constraint"})
        elif option in {"-e", "--editable"}:
            if not constraint and not self._folder(path, value, name, number):
                self._problems.append(unpinned(line, name, number, "is installed from a place, without a version"))
        elif option not in _HARMLESS:
            self._problems.append(unpinned(line, name, number, "is an option that this check does not know"))

    def _folder(self, path: Path, value: str, name: str, number: int) -> bool:
        """Note a project of the repository that is installed from its folder: what it needs has to be here, too."""
        text = _EXTRAS.sub("", value)
        if not _PLACE.fullmatch(text) or "://" in text:
            return False
        # pip takes a path from the folder that it runs in: that of the file, or the root.
        folders = [(base / text).resolve() for base in (path.parent, self._context.root)]
        folder = next((each for each in folders if each.is_dir() and each.is_relative_to(self._bounds)), None)
        if folder is None:
            return False
        self._folders.append((folder, value, name, number))
        return True

    def _notes(self) -> Iterator[Finding]:
        """What is told of folders: a warning where a project declares what this file does not pin."""
        known = {package.name for package in self._packages}
        for folder, value, name, number in self._folders:
            missing = sorted({need.name for need in needs_of(folder)} - known)
            shown = (
                f"; it needs {', '.join(f'`{each}`' for each in missing[:_SHOWN])}, which is not pinned here"
                if missing
                else ""
            )
            yield Finding(
                message=f"`{value[:_LONGEST]}` is a folder of the repository and has no advisories{shown}",
                rule="local",
                level=Level.WARNING if missing else Level.NOTE,
                path=name,
                line=number,
                remedy="judge its pyproject.toml and lock file in an item of their own"
                if missing
                else "review its code instead",
            )

    def _include(self, path: Path, name: str, number: int, value: str, *, constraint: bool) -> None:
        target = path.parent / value
        if not value or "://" in value:
            self._problems.append(unpinned(value, name, number, "is included, but is not a file here"))
        elif not target.resolve().is_relative_to(self._bounds):
            self._problems.append(unpinned(value, name, number, "is included from outside the repository"))
        else:
            try:
                self.file(target, constraint=constraint)
            except CheckError as error:
                self._problems.append(
                    Finding(
                        message=f"the included file cannot be read: {error}",
                        rule="include",
                        path=name,
                        line=number,
                        remedy="correct the path, or bring the file here",
                    )
                )


def _decode(data: bytes, name: str) -> str:
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise CheckError(f"{name} is not the {encoding} text that it says it is: {error.reason}") from error
        text = data.decode("latin-1")  # names and versions are ASCII: only comments can differ
    if "\0" in text:
        raise CheckError(f"{name} is not text: it has NUL characters", "name a requirements file")
    return text


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines without comments, each joined with its continuation lines, with the number of its first line."""
    start, parts = 0, list[str]()
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        start = start or number
        comment = raw.lstrip().startswith("#")
        if raw.endswith("\\") and not comment:
            parts.append(raw[:-1])
            continue
        joined = "".join([*parts, " " + raw if comment else raw])
        if line := _COMMENT.sub("", joined).strip():
            yield start, line
        start, parts = 0, []
    if line := _COMMENT.sub("", "".join(parts)).strip():
        yield start, line


def _cut_off(lines: list[tuple[int, str]], data: bytes, name: str) -> Iterator[Finding]:
    """Say by what a requirements file shows that its end is missing: pip would not install such a file, either."""
    number, last = lines[-1] if lines else (0, "")
    hashed = any("--hash" in line for _, line in lines)
    end = data.rstrip(b" \t\r\n\0").rpartition(b"\n")[2]
    if end.endswith(b"\\") and not end.lstrip().startswith(b"#"):
        why = "its last line says that another follows"
    elif hashed and not last.startswith("-") and "--hash" not in last:
        why = "its last requirement has no hash, while others have"
    elif any(len(digest) != _DIGITS.get(kind) for kind, digest in _HASH.findall(last)):
        why = "the last hash is not whole"
    else:
        return
    remedy = "let the tool that writes it finish, and check again"
    yield Finding(message=f"{name} is cut off: {why}", rule="cut-off", path=name, line=number or None, remedy=remedy)


def _without_options(line: str) -> str:
    """Cut options of a single requirement, for instance `--hash`, off its line."""
    words = line.split(" ")
    return " ".join(words[: next((i for i, word in enumerate(words) if word.startswith("-")), len(words))]).strip()
