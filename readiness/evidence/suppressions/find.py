"""Finds each suppression of a file, with the code that it hides."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

from readiness.evidence.suppressions.forms import BLOCK, FILE, LINE, SHARED, Form, one_spelling
from readiness.evidence.suppressions.known_forms import CSHARP, GO, JAVASCRIPT, JVM, OTHERS, PYTHON, RUBY_AND_PHP, RUST
from readiness.evidence.suppressions.marks import (
    COMMENT_ONLY,
    WIDE,
    Mark,
    MarkedFile,
    decoded,
    language_as_marked,
    marked,
)

FORMS = (*SHARED, *PYTHON, *JAVASCRIPT, *RUBY_AND_PHP, *GO, *RUST, *JVM, *CSHARP, *OTHERS)
_STYLE_ALSO = {"yaml": "hash", "shell": "hash", "docker": "hash", "powershell": "hash", "css": "c"}
_HASHED = frozenset({"python", "ruby"})
_AHEAD = 20
"""Lines below a suppression in which the code that it hides is looked for."""
_MOST_IN_ONE, _MOST_IN_FILE = 1_000, 5_000
"""Suppressions that are read of one comment, and of one file and form."""
_MOST = 300
"""Characters of a suppression, or of code, that are kept."""


@dataclass(frozen=True)
class Suppression:
    """One place at which a tool is told to look away."""

    tool: str
    rules: frozenset[str]
    """What it hides; empty: everything."""
    scope: int
    rank: int
    security: bool
    path: str
    line: int
    code: str
    """The code that it hides, its first line, without the suppression; empty for a whole file."""
    text: str = field(compare=False)

    def hides_no_more_than(self, other: "Suppression") -> bool:
        """Whether whatever this one hides, the other hides too, were they at the same place."""
        rules = not other.rules or (bool(self.rules) and self.rules <= other.rules)
        return self.tool == other.tool and rules and self.scope <= other.scope and self.rank <= other.rank


@dataclass(frozen=True)
class SuppressedFile:
    """The suppressions of one file."""

    lines: tuple[str, ...]
    suppressions: tuple[Suppression, ...]
    ends: dict[str, int]
    """How often a block of each tool ends."""


def suppressed(path: str, content: bytes | None) -> SuppressedFile:
    """Find the suppressions of a file; of one that is not there, none."""
    if content is None:
        return SuppressedFile((), (), {})
    text = decoded(content)
    if not hints_at(path, text) and not declares_encoding(content):
        return SuppressedFile(tuple(text.split("\n")), (), {})
    file = marked(path, content)
    forms = _hinted(file.language, "\n".join(file.lines))
    found: dict[tuple[int, str, frozenset[str]], Suppression] = {}
    ends: dict[str, int] = {}
    for form in forms:
        marks = _lines_as_marks(file) if form.where == "text" else (m for m in file.marks if m.kind == form.where)
        for mark in marks:
            if len(found) > _MOST_IN_FILE:
                break
            for suppression in _found(form, mark, file, path):
                found.setdefault((suppression.line, suppression.tool, suppression.rules), suppression)
            if form.end and form.end != form.pattern and re.search(form.end, mark.text):
                ends[form.tool] = ends.get(form.tool, 0) + 1
    ordered = sorted(found.values(), key=lambda one: one.line)
    return SuppressedFile(file.lines, tuple(_openers(ordered)), ends)


def declares_encoding(content: bytes) -> bool:
    """Whether a file may be in an encoding that hides its text from a first look: UTF-16, or by its coding line.

    Python reads that one among the first two lines (PEP 263).
    """
    return content.startswith(WIDE) or b"coding" in b"".join(content.split(b"\n", 2)[:2])


def hints_at(path: str, text: str) -> frozenset[str]:
    """The words of suppressions that a text holds; where it holds none, it has no suppression."""
    return frozenset(form.hint for form in _hinted(language_as_marked(path, text), text))


def _hinted(language: str, text: str) -> tuple[Form, ...]:
    """The forms of which a text holds the hint; in a language with `#`, of comments, behind one."""
    lowered = text.lower()
    comments = "\n".join(re.findall("#[^\n]*", lowered)) if language in _HASHED else lowered
    return tuple(
        form for form in _forms_for(language) if form.hint in (comments if form.where == "comment" else lowered)
    )


@cache
def _forms_for(language: str) -> tuple[Form, ...]:
    names = {language, _STYLE_ALSO.get(language, language)}
    return tuple(form for form in FORMS if not form.languages or names & set(form.languages.split()))


def _lines_as_marks(file: MarkedFile) -> Iterator[Mark]:
    return (Mark("text", line, number) for number, line in enumerate(file.lines, 1))


def _found(form: Form, mark: Mark, file: MarkedFile, path: str) -> Iterator[Suppression]:
    at, line = 0, mark.line
    for match in islice(form.compiled().finditer(mark.text), _MOST_IN_ONE):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        line, at = line + mark.text.count("\n", at, start), start
        own = _own_code(file, mark, start, line)
        scope = _scope(form, line, alone=not own, top=file.first_code)
        rules = _rules(form, match.groupdict().get("rules") or "")
        yield Suppression(
            tool=form.tool,
            rules=rules,
            scope=scope,
            rank=form.rank,
            security=form.security or _security(form.tool, rules),
            path=path,
            line=line,
            code="" if scope == FILE else (own or _code_below(file, mark))[:_MOST],
            text=" ".join(match[0].split())[:_MOST],
        )


def _scope(form: Form, line: int, *, alone: bool, top: int) -> int:
    if alone and form.at_top and line < top:
        return form.at_top
    return form.alone if alone and form.alone else form.scope


def _rules(form: Form, text: str) -> frozenset[str]:
    found = set()
    for match in re.finditer(form.rule, text, form.flags & re.IGNORECASE):
        rule = next((group for group in match.groups() if group), match[0]).strip("\"'` ")
        if rule:
            found.add(rule.upper() if form.tool == "noqa" else one_spelling(form.tool, rule))
    return frozenset(found)


def _security(tool: str, rules: frozenset[str]) -> bool:
    """Whether flake8-bandit's rules, which ruff has too, are hidden by name."""
    return tool == "noqa" and any(re.fullmatch(r"S\d{3}", rule) for rule in rules)


def _own_code(file: MarkedFile, mark: Mark, start: int, line: int) -> str:
    """The code beside a mark on the line of its suppression; empty where there is none."""
    row = file.lines[line - 1] if line <= len(file.lines) else ""
    end = mark.text.find("\n", start)
    part = mark.text[mark.text.rfind("\n", 0, start) + 1 : end if end >= 0 else None] if mark.kind != "text" else ""
    code = " ".join(row.replace(part.strip(), "", 1).split())
    return code if code.strip("{}<>[]/*!- #") else ""


def _code_below(file: MarkedFile, mark: Mark) -> str:
    below = mark.line + mark.text.count("\n")
    for row in file.lines[below : below + _AHEAD]:
        if row.strip() and not COMMENT_ONLY.match(row):
            return " ".join(row.split())
    return ""


def _openers(ordered: list[Suppression]) -> Iterator[Suppression]:
    """Without every second `:nocov:`, which ends what the one before began."""
    open_ = False
    for one in ordered:
        if one.tool == "simplecov" and one.scope == BLOCK and ":nocov:" in one.text:
            open_ = not open_
            if not open_:
                continue
        yield one


__all__ = ["BLOCK", "FILE", "LINE", "SuppressedFile", "Suppression", "declares_encoding", "hints_at", "suppressed"]
