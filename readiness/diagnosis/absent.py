"""Finds what the parameters of items name that is not here: the programs of their commands, and files of evidence."""

import re
import shlex
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from readiness.strictness.declared import NamingParameter, naming_parameters
from readiness.strictness.structures import Rule

_SEPARATORS = frozenset(("&&", "||", ";", "|", "|&", "&", "(", ")", "{", "}", "!", ";;"))
_KEYWORDS = frozenset(("if", "then", "else", "elif", "do", "while", "until", "time", "exec", "command", "env", "nohup"))
"""Words behind which a command stands."""
_BUILTINS = frozenset(
    (
        *("alias", "bg", "break", "builtin", "case", "cd", "continue", "declare", "done", "echo", "esac"),
        *("eval", "exit", "export", "false", "fg", "fi", "for", "function", "getopts", "hash", "in", "jobs"),
        *("kill", "let", "local", "mapfile", "popd", "printf", "pushd", "pwd", "read", "readarray"),
        *("readonly", "return", "select", "set", "shift", "shopt", "source", "test", "times", "trap", "true"),
        *("type", "typeset", "ulimit", "umask", "unalias", "unset", "wait", ".", ":", "[", "[[", "]]", "(("),
    )
)
_PLAIN = re.compile(r"[\w./+@~-]+")


def programs(directions: Mapping[str, Rule], params: Mapping[str, object], root: Path) -> Iterator[str]:
    """The programs that the command lines of an item begin with and that are not installed, each once.

    What a shell computes (`$TOOL`, functions, here-documents) is not known before it runs, and is left out.

    Args:
        directions: What the check says of its parameters.
        params: The item's own.
        root: The folder of the checklist, which relative paths start from.
    """
    for named in _naming("command_line", directions, params):
        folder = named.params.get(named.rule.folder) if named.rule.folder else None
        where = root / folder if isinstance(folder, str) else root
        for text in named.texts:
            for word in dict.fromkeys(_first_words(text)):
                place = Path(word).expanduser()
                there = (where / place).exists() if "/" in word else shutil.which(word) is not None
                if not there:
                    yield word


def evidence(directions: Mapping[str, Rule], params: Mapping[str, object], root: Path) -> Iterator[str]:
    """The paths and globs of an item's evidence that no file matches."""
    for named in _naming("evidence_files", directions, params):
        for pattern in dict.fromkeys(named.texts):
            if not _matches(root, pattern):
                yield pattern


def generated(directions: Mapping[str, Rule], params: Mapping[str, object], root: Path) -> Iterator[str]:
    """The files of an item's evidence that are below the folder of the checklist, by their paths from there."""
    for named in _naming("evidence_files", directions, params):
        for pattern in dict.fromkeys(named.texts):
            try:
                yield from (file.relative_to(root).as_posix() for file in root.glob(pattern) if file.is_file())
            except (ValueError, NotImplementedError, OSError):  # no pattern, or it leads out: the check says so
                continue


def _naming(what: str, directions: Mapping[str, Rule], params: Mapping[str, object]) -> Iterator[NamingParameter]:
    return (named for named in naming_parameters(directions, params) if named.rule.names == what)


def _first_words(text: str) -> Iterator[str]:
    if "<<" in text or re.search(r"\w\s*\(\s*\)", text):
        return
    for line in text.replace("\\\n", " ").splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        try:
            words = list(lexer)
        except ValueError:  # a quotation that goes on in the next line
            return
        yield from _commands(words)


def _commands(words: list[str]) -> Iterator[str]:
    begins = True
    for word in words:
        if word in _SEPARATORS or (begins and word in _KEYWORDS):
            begins = True
        elif begins and "=" not in word and not (word.startswith("-") or word in {"<", ">", ">>"}):
            begins = False
            if word not in _BUILTINS and _PLAIN.fullmatch(word):
                yield word


def _matches(root: Path, pattern: str) -> bool:
    if (root / pattern).exists():
        return True
    try:
        return next(root.glob(pattern), None) is not None
    except (ValueError, NotImplementedError, OSError):  # no pattern at all: the check says what is wrong with it
        return True
