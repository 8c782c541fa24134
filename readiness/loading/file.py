"""Finds the checklist file of a folder, reads its bytes into text, and collects mistakes by their place in it."""

import codecs
import hashlib
import os
import re
import stat
from bisect import bisect_right
from functools import cached_property
from pathlib import Path

from readiness.loading.diagnostics import ChecklistError, Diagnostic, NoChecklistError, excerpt, shortened, visible
from readiness.loading.nodes import Span

LIMIT = 2**20
"""Bytes that a checklist file may have."""
MISTAKES = 1_000
"""Mistakes after which no more are looked for, so that a hostile file does not cost minutes."""
_BREAK = re.compile(r"\r\n|\n")
# What an editor hides, reorders or does not take for a line end (CVE-2021-42574; YAML 1.2 §5.1, §5.4).
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\r(?!\n)"
)
_BOMS = ((codecs.BOM_UTF32_LE, "UTF-32"), (codecs.BOM_UTF32_BE, "UTF-32"), (codecs.BOM_UTF16_LE, "UTF-16"),
         (codecs.BOM_UTF16_BE, "UTF-16"))  # fmt: skip


class ChecklistFile:
    """One file that was read, and the mistakes found in it so far.

    Args:
        path: Where it is.
        content: Its bytes, when they do not come from there.
        called: What diagnostics call it; its path when empty.

    Raises:
        ChecklistError: It is missing, no file, unreadable, too large, or not text.
    """

    def __init__(self, path: Path, content: bytes | None = None, called: str = "") -> None:
        self.path = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow a link out of the root
        self.shown = visible(called) or shown(path)
        self._found: dict[tuple[int, int, str], Diagnostic] = {}
        self._doubtful: dict[tuple[int, int, str], Diagnostic] = {}
        content = self._bounded(self._read() if content is None else content)
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.lines: list[str] = []
        self.text = self._decode(content)

    def error(self, span: Span | None, message: str, help: str = "", note: str = "") -> None:  # noqa: A002 - its name in the diagnostic
        """Note a mistake; the same one twice (through an alias, or in two environments) counts once.

        Args:
            span: Its place; None when it has none.
            message: What is wrong.
            help: What to do.
            note: What else helps.

        Raises:
            ChecklistError: There are too many by now.
        """
        key = (span.line, span.column, message) if span else (-1, -1, message)
        if key in self._found:
            return
        self._found[key] = self._diagnostic(span, message, help, note)
        if len(self._found) == MISTAKES:
            message = f"more than {MISTAKES} mistakes: the rest was not looked for"
            self._found[-2, -2, message] = self._diagnostic(None, message, "", "")
            raise ChecklistError(self._found.values())

    def warn(self, span: Span, message: str, help: str) -> None:  # noqa: A002 - see `error`
        """Note what is no mistake, but hardly meant.

        Args:
            span: Its place.
            message: What it leads to.
            help: What to do.
        """
        found = self._diagnostic(span, message, help, "")
        self._doubtful.setdefault((span.line, span.column, message), found.model_copy(update={"warning": True}))

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What is hardly meant, sorted by place."""
        return ChecklistError(self._doubtful.values()).diagnostics

    @property
    def failed(self) -> bool:
        """Whether a mistake was found."""
        return bool(self._found)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Every mistake, sorted by place."""
        return ChecklistError(self._found.values()).diagnostics

    def check(self) -> None:
        """Stop here when a mistake was found.

        Raises:
            ChecklistError: With all of them.
        """
        if self._found:
            raise ChecklistError(self._found.values())

    def fail(self, span: Span | None, message: str, help: str = "") -> ChecklistError:  # noqa: A002 - see `error`
        """Note a last mistake and make the error to raise."""
        self.error(span, message, help)
        return ChecklistError(self._found.values())

    def find(self, wanted: str, span: Span, last_line: int, skip: int) -> Span:
        """Place of a text inside a scalar; that of the scalar itself when it was written with escapes.

        Args:
            wanted: The text.
            span: Place of the scalar.
            last_line: Line on which the scalar ends.
            skip: Characters of the scalar's value before the text; in the file, they take at least as many.
        """
        start = self._offsets[span.line] + span.column
        one_line = last_line == span.line
        end = start + span.length if one_line else self._offsets[min(last_line + 1, len(self._offsets) - 1)]
        at = self.text.find(wanted, start + skip, end)
        if at < 0:
            return span
        line = bisect_right(self._offsets, at) - 1
        return Span(line, at - self._offsets[line], len(wanted))

    @cached_property
    def _offsets(self) -> list[int]:
        """Where each line begins in the text, and where the last one ends."""
        return [0, *(match.end() for match in _BREAK.finditer(self.text)), len(self.text)]

    def _diagnostic(self, span: Span | None, message: str, help_: str, note: str) -> Diagnostic:
        texts = {"message": message, "help": help_, "note": note}
        words = {name: shortened(text) for name, text in texts.items()} | {"file": self.shown}
        if span is None:
            return Diagnostic(**words)
        if span.line >= len(self.lines):  # a value that is left out at the end of a file without a last line end
            span = Span(len(self.lines) - 1, len(self.lines[-1]), 1)
        line = self.lines[span.line]
        part = excerpt(line, span.column, span.length)
        return Diagnostic(
            **words,
            line=span.line + 1,
            column=span.column + 1,
            length=max(span.length, 1),
            text=part.text,
            caret=part.caret,
            width=part.width,
        )

    def _read(self) -> bytes:
        try:
            mode = self.path.stat().st_mode
            if stat.S_ISREG(mode):
                with self.path.open("rb") as stream:
                    content = stream.read(LIMIT + 1)
            else:
                what = "this is a folder, not a checklist file" if stat.S_ISDIR(mode) else "this is no regular file"
                raise self.fail(None, what, "name the checklist file itself")
        except FileNotFoundError:
            raise self.fail(None, "there is no such checklist file", "`readiness init` writes a first one") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise self.fail(None, f"the checklist file cannot be read: {reason}", "make it readable") from None
        return content

    def _bounded(self, content: bytes) -> bytes:
        if len(content) > LIMIT:
            raise self.fail(None, "the checklist file is larger than 1 MiB", "split the checklist")
        return content

    def _decode(self, content: bytes) -> str:
        for bom, name in _BOMS:
            if content.startswith(bom):
                raise self.fail(None, f"the checklist file is {name}, not UTF-8", "save it as UTF-8")
        content = content.removeprefix(codecs.BOM_UTF8)
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            before = content[: error.start].decode()
            self.lines = _BREAK.split(before + content[error.start :].decode("latin-1"))
            line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
            message = f"byte 0x{content[error.start]:02x} is not UTF-8"
            raise self.fail(Span(line, column, 1), message, "save the file as UTF-8") from None
        self.lines = _BREAK.split(text)
        if _FORBIDDEN.search(text):
            for number, row in enumerate(self.lines):
                for match in _FORBIDDEN.finditer(row):
                    self.error(
                        Span(number, match.start(), 1),
                        f"character U+{ord(match.group()):04X} is not shown by editors as YAML reads it",
                        "remove it, or write it as an escape in double quotes",
                    )
        self.check()
        return text


