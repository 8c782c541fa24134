"""The commands of pipelines and scripts: cut out of shell, which of them judge, and whether a failure is ignored."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from readiness.evidence.configuration.tools import FORMATTERS, JUDGING_TOOLS, kind_of_tool

_IGNORES = re.compile(
    r"(?<!\s)\s*(?:\|\|\s*(?:true|:|exit\s+0|echo\b.*|/bin/true|\(?exit 0\)?)|;\s*(?:true|exit\s+0|:))\s*$"
    r"|\|\|\s*true\b"
)
_INSTEAD = re.compile(
    r"(?<!\s)\s*\|\|\s*(?P<rest>(?:\[\[?\s|test\s|echo\b|printf\b|true\b|:\s*$|return\b|exit\b|log\w*\b|warn\w*\b|[({]|\w+=).*)$"
)
"""What runs instead of ending with the failure."""
_FAILED = re.compile(
    r"\bexit\s+[1-9$\"]|\bexit\s*$|\bfalse\b|\breturn\s+[1-9$]|\breturn\s*$|::error|\b(?:die|fail|abort)\b"
)
_NOTED = re.compile(r"\w+=")
_BEHIND = re.compile(r"(?<!\s)\s*(?<!\|)\|\s*(?:tee|cat|head|tail|ts|grep)\b.*$|(?<!\s)\s*(?<![&>])&$")
"""What hides the failure of a command before it: a pipe, or going on without waiting."""
_FAILS = re.compile(r"\bexit\s+[1-9$\"]|\bfalse\b|\breturn\s+[1-9$]|::error")
"""By which a script that asked for the result of a command still fails."""
_OVER = re.compile(r"\s*trap\s.*\bexit 0\b.*\b(?:EXIT|0)\b|exit(?:\s+0)?\s*$")
"""After it, whatever comes fails no more, or does not come at all."""
_PIPEFAIL = re.compile(r"(?<!\S)([+-])\w*o\s+pipefail\b")


def lines_of(
    script: str, first: int, *, errexit: bool = True, pipefail: bool = True, alone: bool = True
) -> Iterator[tuple[str, int, bool]]:
    """Each command of a shell script with its line, and whether its failure is ignored.

    Args:
        script: The script.
        first: Line on which it begins.
        errexit: Whether its shell ends with the first command that fails, so that `;` ignores no failure.
        pipefail: Whether a pipe fails with any of its commands.
        alone: Whether each line fails by itself, whatever `errexit` is.
    """
    shell = _Shell(script, errexit=errexit, pipefail=pipefail, alone=alone)
    pending: list[str] = []
    start = first
    for number, row in enumerate(script.split("\n"), first):
        start = start if pending else number
        bare = row.strip()
        if bare.endswith("\\"):
            pending.append(bare[:-1].strip())
            continue
        line = " ".join(" ".join((*pending, bare)).split())  # patterns below take time by the square of many blanks
        pending = []
        if len(line) > LONGEST:
            yield line, start, False
            continue
        shell.set(line, row)
        for text, ignored in shell.commands(line):
            yield text, start, ignored


class _Shell:
    """What a shell was told so far."""

    def __init__(self, script: str, *, errexit: bool, pipefail: bool, alone: bool) -> None:
        self.waits = "wait" in script
        self.fails = _FAILS.search(script) is not None
        self.errexit, self.pipefail, self.alone = errexit, pipefail, alone
        self.lenient = self.over = False

    def set(self, line: str, row: str) -> None:
        """Take in what a line says of failures."""
        self.over = self.over or _OVER.match(row) is not None
        if re.match(r"set\s+\+\w*(?:e\b|o\s+errexit)", line):
            self.lenient = True
        elif re.match(r"set\s+-\w*(?:e|o\s+errexit)", line):
            self.lenient, self.errexit = False, True
        switched = _PIPEFAIL.search(line) if re.search(r"\bset\s", line) else None
        if switched:
            self.pipefail = switched[1] == "-"

    def commands(self, line: str) -> Iterator[tuple[str, bool]]:
        """The commands of one line, each with whether its failure is ignored."""
        ignored = self.lenient or self.over or bool(_IGNORES.search(line))
        bare = _IGNORES.sub("", line)
        instead = _INSTEAD.search(bare)
        if instead and not _FAILED.search(instead["rest"]) and not (_NOTED.match(instead["rest"]) and self.fails):
            ignored, bare = True, bare[: instead.start()]
        if re.match(r"for\s+\w+\s+in\s", bare):
            yield " ".join(bare.split()), ignored
        parts = re.split(r"(?<!\s)\s*(&&|;)\s*", bare)
        for whole, end in zip(parts[::2], [*parts[1::2], ""], strict=False):
            behind = _BEHIND.search(whole)
            part = whole[: behind.start()] if behind else whole
            hidden = ignored or self._goes_on(whole, end) or (behind is not None and self._hides(behind[0].strip()))
            hidden = hidden or (re.match(r"(?:if|while|until)\s", part) is not None and not self.fails)
            text = re.sub(r"^(?:(?:if|while|until|then|else|do|!|time|exec)\s+)+", "", " ".join(part.split()))
            if text and not text.startswith("#"):
                yield text, hidden

    def _goes_on(self, part: str, end: str) -> bool:
        """Whether the script goes on when a part of a line fails."""
        return not self.errexit and (end == ";" or (not end and not (self.alone or "||" in part)))

    def _hides(self, behind: str) -> bool:
        """Whether what stands behind a command hides its failure."""
        return not self.waits if behind == "&" else not self.pipefail


_WORDS = (
    "test|tests|testing|lint|linting|lints|check|checks|typecheck|type-check|types|verify|validate|audit|coverage|cover"
)
_WORDS += "|fuzz|fuzzing|spec|specs|e2e|integration|unit|vet|analyze|analyse|scan|sast|bench-check|doctest|clippy|deny"
_RUNS = r"\b(?:run|make|yarn|pnpm|just|rake|invoke|nox|tox)\s+(?:-\S+\s+)*"
_JUDGES = re.compile(
    rf"(?:^\S*?(?<!\w)|(?<![\w./=-]))(?:{_WORDS})(?![\w.]|:\s|:$)|(?<!\w)(?:{JUDGING_TOOLS})(?!\w)"
    r"|\bmvnw?\b.*\b(?:package|install)\b|\bgradlew?\b.*(?:build|test|check)|--check\b|\bRUN_TESTS\b|(?<!\w)(?:prove|vstest)(?!\w)|\s--test(?!\S)|\./(?:[\w.-]+/)*\w+[_-]tests?(?:\.exe)?(?![\w./-])|\btsc\b.*--noEmit\b"
    rf"|{_RUNS}[\w:.-]*[:_-](?:{_WORDS})(?!\w)|{_RUNS}(?:{_WORDS})[:_-][\w:.-]+",
    re.IGNORECASE,
)
"""The name of a tool, or a word that stands alone or in the name of what is called, not in a path that is passed on."""
_TOOL = re.compile(rf"(?<!\w)(?:{JUDGING_TOOLS}|cargo|mvnw?|gradlew?|tsc)(?!\w)", re.IGNORECASE)
_GENERIC = {
    "tests": re.compile(r"test|spec|e2e|integration|unit|cover|verify", re.IGNORECASE),
    "style": re.compile(r"lint|check|style|vet|clippy|type|analy|audit|scan|validate|verify", re.IGNORECASE),
}
_NEVER = re.compile(
    r"(?:sudo\s+)?(?:test\s+(?=[-!\"$\[])|(?:(?:local|readonly|declare|log|info|warn|die)\b|log_\w+|(?:python\S*\s+-m\s+|uv\s+)?pip3?\s+(?:install|wheel|download|freeze|list)|pipx\s+install"
    r"|apt(?:-get)?|brew|apk|yum|dnf|(?:npm|pnpm|yarn)\s+(?:ci|i|install|add|config|version|publish)\b|gem\s+install"
    r"|bundle\s+(?:install|config)|cargo\s+(?:install|fetch)|rustup|go\s+(?:install|get|mod)"
    r"|composer\s+(?:install|require|config|update)|poetry\s+(?:install|config|lock)|uv\s+(?:sync|lock)"
    r"|curl|wget|git|echo|printf|cd|mkdir|cp|mv|rm|ls|cat|tar|unzip|export|chmod|touch|sleep|source|env$"
    r"|set\s|exit|true$|:$|sed|gem|awk|perl|jq|tee|twine|(?:\w+\s+){1,2}publish\b"
    r"|docker\s+(?:login|push|pull|tag)|dotnet\s+(?:restore|tool)|choco|nvm|corepack"
    r"|actions/(?:checkout|cache|upload-artifact|download-artifact|setup-\w+))(?![\w/-]))|#",
)
GATE = re.compile(r"^(?>.*?\bneeds\.[\w.*-]{1,200}?\.result\b)(?>.*?(?:=|-eq)).*\bsuccess\b", re.MULTILINE)
"""What asks whether other jobs have succeeded."""
MOST = 5_000
"""Commands of a change that are compared."""
LONGEST = 4_000
"""Characters of a command that is compared: patterns and shells' readers take time by the square of a longer one."""


