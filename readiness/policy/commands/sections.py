"""The part of a file that decides what a command runs: a script of `package.json`, the rules of a target of make."""

import configparser
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from readiness.policy.commands.places import Values
from readiness.strictness.change import canonical
from readiness.untrusted import from_json, from_toml

MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
"""In the order in which GNU make looks for them."""
_RULE = re.compile(r"([^\s:=#](?:[^:=#]*[^\s:=#])?)\s*::?(?![:=])\s*([^;]*)(?:;(.*))?", re.DOTALL)
_ASSIGNED = re.compile(r"(?:export\s+|override\s+)*([\w.-]+)\s*(?:::?|\?|\+|!)?=\s*(.*)", re.DOTALL)
_REFERENCE = re.compile(r"\$[({]([\w.-]+)[)}]")
_INCLUDE = re.compile(r"-?s?include\s+(.*)")
_REVISION = re.compile(r"\s*(?:-\s*)?rev\s*:")
_ENTRY = re.compile(r"\s*(?:-\s*)?entry\s*:\s*(.*)")
_DEPENDENCIES = frozenset(
    {"deps", "description", "extras", "basepython", "base_python", "requires", "dependency_groups"}
)
"""Keys of an environment of tox that say what is installed, and not what runs."""


@dataclass(frozen=True)
class Part:
    """A file, or a part of it."""

    path: str
    """From the top of the repository."""
    section: str = ""
    """`script NAME`, `target NAME…`, `tox` or `hooks`; the whole file when empty."""

    def __str__(self) -> str:
        return f"{self.path} ({self.section})" if self.section else self.path


@dataclass(frozen=True)
class Lines:
    """What a part runs."""

    lines: tuple[str, ...] = ()
    """For the shell."""
    files: tuple[str, ...] = ()
    """Files that are read with it, from its own folder."""
    values: Values = ()
    """Variables."""


def has(path: str, section: str, read: Callable[[str], str]) -> bool:
    """Whether a file is one of its runner; tox takes those that others share only where they say something for it."""
    shared = section == "tox" and posixpath.basename(path) in {"setup.cfg", "pyproject.toml"}
    return not shared or re.search(r"^\[(tool\.tox|tox:tox|testenv)", read(path), re.MULTILINE) is not None


def content(part: Part, data: bytes) -> bytes:
    """What has to stay the same of a file. A part that cannot be read is the whole file."""
    kind, _, name = part.section.partition(" ")
    text = data.decode("utf-8", "surrogateescape")
    try:
        if kind == "script":
            scripts = _scripts(text)
            return canonical({key: scripts.get(key) for key in _around(name)}).encode()
        if kind == "target":
            return "\n".join(Makefile(text).needed(name.split())).encode("utf-8", "surrogateescape")
        if kind == "tox":
            return canonical(_tox(part.path, text)).encode()
        if kind == "hooks":
            return "\n".join(_hooks(text)).encode("utf-8", "surrogateescape")
    except (ValueError, TypeError, AttributeError, configparser.Error, RecursionError):
        return data
    return data


def lines(part: Part, text: str) -> Lines:
    """The commands of a part; none where it cannot be read."""
    kind, _, name = part.section.partition(" ")
    try:
        if kind == "script":
            scripts = _scripts(text)
            return Lines(tuple(value for key in _around(name) if isinstance(value := scripts.get(key), str)))
        if kind == "target":
            return Makefile(text).run(name.split())
        if kind == "tox":
            found = _commands(_tox(part.path, text))
            return Lines(tuple(re.sub(r"\{toxinidir\}|\{tox_root\}", ".", line) for line in found))
        if kind == "hooks":
            return Lines(tuple(match[1].strip("\"'") for line in _hooks(text) if (match := _ENTRY.fullmatch(line))))
    except (ValueError, TypeError, AttributeError, configparser.Error, RecursionError):
        return Lines()
    return Lines()


def _around(name: str) -> tuple[str, str, str]:
    """What npm runs for a script (npm-scripts(7), "Pre & Post Scripts")."""
    return f"pre{name}", name, f"post{name}"


def _scripts(text: str) -> dict[str, Any]:
    found = from_json(text).get("scripts", {})
    return found if isinstance(found, dict) else {}


def _tox(path: str, text: str) -> Any:
    """Environments of tox, without what they install."""
    if path.endswith(".toml"):
        found = from_toml(text)
        found = found.get("tool", {}).get("tox", {}) if posixpath.basename(path) == "pyproject.toml" else found
        if "legacy_tox_ini" in found:
            return _tox("tox.ini", str(found["legacy_tox_ini"]))
        return _without(found)
    parser = configparser.RawConfigParser(strict=False)
    parser.read_string(text)
    wanted = [name for name in parser.sections() if name.startswith("testenv")]
    return {name: {k: v for k, v in parser.items(name) if k not in _DEPENDENCIES} for name in wanted}


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without(inner) for key, inner in value.items() if key not in _DEPENDENCIES}
    return value


