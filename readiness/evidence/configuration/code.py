"""Reads settings as far as they are written out in code: JavaScript, Gradle, SimpleCov, pytest, Mix, sbt, CMake."""

import re
from typing import TYPE_CHECKING, Any

from readiness.evidence.configuration.text import without_block_comments
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
            _put_pair(found, source, node)
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


def _put_pair(found: dict[str, Any], source: SourceFile, pair: "Node") -> None:
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


_WORD = re.compile(r"[A-Za-z]\w*")
_STATEMENT = re.compile(r"^(?:is|set)?([A-Za-z]\w*)\s*(?:\+?=|\.set\s*\(|\(|\s)\s*(.*?)\)?\s*$")
_STRING = re.compile(r"[\"']([^\"'\n]*)[\"']")
_EXCLUDED = re.compile(r"\bexcludes?\s*:\s*\[([^\]]*)")
_RUBY = re.compile(
    r"^[ \t]*(?:SimpleCov\.|c\.|config\.)?"
    r"(minimum_coverage\w*|add_filter|skip|enable_coverage|refuse_coverage_drop|maximum_coverage_drop)\b[ (]*([^\n#]*)",
    re.MULTILINE,
)
_STARTED = re.compile(
    r"^(?:if|unless)[ (]+(?=[^\n]*ENV)(?P<before>[^\n]*)\n(?:[ \t]+[^\n]*\n){0,9}?[ \t]+SimpleCov\.start\b"
    r"|\bSimpleCov\.start\b[^\n]{0,300}?\s(?:if|unless)\s(?P<behind>[^\n]*)",
    re.MULTILINE,
)
_IGNORED = re.compile(r"^(collect_ignore(?:_glob)?)\s*\+?=\s*\[(.*?)\]", re.MULTILINE | re.DOTALL)
_NEEDS = re.compile(r"\b(?:dependsOn|finalizedBy)\b[\s(]*(.+)")
_DEEPEST = 32
_ASSIGNED = re.compile(
    r"(?<![A-Za-z0-9])([A-Za-z]\w*)\s*(?::=|\+=|\+\+=|:(?!:)|=(?![=>]))\s*(?=(\"[^\"\n]*\"|\[[^\[\]{}]*\]|Seq\([^()]*\)|[\w.%-]+))"
)
_CHECKED = re.compile(r"\{\s*([A-Z]\w*(?:\.\w+)+)\s*,\s*(false|\[|\w+)")
_FLAG = re.compile(
    r"(?<![\w-])(?:[-/](?:W[\w=+-]+|w|fsanitize=[\w,-]+|f(?:no-)?sanitize-recover(?:=[\w,-]+)?|fno-sanitize=[\w,-]+|pedantic-errors|D_FORTIFY_SOURCE=\d))(?![\w-])"
)
_JUDGED = re.compile(r"-fsanitize-recover.*|-fno-sanitize=.*|-W(?:no-[\w=+-]+)|-w|/W0|-Wp?,.*")
_MESON = re.compile(r"\b(werror|warning_level|b_sanitize|b_coverage)\s*[=:]\s*['\"]?([\w,]+)")
_BAZEL = re.compile(r"--(\w+)=(\S+)")


def gradle(text: str) -> dict[str, Any]:
    """Each statement below the blocks around it, `jacocoTestCoverageVerification.limit.minimum`, with its values."""
    found: dict[str, Any] = {}
    blocks: list[str] = []
    text = without_block_comments(text)
    for row in text.split("\n"):
        line = re.sub(r"(?<![:\"'])//.*", "", row).strip()
        if line.startswith("}"):
            blocks = blocks[: -line.count("}")] if line.count("}") <= len(blocks) else []
            line = line.lstrip("} )")
        opened = line.endswith(("{", "->")) or line.count("{") > line.count("}")
        for flag in re.findall(r"[\"'](-Werror|-Xlint:all|-Xlint|-progressive|-Xfatal-warnings)[\"']", line):
            found.setdefault("flags", []).append(flag)
        taken = re.match(r"include\b[\s(]*(.+)", line)
        if taken and not blocks:
            names = (name.lstrip(":").replace(":", "/") for name in _STRING.findall(taken[1]))
            found.setdefault("include", []).extend(names)
            continue
        if opened:
            if len(blocks) < _DEEPEST:
                blocks.append("_".join(_WORD.findall(line.partition("{")[0])) or "block")
            line = line.partition("{")[2].strip()
        elif "{" in line:
            name, _, rest = line.partition("{")
            if name.strip() == "onlyIf":
                found.setdefault(".".join([*blocks, "onlyIf"]), []).append(" ".join(rest.rpartition("}")[0].split()))
                continue
            _put(found, [*blocks, "_".join(_WORD.findall(name))], rest.rpartition("}")[0].strip())
            continue
        _put(found, blocks, line)
    return found


def _put(found: dict[str, Any], blocks: list[str], line: str) -> None:
    needs = _NEEDS.search(line)
    if needs:
        tasks = re.findall(r"\w+", re.sub(r"\b(?:tasks|named|rootProject|project)\b", "", needs[1]))
        found.setdefault("dependsOn", []).extend(tasks)
        return
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
    started = _STARTED.search(text)
    if started:
        found["start_if"] = (started["before"] or started["behind"]).strip()
    for match in _IGNORED.finditer(text):
        found.setdefault(match[1], []).extend(_STRING.findall(match[2]))
    return found


def assignments(text: str) -> dict[str, Any]:
    """What a file of Mix or sbt assigns by name, and the checks of Credo."""
    text = re.sub(r"(?m)^[ \t]*(?:#|//).*$", "", text)
    found: dict[str, Any] = {}
    for match in _ASSIGNED.finditer(text):
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", match[1])
        quoted = _STRING.findall(match[2])
        given = quoted if quoted or match[2][0] in "[S" else [match[2]]
        found.setdefault(name, []).extend(given)
    for match in _CHECKED.finditer(text):
        found[f"rules.{match[1].replace('.', '/')}"] = match[2] if match[2] == "false" else "on"
    return found


def flags(text: str) -> dict[str, Any]:
    """The options of compilers by which they judge, those by which they look away, and the filters of tests."""
    text = re.sub(r"(?m)^[ \t]*#(?!\s*define).*$", "", text)
    given = list(dict.fromkeys(match[0] for match in _FLAG.finditer(text)))
    ignored = [one for one in given if _JUDGED.fullmatch(one)]
    found: dict[str, Any] = {
        "select_flags": [one for one in given if one not in ignored] or None,
        "ignored_flags": ignored or None,
    }
    for name, value in _MESON.findall(text):
        found["fail_on_warning" if name == "werror" else f"min_{name}"] = value
    for name, value in _BAZEL.findall(text):
        if "filter" in name:
            found[f"{name}.filter"] = value
    return {name: value for name, value in found.items() if value is not None}
