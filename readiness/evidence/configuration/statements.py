"""Reads the settings of build scripts as far as they are written out: Gradle, SimpleCov, pytest, Mix, sbt, CMake."""

import re
from typing import Any

from readiness.evidence.configuration.text import without_block_comments

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
