"""What a change has removed from the sources: a test of it may go with it.

A definition counts as removed when no file of the change has its name any more, and its body does not live on under
another name: most of its lines are in no file of the change.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import PurePosixPath

from readiness.evidence.change import ChangedFile
from readiness.evidence.source import language_of
from readiness.evidence.weakened_tests.model import Routine

_TEST = re.compile(r"(?:^|/)(?:tests?|specs?|__tests__|e2e)/|(?:^|/)test_|[._-](?:test|spec|cy)\.|_test\.|Tests?\.\w+$")
_DEFINITION = re.compile(
    r"^\s*(?:[\w@#\[\]<>.,?&*:()'\"=]+\s+)*?"
    r"(?:def|class|func|function\*?|fn|struct|enum|trait|interface|type|const|fun|object|record|module|macro_rules!|"
    r"static|let|var|val|mod|union)\s+(?:\([^)]*\)\s*)?(?:self\.)?(\w+)"
    r"|^\s*(?:exports|module\.exports|[\w.]+\.prototype|\w+)\.(\w+)\s*=\s*(?:async\s*)?(?:function|\()"
    r"|^\s*(\w+)\s*[:=]\s*(?:async\s*)?(?:function\b|\([^)]*\)\s*=>)"
    r"|^\s*(?:(?:public|private|protected|internal|static|final|abstract|override|virtual|async|export|readonly)\s+)+"
    r"[\w<>\[\],.?\s]*?\b(\w+)\s*(?:\(|=|\{|;|$)"
    r"|^\s*(?:async\s+)?(\w+)\s*\([^)]*\)\s*\{\s*$"
    r"|^\s*([A-Z][A-Z0-9_]{2,}|[A-Z]\w+)\s*[=,({]"
)
_LIVES_ON = 0.5
_BODY = 120
_SHORT = 3
_LONG = 400


class RemovedCode:
    """The names that a change removes from the sources."""

    def __init__(self, change: Sequence[ChangedFile]) -> None:
        self._change = change

    def tested_by(self, test: Routine) -> bool:
        """Whether a test names something that is removed."""
        return self.mentions(test.words)

    def mentions(self, words: Iterable[str]) -> bool:
        """Whether a removed name is among these words."""
        return not self._names.isdisjoint(words)

    @cached_property
    def _names(self) -> frozenset[str]:
        sources = [file for file in self._change if language_of(file.path) and not _TEST.search(file.path)]
        living = self._words_after()
        names: set[str] = set()
        for file in sources:
            if file.before is None:
                continue
            lines = file.before.decode("utf-8", "replace").split("\n")
            names |= {name for name, body in _definitions(lines, living) if not self._lives_on(body)}
            stem = PurePosixPath(file.path).stem
            if file.after is None and stem not in living and not self._lives_on(lines):
                names.add(stem)
        return frozenset(names)

    def _words_after(self) -> set[str]:
        found: set[str] = set()
        for file in self._change:
            if file.after is not None and language_of(file.path):
                found.update(re.findall(r"\w+", file.after.decode("utf-8", "replace")))
                found.add(PurePosixPath(file.path).stem)
        return found

    @cached_property
    def _lines_after(self) -> set[str]:
        return {
            plain
            for file in self._change
            if file.after is not None and language_of(file.path)
            for line in file.after.decode("utf-8", "replace").split("\n")
            if len(plain := _plain(line)) > _SHORT
        }

    def _lives_on(self, body: list[str]) -> bool:
        lines = [plain for line in body if len(plain := _plain(line)) > _SHORT]
        return bool(lines) and sum(line in self._lines_after for line in lines) > _LIVES_ON * len(lines)


def _definitions(lines: list[str], living: set[str]) -> list[tuple[str, list[str]]]:
    """The definitions whose names are gone, each with the lines of its body."""
    found = []
    for at, line in enumerate(lines):
        if len(line) > _LONG or not (defined := _DEFINITION.match(line)):
            continue
        name = next((group for group in defined.groups() if group), "")
        if len(name) >= _SHORT and name not in living:
            found.append((name, _body(lines, at)))
    return found


def _body(lines: list[str], at: int) -> list[str]:
    indent = len(lines[at]) - len(lines[at].lstrip())
    body = []
    for line in lines[at + 1 : at + _BODY]:
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            break
        body.append(line)
    return body


def _plain(line: str) -> str:
    return re.sub(r"\s+", "", line)