def shown(path: Path) -> str:
    """A path as a reader can open it from the current folder, with `/`, safe to show."""
    try:
        relative = Path(os.path.abspath(path)).relative_to(Path.cwd())  # noqa: PTH100 - links are kept
    except (OSError, ValueError):
        relative = path
    return visible(relative.as_posix())


NAMES = ("readiness.yaml", "readiness.yml")
"""File names that are looked for."""


def find(start: Path) -> Path:
    """Find the checklist for a folder: in it, or above it up to the root of its git repository.

    Outside a repository only the folder itself is looked at, so that nobody can plant a file in a shared folder above.

    Raises:
        NoChecklistError: There is none.
        ChecklistError: One folder has two.
    """
    for folder in _folders(start.absolute()):
        found = [folder / name for name in NAMES if (folder / name).exists()]
        if len(found) > 1:
            both = f"both `{NAMES[0]}` and `{NAMES[1]}` exist"
            raise ChecklistError([_mistake(found[0], both, "remove one, or choose with `-f`")])
        if found:
            return found[0]
    none = f"no `{NAMES[0]}` here or above, up to the root of the repository"
    raise NoChecklistError([_mistake(start, none, "`readiness init` writes a first one; `-f FILE` names another")])


def _folders(start: Path) -> list[Path]:
    folders = [start, *start.parents]
    for index, folder in enumerate(folders):
        if (folder / ".git").exists():
            return folders[: index + 1]
    return [start]


def _mistake(path: Path, message: str, help_: str) -> Diagnostic:
    return Diagnostic(message=message, file=shown(path), help=help_)
