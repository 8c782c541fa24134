"""Describes the parameters of a check in words, from their JSON Schema."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from readiness.cli.output.terminal import safe

_DEEPEST = 4
"""Levels of parameters in parameters; a schema that refers to itself ends here, too."""
_WORDS = {"object": "map", "string": "text", "boolean": "true or false", "array": "list"}
_BOUNDS = {
    "minimum": "at least",
    "exclusiveMinimum": "more than",
    "maximum": "at most",
    "exclusiveMaximum": "less than",
}

Schema = Mapping[str, Any]  # JSON of any shape


class Parameter(NamedTuple):
    """One parameter, or a key inside of one."""

    name: str
    facts: str
    """Type, bounds and default."""
    text: str
    depth: int
    """How many parameters it is inside of."""


def parameters(schema: Schema) -> Iterator[Parameter]:
    """The parameters of a check, each followed by what it holds.

    Args:
        schema: Draft 2020-12, as pydantic writes it.
    """
    yield from _of(schema, schema.get("$defs", {}), 0)


def _of(schema: Schema, defs: Schema, depth: int) -> Iterator[Parameter]:
    required = schema.get("required", ())
    for name, node in schema.get("properties", {}).items():
        facts = [_kind(node, defs), *_bounds(node), "required" if name in required else f"default {_default(node)}"]
        yield Parameter(safe(name), "; ".join(facts), safe(str(node.get("description", ""))), depth)
        if depth < _DEEPEST:
            for inner in _inside(node, defs):
                yield from _of(inner, defs, depth + 1)


def _options(node: Schema, defs: Schema) -> list[Schema]:
    """What a node may be: itself, what it refers to, or each of several."""
    if "$ref" in node:
        return _options(defs.get(str(node["$ref"]).rpartition("/")[2], {}), defs)
    for key in ("anyOf", "oneOf", "allOf"):
        if key in node:
            return [option for entry in node[key] for option in _options(entry, defs) if option.get("type") != "null"]
    return [node]


def _inside(node: Schema, defs: Schema) -> Iterator[Schema]:
    """Maps with keys of their own, in a node or in the lists and maps that it may be."""
    for option in _options(node, defs):
        if "properties" in option:
            yield option
        inner = _entries(option)
        if inner:
            yield from _inside(inner, defs)


def _entries(node: Schema) -> Schema | None:
    """What each entry of a list or a map is; None when that may be anything, or there are none."""
    patterns = node.get("patternProperties") or {"": None}
    for inner in (node.get("items"), node.get("additionalProperties"), next(iter(patterns.values()))):
        if isinstance(inner, Mapping) and inner:
            return inner
    return None


def _kind(node: Schema, defs: Schema) -> str:
    """A type in a word or two."""
    return " | ".join(dict.fromkeys(_kind_of_one(option, defs) for option in _options(node, defs)))


def _kind_of_one(node: Schema, defs: Schema) -> str:
    if "enum" in node:
        return " | ".join(safe(str(word)) for word in node["enum"])
    if "const" in node:
        return safe(str(node["const"]))
    word = str(node.get("type", "map" if "properties" in node else "anything"))
    inner = _entries(node)
    return _WORDS.get(word, word) + (f" of {_kind(inner, defs)}" if inner else "")


def _bounds(node: Schema) -> Iterator[str]:
    for option in (node, *node.get("anyOf", ())):
        for key, word in _BOUNDS.items():
            if key in option:
                yield f"{word} {option[key]:g}"
        if option.get("minItems"):
            yield f"at least {option['minItems']} of them"


def _default(node: Schema) -> str:
    value = node.get("default")
    return "none" if value in (None, [], {}, "") else safe(json.dumps(value, ensure_ascii=False))
