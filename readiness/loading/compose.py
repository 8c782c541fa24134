"""Composes YAML events into nodes with places, bounded in depth and size, and refuses what YAML lets pass.

PyYAML's own composers are not used: the one in C recurses and dies by a signal on 30,000 nested brackets, and both
keep the last of two equal keys in silence. Merge keys (`<<`) are refused: YAML 1.2 has none.
"""

import re
from typing import Any, NamedTuple

import yaml

from readiness.loading.diagnostics import Speller
from readiness.loading.file import LIMIT, ChecklistFile
from readiness.loading.nodes import (
    PREFIX,
    Entry,
    Map,
    Node,
    Scalar,
    ScalarError,
    Sequence,
    Span,
    plain_value,
    tagged_value,
)

DEPTH = 64
"""How many lists and maps may stand inside each other."""
VALUES = 250_000
"""How many values a file may hold: 20,000 items have fewer."""
BORROWED = LIMIT
"""Characters and values that aliases may add, all together."""
_VERSION = (1, 2)
_SURROGATE = re.compile("[\ud800-\udfff]")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def compose(file: ChecklistFile) -> Node:
    """Read the one document of a file.

    Raises:
        ChecklistError: It cannot be read to its end. Lesser mistakes are noted in the file, and reading goes on.
    """
    composer = _Composer(file)
    try:
        for event in yaml.parse(file.text, Loader=_LOADER):
            composer.take(event)
    except yaml.YAMLError as error:
        _note_syntax(file, error)
        file.check()
    except RecursionError:
        raise file.fail(None, "the file is nested too deeply") from None
    if composer.root is None or (isinstance(composer.root, Scalar) and composer.root.value is None):
        raise file.fail(Span(0, 0, 1), "the checklist is empty", "`readiness init` writes a first one")
    return composer.root


class _Open:
    """A list or map whose end has not been read yet."""

    __slots__ = ("anchor", "keeps", "key", "node")

    def __init__(self, node: Sequence | Map, anchor: str | None) -> None:
        self.node, self.anchor = node, anchor
        self.key: tuple[str, Span] | None = None
        """The key that waits for its value."""
        self.keeps = True
        """Whether that value is kept: a refused key has none."""


