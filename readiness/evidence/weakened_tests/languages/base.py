"""What most languages share: calls are chains of names, assertions are calls with known names."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from readiness.evidence.weakened_tests.dialect import Call, Declared, Said
from readiness.evidence.weakened_tests.model import Mark
from readiness.evidence.weakened_tests.outline import Outline, Part

if TYPE_CHECKING:
    from tree_sitter import Node

TESTING = re.compile(
    r"(?:^|/)(?:\w*tests?|\w*specs?|__tests__|e2e|cypress|testing)/|(?:^|[/._-])(?:test|spec|conftest)|[Tt]ests?\.\w+$"
)
"""Paths of tests and of what helps them."""
LINKS = 60
INNER_LINKS = 6
_LONG = 80
EMPTY = re.compile(
    r"^(?:\[\]|\(\)|\{\}|range\(0\)|.*\[:0\]|.*\[\d+:\]|(?:list|tuple|set|iter)\(\)|zip\(\w+(?:\.\w+)*\[\d+:\].*)$"
)
"""What a loop goes over without a round, or only over a rest."""
RETRIES = re.compile(r"retry|retries|flaky|rerun|(?:^|[._])repeated_?if", re.IGNORECASE)
SET_ASIDE = re.compile(
    r"(?:quarantine|broken|flaky[_-]?tests?|disabled|unstable|known[_-]?(?:issue|failure)|do[_-]?not[_-]?run|wip|manual|nightly"
    r"|excluded?|skipped|ignored?)\w*[\"')\]]*\s*\)?[\])]?$",
    re.IGNORECASE,
)
"""Tags and groups by which people leave tests out."""
ASIDE_KEY = re.compile(r"\b(?:broken|quarantined?|flaky|disabled|wip|unstable|slow_ci)\b(?::\s*|\s*=>\s*)true")
"""The same as a key."""
NEVER = re.compile(r"^\(*\s*(?:False|false|0|null|None|nil|not True|!\s*true|!1|1 == 0|0 == 1|true == false)\s*\)*$")
ALWAYS = re.compile(r"^\(*\s*(?:True|true|1|not False|!\s*false|!0|1 == 1)\s*\)*$")
_SPEAKS = re.compile(
    r"\b(?:raise|throw|rethrow|panic|fail\w*|assert\w*|expect\w*|should\w*|verify\w*|require|flunk|reject|done|next|abort"
    r"|exit|skip\w*|check\w*)\b|\bt\.(?:Error|Fatal|Fail)|[a-z](?:Assert|Expect|Fail)",
)
"""Words of what tells a failure, or looks at one."""
_LOOKS = re.compile(r"assert|expect|should|verify|fail|done|reject|check|throw", re.IGNORECASE)
_LOGS = re.compile(
    r"\b(?:print\w*|puts|p|echo|var_dump|console\.\w+|log\w*\.\w+|warn\w*(?:\.\w+)?|fmt\.Print\w*|t\.Log\w*|System\.\w+\.\w+"
    r"|Console\.\w+|cy\.log)\s*[( ][^\n]*"
)
_CAUGHT = re.compile(r"(?:\bas|=>|\(|\|)\s*(?:[\w.\\|]+\s+)*[$]?(\w+)\s*[):{|\n]")
_LONGEST_HEAD = 500
"""Characters of `except (…) as error:` and its like: the pattern takes time by their square."""


def is_silent(handler: str, body: str) -> bool:
    """Whether a handler drops the failure that it caught: it may log it, but nobody hears of it."""
    rest = _LOGS.sub("", body)
    caught = _CAUGHT.search(handler.partition(body)[0][:_LONGEST_HEAD] + "\n")
    kept = (
        rf"=\s*[$]?{caught[1]}\b|(?:append|add|push|done|reject|fail|Add|put|set|send|resolve)\w*\([^)\n]*\b{caught[1]}\b"
        if caught
        else ""
    )
    used = caught is not None and re.search(kept, rest) is not None
    return not used and _SPEAKS.search(rest) is None


def is_hidden(path: PurePosixPath, *passed_over: str) -> bool:
    """Whether a file is in a folder that the runners of its language pass over: one of these, or a hidden one."""
    folders = path.parts[:-1]
    return any(folder in passed_over or (folder.startswith(".") and folder != "..") for folder in folders)


class Chained:
    """A language whose calls are chains: `expect(a).not.toBe(b)`."""

    kinds: frozenset[str] = frozenset()
    bare: frozenset[bytes] = frozenset()
    transparent: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    """Node types of calls."""
    chain: Mapping[str, tuple[str, str]] = {}
    """By node type: the field of what stands before the dot, and the field of the name after it (or none)."""
    arguments = "arguments"
    branches: frozenset[str] = frozenset({"if_statement", "switch_statement", "ternary_expression"})
    functions: frozenset[str] = frozenset()
    exits: frozenset[str] = frozenset({"return_statement", "continue_statement"})
    """Node types of what leaves a test, or a round of a loop, without a failure."""
    later_hides_earlier = False
    nested_tests_run = False
    statement = "expression_statement"
    asserts: re.Pattern[str]
    """On the whole name of a call: that it asserts."""
    links: re.Pattern[str] = re.compile(r"(?!)")
    """On the last name: that this link of a chain asserts by itself."""
    skips: re.Pattern[str]
    """On the whole name of a call: that it skips the test in which it stands."""

    def conventional(self, path: PurePosixPath) -> bool:
        """See `Dialect`."""
        raise NotImplementedError

    def declared(self, outline: Outline, part: Part) -> Declared | None:
        """See `Dialect`."""
        raise NotImplementedError

    def names(self, outline: Outline, node: "Node | None", links: int = LINKS) -> tuple[list[str], list["Node"]]:
        """The names of a chain from its start, and its calls, the last first; at most so many links."""
        names: list[str] = []
        called: list[Node] = []
        for _ in range(links):
            if node is None:
                break
            if node.type in self.calls:
                called.append(node)
            if node.type not in self.chain:
                names.append(_last_word(outline.text(node)) if node.end_byte - node.start_byte < _LONG else "")
                break
            receiver, name = self.chain[node.type]
            if name and (named := node.child_by_field_name(name)) is not None:
                names.append(outline.text(named))
            node = node.child_by_field_name(receiver) if receiver else None
        return names[::-1], called

    def chained(self, outline: Outline, part: Part) -> tuple[list[str], list["Node"]]:
        """The names and the calls of a part, found once."""
        if part.chain is None:
            inner = part.parent is not None and part.parent.kind in self.calls and part.parent.start == part.start
            part.chain = self.names(outline, part.node, INNER_LINKS if inner else LINKS)
        return part.chain

    def call(self, outline: Outline, part: Part) -> Call | None:
        """See `Dialect`."""
        if part.kind not in self.calls:
            return None
        names, _ = self.chained(outline, part)
        return Call(".".join(names), self.arguments_of(part.node))

    def arguments_of(self, node: "Node") -> tuple["Node", ...]:
        """The arguments of a call, without comments."""
        found = node.child_by_field_name(self.arguments)
        return tuple(child for child in found.named_children if "comment" not in child.type) if found else ()

    def said(self, outline: Outline, part: Part) -> Said | None:
        """See `Dialect`."""
        if part.kind not in self.calls:
            return None
        names, called = self.chained(outline, part)
        if len(called) > 1 and names and self.links.search(names[-1]):
            said = part.node.child_by_field_name(self.arguments) or part.node
            return Said(f".{names[-1]}", self.arguments_of(part.node), said)
        parent = part.parent
        if parent is not None and parent.kind in self.calls and parent.start == part.start:
            return None
        whole = part.node
        if parent is not None and parent.kind == self.statement:
            whole = parent.node
            names = names + re.findall(r"\w+", outline.source.content[part.end : parent.end].decode("utf-8", "replace"))
        if not self.asserts.search(".".join(names)):
            return None
        operands = [argument for node in called[::-1] for argument in self.arguments_of(node)]
        subject = re.split(r"\.\s*[Ss]hould(?=\b|[A-Z])", outline.text(part.node), maxsplit=1)
        if not subject[1:]:
            return Said(".".join(names), tuple(operands), whole)
        before = outline.words_between(part.start, part.start + len(subject[0].encode()))
        return Said(".".join(names), tuple(operands), whole, (before, *map(outline.words, operands)))

    def skip(self, outline: Outline, part: Part) -> str:
        """See `Dialect`."""
        if part.kind not in self.calls or not self.skips.search(".".join(self.chained(outline, part)[0])):
            return ""
        return outline.text(part.node)[:80]

    def leaves(self, outline: Outline, part: Part) -> bool:
        """See `Dialect`."""
        return part.kind == "return_statement" or bool(self.skip(outline, part))

    def hides(self, outline: Outline, around: Part, inner: Part) -> bool:
        """See `Dialect`: `value?.let { … }`."""
        head = outline.source.content[around.start : min(inner.start, around.start + 400)]
        return re.search(rb"\?\.\s*(?:let|also|run|apply|map|forEach)\s*(?:\{|\()[^{}]*$", head) is not None

    def ends_early(self, outline: Outline, part: Part) -> bool:
        """See `Dialect`: not where the result of an assertion is returned."""
        return part.kind in self.exits and not _LOOKS.search(outline.text(part.node))

    def idles(self, outline: Outline, around: Part, inner: Part) -> bool:
        """See `Dialect`: a condition that is never met, an exception that is swallowed."""
        if around.kind in {"if_statement", "while_statement"}:
            return self.never(outline, around, inner)
        if around.kind == "try_statement":
            return self.swallows(outline, around, inner)
        return False

    def never(self, outline: Outline, around: Part, inner: Part) -> bool:
        """Whether an `if` leaves out the branch of `inner`."""
        condition = around.node.child_by_field_name("condition")
        taken = around.node.child_by_field_name("consequence") or around.node.child_by_field_name("body")
        if condition is None or taken is None:
            return False
        text = outline.words(condition)
        first = taken.start_byte <= inner.start < taken.end_byte
        return bool(NEVER.match(text)) if first else bool(ALWAYS.match(text)) and inner.start >= taken.end_byte

    def swallows(self, outline: Outline, around: Part, inner: Part) -> bool:
        """Whether a `try` around `inner` has a handler that catches everything and does nothing."""
        body = around.node.child_by_field_name("body")
        if body is None or not body.start_byte <= inner.start < body.end_byte:
            return False
        return any(self.ignores(outline, child) for child in around.node.named_children)

    def ignores(self, outline: Outline, handler: "Node") -> bool:
        """Whether a handler catches a failed assertion and does nothing with it."""
        body = handler.child_by_field_name("body")
        return (
            handler.type == "catch_clause" and body is not None and is_silent(outline.text(handler), outline.text(body))
        )

    def file_marks(self, outline: Outline) -> list[Mark]:
        """See `Dialect`."""
        del outline
        return []


def _last_word(text: str) -> str:
    found = re.findall(r"[\w$@]+", text)
    return found[-1] if found else ""
