"""What a language says about tests: which nodes declare, assert, skip or end them."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Protocol

from readiness.evidence.weakened_tests.model import Mark
from readiness.evidence.weakened_tests.outline import Outline, Part

if TYPE_CHECKING:
    from tree_sitter import Node


@dataclass(frozen=True)
class Declared:
    """A test, a suite of tests, a function or a hook that begins at a part."""

    kind: str
    """`test`, `suite`, `function` or `hook`."""
    name: str
    body: "Node"
    marks: tuple[Mark, ...] = ()
    narrows: str = ""
    """The source text that leaves out every other test; empty for most."""
    cases: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Call:
    """A call, as each language writes it."""

    name: str
    """All that stands before the arguments, with dots: `self.assertEqual`."""
    arguments: tuple["Node", ...]

    @property
    def last(self) -> str:
        """The name without what it is called on."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True)
class Said:
    """What an assertion says, before its strength is known."""

    name: str
    """The matchers, in their order: `expect.not.toBe`."""
    operands: tuple["Node", ...]
    whole: "Node"
    texts: tuple[str, ...] | None = None
    """What it compares, where the syntax tree has no nodes for it: in a macro."""
    before: "Node | None" = None
    """What belongs to it and stands before it: `got := f()` in the head of an `if`."""


class Dialect(Protocol):
    """One language."""

    kinds: frozenset[str]
    """The node types that matter."""
    bare: frozenset[bytes]
    """Names that are calls by themselves."""
    transparent: frozenset[str]
    """Those through which a statement still belongs to the body around: a `with`, a call."""

    later_hides_earlier: bool
    """Whether a second declaration of a name replaces the first."""

    branches: frozenset[str]
    """Node types of conditions: what stands in one may not run."""

    functions: frozenset[str]
    """Node types of functions without a declared name: a `return` in one ends only that."""

    nested_tests_run: bool
    """Whether a test inside a test is a part of it."""

    def conventional(self, path: PurePosixPath) -> bool:
        """Whether the runners collect a file of this name by default."""

    def holds_tests(self, path: PurePosixPath, content: bytes) -> bool:
        """Whether a file may hold tests, or helpers of tests: any other is not parsed."""

    def declared(self, outline: Outline, part: Part) -> Declared | None:
        """What begins at a part."""

    def call(self, outline: Outline, part: Part) -> Call | None:
        """The call that a part is."""

    def said(self, outline: Outline, part: Part) -> Said | None:
        """The assertion that a part is."""

    def skip(self, outline: Outline, part: Part) -> str:
        """The source text that skips the test in which it stands; empty for most parts."""

    def leaves(self, outline: Outline, part: Part) -> bool:
        """Whether what follows a part in its own block is never reached."""

    def hides(self, outline: Outline, around: Part, inner: Part) -> bool:
        """Whether `around` reaches `inner` only if something is there."""

    def ends_early(self, outline: Outline, part: Part) -> bool:
        """Whether a part ends the test, or one round of its loop, without a word to the runner."""

    def idles(self, outline: Outline, around: Part, inner: Part) -> bool:
        """Whether `around` keeps what is in `inner` from running, or from failing."""

    def file_marks(self, outline: Outline) -> list[Mark]:
        """What stands outside of tests and keeps the whole file from running."""
