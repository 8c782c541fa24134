"""Reads the settings of build scripts as far as they are written out: Gradle, SimpleCov and pytest's conftest."""

import re
from typing import Any

_WORD = re.compile(r"[A-Za-z]\w*")
_STATEMENT = re.compile(r"^(?:is|set)?([A-Za-z]\w*)\s*(?:\+?=|\.set\s*\(|\(|\s)\s*(.*?)\)?\s*$")
_STRING = re.compile(r"[\"']([^\"'\n]*)[\"']")
_EXCLUDED = re.compile(r"\bexcludes?\s*:\s*\[([^\]]*)")
_RUBY = re.compile(
    r"^[ \t]*(?:SimpleCov\.|c\.|config\.)?"
    r"(minimum_coverage\w*|add_filter|skip|enable_coverage|refuse_coverage_drop|maximum_coverage_drop)\b[ (]*([^\n#]*)",
    re.MULTILINE,
)
_IGNORED = re.compile(r"^(collect_ignore(?:_glob)?)\s*\+?=\s*\[(.*?)\]", re.MULTILINE | re.DOTALL)
_DEEPEST = 32


def gradle(text: str) -> dict[str, Any]:
    """Each statement below the blocks around it, `jacocoTestCoverageVerification.limit.minimum`, with its values."""
    found: dict[str, Any] = {}
    blocks: list[str] = []
    text = re.sub(r"/\*.*?\*/", lambda match: "\n" * match[0].count("\n"), text, flags=re.DOTALL)
    for row in text.split("\n"):
        line = re.sub(r"(?<![:\"'])//.*", "", row).strip()
        if line.startswith("}"):
            blocks = blocks[: -line.count("}")] if line.count("}") <= len(blocks) else []
            line = line.lstrip("} )")
        opened = line.endswith(("{", "->")) or line.count("{") > line.count("}")
        if opened:
            if len(blocks) < _DEEPEST:
                blocks.append("_".join(_WORD.findall(line.partition("{")[0])) or "block")
            line = line.partition("{")[2].strip()
        elif "{" in line:
            name, _, rest = line.partition("{")
            _put(found, [*blocks, "_".join(_WORD.findall(name))], rest.rpartition("}")[0].strip())
            continue
        _put(found, blocks, line)
    return found


def _put(found: dict[str, Any], blocks: list[str], line: str) -> None:
    named = _EXCLUDED.search(line)
    if named:
        found.setdefault(".".join([*blocks, "excludes"]), []).extend(_STRING.findall(named[1]))
    match = _STATEMENT.match(line)
    if match is None or not match[2]:
        return
    name = match[1][0].lower() + match[1][1:]
    values = _STRING.findall(match[2]) or [match[2].strip()]
    found.setdefault(".".join([*blocks, name]), []).extend(values)


def statements(text: str) -> dict[str, Any]:
    """The settings of a Ruby or Python file that sets up tests or coverage."""
    found: dict[str, Any] = {}
    for match in _RUBY.finditer(text):
        values = _STRING.findall(match[2]) or [match[2].strip().rstrip(")")]
        found.setdefault(match[1], []).extend(values)
    for match in _IGNORED.finditer(text):
        found.setdefault(match[1], []).extend(_STRING.findall(match[2]))
    return found