def _commands(value: Any) -> list[str]:
    """Command lines of environments of tox, as text or as lists of words."""
    found: list[str] = []
    for key, inner in value.items() if isinstance(value, dict) else ():
        if not str(key).startswith("commands"):
            found += _commands(inner)
        elif isinstance(inner, str):
            found += [line.strip().lstrip("-! ") for line in inner.replace("\\\n", " ").splitlines()]
        elif isinstance(inner, list):
            found += [" ".join(f"'{word}'" for word in words) for words in inner if isinstance(words, list)]
    return found


def _hooks(text: str) -> list[str]:
    """Lines of a configuration of pre-commit; another revision of a repository is a matter of dependencies."""
    kept = [line.rstrip() for line in text.splitlines() if not _REVISION.match(line)]
    return [line for line in kept if line.strip() and not line.lstrip().startswith("#")]


class Makefile:
    """Rules, variables and the rest of a Makefile, as far as they can be told without running make."""

    def __init__(self, text: str) -> None:
        self.rules: list[tuple[list[str], list[str], list[str]]] = []
        """Targets, prerequisites and lines of each rule."""
        self.variables: dict[str, list[str]] = {}
        """Lines that assign each variable."""
        self.rest: list[str] = []
        self.default = ""
        for line in re.sub(r"\\\n[ \t]*", " ", text).splitlines():
            self._read(line)

    def _read(self, line: str) -> None:
        if line.startswith("\t") and self.rules:
            self.rules[-1][2].append(line.strip())
        elif match := _ASSIGNED.fullmatch(line.strip()):
            self.variables.setdefault(match[1], []).append(match[2])
        elif match := _RULE.fullmatch(line):
            targets = match[1].split()
            self.rules.append((targets, match[2].replace("|", " ").split(), [match[3]] if match[3] else []))
            if not self.default and not targets[0].startswith(".") and "%" not in targets[0]:
                self.default = targets[0]
        elif line.strip() and not line.lstrip().startswith("#"):
            self.rest.append(line.strip())

    def _rules(self, targets: list[str]) -> list[tuple[list[str], list[str], list[str]]]:
        """Rules that are needed for targets; pattern rules and special ones count always."""
        wanted, done = [*(targets or [self.default])], set[str]()
        while wanted:
            target = wanted.pop()
            if target not in done:
                done.add(target)
                wanted += [need for names, needs, _ in self.rules if target in names for need in needs]
        always = [rule for rule in self.rules if any("%" in name or name.startswith(".") for name in rule[0])]
        return [rule for rule in self.rules if (rule in always and rule[0] != [".PHONY"]) or done & set(rule[0])]

    def _assigned(self, text: str) -> dict[str, list[str]]:
        """Variables that a text uses, and those that these use; and those that decide how every line runs."""
        found: dict[str, list[str]] = {}
        wanted = [*_REFERENCE.findall(text), "SHELL", ".SHELLFLAGS", "MAKEFLAGS", ".DEFAULT_GOAL"]
        while wanted:
            name = wanted.pop()
            if name in self.variables and name not in found:
                found[name] = self.variables[name]
                wanted += _REFERENCE.findall(" ".join(found[name]))
        return found

    def needed(self, targets: list[str]) -> list[str]:
        """Everything that decides what making the targets runs."""
        rules = [
            f"{' '.join(names)}: {' '.join(needs)}\n" + "\n".join(run) for names, needs, run in self._rules(targets)
        ]
        used = self._assigned("\n".join((*rules, *self.rest)))
        return [*(f"{name} = {values}" for name, values in sorted(used.items())), *self.rest, *rules]

    def run(self, targets: list[str]) -> Lines:
        """Recipes, included files and variables."""
        found = [_for_shell(line.lstrip("@-+ ")) for _, _, run in self._rules(targets) for line in run]
        files = [name for line in self.rest if (match := _INCLUDE.fullmatch(line)) for name in match[1].split()]
        values = {"CURDIR": ".", "MAKE": "make"}
        for name, some in self.variables.items():
            values[name] = _REFERENCE.sub(lambda used: values.get(used[1], used[0]), some[-1])
        return Lines(tuple(found), tuple(files), tuple((name, (_for_shell(value),)) for name, value in values.items()))


def _for_shell(line: str) -> str:
    """A line as the shell gets it: variables of make as those of the shell."""
    return re.sub(r"\$\(([\w.-]+)\)", r"${\1}", line).replace("$$", "$")