@dataclass(frozen=True)
class Command:
    """One command that a pipeline, a target or a script runs."""

    text: str
    path: str
    line: int
    group: str
    """The job, target or script."""
    ignored: bool = False
    """Whether its failure is ignored."""
    conditions: frozenset[str] = frozenset()
    pipefail: bool = True
    """Whether a pipe of its shell fails with any of its commands."""
    folder: str = ""
    """Where its step says that it runs."""
    named: bool = False
    """Whether the name of its target or script says that it judges."""

    @property
    def judges(self) -> bool:
        """Whether it is a test, a linter or a scan, as far as its words say."""
        if GATE.search(self.text):
            return True
        text = re.sub(r"^.*\|\s*xargs\s+", "", self.text)
        return not _NEVER.match(text) and bool(text) and (self.named or bool(_JUDGES.search(text)))

    def is_like(self, other: "Command") -> bool:
        """Whether it is there for the same as an older one; a target or script may stand for any tool."""
        mine, others = _kinds(self.text), _kinds(other.text)
        if mine and others:
            return bool(mine & others) and not (_only_formats(self.text) and not _only_formats(other.text))
        return any(word.search(self.text) and word.search(other.text) for word in _GENERIC.values()) or bool(
            self.text and other.text and self.text.split()[0] == other.text.split()[0]
        )


def _only_formats(text: str) -> bool:
    tools = {match[0].lower() for match in _TOOL.finditer(text)}
    return bool(tools) and tools <= FORMATTERS


@lru_cache(maxsize=10_000)
def _kinds(text: str) -> frozenset[str]:
    return frozenset(kind for match in _TOOL.finditer(text) for kind in kind_of_tool(match[0].lower()))


def judges_by_name(name: str) -> bool:
    """Whether a job, target or script is named after a test or a check."""
    return bool(re.search(rf"(?:^|[^a-z])(?:{_WORDS}|ci)(?:[^a-z]|$)", name.lower()))


def made(commands: Iterator[tuple[str, int, bool]], like: Command) -> Iterator[Command]:
    """Commands of a script, with the path, group and conditions of one that is like them."""
    for text, line, ignored in islice(commands, MOST + 1):
        yield replace(like, text=text, line=line, ignored=like.ignored or ignored)
