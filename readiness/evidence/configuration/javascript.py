"""Reads what is written out in a configuration file of JavaScript or TypeScript; nothing of it runs."""

from typing import TYPE_CHECKING, Any

from readiness.evidence.source import SourceFile, parse, walk

if TYPE_CHECKING:
    from tree_sitter import Node


class Several(list[Any]):
    """The values that a key has in several objects of one list."""


def literals(text: str) -> dict[str, Any]:
    """The settings of a file as one map: every key whose value is written out, below the keys around it.

    A value that is computed is its source text, so that a change of it is seen.
    """
    source = parse("x.ts", text.encode())
    found: dict[str, Any] = {}
    for node in walk(source.root) if source else ():
        if source and node.type == "pair":
            _put(found, source, node)
        elif source and node.type == "object":
            _put_off(found, source, node)
    return found


def _put_off(found: dict[str, Any], source: SourceFile, block: "Node") -> None:
    """Each rule that an object with `files` switches off, with the files for which it does."""
    pairs = {}
    for pair in block.named_children:
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if pair.type == "pair" and key is not None and value is not None:
            pairs[source.text(key).strip("'\"")] = value
    files, rules = pairs.get("files"), pairs.get("rules")
    if files is None or rules is None:
        return
    given = _value(source, files)
    for pair in rules.named_children:
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if key is not None and value is not None and _value(source, value) in ("off", 0.0):
            off = found.setdefault("off_in", {}).setdefault(source.text(key).strip("'\""), [])
            off += given if isinstance(given, list) else [given]


def _put(found: dict[str, Any], source: SourceFile, pair: "Node") -> None:
    value = pair.child_by_field_name("value")
    if value is None or value.type == "object":
        return
    if value.type == "array" and any(child.type == "object" for child in value.named_children[:1]):
        return
    keys: list[str] = []
    node: Node | None = pair
    while node is not None:
        if node.type == "pair":
            key = node.child_by_field_name("key")
            keys.append(source.text(key).strip("'\"[]") if key else "")
        node = node.parent
    here: Any = found
    for name in reversed(keys[1:]):
        here = here.setdefault(name, {})
        if isinstance(here, list) and not isinstance(here, Several):
            here = _options(here)
        if not isinstance(here, dict):
            return
    read = _value(source, value)
    before = here.get(keys[0])
    if keys[0] in here and _in_list(pair) and not isinstance(before, dict) and not isinstance(read, list):
        here[keys[0]] = Several([*(before if isinstance(before, Several) else [before]), read])
    else:
        here[keys[0]] = [*before, *read] if isinstance(before, list) and isinstance(read, list) else read


def _options(values: list[Any]) -> dict[str, Any]:
    """The map that stands last in a list, as the options of `["error", {max: 10}]` do."""
    if not values or not isinstance(values[-1], dict):
        values.append({})
    last: dict[str, Any] = values[-1]
    return last


def _in_list(pair: "Node") -> bool:
    """Whether a pair stands in an object of a list."""
    node = pair.parent
    while node is not None:
        if node.type == "array":
            return True
        node = node.parent
    return False


def _value(source: SourceFile, node: "Node") -> Any:
    text = source.text(node)
    if node.type == "array":
        return [_value(source, child) for child in node.named_children if child.type not in {"comment", "object"}]
    if node.type in {"true", "false"}:
        return node.type == "true"
    if node.type in {"number", "unary_expression"}:
        try:
            return float(text)
        except ValueError:
            return text
    if node.type in {"string", "template_string"}:
        return text.strip("'\"`")
    return " ".join(text.split())
