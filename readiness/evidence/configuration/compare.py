"""Compares the settings of each tool, over all the files in which a change touches them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import PurePosixPath

from readiness.evidence.change import ChangedFile, EvidenceWeakening
from readiness.evidence.configuration.build_tools import BUILD_TOOLS
from readiness.evidence.configuration.differences import compared
from readiness.evidence.configuration.documents import Document, UnreadableError, flatten, load
from readiness.evidence.configuration.exemptions import (
    INCLUDES,
    Setting,
    Settings,
    grown,
    is_above,
    is_first,
    is_followed,
    is_free,
    is_inherited,
    is_package_gone,
    is_replaced,
    of_folder_above,
)
from readiness.evidence.configuration.javascript_tools import JAVASCRIPT_TOOLS
from readiness.evidence.configuration.meanings import MEANT_TOOLS
from readiness.evidence.configuration.other_tools import OTHER_TOOLS
from readiness.evidence.configuration.python_tools import PYTHON_TOOLS
from readiness.evidence.configuration.tools import Rule, Source, Tool
from readiness.evidence.configuration.values import listed
from readiness.evidence.progress import each

TOOLS = (*PYTHON_TOOLS, *JAVASCRIPT_TOOLS, *OTHER_TOOLS, *BUILD_TOOLS, *MEANT_TOOLS)
_BY_STRICT = (
    r"compileroptions\.(?:noimplicitany|strict(?!$)\w+|noimplicitthis|alwaysstrict|useunknownincatchvariables)"
    r"|(?:.*\.)?(?:disallow_untyped_\w+|disallow_incomplete_defs|check_untyped_defs|disallow_subclassing_any|extra_checks"
    r"|disallow_any_generics|warn_redundant_casts|warn_unused_(?:ignores|configs)|warn_return_any|strict_equality"
    r"|no_implicit_reexport|strict_bytes)"
)
"""Settings that `strict` switches on (mypy --help; TypeScript's reference of tsconfig)."""
_FIXTURES = {"fixtures", "__fixtures__", "testdata", "test_data", "test-data", "node_modules", "vendor", "_vendor",
             "third_party", "snapshots", "__snapshots__", "template", "templates", "cookiecutter",
         "fixture"}  # fmt: skip


def of_no_tool(path: str) -> bool:
    """Whether a file is kept for tests or templates, so that no tool is configured by it."""
    return bool(_FIXTURES & set(PurePosixPath(path).parts[:-1]))


@cache
def sources_of(path: str) -> tuple[tuple[Tool, Source], ...]:
    """The tools that read a file."""
    name = path.rpartition("/")[2]
    names, paths = _known_files()
    if not names.fullmatch(name) and not paths.fullmatch(path):
        return ()
    return tuple(
        (tool, source)
        for tool in TOOLS
        for source in tool.sources
        if re.fullmatch(source.file, path if "/" in source.file else name)
    )


@cache
def _known_files() -> "tuple[re.Pattern[str], re.Pattern[str]]":
    """The names, and the paths, of all files that any tool reads: most files are none of them."""
    files = {source.file for tool in TOOLS for source in tool.sources}
    with_folder = {file for file in files if "/" in file}
    return re.compile("|".join(sorted(files - with_folder))), re.compile("|".join(sorted(with_folder)))


def looser_settings(files: Sequence[ChangedFile], change: Sequence[ChangedFile]) -> Iterator[EvidenceWeakening]:
    """Find the settings that a change makes looser.

    Args:
        files: The files with settings, moved ones followed.
        change: Every file of the change.

    An unchanged file may stand among them, so that a new file that takes its place is compared with it.
    """
    read = _Read()
    for file in each(files):
        was, is_, problem = _documents(file)
        if problem is not None:
            yield problem
            continue
        for tool, source in sources_of(file.path):
            read.add(tool, source, was, is_)
    for tool in TOOLS:
        for key in [key for key in read.before if key[0] == tool.name]:
            if key in read.configured or not is_first(tool, change):
                old, new = read.own_before.get(key, read.before[key]), read.own_after.get(key, read.after[key])
                yield from _compared(tool, old, new, change, read.inherited(key))


class _Read:
    """The settings of each tool in each folder; `own` are those of a file beside which it reads no other."""

    def __init__(self) -> None:
        self.before: dict[tuple[str, str], Settings] = defaultdict(dict)
        self.after: dict[tuple[str, str], Settings] = defaultdict(dict)
        self.own_before: dict[tuple[str, str], Settings] = defaultdict(dict)
        self.own_after: dict[tuple[str, str], Settings] = defaultdict(dict)
        self.configured: set[tuple[str, str]] = set()

    def add(self, tool: Tool, source: Source, was: Document | None, is_: Document | None) -> None:
        """Read what a file says of a tool, before and after."""
        document = is_ or was
        if document is None:
            return
        key = (tool.name, PurePosixPath(document.path).parent.as_posix())
        _collect(self.before[key], was, tool, source)
        _collect(self.after[key], is_, tool, source)
        if was is not None and (self.before[key] or not source.root):
            self.configured.add(key)
        if tool.exclusive and source is tool.sources[0]:
            if was is not None:
                _collect(self.own_before[key], was, tool, source)
            if is_ is not None:
                _collect(self.own_after[key], is_, tool, source)

    def inherited(self, key: tuple[str, str]) -> set[str]:
        """Names of settings that are new in the folders above."""
        above = [other for other in list(self.before) if is_above(other, key)]
        return {name for other in above for name in self.after[other].keys() - self.before[other].keys()}


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
        both = [*listed(earlier.value), *listed(value)] if earlier is not None and merged else value
        settings[name] = Setting(both, document, keys)


def _compared(
    tool: Tool, before: Settings, after: Settings, change: Sequence[ChangedFile], inherited: set[str]
) -> Iterator[EvidenceWeakening]:
    if before and not after and is_package_gone(before, change):
        return
    more, included = grown(before, after), grown(before, after, INCLUDES)
    gone = {file.path for file in change if file.after is None}
    seen = set()
    for name in dict.fromkeys((*after, *before)):
        rule = next((rule for rule in tool.rules if re.fullmatch(rule.setting, name)), None)
        if rule is None:
            continue
        old, new = before.get(name), after.get(name)
        if old is None and rule.way == "ignores":
            old = of_folder_above(name, before)
        rule = _with_default(tool, rule, name, before, after)
        was, is_ = old.value if old else None, new.value if new else None
        if new is None and is_inherited(name, old, inherited):
            continue
        for difference in compared(rule, _label(name, old, new), was, is_):
            if (name, difference.text) in seen or is_free(rule, difference.after, more, included):
                continue
            if is_followed(rule, difference, was, gone) or is_replaced(name, before, after):
                continue
            seen.add((name, difference.text))
            path, line = _place(old, new, after, difference.after)
            text = f"{tool.name}: {difference.text}"
            yield EvidenceWeakening(difference.code, text, path, line, difference.before, difference.after)


def _label(name: str, old: Setting | None, new: Setting | None) -> str:
    """The name of a setting; that of its file, where the file is one list."""
    setting = new or old
    return PurePosixPath(setting.document.path).name if setting is not None and name == "lines" else name


def _place(old: Setting | None, new: Setting | None, after: Settings, entry: str) -> tuple[str, int | None]:
    if new is not None:
        return new.document.path, new.document.line_of(new.keys, entry)
    if old is None:
        return "", None
    kept = next((one.document for one in after.values() if one.document.path == old.document.path), None)
    return old.document.path, kept.line_of(old.keys[:-1]) if kept else None


def _with_default(tool: Tool, rule: Rule, name: str, before: Settings, after: Settings) -> Rule:
    """A rule whose default hangs on the tool's `strict`."""
    strict = "compileroptions.strict" if tool.name == "typescript" else "strict"
    if tool.name not in {"mypy", "typescript"} or rule.way != "strict" or not re.fullmatch(_BY_STRICT, name):
        return rule
    both = [settings[strict].value if strict in settings else None for settings in (before, after)]
    return rule._replace(default=both[0] is True and both[1] is True)


_SAME_FILE = 0.5
"""Share of equal lines by which a new file is a gone one of the same name, moved."""


def followed(files: Sequence[ChangedFile]) -> list[ChangedFile]:
    """The files, with what a moved one had before at its new place."""
    gone = [file for file in files if file.after is None]
    found = []
    for file in files:
        old = next((other for other in gone if file.before is None and _is_moved(other, file)), None)
        if old is not None:
            gone.remove(old)
            found.append(ChangedFile(file.path, old.before, file.after))
        elif file.after is not None:
            found.append(file)
    return [*found, *gone]


def _is_moved(old: ChangedFile, new: ChangedFile) -> bool:
    if PurePosixPath(old.path).name != PurePosixPath(new.path).name or old.before is None or new.after is None:
        return False
    first, second = set(old.before.splitlines()), set(new.after.splitlines())
    return 2 * len(first & second) >= _SAME_FILE * (len(first) + len(second))
