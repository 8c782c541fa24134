"""What interpreters are told to run: a script, a module, or code that stands on the command line."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from readiness.policy.commands.sources import javascript_files

_SHELL_CODE = re.compile(r"-[A-Za-z]*c[A-Za-z]*")
_PYTHON_CODE = re.compile(r"-[A-Za-z]*[cm]")
_PRELOADS = frozenset({"-r", "--require", "--import", "--loader", "--experimental-loader"})


@dataclass(frozen=True)
class Invocation:
    """One run of an interpreter."""

    script: tuple[str, ...] = ()
    """Names that its script may have, the first as it is written."""
    code: str = ""
    module: str = ""
    more: tuple[str, ...] = ()
    """Files that it reads besides."""
    rest: tuple[str, ...] = ()
    """Arguments of what it runs."""


def shell(words: Sequence[str]) -> Invocation:
    """What a shell is told (POSIX, `sh`; options of bash)."""
    left, more = [*words], list[str]()
    while left and left[0][:1] in {"-", "+"} and left[0] not in {"-", "--"}:
        option = left.pop(0)
        if option in {"--rcfile", "--init-file"} and left:
            more.append(left.pop(0))
        elif _SHELL_CODE.fullmatch(option):
            code = next((word for word in left if not word.startswith("-")), "")
            return Invocation(code=code, more=tuple(more), rest=tuple(left))
        elif option[-1:] in {"o", "O"} and left:
            left.pop(0)
    return _script(left, lambda _: (), more)


def python(words: Sequence[str]) -> Invocation:
    """What Python is told ("Command line and environment")."""
    left = [*words]
    while left and left[0].startswith("-") and left[0] not in {"-", "--"}:
        option = left.pop(0)
        if _PYTHON_CODE.fullmatch(option) and left:
            word = left.pop(0)
            if option.endswith("m"):
                return Invocation(module=word, rest=tuple(left))
            return Invocation(code=word, rest=tuple(left))
        if match := re.fullmatch(r"-m(\w[\w.]*)", option):
            return Invocation(module=match[1], rest=tuple(left))
        if option in {"-W", "-X", "-Q"} and left:
            left.pop(0)
    return _script(left, lambda word: (f"{word.rstrip('/')}/__main__.py",))


def node(words: Sequence[str]) -> Invocation:
    """What Node.js and its kind are told ("Command-line API"); its own runner of tests judges what it is given."""
    left, more = [*words], list[str]()
    if "--test" in left:
        return Invocation()
    while left and left[0].startswith("-"):
        option, _, value = left.pop(0).partition("=")
        if option in _PRELOADS:
            more += javascript_files(value or (left.pop(0) if left else ""))
        elif option in {"-e", "--eval", "-p", "--print", "-pe"} and left:
            return Invocation(code=left.pop(0), more=tuple(more), rest=tuple(left))
    if left[:1] == ["run"]:  # of deno and bun
        left = [word for word in left[1:] if not word.startswith("-")]
    return _script(left, lambda word: tuple(javascript_files(word)), more)


def _script(left: Sequence[str], others: Callable[[str], Sequence[str]], more: Sequence[str] = ()) -> Invocation:
    words = [word for word in left if word not in {"-", "--"}]
    names = (words[0], *others(words[0])) if words else ()
    return Invocation(script=names, more=tuple(more), rest=tuple(words[1:]))
