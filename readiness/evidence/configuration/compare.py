"""Compares the settings of each tool, over all the files in which a change touches them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from readiness.evidence.change import ChangedFile, EvidenceWeakening
from readiness.evidence.configuration.documents import Data, Document, Path, UnreadableError, flatten, load
from readiness.evidence.configuration.javascript_tools import JAVASCRIPT_TOOLS
from readiness.evidence.configuration.kinds import kind_of_tool
from readiness.evidence.configuration.other_tools import OTHER_TOOLS
from readiness.evidence.configuration.python_tools import PYTHON_TOOLS
from readiness.evidence.configuration.rules import Difference, Rule, compared, entries
from readiness.evidence.configuration.tools import Source, Tool

TOOLS = (*PYTHON_TOOLS, *JAVASCRIPT_TOOLS, *OTHER_TOOLS)
_LINTERS = {
    "ruff",
    "flake8",
    "pylint",
    "mypy",
    "pyright",
    "golangci-lint",
    "ruby",
    "rust",
    "interrogate",
    "vulture",
    "scanners",
}
"""Tools that may be new to a project: with their first configuration they judge more, whatever it leaves out."""
_TAKES_IN = r"(?:.*\.)?(?:select|extends|plugins|presets|linters\.enable|inherit_from|inherit_gem.*|require)"
_FIXTURES = {"fixtures", "__fixtures__", "testdata", "test_data", "test-data", "node_modules", "vendor", "_vendor",
             "third_party", "snapshots", "__snapshots__", "template", "templates", "cookiecutter",
         "fixture"}  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """One setting of a tool, and where it stands."""

    value: Data
    document: Document
    keys: Path


Settings = dict[str, Setting]


def of_no_tool(path: str) -> bool:
    """Whether a file is kept for tests or templates, so that no tool is configured by it."""
    return bool(_FIXTURES & set(PurePosixPath(path).parts[:-1]))


@cache
def sources_of(path: str) -> tuple[tuple[Tool, Source], ...]:
    """The tools that read a file."""
    name = PurePosixPath(path).name
    return tuple(
        (tool, source)
        for tool in TOOLS
        for source in tool.sources
        if re.fullmatch(source.file, path if "/" in source.file else name)
    )


def looser_settings(files: Sequence[ChangedFile], change: Sequence[ChangedFile]) -> Iterator[EvidenceWeakening]:
    """Find the settings that a change makes looser.

    Args:
        files: The files with settings, moved ones followed.
        change: Every file of the change.
    """
    configured = set()
    before: dict[tuple[str, str], Settings] = defaultdict(dict)
    after: dict[tuple[str, str], Settings] = defaultdict(dict)
    for file in files:
        was, is_, problem = _documents(file)
        if problem is not None:
            yield problem
            continue
        for tool, source in sources_of(file.path):
            key = (tool.name, PurePosixPath(file.path).parent.as_posix())
            _collect(before[key], was, tool, source)
            if was is not None and (before[key] or not source.root):
                configured.add(key)
            _collect(after[key], is_, tool, source)
    for tool in TOOLS:
        for name, folder in [key for key in before if key[0] == tool.name]:
            if (name, folder) in configured or not _is_first(tool, change):
                yield from _compared(tool, before[name, folder], after[name, folder], change)


def _documents(file: ChangedFile) -> tuple[Document | None, Document | None, EvidenceWeakening | None]:
    try:
        was = load(file.path, file.before) if file.before is not None else None
    except UnreadableError:
        was = None
    try:
        return was, load(file.path, file.after) if file.after is not None else None, None
    except UnreadableError as error:
        if was is None:
            return None, None, None
        text = f"makes its tool's configuration unreadable: {error}"
        return was, None, EvidenceWeakening("configuration-unreadable", text, file.path, 1)


def _collect(settings: Settings, document: Document | None, tool: Tool, source: Source) -> None:
    for keys, value in flatten(document.data) if document else ():
        dotted = ".".join(keys).lower().replace("-", "_").replace(" ", "_")
        match = re.match(source.root, dotted)
        if match is None or document is None:
            continue
        name = dotted[match.end() :]
        for pattern, known in tool.aliases:
            name = re.sub(pattern, known, name)
        earlier = settings.get(name)
        merged = earlier is not None and ("*" in name or isinstance(value, list) or isinstance(earlier.value, list))
        both = [*_listed(earlier.value), *_listed(value)] if earlier is not None and merged else value
        settings[name] = Setting(both, document, keys)


def _listed(value: Data) -> list[Data]:
    return value if isinstance(value, list) else [value]


def _compared(
    tool: Tool, before: Settings, after: Settings, change: Sequence[ChangedFile]
) -> Iterator[EvidenceWeakening]:
    if before and not after and _is_package_gone(before, change):
        return
    more = _grown(before, after)
    gone = {file.path for file in change if file.after is None}
    seen = set()
    for name in dict.fromkeys((*after, *before)):
        rule = next((rule for rule in tool.rules if re.fullmatch(rule.setting, name)), None)
        if rule is None:
            continue
        old, new = before.get(name), after.get(name)
        rule = _with_default(tool, rule, before, after)
        was, is_ = old.value if old else None, new.value if new else None
        for difference in compared(rule, name, was, is_):
            if (name, difference.text) in seen or _is_free(rule, difference.after, more):
                continue
            if _followed(rule, difference, was, gone) or _replaced(name, before, after):
                continue
            seen.add((name, difference.text))
            path, line = _place(old, new, after)
            text = f"{tool.name}: {difference.text}"
            yield EvidenceWeakening(difference.code, text, path, line, difference.before, difference.after)


def _place(old: Setting | None, new: Setting | None, after: Settings) -> tuple[str, int | None]:
    if new is not None:
        return new.document.path, new.document.line_of(new.keys)
    if old is None:
        return "", None
    kept = next((one.document for one in after.values() if one.document.path == old.document.path), None)
    return old.document.path, kept.line_of(old.keys[:-1]) if kept else None


def _with_default(tool: Tool, rule: Rule, before: Settings, after: Settings) -> Rule:
    """A rule whose default hangs on the tool's `strict`."""
    strict = "compileroptions.strict" if tool.name == "typescript" else "strict"
    if tool.name not in {"mypy", "typescript"} or rule.way != "strict" or rule.setting == strict:
        return rule
    both = [settings[strict].value if strict in settings else None for settings in (before, after)]
    return rule._replace(default=both[0] is True and both[1] is True)


