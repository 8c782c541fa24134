"""Ruby: RSpec, minitest, test-unit."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from readiness.evidence.weakened_tests.dialect import Call, Declared, Said
from readiness.evidence.weakened_tests.languages.base import ASIDE_KEY, TESTING, Chained, is_silent
from readiness.evidence.weakened_tests.model import Mark
from readiness.evidence.weakened_tests.outline import Outline, Part, above_of, vocabulary

if TYPE_CHECKING:
    from tree_sitter import Node

_TESTS = vocabulary(
    "it specify example test scenario its should xit xspecify xexample fit fspecify fexample focus xscenario skip "
    "pending"
)
_SUITES = vocabulary(
    "describe context feature shared_examples shared_examples_for shared_context xdescribe xcontext fdescribe fcontext"
)
_SHARED = vocabulary("it_behaves_like it_should_behave_like include_examples")
_HOOKS = vocabulary("before around setup prepend_before append_before")
_OFF = re.compile(
    r"\b(?:if|unless):\s*(?!true\b)|(?:^|[\s,(:{])(?:skip|pending|disabled)(?::|\b\s*=>)\s*(?!false|nil)|:(?:skip|pending)\b(?!\s*=>)"
)
_FOCUS = re.compile(r":focus\b(?!\s*=>\s*false)|\bfocus:\s*true")
_BLOCKS = frozenset({"do_block", "block"})
_CATCHES = re.compile(
    r"rescue\s*(?:Exception|Minitest::Assertion|RSpec::Expectations::\w+|RSpec::\w+)?\s*(?:=>\s*\w+)?\s*(?:$|\n|nil)"
)
_FORGETS = re.compile(r"instance_variable_set\(\s*:@exception[^\n]*|\bset_exception\([^\n]*|\.exception\s*=\s*nil")
_VISIBILITY = re.compile(rb"^[ \t]*(private|protected|public)[ \t]*$", re.MULTILINE)


class Ruby(Chained):
    """Ruby."""

    calls = frozenset({"call"})
    bare = frozenset({b"skip", b"pending", b"omit"})
    transparent = frozenset({"call"})
    branches = frozenset({"if", "unless", "if_modifier", "unless_modifier", "case"})
    functions = _BLOCKS | {"lambda", "method"}
    exits = frozenset({"return", "next"})
    kinds = calls | {
        "class", "module", "method", "singleton_method", "do_block", "block", "lambda", "if", "unless", "if_modifier",
        "unless_modifier", "while", "until", "case", "begin", "return", "rescue_modifier", "next",
    }  # fmt: skip
    chain = {"call": ("receiver", "method")}
    statement = "(none)"
    asserts = re.compile(
        r"^(?:expect|is_expected|are_expected|assert|refute|flunk|raise_error)\w*(?:\.|$)"
        r"|(?:^|\.)(?:must|wont|should|should_not)_?\w*$|^(?:check|verify|ensure)_\w+$"
    )
    skips = re.compile(r"^(?:skip|pending|omit|skip_if|skip_unless|omit_if)$")

    def conventional(self, path: PurePosixPath) -> bool:
        """The default patterns of RSpec, minitest and test-unit."""
        return bool(re.search(r"_spec\.rb$|^test_|_test\.rb$|^tc_", path.name))

    def holds_tests(self, path: PurePosixPath, content: bytes) -> bool:
        """Folders of tests, and files with tests in them."""
        return bool(TESTING.search(str(path))) or re.search(rb"\bdescribe\b|Minitest|Test::Unit", content) is not None

    def declared(self, outline: Outline, part: Part) -> Declared | None:
        """Calls with a block, and methods of test classes."""
        if part.kind == "call":
            return self._called(outline, part)
        named = part.node.child_by_field_name("name")
        body = part.node.child_by_field_name("body")
        if part.kind not in {"class", "module", "method", "singleton_method"} or named is None:
            return None
        name = outline.text(named)
        if part.kind in {"class", "module"}:
            return Declared("suite", name, body or part.node)
        around = part.parent
        in_class = around is not None and around.kind == "class"
        if (
            around is not None
            and name.startswith("test_")
            and in_class
            and around.node.child_by_field_name("superclass")
        ):
            hidden = (Mark("test-not-collected", f"private {name}", part.line),) if _is_private(outline, part) else ()
            return Declared("test", name, body or part.node, hidden)
        return Declared("hook" if name == "setup" else "function", name, body or part.node)

    def _called(self, outline: Outline, part: Part) -> Declared | None:
        names, _ = self.chained(outline, part)
        arguments = self.arguments_of(part.node)
        block = part.node.child_by_field_name("block")
        name = names[-1] if names else ""
        of_config = names[:-1] == ["config"] and name in _HOOKS
        if (names[:-1] not in ([], ["RSpec"]) and not of_config) or (
            block is None and (name not in _TESTS | _SHARED or not arguments)
        ):
            return None
        defines = name == "define_method" and arguments and re.search(r"\btest[_ ]", outline.text(part.node)[:60])
        if defines and block is not None:
            return Declared("test", outline.text(arguments[0]), block, cases=_rows_around(outline, part))
        if block is None and name in _SHARED and names[:-1] == [] and arguments:
            return Declared("test", " ".join([name, *map(outline.text, arguments)]), part.node)
        if name in _HOOKS and block is not None:
            return Declared("hook", name, block, tuple(_of_hook(outline.text(block), name, part.line)))
        kind = "suite" if name in _SUITES else "test" if name in _TESTS else ""
        if not kind or (
            block is None
            and (name in {"skip", "pending", "should", "focus", "test"} or "string" not in arguments[0].type)
        ):
            return None
        text = " ".join(outline.text(argument) for argument in arguments[1:])
        left_out = _OFF.search(text) is not None or ASIDE_KEY.search(text) is not None
        off = left_out or name.startswith("x") or name in {"skip", "pending"} or block is None
        marks = (Mark("test-skipped", f"{name} {text}".strip()[:80], part.line),) if off else ()
        if again := re.search(r"\bretry:\s*[1-9]\d*", text):
            marks = (*marks, Mark("test-retried", again[0], part.line, conditional=True))
        focused = (name.startswith("f") and name != "feature") or _FOCUS.search(text)
        title = outline.text(arguments[0]).strip("\"'") if arguments else name
        return Declared(kind, title, block or part.node, marks, f"{name} {text}".strip()[:80] if focused else "")

    def call(self, outline: Outline, part: Part) -> Call | None:
        """A bare name is a call."""
        if part.kind == "identifier":
            return Call(outline.text(part.node), ())
        return super().call(outline, part)

    def said(self, outline: Outline, part: Part) -> Said | None:
        """`expect(a).to eq(b)`: the matcher is an argument."""
        found = super().said(outline, part) if self.declared(outline, part) is None else None
        if found is None or not re.search(r"\.(?:to|not_to|to_not|should|should_not)$", found.name):
            return found
        matcher = self.arguments_of(part.node)[:1]
        receiver = part.node.child_by_field_name("receiver")
        subject = self.arguments_of(receiver) if receiver is not None and receiver.type == "call" else ()
        block = receiver.child_by_field_name("block") if receiver is not None and not subject else None
        subject = subject or ((block,) if block is not None else ())
        negated = ".not" if "not" in found.name.rpartition(".")[2] else ""
        if not matcher:
            return found
        node = matcher[0]
        named = (
            node.child_by_field_name("method") if node.type == "call" else node if node.type == "identifier" else None
        )
        name = outline.text(named) if named is not None else "matcher"
        arguments = self.arguments_of(node) if node.type == "call" else ()
        return Said(f"expect{negated}.{name}", (*subject, *arguments), part.node)

    def skip(self, outline: Outline, part: Part) -> str:
        """A call without a block; an argument `skip:` is no call."""
        if part.kind == "identifier":
            return outline.text(part.node) if part.parent is None or part.parent.kind != "call" else ""
        if part.kind != "call" or part.node.child_by_field_name("block") is not None:
            return ""
        return super().skip(outline, part)

    def leaves(self, outline: Outline, part: Part) -> bool:
        """A skip that depends on a condition does not end the test."""
        text = self.skip(outline, part)
        return part.kind == "return" or bool(text and not re.match(r"\w+_(?:if|unless)", text))

    def idles(self, outline: Outline, around: Part, inner: Part) -> bool:
        """Conditions, also behind what they hold; a `rescue` of everything that does nothing."""
        if around.kind in {"if", "if_modifier", "while"}:
            return self._condition(outline, around) in {"false", "nil"} and self._holds(around, inner)
        if around.kind in {"unless", "unless_modifier"}:
            return self._condition(outline, around) == "true" and self._holds(around, inner)
        if around.kind == "rescue_modifier":
            return True
        return any(
            inner.start < handler.start_byte
            and _CATCHES.match(outline.text(handler))
            and is_silent(outline.text(handler), outline.text(handler).partition("\n")[2])
            for handler in _rescues(around)
        )

    def _condition(self, outline: Outline, around: Part) -> str:
        condition = around.node.child_by_field_name("condition")
        return outline.text(condition) if condition is not None else ""

    def _holds(self, around: Part, inner: Part) -> bool:
        alternative = around.node.child_by_field_name("alternative")
        return alternative is None or inner.start < alternative.start_byte


def _of_hook(text: str, name: str, line: int) -> Iterator[Mark]:
    """What a hook does to every example: an `around` that runs none, one that forgets how they failed."""
    if name == "around" and not re.search(r"\.(?:run|call|to_proc)\b|\byield\b|&\w+", text):
        yield Mark("test-skipped", "around: never runs", line)
    if found := _FORGETS.search(text):
        yield Mark("test-skipped", f"{name}: {found[0]}", line)


def _rows_around(outline: Outline, part: Part) -> tuple[str, ...] | None:
    """The rows of a list or a hash, for each of which a method is made."""
    for above in above_of(part):
        receiver = above.node.child_by_field_name("receiver") if above.kind == "call" else None
        if receiver is not None and receiver.type in {"hash", "array"}:
            return tuple(outline.words(row) for row in receiver.named_children if row.type != "comment") or None
    return None


def _rescues(around: Part) -> list["Node"]:
    """The handlers of a block, a method or a `begin`."""
    if around.kind not in {"begin", "do_block", "block", "method"}:
        return []
    inner = [child for child in around.node.named_children if child.type in {"body_statement", "block_body"}]
    return [child for node in (around.node, *inner) for child in node.named_children if child.type == "rescue"]


def _is_private(outline: Outline, part: Part) -> bool:
    """Whether `private` stands above a method in its class."""
    around = part.parent
    above = outline.source.content[around.start if around is not None else 0 : part.start]
    said = _VISIBILITY.findall(above)
    return bool(said) and said[-1] != b"public"


DIALECT = Ruby()
