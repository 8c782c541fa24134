"""Reads the YAML of other tools' configuration with the line of each key, whatever its size, depth or aliases.

Checklists have a stricter reader (`readiness.loading`): it refuses merge keys, tags and second documents, which
pipelines use.
"""

import re
from typing import Any

import yaml

DEPTH = 64
"""How many lists and maps may stand inside each other."""
_EVENTS = 200_000
_BORROWED = 100_000
"""Values that aliases may add, all together."""
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_CONSTANTS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
              "null": None, "~": None, "": None}  # fmt: skip


class YamlProblem(Exception):  # noqa: N818 - the caller turns it into an error with the file's name
    """YAML that cannot be read, or that is too large or too deep."""


class YamlMap(dict[str, Any]):
    """A map that knows the line of each key, from 1."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}


class YamlList(list[Any]):
    """A list that knows the line of each entry, from 1."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


class _Builder:
    def __init__(self) -> None:
        self.documents: list[Any] = []
        self.stack: list[tuple[Any, str | None, int]] = []
        self.keys: list[tuple[str, int] | None] = []
        self.anchors: dict[str, Any] = {}
        self.borrowed = 0

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style in {None, ""} and event.implicit[0]
            value = _scalar(event.value) if plain else event.value
            if event.anchor:
                self.anchors[event.anchor] = value
            self._attach(value, line, event.value)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if len(self.stack) >= DEPTH:
                raise YamlProblem("nested too deeply")
            opened: Any = YamlMap() if isinstance(event, yaml.MappingStartEvent) else YamlList()
            self.stack.append((opened, event.anchor, line))
            self.keys.append(None)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            closed, anchor, began = self.stack.pop()
            self.keys.pop()
            if anchor:
                self.anchors[anchor] = closed
            self._attach(closed, began, "")
        elif isinstance(event, yaml.AliasEvent):
            value = self.anchors.get(str(event.anchor))
            self.borrowed += _size(value, _BORROWED - self.borrowed)
            if self.borrowed >= _BORROWED:
                raise YamlProblem("aliases make it too large")
            self._attach(value, line, f"*{event.anchor}")

    def _attach(self, value: Any, line: int, text: str) -> None:
        if not self.stack:
            self.documents.append(value)
            return
        holder = self.stack[-1][0]
        if isinstance(holder, YamlList):
            holder.append(value)
            holder.lines.append(line)
            return
        key = self.keys[-1]
        if key is None:
            self.keys[-1] = (text, line)
            return
        self.keys[-1] = None
        if key[0] == "<<":
            for one in value if isinstance(value, YamlList) else [value]:
                for name, inner in one.items() if isinstance(one, YamlMap) else ():
                    holder.setdefault(name, inner)
                    holder.lines.setdefault(name, key[1])
        else:
            holder[key[0]] = value
            holder.lines[key[0]] = key[1]


def load_yaml(text: str) -> Any:
    """The data of a YAML file; of several documents, the maps together.

    Raises:
        YamlProblem: It is no YAML, or too large or too deep.
    """
    builder = _Builder()
    try:
        for number, event in enumerate(yaml.parse(text.replace("\t", "    "), Loader=_LOADER)):
            if number > _EVENTS:
                raise YamlProblem("too many values")
            builder.take(event)
    except yaml.YAMLError as error:
        raise YamlProblem(str(getattr(error, "problem", None) or error)) from None
    documents = [one for one in builder.documents if one is not None]
    if len(documents) <= 1:
        return documents[0] if documents else None
    merged = YamlMap()
    for one in documents:
        if isinstance(one, YamlMap):
            merged.update(one)
            merged.lines.update(one.lines)
    return merged


def _scalar(text: str) -> Any:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return text


def _size(value: Any, budget: int) -> int:
    """How many values a value holds, up to a budget."""
    size, waiting = 0, [value]
    while waiting and size < budget:
        one = waiting.pop()
        size += 1
        if isinstance(one, dict):
            waiting += list(one.values())
        elif isinstance(one, list):
            waiting += one
    return size