def _grown(before: Settings, after: Settings) -> set[str]:
    """What a tool judges more than before: codes selected, configurations extended."""
    found = set()
    for name, setting in after.items():
        if re.fullmatch(_TAKES_IN, name):
            old = before.get(name)
            was = set(entries(old.value if old else None, r"[\s,]+"))
            found |= set(entries(setting.value, r"[\s,]+")) - was
    return found


def _is_free(rule: Rule, added: str, more: set[str]) -> bool:
    """Whether what is left out was not judged before, either."""
    if rule.prefixes and rule.way == "ignores":
        return any(added.startswith(one) or one == "ALL" for one in more)
    return rule.way == "severity" and bool(more)


def _followed(rule: Rule, difference: Difference, was: Data, gone: set[str]) -> bool:
    """Whether an entry only follows a file or folder that the change moves."""

    def left(entry: str) -> bool:
        path = entry.partition(":")[0].strip("*/ ")
        return bool(path) and any(one == path or one.startswith(f"{path}/") for one in gone)

    if rule.way in {"selects", "globs"}:
        return left(difference.before)
    last = difference.after.rpartition("/")[2]
    return rule.way == "ignores" and any(
        left(one) and one.rpartition("/")[2] == last for one in entries(was, rule.split)
    )


def _replaced(name: str, before: Settings, after: Settings) -> bool:
    """Whether a hook made room for another one of its kind, or an ignored update is one of versions alone."""
    if name.endswith(".dependency_name"):
        stem = name.removesuffix("dependency_name")
        return f"{stem}update_types" in after or f"{stem}versions" in after
    match = re.fullmatch(r"hooks\.(.*)\.id", name)
    if match is None:
        return False
    new = {one[1] for other in after if other not in before and (one := re.fullmatch(r"hooks\.(.*)\.id", other))}
    return any(kind_of_tool(one) & kind_of_tool(match[1]) for one in new)


def _is_first(tool: Tool, change: Sequence[ChangedFile]) -> bool:
    """Whether a tool that had no configuration judged nothing before."""
    return tool.needs_configuration or (tool.name in _LINTERS and _is_adopted(tool, change))


def _is_adopted(tool: Tool, change: Sequence[ChangedFile]) -> bool:
    """Whether the change is the one that takes a tool into use: other files name it now, and did not before."""
    word = re.compile(
        rb"(?<![\w.\[-])" + re.escape(_COMMANDS.get(tool.name, tool.name)).encode() + rb"(?![\w])", re.IGNORECASE
    )
    others = [file for file in change if not re.search(r"\.(?:md|rst|txt|lock)$", file.path.lower())]
    named = [file for file in others if file.after and word.search(file.after[:200_000])]
    return bool(named) and not any(file.before and word.search(file.before[:200_000]) for file in others)


_COMMANDS = {"golangci-lint": "golangci", "ruby": "rubocop", "rust": "lints", "scanners": "trivy"}


def _is_package_gone(before: Settings, change: Sequence[ChangedFile]) -> bool:
    """Whether the settings went with the whole package that they judged."""
    folder = PurePosixPath(next(iter(before.values())).document.path).parent.as_posix()
    if folder == ".":
        return False
    inside = [file for file in change if file.path.startswith(f"{folder}/")]
    return len(inside) > 2 and all(file.after is None for file in inside)  # noqa: PLR2004 - more than its configuration
