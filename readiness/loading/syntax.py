"""Says in plain words what is wrong with the syntax of a YAML file."""

import re
from typing import NamedTuple

import yaml

from readiness.loading.file import ChecklistFile
from readiness.loading.nodes import Span


class _Wording(NamedTuple):
    pattern: str
    message: str
    help: str


_TOKEN = "found character that cannot start any token"  # noqa: S105 - a message of libyaml
_WORDINGS = (
    _Wording("could not find expected ':'", "a key without a `:` after it", "write `key: value`"),
    _Wording("mapping values are not allowed", "a `:` where no key can stand", "quote the text, or indent it right"),
    _Wording("did not find expected key", "this does not continue the map above", "mend the indentation or the quotes"),
    _Wording("expected '-' indicator", "this does not continue the list above", "begin with `- `, or indent it right"),
    _Wording("block sequence entries are not allowed|sequence entries are not", "a `- ` where no list can begin",
             "put the list on a line of its own"),
    _Wording("expected ',' or ']'", "a list in `[ ]` is not closed, or lacks a comma", "write `]` or `,` here"),
    _Wording("expected ',' or '}'", "a map in `{ }` is not closed, or lacks a comma", "write `}` or `,` here"),
    _Wording("unexpected end of stream|expected the node content|expected node content",
             "the file ends or breaks off where a value has to stand", "close the quotes, `[` or `{` that is open"),
    _Wording("unknown escape character", "an unknown escape in double quotes", r"write `\\`, or use single quotes"),
    _Wording("escape sequence|escape character code|hexdecimal", "an escape that stands for no character",
             r"write `\\`, or use single quotes"),
    _Wording("undefined tag handle|tag", "a tag that is not known", "remove it"),
    _Wording("unexpected document indicator", "a `---` or `...` inside quotes", "close the quotes before it"),
    _Wording("alphabetic or numeric|expected alphabetic", "an anchor or alias without a name",
             "quote a text that begins with `&` or `*`"),
    _Wording("incompatible YAML document|version", "this YAML version is not supported", "remove the `%YAML` line"),
    _Wording("directive", "a directive that is not known", "quote a text that begins with `%`"),
    _Wording("indentation", "the indentation does not fit", "indent with spaces, equally within a list or map"),
    _Wording("document start", "a second document, or text where a key has to stand", "keep one map in the file"),
)  # fmt: skip


def report(file: ChecklistFile, error: yaml.YAMLError) -> None:
    """Note the syntax error at its place."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read")
    context = str(getattr(error, "context", None) or "")
    span = _span(file, mark.line, mark.column) if mark is not None else None
    message, help_ = _words(file, span, f"{problem} {context}") or (f"the YAML cannot be read: {problem}", "")
    start = getattr(error, "context_mark", None)
    note = ""
    if start is not None and span is not None and start.line < span.line:
        note = f"what it belongs to begins at line {start.line + 1}"
    file.error(span, message, help_, note)


def _span(file: ChecklistFile, line: int, column: int) -> Span:
    """The place; for one behind the end of the file, the end of the last line that holds something."""
    if line < len(file.lines) and (file.lines[line] or line == 0):
        return Span(line, column, 1)
    line = min(line, len(file.lines) - 1)
    while line > 0 and not file.lines[line].strip():
        line -= 1
    return Span(line, len(file.lines[line].rstrip()), 1)


def _words(file: ChecklistFile, span: Span | None, problem: str) -> tuple[str, str] | None:
    if span is not None:
        here = file.lines[span.line][span.column :]
        if here.startswith("\t") or "tab" in problem:
            return "a tab in the indentation", "indent with spaces"
        if _TOKEN in problem:
            return f"a value cannot begin with `{here[:1]}`", "quote the text"
    return next(((w.message, w.help) for w in _WORDINGS if re.search(w.pattern, problem)), None)
