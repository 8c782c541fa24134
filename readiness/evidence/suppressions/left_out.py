"""Says which files of a change no tool reads for suppressions: documentation, data, and folders that tools pass over.

Who proposes a change chooses the names of its files. So no name is enough where a tool reads the file: what is
generated or vendored is compared with the merge base, see `foreign`.
"""

import re
from pathlib import PurePosixPath

from readiness.evidence.source import language_of

_DOCUMENTATION = frozenset(
    {".md", ".markdown", ".mdx", ".rst", ".adoc", ".asciidoc", ".txt", ".po", ".pot", ".tex", ".org"}
)
_DATA = re.compile(r"\.(?:map|snap|lock|sum|svg)$|lock\.(?:json|yaml)$", re.IGNORECASE)
_PASSED_OVER = {
    "node_modules": "",
    "site-packages": "",
    "vendor": "go ruby php",
}
"""Folders that the tools of the named languages leave out by default: `./...` of Go has no `vendor`, RuboCop's
`AllCops/Exclude` has it, and Composer's is in no path of PHPStan or Psalm. No language named: of all."""


def is_left_out(path: str) -> bool:
    """Whether no suppression of a file counts, because no tool reads the file."""
    pure = PurePosixPath(path)
    if pure.suffix.lower() in _DOCUMENTATION or _DATA.search(pure.name):
        return True
    folders = set(pure.parts[:-1])
    language = language_of(path)
    return any(
        folder in folders and (not languages or language in languages.split())
        for folder, languages in _PASSED_OVER.items()
    )
