"""Says when a setting that looks looser hides nothing that was judged before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from readiness.evidence.change import ChangedFile
from readiness.evidence.configuration.differences import Difference, is_below
from readiness.evidence.configuration.documents import Data, Document, Path
from readiness.evidence.configuration.meanings import BY_DEFAULT
from readiness.evidence.configuration.tools import Rule, Tool, kind_of_tool
from readiness.evidence.configuration.values import entries, severity

INCLUDES = r"(?:.*\.)?(?:include|testmatch|testpaths|files)"
"""Settings that list what a tool judges."""
TAKES_IN = r"(?:.*\.)?(?:select|extends|plugins|presets|linters\.enable|inherit_from|inherit_gem.*|require)"
_ASKS = (
    r"(?:.*/)?(?:pyproject\.toml|setup\.(?:py|cfg)|Pipfile|requirements[\w./-]*\.(?:txt|in)|environment\.ya?ml|package\.json"
    r"|tox\.ini|noxfile\.py|Makefile|go\.mod|tools\.go|Gemfile|[\w-]+\.gemspec|Cargo\.toml|\.pre-commit-config\.ya?ml"
    r"|\.gitlab-ci\.ya?ml)|\.github/workflows/.*"
)
"""Files that say which tools a project uses."""
_COMMANDS = {"golangci-lint": "golangci", "ruby": "rubocop", "rust": "lints", "scanners": "trivy",
             "dart analyzer": "dart", "composer audit": "composer"}  # fmt: skip


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


@dataclass(frozen=True)
class Setting:
    """One setting of a tool, and where it stands."""

    value: Data
    document: Document
    keys: Path


Settings = dict[str, Setting]


def is_above(key: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether the settings of one folder hold for another one below it, too."""
    return key[0] == other[0] and key != other and (key[1] == "." or other[1].startswith(f"{key[1]}/"))


def is_inherited(name: str, old: Setting | None, inherited: set[str]) -> bool:
    """Whether a setting that is gone has come to a folder above."""
    last = re.split(r"[./]", name)[-1]
    return old is not None and any(re.split(r"[./]", one)[-1] == last for one in inherited)


def of_folder_above(name: str, before: Settings) -> Setting | None:
    """What was set for a folder above: `per_file_ignores.tests/**` of `per_file_ignores.tests/unit/**`."""
    return next((setting for other, setting in before.items() if "/" in name and is_below(name, other)), None)


def is_free(rule: Rule, added: str, more: set[str], included: set[str]) -> bool:
    """Whether what is left out was not judged before, either, or is taken in elsewhere."""
    if rule.way == "ignores" and added in included:
        return True
    if rule.prefixes and rule.way == "ignores":
        return any(added.startswith(one) or one == "ALL" for one in more)
    return rule.way == "severity" and bool(more)


def grown(before: Settings, after: Settings, takes_in: str = TAKES_IN) -> set[str]:
    """What a tool judges more than before: codes selected, configurations extended."""
    found = set()
    for name, setting in after.items():
        if re.fullmatch(takes_in, name):
            old = before.get(name)
            was = set(entries(old.value if old else None, r"[\s,]+"))
            found |= set(entries(setting.value, r"[\s,]+")) - was
    return found


def is_followed(rule: Rule, difference: Difference, was: Data, gone: set[str]) -> bool:
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


def is_replaced(name: str, before: Settings, after: Settings) -> bool:
    """Whether a hook made room for another one, a cop is new with its exceptions, or an update is of versions alone."""
    if name.endswith(".dependency_name"):
        stem = name.removesuffix("dependency_name")
        return f"{stem}update_types" in after or f"{stem}versions" in after
    if name.endswith(".exclude"):  # a cop that is switched on, but for these files, judges more than before
        switch = f"{name.removesuffix('exclude')}enabled"
        return switch in after and switch not in before and after[switch].value is True
    rule = re.fullmatch(r"((?:.*\.)?rules\.[^.]+)\.\*\..*", name)
    if rule and rule[1] in after:  # options of a rule that was off
        return not severity(before[rule[1]].value if rule[1] in before else None)
    match = re.fullmatch(r"hooks\.(.*)\.id", name)
    if match is None:
        return False
    new = {one[1] for other in after if other not in before and (one := re.fullmatch(r"hooks\.(.*)\.id", other))}
    return any(kind_of_tool(one) & kind_of_tool(match[1]) for one in new)


def is_first(tool: Tool, change: Sequence[ChangedFile]) -> bool:
    """Whether a tool that had no configuration judged nothing before."""
    return tool.needs_configuration or (tool.name in _LINTERS | BY_DEFAULT and _is_adopted(tool, change))


def _is_adopted(tool: Tool, change: Sequence[ChangedFile]) -> bool:
    """Whether the change is the one that takes a tool into use: other files name it now, and did not before."""
    name = _COMMANDS.get(tool.name, tool.name).encode()
    word = re.compile(rb"(?<![\w.\[-])" + re.escape(name) + rb"(?!\w)", re.IGNORECASE)

    def names(content: bytes | None) -> bool:
        return content is not None and name in content.lower() and bool(word.search(content))

    asking = [file for file in change if re.fullmatch(_ASKS, file.path)]
    return any(names(file.after) for file in asking) and not any(names(file.before) for file in asking)


def is_package_gone(before: Settings, change: Sequence[ChangedFile]) -> bool:
    """Whether the settings went with the whole package that they judged."""
    folder = PurePosixPath(next(iter(before.values())).document.path).parent.as_posix()
    if folder == ".":
        return False
    inside = [file for file in change if file.path.startswith(f"{folder}/")]
    return len(inside) > 2 and all(file.after is None for file in inside)  # noqa: PLR2004 - more than its configuration
