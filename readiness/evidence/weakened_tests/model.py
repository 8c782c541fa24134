"""What is known of the tests in one source file."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property

from readiness.evidence.weakened_tests.identifiers import Identifiers


class Strength(IntEnum):
    """How much an assertion pins down."""

    NOTHING = 0
    """It can never fail: `assert True`."""
    PRESENCE = 1
    """That there is something: `assertIsNotNone(x)`, `toBeTruthy()`."""
    PART = 2
    """Some of it: `in`, `>=`, `toContain`, an exception's type."""
    EXACT = 3
    """The value itself: `==`, `toEqual`."""


@dataclass(frozen=True)
class Assertion:
    """One assertion."""

    text: str
    """Its words and operators, one space between them."""
    line: int
    strength: Strength
    operands: tuple[str, ...] = ()
    """What it compares, as in `text`."""
    subjects: tuple[str, ...] = ()
    """Those that are no literals: what it is about is among them."""
    names: frozenset[str] = frozenset()
    """What it names outside of strings."""
    conditional: bool = False
    """Whether it stands under a condition."""
    looped: bool = False
    """Whether it stands in a loop over what may be empty."""


@dataclass(frozen=True)
class Mark:
    """What keeps a test from running, or from counting."""

    code: str
    text: str
    line: int
    conditional: bool = False
    """Whether it depends on something that is known only when it runs."""


@dataclass(frozen=True)
class Body:
    """What a test or a function does."""

    assertions: tuple[Assertion, ...] = ()
    """Those that can be reached and can fail."""
    idle: tuple[Assertion, ...] = ()
    """Those that cannot: unreachable, swallowed or trivial."""
    marks: tuple[Mark, ...] = ()
    """The calls that skip it."""
    stubs: frozenset[str] = frozenset()
    """What it replaces by a stub, a mock or a spy."""
    receivers: frozenset[str] = frozenset()
    """The objects whose values its assertions compare."""
    subjects: frozenset[str] = frozenset()
    """What its assertions are about, also by a local name; not how a mock was called."""
    local_names: Mapping[str, str] = field(default_factory=dict)
    """What its local names stand for."""
    raises: bool = False
    """Whether it throws an exception by itself, in every run."""
    throws: bool = False
    """Whether it throws anywhere in it."""
    swallows: int = 0
    """How many failures of the code it catches and drops."""


@dataclass(eq=False)
class Routine:
    """A test, or a function that tests may call."""

    path: str
    name: str
    line: int
    kind: str
    """`test`, `function`, or `hook`: a function that runs without being called by name."""
    suites: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    """Words and operators of the body, without comments."""
    declared_marks: tuple[Mark, ...] = ()
    """What skips it from without: decorators, attributes, the suites around it."""
    throws: str = ""
    """What an annotation says that it throws."""
    heading: str = ""
    """Its decorators or annotations, and all else before its body."""
    outside: frozenset[str] = frozenset()
    """The words of its decorators."""
    patched: bool = False
    """Whether a decorator replaces something while it runs."""
    cases: tuple[str, ...] | None = None
    """The literal rows that it runs for; None when it has none or they are not literal."""
    read: Callable[["Routine"], Body] = field(default=lambda _: Body())
    """Reads the body; most bodies of a change are the same on both sides, and nobody asks for them."""

    outlined: Callable[[], tuple[tuple[str, int], ...]] = field(default=tuple)
    """Finds how the parts of the body are nested."""

    @cached_property
    def shape(self) -> tuple[tuple[str, int], ...]:
        """How the parts of the body are nested: in Python an indentation says it, and no word."""
        return self.outlined()

    find_identifiers: Callable[[], Identifiers] = field(default=Identifiers)
    """Finds what the body names."""

    @cached_property
    def identifiers(self) -> Identifiers:
        """What the body names and calls."""
        return self.find_identifiers()

    @cached_property
    def body(self) -> Body:
        """What it does."""
        return self.read(self)

    @property
    def assertions(self) -> tuple[Assertion, ...]:
        """Those that can be reached and can fail."""
        return self.body.assertions

    @property
    def marks(self) -> tuple[Mark, ...]:
        """All that skips it."""
        return (*self.declared_marks, *self.body.marks)

    @cached_property
    def words(self) -> Counter[str]:
        """The words and operators of the body, counted."""
        return Counter(self.tokens)

    @cached_property
    def everything(self) -> Counter[str]:
        """The words of the body and of its literal rows."""
        return self.words + Counter(word for row in self.cases or () for word in row.split())

    @property
    def is_coroutine(self) -> bool:
        """Whether it is an `async def` of Python."""
        return self.heading.partition("def ")[0].rstrip().endswith("async")

    @cached_property
    def title(self) -> str:
        """The name with the suites around it."""
        return " › ".join((*self.suites, self.name))


@dataclass
class TestFile:
    """What one source file holds of tests."""

    __test__ = False

    path: str
    language: str
    conventional: bool
    """Whether the runners of the language collect a file of this name by default."""
    broken: int | None
    """The line of the first syntax error."""
    words: frozenset[str] = frozenset()
    """Of a broken file: all its words outside of comments."""
    routines: list[Routine] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    """What stands outside every test and function, and holds for the whole file."""
    narrowings: list[Mark] = field(default_factory=list)
    """`.only` and its like: every other test is left out."""
    stubs: frozenset[str] = frozenset()
    """What is replaced outside of every test and function."""
    parents: frozenset[str] = frozenset()
    """The classes that others of the file extend."""

    @cached_property
    def tests(self) -> list[Routine]:
        """The tests, in the order of the file."""
        return [routine for routine in self.routines if routine.kind == "test"]
