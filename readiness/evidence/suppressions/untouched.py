"""Says which files and edits bring no new suppression: what no tool reads, and what hides after an edit what it hid.

Who proposes a change chooses the names of its files. So no name is enough where a tool reads the file: what is
generated or vendored is compared with the merge base, see `foreign`.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import zip_longest
from pathlib import PurePosixPath

from readiness.evidence.change import ChangedFile
from readiness.evidence.source import language_of
from readiness.evidence.suppressions.find import declares_encoding, hints_at
from readiness.evidence.suppressions.hidden_code import may_hide
from readiness.evidence.suppressions.marks import COMMENT_ONLY, decoded

_BELOW, _BELOW_OPEN = 20, 200
"""Lines below a suppression on which the code that it hides is looked for; and where a bracket or comment is open."""
_MOST = 5_000
"""Lines with a hint or a delimiter of which a first look is taken."""
_DELIMITERS = r"\"\"\"|'''|/\*|\*/|`|<!--|-->|^=(?:begin|end)|<<|<%|%>|\{#|#\}|</?s[ct]"
"""What begins or ends a comment or a text of several lines, so that the lines below may mean something else."""
_CLOSED = re.compile(r"\s*(?:\"\"\"[^\"'#\\]*\"\"\"|'''[^\"'#\\]*'''|/\*[^*/\"'`]*\*/)\s*")
"""A line that ends what it begins."""


def hides_what_it_hid(file: ChangedFile) -> bool:
    """Whether each suppression of a file hides after the change what it hid before, at a first look.

    All lines that may hold a suppression are there as before, in the same order, with the same lines below them and
    in the same comments and texts. Where this is false, the file has to be parsed.
    """
    before, after = file.before, file.after
    if before is None or after is None or not _is_plain(file.path, before, after):
        return False
    first, second = decoded(before), decoded(after)
    hints = frozenset({*hints_at(file.path, first), *hints_at(file.path, second)})
    if not hints or may_hide(second):
        return not hints
    pairs = zip_longest(_traces(hints, first), _traces(hints, second))
    return all(number < _MOST and one == other for number, (one, other) in enumerate(pairs))


def _is_plain(path: str, *sides: bytes) -> bool:
    """Whether the suffix alone says how a file is read."""
    suffix = PurePosixPath(path).suffix
    return bool(suffix) and suffix != ".ipynb" and not any(map(declares_encoding, sides))


def _traces(hints: Collection[str], text: str) -> Iterator[tuple[bool, str]]:
    """Each line with a hint, and the lines below it, or with a delimiter; and whether code stands above it."""
    lines = text.split("\n")
    code = next((n for n, row in enumerate(lines) if row.strip() and not COMMENT_ONLY.match(row)), len(lines))
    number = at = -1
    for match in _pattern(frozenset(hints)).finditer(text):
        passed = text.count("\n", max(at, 0), match.start())
        if at >= 0 and not passed:
            continue  # the line of the match before
        number, at = max(number, 0) + passed, match.start()
        row = lines[number]
        if match["hint"] or any(hint in row.lower() for hint in hints):
            is_open = any(row.count(one) > row.count(other) for one, other in ("()", "[]", "{}", ("/*", "*/")))
            yield code < number, "\n".join(lines[number : number + (_BELOW_OPEN if is_open else _BELOW)])
        elif not _CLOSED.fullmatch(row):
            yield code < number, row


@lru_cache(maxsize=1_000)
def _pattern(hints: frozenset[str]) -> "re.Pattern[str]":
    alternatives = "|".join(map(re.escape, sorted(hints)))
    return re.compile(f"(?P<hint>{alternatives})|{_DELIMITERS}", re.IGNORECASE | re.MULTILINE)


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
