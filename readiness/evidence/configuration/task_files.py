"""Reads the commands of hooks, shell scripts, container files, and of tasks that are written in a language."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from readiness.evidence.configuration.commands import Command, judges_by_name, lines_of, made
from readiness.evidence.configuration.documents import Document
from readiness.evidence.configuration.text import Lines
from readiness.untrusted import from_json

_JUDGING = r"[\w.-]*(?:test|lint|check|verify|validate|ci)[\w-]*"
SHELL = (
    r"(?:.*/)?[\w.-]+\.(?:sh|bash)|(?:.*/)?\.(?:husky|githooks)/[\w-]+|(?:.*/)?(?:git-?)?hooks/(?:pre|commit|post)-[\w-]+"
    rf"|(?:.*/)?(?:scripts?|bin|ci|\.ci|tools|hack)/{_JUDGING}"
)
CONTAINER = r"(?:.*/)?(?:[Dd]ocker|[Cc]ontainer)file(?:\.[\w.-]+)?|(?:.*/)?[\w.-]+\.[Dd]ockerfile|(?:.*/)?Earthfile"
BUILDS = r"(?:.*/)?CMakeLists\.txt|(?:.*/)?[\w.-]+\.cmake|(?:.*/)?meson\.build"
CODE = (
    r"(?:.*/)?(?:noxfile|tasks|fabfile|duties|dodo)\.py|(?:.*/)?magefiles?(?:/\w+)?\.go|(?:.*/)?Rakefile|(?:.*/)?[\w.-]+\.rake"
    r"|(?:.*/)?gulpfile\.[cm]?[jt]s|(?:.*/)?xtask/.*\.rs"
)
HOOKS = (
    r"(?:.*/)?\.lintstagedrc(?:\.json|\.ya?ml)?|(?:.*/)?(?:turbo|nx|project)\.jsonc?|(?:.*/)?\.simple-git-hooks\.json"
    r"|(?:.*/)?\.pre-commit-config\.ya?ml|(?:.*/)?\.huskyrc(?:\.json)?"
)
PATHS = f"{SHELL}|{CONTAINER}|{BUILDS}|{CODE}|{HOOKS}"
_CALL = re.compile(
    r"(?P<lost>_\s*=\s*)?\b(?:(?:session|c|ctx|context|subprocess|sh|exec|duty|conn)\.)?"
    r"(?:run|RunV?|RunWithV?|check_call|check_output|call|Command|execSync|exec|spawnSync|spawn|system|sh|local|cmd!)"
    r"(?:\s*\(|(?=\s+[\"']))\s*+(?:\[\s*+)?(?P<words>(?:(?:[rf]?[\"'][^\"'\n]*[\"']|\*\w[\w.]*+)\s*+(?:,\s*+)?)+)\]?(?P<rest>[^)\n]*)"
)
_LENIENT = re.compile(
    r"success_codes|warn\s*=\s*True|check\s*=\s*False|nofail\s*=\s*True|exception:\s*false|fail_on_error"
)
_DEFAULT = re.compile(
    r"^[ \t]*(?:multi)?task[ (]+:?[\"']?([\w:]+)[\"']?\s*(?::|=>)\s*(\[[^\]]*\]|%[wi]\[[^\]]*\]|:\w+|[\"']\w+[\"'])",
    re.MULTILINE,
)
_OFF = re.compile(
    r"set_tests_properties\s*\(\s*((?:(?!PROPERTIES)[\w.-]+\s+)+)PROPERTIES\b[^()]*"
    r"\b(?:(?:DISABLED|WILL_FAIL)\s+(?:TRUE|ON|1)|SKIP_RETURN_CODE\s+1\b)"
)
"""Tests of CMake that do not run, or pass when they fail."""
_STAGE = re.compile(r"\s*(?:COPY\s+(?:--\S+\s+)*?--from=|FROM\s+(?:--\S+\s+)?)([\w-]+)(?![\w./:-])", re.IGNORECASE)
"""What takes a stage of a container image in, so that it is built."""
_HEREDOC = re.compile(r"(?<!<)<<-?\s*[\"']?([A-Za-z_]\w*)")
_TOLERANT = re.compile(r"\bfail_on_error\s*=\s*false|\bverbose\s*=\s*:never_fail")


def read_task_file(document: Document) -> Iterator[Command]:
    """The commands of one file."""
    if re.fullmatch(HOOKS, document.path):
        yield from _hooks(document)
    elif re.fullmatch(CODE, document.path):
        yield from _code(document)
    elif re.fullmatch(BUILDS, document.path):
        yield from _registered(document)
    elif re.fullmatch(CONTAINER, document.path):
        yield from _container(document)
    else:
        yield from _shell(document)


def staged(document: Document, data: Any, keys: tuple[str, ...]) -> Iterator[Command]:
    """The commands of lint-staged and of git hooks in JSON: by files or by hook."""
    for name, value in data.items() if isinstance(data, dict) else ():
        line = document.line_of((*keys, name))
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str):
                like = Command("", document.path, line, keys[-1] if keys else "staged files")
                yield from (replace(one, line=line) for one in made(lines_of(text, line), like))


def _hooks(document: Document) -> Iterator[Command]:
    name, data = PurePosixPath(document.path).name, document.data
    if not isinstance(data, dict):
        return
    if name.startswith((".lintstagedrc", ".simple-git-hooks")):
        yield from staged(document, data, ())
    elif name.startswith(".huskyrc"):
        yield from staged(document, data.get("hooks"), ("hooks",))
    elif name.startswith(".pre-commit"):
        yield from _local_hooks(document, data)
    else:
        for key in ("tasks", "pipeline", "targetDefaults", "targets"):
            yield from _needed(document, key, data.get(key))


def _local_hooks(document: Document, data: dict[str, Any]) -> Iterator[Command]:
    for repository in data.get("repos") or ():
        hooks = repository.get("hooks") if isinstance(repository, dict) else None
        for hook in hooks if isinstance(hooks, list) else ():
            if isinstance(hook, dict) and isinstance(hook.get("entry"), str):
                line = getattr(hook, "lines", {}).get("entry", 1)
                words = [hook["entry"], *map(str, hook.get("args") or ())]
                like = Command(
                    "", document.path, line, f"hook {hook.get('id')}", named=judges_by_name(str(hook.get("id")))
                )
                yield from made(lines_of(" ".join(words), line), like)


def _needed(document: Document, key: str, tasks: Any) -> Iterator[Command]:
    """What a task of Turborepo or Nx waits for, each as a command."""
    for name, task in tasks.items() if isinstance(tasks, dict) else ():
        needs = task.get("dependsOn") if isinstance(task, dict) else None
        line = document.line_of((key, name))
        for needed in needs if isinstance(needs, list) else ():
            if isinstance(needed, str) and judges_by_name(needed):
                yield Command(f"run {needed.lstrip('^')}", document.path, line, f"task {name}", named=True)


def _code(document: Document) -> Iterator[Command]:
    for match in _CALL.finditer(document.text):
        words = re.findall(r"[\"']([^\"'\n]*)[\"']", match["words"])
        line = document.lines.at(match.start())
        ignored = bool(match["lost"]) or bool(_LENIENT.search(match["rest"]))
        yield Command(" ".join(words), document.path, line, "session", ignored, named=True)
    tolerant = _TOLERANT.search(document.text) is not None
    for match in _DEFAULT.finditer(document.text):
        line = document.lines.at(match.start())
        for needed in re.findall(r"\w+(?=[^\w:]|$)", re.sub(r"^%[wi]", "", match[2])):
            if judges_by_name(needed) or needed == "rubocop":
                yield Command(f"rake {needed}", document.path, line, f"task {match[1]}", named=True)
    for match in re.finditer(r"\b(\w+(?:::\w+)*Task)\.new\b", document.text):
        line = document.lines.at(match.start())
        yield Command(f"{match[1]}", document.path, line, "task", tolerant, named=True)


def _registered(document: Document) -> Iterator[Command]:
    """The tests that a build registers, each as a command."""
    text = re.sub(r"(?m)^[ \t]*#.*$", "", document.text)
    off = {name for names in _OFF.findall(text) for name in names.split()}
    lines = Lines(text)
    for match in re.finditer(r"\b(?:add_test\s*\(\s*(?:NAME\s+)?|test\s*\(\s*')([\w.${}-]+)", text):
        line = lines.at(match.start())
        yield Command(f"ctest {match[1]}", document.path, line, "tests", match[1] in off, named=True)


def _container(document: Document) -> Iterator[Command]:
    text = re.sub(r"\\\r?\n", lambda _: "  ", document.text)
    stage, pipefail = "image", re.search(r"(?im)^[ \t]*SHELL\s.*pipefail", text) is not None
    for number, row in enumerate(text.split("\n"), 1):
        if target := re.match(r"([\w-]+):\s*$", row):
            stage = f"target {target[1]}"
        taken = _STAGE.match(row)
        if taken and judges_by_name(taken[1]):
            yield Command(f"stage {taken[1]}", document.path, number, "", named=True)
        match = re.match(r"\s*RUN\s+((?:--\S+\s+)*)(.*)", row, re.IGNORECASE)
        if match is None:
            continue
        given = match[2]
        if given.startswith("["):
            try:
                given = " ".join(map(str, from_json(given)))
            except ValueError:
                continue
        like = Command("", document.path, number, stage)
        yield from made(lines_of(given, number, errexit=False, pipefail=pipefail), like)


def _shell(document: Document) -> Iterator[Command]:
    name = PurePosixPath(document.path)
    strict = ".husky" in name.parts or bool(re.match(r"#!.*\s-\w*e", document.text))
    like = Command("", document.path, 1, f"script {name.name}")
    text = _without_files(document.text)
    each, last = (list(lines_of(text, 1, errexit=strict, pipefail=False, alone=one)) for one in (False, True))
    yield from made(iter([*each[:-1], *last[-1:]]), like)


def _without_files(text: str) -> str:
    """A script without the lines of the files that it writes; one that does not end is none."""
    lines = text.split("\n")
    ends: dict[str, list[int]] = {}
    for number, row in enumerate(lines):
        ends.setdefault(row.strip(), []).append(number)
    number = 0
    while number < len(lines):
        match = _HEREDOC.search(lines[number])
        found = ends.get(match[1], []) if match else []
        at = bisect_right(found, number)
        last = found[at] if at < len(found) else number
        lines[number + 1 : last + 1] = [""] * (last - number)
        number = last + 1
    return "\n".join(lines)
