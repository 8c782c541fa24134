"""Follows command lines to the files that they run, and those to what they run, import and read in turn."""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from readiness.policy.commands import interpreters, programs, sections
from readiness.policy.commands.interpreters import Invocation
from readiness.policy.commands.places import Place, Tree, join, moved, named
from readiness.policy.commands.programs import is_run, program, runs_scripts, shell_file
from readiness.policy.commands.reads import Read, beside, javascript_reads, python_reads, read_by
from readiness.policy.commands.sections import Part
from readiness.policy.commands.tasks import Task, task
from readiness.policy.commands.words import UNKNOWN, split

_MOST = 500
"""Files after which no more are followed."""
_MOST_PACKAGES = 50
_DEEP = 20
"""How deep scripts may call each other."""
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=(.*)", re.DOTALL)
_EXECUTES = frozenset({"-exec", "-execdir", "-ok", "-x"})
"""Options of `find` and `fd`."""


class Walk:
    """What was found so far.

    Args:
        tree: Where files are looked for.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self.parts: dict[Part, None] = {}
        self.absent: set[str] = set()
        """Files that the commit lacks, and that would run or be imported if they were there."""
        self._done: set[tuple[str, tuple[str, ...], str | None]] = set()

    def line(self, text: str, place: Place, *, everything: bool = False) -> None:
        """Follow a command line for the shell.

        Args:
            text: The line, or a whole script.
            place: From where it runs.
            everything: Whether what it reads is run.
        """
        key = (text, place.folders, place.home)
        if place.depth > _DEEP or key in self._done:
            return
        self._done.add(key)
        commands = split(text, {"PWD": (".",), **dict(place.values)})
        for number, one in enumerate(commands):
            place = moved(one, place)
            runs = everything or is_run(commands[number:])
            self.command(one.words, place, everything=runs, reads=one.reads)
            takes = one.listed or (bool(one.words) and (runs_scripts(program(one.words[0])) or one.words[0] == "eval"))
            for inner in one.inner:
                self.line(inner, place.deeper(), everything=runs or takes)

    def command(
        self, words: Sequence[str], place: Place, *, everything: bool = False, reads: Sequence[str] = ()
    ) -> None:
        """Follow one command.

        Args:
            words: The program and its arguments.
            place: From where it runs.
            everything: Whether every file that it names counts.
            reads: Files from which its standard input comes.
        """
        pending: list[str] = []
        for number, word in enumerate(words):
            rest = words[number + 1 :]
            name = program(word)
            if match := _ASSIGNMENT.fullmatch(word):
                place = self._variable(word, match[1], place)
            elif word.startswith("-"):
                pending.append(word.partition("=")[2])
            elif found := named(self._tree, word, place):
                self._files(found, place)
                self._arguments(rest, place)
                if not everything:
                    return
            elif self._known(name, rest, place, everything=everything):
                self._count(reads if runs_scripts(name) else (), place)
                return
            elif name not in programs.WRAPPERS:
                pending.append(word)
                if number == 0 or everything:
                    pending += [part for one in rest for part in (one, one.partition("=")[2])]
                    break
        self._count((*pending, *reads), place)

    def variables(self, words: Sequence[str], place: Place) -> Place:
        """Take over variables that are set for a command, each as `NAME=value`."""
        for word in words:
            place = self._variable(word, word.partition("=")[2], place)
        return place

    def _variable(self, word: str, value: str, place: Place) -> Place:
        """One of them: files that it names count; folders may be where modules are."""
        some = [part for part in re.split(r"[:;\s]", value) if part]
        if word.partition("=")[0].rstrip("+").endswith("PATH"):
            return place.with_paths(*(join(folder, part) for folder in place.folders for part in some))
        self._count(some, place)
        return place

    def _known(self, name: str, rest: Sequence[str], place: Place, *, everything: bool) -> bool:
        """Follow a program that is known; whether it is one."""
        found = task(name, [*rest])
        if found is not None and (found.sure or name != "bun"):
            self._task(found, place)
        elif programs.SHELLS.fullmatch(name):
            self._run(interpreters.shell(rest), place, "shell")
        elif programs.PYTHON.fullmatch(name) or (name == "coverage" and rest[:1] == ["run"]):
            words = [word for word in rest[1:] if not word.startswith(("-p", "-a", "--"))]
            self._run(interpreters.python(words if name == "coverage" else rest), place, "python")
        elif programs.NODE.fullmatch(name):
            self._run(interpreters.node(rest), place, "node")
        elif programs.OTHERS.fullmatch(name):
            self._count([part for word in rest for part in (word, word.partition("=")[2])], place)
        elif name == "eval":
            self.line(" ".join(rest), place.deeper(), everything=True)
        elif name in {"find", "fd"}:
            start = next((number for number, word in enumerate(rest) if word in _EXECUTES), len(rest))
            self.command(rest[start + 1 :], place)
        elif name in programs.READERS and not everything:
            self._count([one for option, one in pairwise(rest) if option == programs.PATTERNS.get(name)], place)
            self._configured(rest, place, programs.CONFIGURATION)
            self._files(beside(self._tree, rest, place) if name in programs.SYSTEM else (), place)
        else:
            return False
        return True

    def _run(self, found: Invocation, place: Place, language: str) -> None:
        """Follow what an interpreter runs."""
        self._count(found.more, place)
        if found.module:
            self._module(found, place)
        elif found.code and language == "shell":
            self.line(found.code, place.deeper())
            self._arguments(found.rest, place)
        elif found.code:
            reads = python_reads if language == "python" else javascript_reads
            self._follow(reads(self._tree, found.code, place.with_paths(*place.folders)), place)
        elif found.script:
            names = (named(self._tree, one, place) for one in found.script)
            files = next((some for some in names if some), [])
            if not files and UNKNOWN not in found.script[0]:
                self.absent.update(join(folder, found.script[0]) for folder in place.folders)
            self._files(files, place)
            self._arguments(found.rest, place)

    def _module(self, found: Invocation, place: Place) -> None:
        """Follow a module that is run: one of the repository, or else a program of this name."""
        path = found.module.replace(".", "/")
        sources = [join(folder, "src") for folder in place.folders]
        for root in dict.fromkeys((*place.folders, *place.paths, *sources)):
            names = [f"{join(root, path)}{ending}" for ending in (".py", "/__main__.py", "/__init__.py")]
            there = [name for name in names if name in self._tree.modes]
            if there:
                parts = path.split("/")
                parents = (join(root, *parts[:number], "__init__.py") for number in range(1, len(parts)))
                around = [name for name in parents if name in self._tree.modes]
                self._files([*there, *around], place.with_paths(*place.folders, root))
                self._arguments(found.rest, place)
                return
            if root in place.folders and UNKNOWN not in path:
                self.absent.update(names)
        self.command([found.module.replace("pre_commit", "pre-commit"), *found.rest], place)

    def _task(self, found: Task, place: Place) -> None:
        """Follow what a file of tasks says under a name."""
        everywhere = [posixpath.dirname(path) for path in self._tree.modes if program(path) in found.files]
        for folder in everywhere[:_MOST_PACKAGES] if found.everywhere else place.folders:
            paths = [join(folder, found.folder, name) for name in found.files]
            present = (path for path in paths if path in self._tree.modes)
            there = next((path for path in present if sections.has(path, found.section, self._tree.read)), None)
            self.absent.update(paths[: paths.index(there)] if there else ())
            if there:
                self._part(Part(there, found.section), replace(place, folders=(posixpath.dirname(there),)))
        if not found.sure:
            self.command(found.rest, place)

    def _part(self, part: Part, place: Place) -> None:
        if part in self.parts or len(self.parts) >= _MOST:
            return
        self.parts[part] = None
        if not part.section:
            self._file(part.path, place)
            return
        found = sections.lines(part, self._tree.read(part.path))
        here = Place((posixpath.dirname(part.path),), None, place.paths, found.values, place.depth + 1)
        for line in found.lines:
            self.line(line, here)
        self._count(found.files, here)

    def _file(self, path: str, place: Place) -> None:
        mode = self._tree.modes[path]
        here = replace(place.deeper(), home=posixpath.dirname(path), values=())
        if mode == "120000":
            target = join(posixpath.dirname(path), self._tree.read(path))
            self._files([target] if target in self._tree.modes else [], place)
        elif mode != "160000" and here.depth <= _DEEP:
            self._follow(read_by(self._tree, path, here), here)

    def _follow(self, found: Read, place: Place) -> None:
        here = replace(place, paths=found.paths)
        self.absent |= found.absent
        self.line(found.shell, here)
        self._files(found.files, here)

    def _files(self, paths: Sequence[str], place: Place) -> None:
        for path in paths:
            self._part(Part(path), place)

    def _count(self, words: Sequence[str], place: Place) -> None:
        """Follow every file that a word names."""
        for word in words:
            self._files(named(self._tree, word, place), place)

    def _arguments(self, words: Sequence[str], place: Place) -> None:
        """Follow what a script is given: other scripts, and files that options name to judge by."""
        self._configured(words, place, programs.RULES)
        for word in words:
            if not word.startswith("-"):
                found = named(self._tree, word, place)
                self._files([one for one in found if self._tree.modes[one] == "100755" or shell_file(one)], place)

    def _configured(self, words: Sequence[str], place: Place, options: re.Pattern[str]) -> None:
        """Follow the file, or the files of a folder, that an option names to judge by."""
        for number, word in enumerate(words):
            option, joined, value = word.partition("=")
            if options.fullmatch(option):
                value = value if joined else next(iter(words[number + 1 : number + 2]), "")
                found = named(self._tree, value, place)
                inside = [path for folder in place.folders for path in self._tree.below(join(folder, value))]
                self._files([one for one in (*found, *inside) if program(one) not in programs.MANIFESTS], place)