class _Composer:
    def __init__(self, file: ChecklistFile) -> None:
        self.root: Node | None = None
        self._file = file
        self._speller = Speller()
        self._stack: list[_Open] = []
        self._anchors: dict[str, Node | None] = {}
        self._borrowed = 0
        self._values = 0
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """Take the next event."""
        self._values += 1
        if self._values > VALUES:
            raise self._file.fail(_span(event), f"more than {VALUES:,} values", "split the checklist")
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._end()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._document(event)

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            raise self._file.fail(_span(event), "a second document: a file holds one checklist", "remove this `---`")
        if event.version not in {None, _VERSION}:
            raise self._file.fail(_span(event), "this file is read as YAML 1.2", "remove the `%YAML` line")

    def _scalar(self, event: Any) -> None:
        span = self._scalar_span(event)
        plain = bool(event.implicit[0]) and event.style in {None, ""}
        value: Any = event.value
        if _SURROGATE.search(value):
            self._file.error(span, "half of a surrogate pair is no character", "remove the escape")
            value = ""
        elif "\0" in value:
            self._file.error(span, "a NUL character in a text", "remove the escape")
        try:
            if event.tag is not None:
                value = tagged_value(event.tag, value)
            elif plain:
                value = plain_value(value)
        except ScalarError as error:
            self._file.error(span, str(error), "quote it if it is meant as text")
        node = Scalar(span, value, event.value, plain, event.end_mark.line, weight=1 + len(event.value))
        self._anchor(event.anchor, node)
        if self._wants_key():
            self._key(node)
        else:
            self._attach(node)

    def _scalar_span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        line = self._file.lines[start.line] if start.line < len(self._file.lines) else ""
        stop = end.column if end.line == start.line else len(line.rstrip())
        return Span(start.line, start.column, max(stop - start.column, 1))

    def _begin(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        span = _span(event)
        is_map = isinstance(event, yaml.MappingStartEvent)
        if event.tag not in {None, "!", PREFIX + ("map" if is_map else "seq")}:
            self._file.error(span, "this tag is not known here: remove it")
        if len(self._stack) >= DEPTH:
            raise self._file.fail(span, f"more than {DEPTH} lists and maps inside each other", "flatten this")
        if self._wants_key():
            self._refuse_key(span, "a key has to be text, not a list or map")
        opened = _Open(Map(span) if is_map else Sequence(span), event.anchor)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        self._stack.append(opened)

    def _end(self) -> None:
        opened = self._stack.pop()
        if opened.anchor is not None:
            self._anchors[opened.anchor] = opened.node
        if self._stack and isinstance(self._stack[-1].node, Map) and self._stack[-1].key is None:
            self._stack[-1].key = ("", opened.node.span)  # it was a key, refused in `_begin`
            return
        self._attach(opened.node)

    def _alias(self, event: Any) -> None:
        span, name = _span(event, len(event.anchor) + 1), event.anchor
        node = self._anchors.get(name)
        if self._wants_key():
            self._refuse_key(span, "a key has to be text, not an alias")
            self._stack[-1].key = ("", span)
            return
        if node is None:
            if name in self._anchors:
                self._file.error(span, f"`*{name}` refers to what it stands in")
            else:
                hint = self._speller.nearest(name, self._anchors)
                self._file.error(span, f"there is no `&{name}` above", f"did you mean `*{hint}`?" if hint else "")
            node = Scalar(span, None, "")
        self._borrowed += node.weight
        if self._borrowed > BORROWED:
            raise self._file.fail(span, "aliases make this file larger than 1 MiB", "write it out, or use fewer")
        if len(self._stack) + node.height > DEPTH:
            raise self._file.fail(span, f"more than {DEPTH} lists and maps inside each other", "flatten this")
        self._attach(node)

    def _wants_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1].node, Map) and self._stack[-1].key is None

    def _key(self, node: Scalar) -> None:
        opened = self._stack[-1]
        if not isinstance(node.value, str):
            self._refuse_key(node.span, "a key has to be text", f'quote it: `"{node.text}"`' if node.text else "")
        elif node.value == "<<" and node.plain:
            self._refuse_key(node.span, "merge keys (`<<`) are not part of YAML 1.2", "write the keys out")
        else:
            earlier = isinstance(opened.node, Map) and opened.node.entries.get(node.value)
            if earlier:
                where = f"the first one is at line {earlier.span.line + 1}, column {earlier.span.column + 1}"
                self._refuse_key(node.span, f"the key `{node.value[:80]}` is there twice", where)
        opened.node.weight += node.weight
        opened.key = (str(node.value), node.span)

    def _refuse_key(self, span: Span, message: str, help_: str = "") -> None:
        self._stack[-1].keeps = False
        self._file.error(span, message, help_)

    def _anchor(self, name: str | None, node: Node) -> None:
        if name is not None:
            self._anchors[name] = node

    def _attach(self, node: Node) -> None:
        if not self._stack:
            self.root = node
            return
        opened = self._stack[-1]
        holder = opened.node
        holder.weight += node.weight
        holder.height = max(holder.height, node.height + 1)
        if isinstance(holder, Sequence):
            holder.entries.append(node)
        elif opened.key is not None:
            key, span = opened.key
            if opened.keeps:
                if not holder.entries and span.line == holder.span.line and span.column == holder.span.column:
                    holder.span = span  # a map in block style is marked by its first key
                holder.entries[key] = Entry(span, node)
            opened.key, opened.keeps = None, True


def _span(event: Any, length: int = 1) -> Span:
    return Span(event.start_mark.line, event.start_mark.column, length)


class _Wording(NamedTuple):
    pattern: str
    message: str
    help: str


_TOKEN = "found character that cannot start any token"  # noqa: S105 - a message of libyaml
_WORDINGS = (
    _Wording("could not find expected ':'", "a key without a `:` after it", "write `key: value`"),
    _Wording("mapping values are not allowed", "a `:` where no key can stand", "quote the text, or indent it right"),
    _Wording("did not find expected key", "this does not continue the map above", "fix the indentation or the quotes"),
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


def _note_syntax(file: ChecklistFile, error: yaml.YAMLError) -> None:
    """Note the syntax error at its place."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read")
    context = str(getattr(error, "context", None) or "")
    span = _place(file, mark.line, mark.column) if mark is not None else None
    message, help_ = _in_words(file, span, f"{problem} {context}") or (f"the YAML cannot be read: {problem}", "")
    start = getattr(error, "context_mark", None)
    note = ""
    if start is not None and span is not None and start.line < span.line:
        note = f"what it belongs to begins at line {start.line + 1}"
    file.error(span, message, help_, note)


def _place(file: ChecklistFile, line: int, column: int) -> Span:
    """The place; for one behind the end of the file, the end of the last line that holds something."""
    if line < len(file.lines) and (file.lines[line] or line == 0):
        return Span(line, column, 1)
    line = min(line, len(file.lines) - 1)
    while line > 0 and not file.lines[line].strip():
        line -= 1
    return Span(line, len(file.lines[line].rstrip()), 1)


def _in_words(file: ChecklistFile, span: Span | None, problem: str) -> tuple[str, str] | None:
    if span is not None:
        here = file.lines[span.line][span.column :]
        if here.startswith("\t") or "tab" in problem:
            return "a tab in the indentation", "indent with spaces"
        if _TOKEN in problem:
            return f"a value cannot begin with `{here[:1]}`", "quote the text"
    return next(((w.message, w.help) for w in _WORDINGS if re.search(w.pattern, problem)), None)
