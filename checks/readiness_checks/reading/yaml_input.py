"""Reads untrusted YAML: every scalar as text, no duplicate keys, bounded in depth and size."""

import re
from typing import Any

_DEEPEST = 10_000
"""Levels of nesting: the C parser dies of more."""
_MOST_NODES = 2_000_000
"""Values, those that aliases repeat included."""
_BRACKET = re.compile(rb"[\[\]{}]")
_INDENTED = re.compile(rb"^[ \t?:-]{%d}" % _DEEPEST, re.MULTILINE)


def read(data: bytes) -> Any:
    """Read one document; `1.10` is a version and no number, so every scalar is a text.

    Args:
        data: Its bytes. Programs that write YAML end the last line; where it has no end, the text is cut off.

    Raises:
        ValueError: It is cut off, nested too deeply, too large, or a map has a key twice; the text says which.
        yaml.YAMLError: It is no YAML, or more than one document.
    """
    import yaml

    if _INDENTED.search(data) is not None or _depth(data) > _DEEPEST:
        raise ValueError("it is nested too deeply")
    if data and not data.endswith(b"\n"):
        raise ValueError("its last line has no end: it is cut off")
    node = yaml.compose(data, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    return None if node is None else _plain(node, [_MOST_NODES])


def _depth(data: bytes) -> int:
    """The most brackets that are open at one place; those in texts count, too."""
    deepest = depth = 0
    for bracket in _BRACKET.findall(data):
        depth = depth + 1 if bracket in b"[{" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    return deepest


def _plain(node: Any, left: list[int]) -> Any:
    """The value of a node; `left` counts down, for aliases (`*a`) can make a small text stand for an endless value."""
    import yaml

    left[0] -= 1
    if left[0] < 0:
        raise ValueError(f"it has more than {_MOST_NODES:,} values")
    if isinstance(node, yaml.MappingNode):
        found = {}
        for key, value in node.value:
            name = str(_plain(key, left))
            if name in found:
                raise ValueError(f"the key `{name[:100]}` is there twice")
            found[name] = _plain(value, left)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, left) for item in node.value]
    return node.value
