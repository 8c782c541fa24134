"""Follows command lines to the files that they run, and those to what they run, import and read in turn."""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import replace

from readiness.policy.commands import interpreters, programs, sections
from readiness.policy.commands.interpreters import Invocation
from readiness.policy.commands.places import Place, Tree, join, moved, named, search
from readiness.policy.commands.programs import Task, is_run, program, runs_scripts, shell_file, task
from readiness.policy.commands.reads import Read, beside, find_module, javascript_reads, python_reads, read_by
from readiness.policy.commands.sections import Part
from readiness.policy.commands.words import UNKNOWN, split

_MOST = 500
"""Files after which no more are followed."""
_MOST_PACKAGES = 50
_DEEP = 20
"""How deep scripts may call each other."""
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=(.*)", re.DOTALL)


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
        self.folders: set[str] = set()
        """Where commands may run."""
        self.patterns: set[str] = set()
        """What files are named like that run, whichever they are."""
        self._done: set[tuple[str, tuple[str, ...], str | None]] = set()

    def line(self, text: str, place: Place, *, everything: bool = False) -> None:
        """Follow a command line or a whole script for the shell; `everything` means that what it reads is run."""
        key = (text, place.folders, place.home)
        if place.depth > _DEEP or key in self._done:
            return
        self._done.add(key)
        commands = split(text, {"PWD": (".",), **dict(place.values)})
        for number, one in enumerate(commands):
            place = moved(one, place)
            self.folders.update(place.folders)
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
            elif found := self._named(word, place):
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
        elif self._special(name, rest, place, everything=everything):
            return True
        elif name in programs.READERS and not everything:
            self._configured(
                rest, place, programs.PATTERN_FILE if name in programs.PATTERNS else programs.CONFIGURATION
            )
            self._files(beside(self._tree, rest, place) if name in programs.SYSTEM else (), place)
        else:
            return False
        return True

    def _special(self, name: str, rest: Sequence[str], place: Place, *, everything: bool) -> bool:
        """Follow a program that runs commands or files in a way of its own; whether it is one."""
        if name in {"eval", "trap"}:
            self.line(" ".join(rest) if name == "eval" else next(iter(rest), ""), place.deeper(), everything=True)
        elif name in {"find", "fd"}:
            files, run = search(self._tree, rest, place)
            self._files(files if everything else (), place)
            self.command(run, place)
            for one in files:
                self.command([one if word == "{}" else word for word in run], replace(place, folders=("",)))
        elif name == "run-parts":
            self._files([one for word in rest for f in place.folders for one in self._tree.below(join(f, word))], place)
        elif name == "git" and (verb := next((word for word in rest if word in programs.GIT_RUNS), "")):
            self.command(rest[rest.index(verb) + 1 :], place)
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
            names = (self._named(one, place) for one in found.script)
            files = next((some for some in names if some), [])
            if not files and UNKNOWN not in found.script[0]:
                self.absent.update(join(folder, found.script[0]) for folder in place.folders)
            self._files(files, place)
            self._arguments(found.rest, place)

    def _module(self, found: Invocation, place: Place) -> None:
        """Follow a module that is run: one of the repository, or else a program of this name."""
        files, root, absent = find_module(self._tree, found.module, place)
        self.absent |= absent
        if files:
            self._files(files, place.with_paths(*place.folders, root))
            self._arguments(found.rest, place)
        else:
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
            self._files(self._named(word, place), place)

    def _named(self, word: str, place: Place) -> list[str]:
        """Files that a word names, of those that run."""
        if any(char in word for char in "*?[") and UNKNOWN not in word:
            self.patterns.update(join(folder, word) for folder in place.folders)
        return named(self._tree, word, place)

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
