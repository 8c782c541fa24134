"""Composes YAML events into nodes with places, bounded in depth and size, and refuses what YAML lets pass.

PyYAML's own composers are not used: the one in C recurses and dies by a signal on 30,000 nested brackets, and both
keep the last of two equal keys in silence. Merge keys (`<<`) are refused: YAML 1.2 has none.
"""

import re
from typing import Any

import yaml

from readiness.loading import scalars, syntax
from readiness.loading.file import LIMIT, ChecklistFile
from readiness.loading.nodes import Entry, Map, Node, Scalar, Sequence, Span
from readiness.loading.scalars import PREFIX, ScalarError
from readiness.loading.spelling import Speller

DEPTH = 64
"""How many lists and maps may stand inside each other."""
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
        syntax.report(file, error)
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
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """Take the next event."""
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
                value = scalars.tagged(event.tag, value)
            elif plain:
                value = scalars.resolve(value)
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
