"""A mistake in a checklist with its place, and the error that carries all of them."""

from collections.abc import Iterable

from pydantic import Field

from readiness.outcome import Value

_SHOWN = 1_000
"""Mistakes that a rendering shows; `diagnostics` holds every one."""


class Diagnostic(Value):
    """One mistake, safe to show: nothing in it moves a cursor or reorders text."""

    message: str
    """What is wrong, in one sentence."""
    file: str
    """Path as a reader can open it from the current folder, with `/`."""
    line: int | None = Field(default=None, ge=1)
    """From 1; None when the mistake has no place in the file."""
    column: int | None = Field(default=None, ge=1)
    """In characters, from 1."""
    length: int = Field(default=1, ge=1)
    """Characters that are meant."""
    text: str = ""
    """The line, cut around the place, with control characters spelt out."""
    caret: int = Field(default=0, ge=0)
    """Cells of `text` before the place."""
    width: int = Field(default=1, ge=1)
    """Cells of `text` that the place takes."""
    help: str = ""
    """What to do: "did you mean `severity`?"."""
    note: str = ""
    """What else helps, for instance the words that are allowed there."""

    @property
    def place(self) -> str:
        """`file:line:column`, as far as it is known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)

    def render(self, *, color: bool = False) -> str:
        """Draw it as a compiler does, with the line and a caret.

        Args:
            color: Whether to use ANSI colours.
        """
        red, blue, bold, end = ("\x1b[1;31m", "\x1b[1;34m", "\x1b[1m", "\x1b[0m") if color else ("", "", "", "")
        gutter = len(str(self.line or ""))
        rows = [f"{red}error{end}{bold}: {self.message}{end}", f"{' ' * max(gutter, 1)}{blue}--> {end}{self.place}"]
        if self.line is None:
            rows += [f"{' ' * gutter} {blue}={end} {self.help}"] if self.help else []
        else:
            mark = f"{' ' * self.caret}{red}{'^' * self.width} {self.help}".rstrip() + end
            rows += [f"{blue}{self.line} |{end} {self.text}".rstrip(), f"{' ' * gutter}{blue} |{end} {mark}"]
        rows += [f"{' ' * gutter}{blue} ={end} {self.note}"] if self.note else []
        return "\n".join(rows)


class ChecklistError(Exception):
    """A checklist cannot be used.

    Args:
        diagnostics: Every mistake that was found.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(
            sorted(diagnostics, key=lambda one: (one.file, one.line or 0, one.column or 0))
        )
        """Every mistake, sorted by place."""
        super().__init__(self.diagnostics)

    def render(self, color: bool = False) -> str:  # noqa: FBT001, FBT002 - the one flag a rendering takes
        """Draw every mistake.

        Args:
            color: Whether to use ANSI colours.
        """
        shown = [diagnostic.render(color=color) for diagnostic in self.diagnostics[:_SHOWN]]
        rest = len(self.diagnostics) - len(shown)
        return "\n\n".join([*shown, f"... and {rest} more mistakes"] if rest else shown)

    def __str__(self) -> str:
        return self.render()


class NoChecklistError(ChecklistError):
    """There is no checklist where one was looked for."""
