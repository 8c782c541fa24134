"""Says which files of a change have no suppressions of their own: documentation, generated and vendored files."""

import re
from pathlib import PurePosixPath

from readiness.evidence.change import ChangedFile

_DOCUMENTATION = {
    ".md",
    ".markdown",
    ".mdx",
    ".rst",
    ".adoc",
    ".asciidoc",
    ".txt",
    ".po",
    ".pot",
    ".tex",
    ".org",
}
_FOLDERS = {"node_modules", "vendor", "_vendor", "vendored", "third_party", "third-party", "thirdparty",
            "bower_components", ".yarn", "site-packages"}  # fmt: skip
_GENERATED = re.compile(
    r"\.min\.(?:js|css|mjs)$|\.map$|\.snap$|_pb2(?:_grpc)?\.pyi?$|\.pb(?:\.gw|\.validate)?\.(?:go|cc|h|dart)$"
    r"|_grpc\.pb\.go$|\.g\.(?:cs|dart|i\.cs)$|\.designer\.cs$|\.lock$|lock\.json$|lock\.yaml$|\.sum$|\.svg$"
    r"|^zz_generated|(?:^|_)generated\.\w+$|[._-]gen\.(?:go|ts|rs)$|^mock_\w+\.go$|_mock\.go$|_string\.go$|\.generated\.\w+$",
    re.IGNORECASE,
)
_MARKER = re.compile(rb"^(?://|#|/\*|--)[ \t]*Code generated [^\n]*DO NOT EDIT\.?", re.MULTILINE)
"""https://go.dev/s/generatedcode"""
_HEAD = 4096


def is_left_out(file: ChangedFile) -> bool:
    """Whether no suppression of the file counts.

    The marker of generated files counts where the merge base has it, or where the name says the same: who proposes
    a change writes the marker, too.
    """
    pure = PurePosixPath(file.path)
    if pure.suffix.lower() in _DOCUMENTATION or _FOLDERS & set(pure.parts[:-1]) or _GENERATED.search(pure.name):
        return True
    return file.before is not None and bool(_MARKER.search(file.before[:_HEAD]))


def marks_as_generated(file: ChangedFile) -> int:
    """The line on which a change marks a written file as generated, which linters pass over; 0 when it does not."""
    if file.before is None or file.after is None or _MARKER.search(file.before[:_HEAD]):
        return 0
    match = _MARKER.search(file.after[:_HEAD])
    return file.after.count(b"\n", 0, match.start()) + 1 if match else 0
