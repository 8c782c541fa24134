"""Which file and part of it a runner of tasks reads: make, npm, tox and their kind."""

import re
from dataclasses import dataclass

from readiness.policy.commands.sections import MAKEFILES

_TASKFILE = ("Taskfile.yml", "Taskfile.yaml", "taskfile.yml")
_FILES = {
    "nox": ("noxfile.py",), "just": ("justfile", "Justfile", ".justfile"), "rake": ("Rakefile", "rakefile"),
    "task": _TASKFILE, "go-task": _TASKFILE, "invoke": ("tasks.py", "tasks/__init__.py"), "fab": ("fabfile.py",),
    "inv": ("tasks.py", "tasks/__init__.py"), "gulp": ("gulpfile.js", "gulpfile.mjs", "gulpfile.cjs"),
    "grunt": ("Gruntfile.js",), "mage": ("magefile.go",), "doit": ("dodo.py",), "scons": ("SConstruct",),
    "ant": ("build.xml",), "earthly": ("Earthfile",), "waf": ("wscript",),
}  # fmt: skip
_TOX = ("tox.ini", "setup.cfg", "pyproject.toml", "tox.toml")
"""In the order in which tox looks for them."""
_OWN = frozenset((
    "install", "i", "ci", "add", "remove", "rm", "uninstall", "update", "up", "upgrade", "audit", "outdated", "publish",
    "pack", "link", "login", "version", "view", "info", "list", "ls", "why", "config", "cache", "init", "create", "dlx",
    "exec", "import", "licenses", "prune", "rebuild", "dedupe", "workspace", "workspaces", "set", "help",
))  # fmt: skip
"""Commands of package managers that are no scripts."""
_FOLDER = re.compile(r"-C|-w|--prefix|--cwd|--dir|--directory|--workspace")
_EVERYWHERE = re.compile(r"-ws|--workspaces|-r|--recursive|--filter|-F")


@dataclass(frozen=True)
class Task:
    """Where a runner finds what it runs."""

    files: tuple[str, ...]
    """Names, of which the first that is there counts."""
    section: str = ""
    folder: str = "."
    """Where they are, from the current folder."""
    sure: bool = True
    """Whether the words are a task, and not another program."""
    everywhere: bool = False
    """Whether it may run in any folder that has such a file, as workspaces do."""
    rest: tuple[str, ...] = ()
    """For one that is not sure: the words of that program."""


def task(name: str, words: list[str]) -> Task | None:
    """What a runner of tasks reads; None for any other program.

    Args:
        name: The program.
        words: Its arguments.
    """
    if name in {"make", "gmake", "bmake", "remake"}:
        return _make(words)
    if name in {"npm", "pnpm", "yarn", "bun"}:
        return _package_script(name, words)
    if name == "tox":
        return Task(_named(words, "-c", "--conf", "--workdir-conf") or _TOX, "tox")
    if name in {"pre-commit", "prek"}:
        return Task(_named(words, "-c", "--config") or (".pre-commit-config.yaml",), "hooks")
    if name in _FILES:
        files = _named(words, "-f", "--file", "--justfile", "--rakefile", "--taskfile", "--noxfile", "--gulpfile")
        return Task(files or _FILES[name])
    return None


def _make(words: list[str]) -> Task:
    folder, files, targets = ".", list[str](), list[str]()
    left = [*words]
    while left:
        word = left.pop(0)
        if word in {"-C", "--directory", "-f", "--file", "--makefile", "-I", "-o", "-W", "-j", "-l"}:
            value = left.pop(0) if left and not (word in {"-j", "-l"} and not left[0].isdigit()) else ""
            folder = value if word in {"-C", "--directory"} else folder
            files += [value] if word in {"-f", "--file", "--makefile"} else []
        elif word.startswith(("-C", "--directory=")):
            folder = word.removeprefix("-C").removeprefix("--directory=")
        elif word.startswith(("--file=", "--makefile=")):
            files.append(word.partition("=")[2])
        elif not word.startswith("-") and "=" not in word:
            targets.append(word)
    return Task(tuple(files) or MAKEFILES, " ".join(("target", *targets)), folder)


def _package_script(name: str, words: list[str]) -> Task | None:
    folder, everywhere, plain = _package_options(words)
    if not plain:
        return None
    verb, rest = plain[0], plain[1:]
    if verb == "workspace":
        verb, rest, everywhere = next(iter(rest[1:]), ""), rest[2:], True
    if verb in {"run", "run-script"}:
        script = next(iter(rest), "")
        if name == "bun" and ("/" in script or "." in script):
            return None  # it runs files as well
        return Task(("package.json",), f"script {script}", folder, everywhere=everywhere)
    if verb in {"test", "t", "tst", "start", "stop", "restart"} and not (name == "bun" and verb == "test"):
        script = "test" if verb in {"t", "tst"} else verb
        return Task(("package.json",), f"script {script}", folder, everywhere=everywhere)
    if name == "npm" or verb in _OWN or (name == "bun" and verb in {"test", "x"}):
        return Task((), "", folder, sure=False, rest=tuple(rest) if verb in {"exec", "dlx", "x"} else ("true",))
    program = tuple(words[words.index(verb) :])
    return Task(("package.json",), f"script {verb}", folder, sure=False, rest=program, everywhere=everywhere)


def _package_options(words: list[str]) -> tuple[str, bool, list[str]]:
    """Folder, whether in every folder, and the words that are no options."""
    folder, everywhere, plain, left = ".", False, list[str](), [*words]
    while left:
        word = left.pop(0)
        option, joined, value = word.partition("=")
        if word == "--":
            return folder, everywhere, plain + left
        if _FOLDER.fullmatch(option):
            folder = value if joined else left.pop(0) if left else "."
        elif _EVERYWHERE.fullmatch(option):
            everywhere = True
            left = left[1:] if option in {"--filter", "-F"} and not joined else left
        elif not word.startswith("-"):
            plain.append(word)
    return folder, everywhere, plain


def _named(words: list[str], *options: str) -> tuple[str, ...]:
    """The file that one of these options names."""
    for number, word in enumerate(words):
        option, joined, value = word.partition("=")
        if option in options and joined:
            return (value,)
        if option in options and number + 1 < len(words):
            return (words[number + 1],)
    return ()
