"""Go: `testing`, the suites and assertions of testify, the specs of Ginkgo and the matchers of Gomega."""

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from readiness.evidence.weakened_tests.dialect import Declared, Said
from readiness.evidence.weakened_tests.languages.base import Chained, is_hidden
from readiness.evidence.weakened_tests.model import Mark
from readiness.evidence.weakened_tests.outline import Outline, Part

if TYPE_CHECKING:
    from tree_sitter import Node
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node


_TEST = re.compile(r"^(?:Test|Fuzz)(?![a-z])\w*$")
_FAILS = re.compile(r"^\w+\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)$")
_ELSEWHERE = re.compile(
    r"_(?:windows|darwin|plan9|js|freebsd|netbsd|openbsd|solaris|aix|android|ios|dragonfly|illumos|wasip1|wasm|arm|mips\w*"
    r"|ppc64\w*|s390x|riscv64|386)_test\.go$"
)
"""Files that are built for other systems than those of most pipelines."""
_MUTED = re.compile(
    r"^(?:t\s*:?=\s*(?:&testing\.T\{|new\(testing\.T\))|defer func\(\)\s*\{\s*(?:_ = )?recover\(\)\s*;?\s*\}\(\))"
)
"""Another `t` that nobody reads, and a panic that nobody hears of."""
_CONSTRAINT = re.compile(rb"^//(?:go:build|\s*\+build)\s+([^\n]+)", re.MULTILINE)


class Go(Chained):
    """Go."""

    calls = frozenset({"call_expression"})
    transparent = frozenset({"call_expression"})
    branches = frozenset({"if_statement", "expression_switch_statement", "type_switch_statement", "select_statement"})
    functions = frozenset({"func_literal"})
    kinds = calls | {
        "function_declaration", "method_declaration", "func_literal", "if_statement", "for_statement",
        "expression_switch_statement", "type_switch_statement", "select_statement", "return_statement",
        "composite_literal", "defer_statement", "go_statement", "continue_statement", "assignment_statement",
        "short_var_declaration",
    }  # fmt: skip
    chain = {"call_expression": ("function", ""), "selector_expression": ("operand", "field")}
    asserts = re.compile(
        r"^suite\.Run$|\.Assert[A-Z]\w*$|^(?:assert|require|is|qt|td|be|test|must|expect|Expect)\.\w+$|^(?:Expect|Eventually|Consistently)(?:\.|$)"
        r"|^[a-z]\w{0,2}\.(?:Equal\w*|NotEqual\w*|True|False|Nil|NotNil|NoError|Error\w*|Contains|NotContains|Len|Empty"
        r"|NotEmpty|Zero|Panics\w*|Regexp|Require\.\w+|Assert\.\w+|Same|ElementsMatch|JSONEq|Greater\w*|Less\w*|InDelta)$"
        r"|^\w+\.(?:Fatal|Fatalf|Fail|FailNow|Errorf)$|(?:^|\.)(?:assert|check|expect|verify|require|must)[A-Z]\w*$"
    )
    skips = re.compile(r"^\w+(?:\.T)?\.(?:Skip|Skipf|SkipNow)$")

    def conventional(self, path: PurePosixPath) -> bool:
        """`go test` reads no other file."""
        ignored = path.name.startswith(("_", ".")) or is_hidden(path, "testdata", "vendor")
        return path.name.endswith("_test.go") and not ignored and not _ELSEWHERE.search(path.name)

    def holds_tests(self, path: PurePosixPath, content: bytes) -> bool:
        """Files of tests, and what has been one: it takes a `*testing.T`."""
        return path.name.endswith("_test.go") or b"*testing." in content

    def declared(self, outline: Outline, part: Part) -> Declared | None:
        """Functions and methods."""
        named, body = part.node.child_by_field_name("name"), part.node.child_by_field_name("body")
        if part.kind == "call_expression":
            return declared_spec(outline, part, *self.chained(outline, part), self.arguments_of(part.node))
        if part.kind not in {"function_declaration", "method_declaration"} or named is None or body is None:
            return None
        name = outline.text(named)
        parameters = part.node.child_by_field_name("parameters")
        taken = outline.text(parameters) if parameters is not None else ""
        takes = "testing.T" in taken or "testing.F" in taken if part.kind == "function_declaration" else taken == "()"
        if not _TEST.match(name) or not takes:
            exits = name == "TestMain" and "os.Exit(0)" in outline.text(body)
            marks = (Mark("test-skipped", "os.Exit(0)", part.line),) if exits else ()
            kind = "hook" if name in {"TestMain", "SetupTest", "SetupSuite", "init"} else "function"
            return Declared(kind, name, body, marks)
        return Declared("test", name, body, cases=_rows(outline, part))

    def said(self, outline: Outline, part: Part) -> Said | None:
        """`if got != want { t.Errorf(…) }` says its condition."""
        call = self.call(outline, part)
        if call is not None and _FAILS.match(call.name) and not re.search(r"assert|require", call.name):
            around = part.parent
            while around is not None and around.kind in {"call_expression", "for_statement"}:
                around = around.parent
            condition = (
                around.node.child_by_field_name("condition") if around and around.kind == "if_statement" else None
            )
            first = around.node.child_by_field_name("initializer") if around and condition is not None else None
            return Said("fail", (condition,) if condition is not None else (), condition or part.node, before=first)
        found = super().said(outline, part)
        if found is not None and GOMEGA.match(found.name):
            return of_gomega(outline, found, self.arguments_of(part.node))
        if found is None or not found.operands or outline.text(found.operands[0]) not in {"t", "s.T()", "b", "tt"}:
            return found
        return Said(found.name, found.operands[1:], found.whole)

    def idles(self, outline: Outline, around: Part, inner: Part) -> bool:
        """A goroutine that nobody waits for, besides the others."""
        if around.kind == "func_literal" and inner.start > around.start:
            return re.search(rb"_ = \(?$", outline.source.content[max(0, around.start - 8) : around.start]) is not None
        if around.kind == "go_statement":
            return not re.search(rb"\bwg\.|WaitGroup|<-|errgroup|\.Wait\(", outline.source.content)
        return super().idles(outline, around, inner)

    def skip(self, outline: Outline, part: Part) -> str:
        """What hides a failure, besides the calls."""
        if part.kind in {"assignment_statement", "short_var_declaration", "defer_statement"}:
            text = outline.text(part.node)[:120]
            return text.partition("\n")[0][:80] if _MUTED.match(text) else ""
        return super().skip(outline, part)

    def leaves(self, outline: Outline, part: Part) -> bool:
        """Only calls and `return` do."""
        return part.kind in self.calls | {"return_statement"} and super().leaves(outline, part)

    def file_marks(self, outline: Outline) -> list[Mark]:
        """Build constraints."""
        head = outline.source.content[:4000].partition(b"\npackage ")[0]
        return [
            Mark(
                "test-not-collected",
                f"go:build {found[1].decode('utf-8', 'replace')}",
                head[: found.start()].count(b"\n") + 1,
            )
            for found in _CONSTRAINT.finditer(head)
        ]


def _rows(outline: Outline, part: Part) -> tuple[str, ...] | None:
    """The rows of the tables in a test."""
    rows = [
        outline.words(row)
        for inner in outline.below(part)
        if inner.kind == "composite_literal" and _is_table(outline, inner.node)
        for row in _elements(inner.node)
    ]
    return tuple(rows) or None


def _is_table(outline: Outline, node: "Node") -> bool:
    named = node.child_by_field_name("type")
    return named is not None and bool(
        re.match(r"(?:\[\]|map\[\w+\])\s*\*?(?:struct\b|\w*(?:[tT]est|[cC]ase)\w*$)", outline.text(named))
    )


def _elements(node: "Node") -> list["Node"]:
    body = node.child_by_field_name("body")
    return [child for child in body.named_children if child.type != "comment"] if body is not None else []


DIALECT = Go()


GOMEGA = re.compile(r"^(?:\w+\.)?(?:Expect|Eventually|Consistently|Ω)(?:WithOffset)?(?:\.|$)")
_SPEC = re.compile(r"^([FPX]?)(It|Specify|Describe|Context|When|BeforeEach|JustBeforeEach|BeforeAll)$")
_LEFT_OUT = re.compile(r"^(?:Pending|Skip)\b")
_SAME = {
    "BeEquivalentTo": "EquivalentTo", "BeIdenticalTo": "IdenticalTo", "BeComparableTo": "Equal", "HaveLen": "Len",
    "ConsistOf": "ContainsExactly", "HaveOccurred": "NoError", "HaveExactElements": "Equal", "HaveValue": "Equal",
}  # fmt: skip
"""Matchers by names that other libraries have, too."""
_MATCHES = re.compile(r"^(?:Should|To|ShouldNot|ToNot|NotTo)$")


def declared_spec(
    outline: Outline, part: Part, names: list[str], called: list["Node"], arguments: tuple["Node", ...]
) -> Declared | None:
    """`It("…", func() { … })` and the containers around it."""
    found = _SPEC.match(names[-1]) if names and len(called) == 1 else None
    if names and len(called) == 1 and re.match(r"[FPX]?DescribeTable", names[-1]):
        return _table(outline, part, names[-1], arguments)
    function = next((node for node in arguments[::-1] if node.type == "func_literal"), None)
    body = function.child_by_field_name("body") if function is not None else None
    if found is None or body is None:
        return None
    if found[2] in {"BeforeEach", "JustBeforeEach", "BeforeAll"}:
        return Declared("hook", found[2], body)
    if "string" not in arguments[0].type:
        return None
    options = [outline.text(node) for node in arguments[1:] if node.type != "func_literal"]
    off = found[1] in {"P", "X"} or any(map(_LEFT_OUT.match, options))
    marks = (Mark("test-skipped", " ".join([names[-1], *options])[:80], part.line),) if off else ()
    narrows = names[-1] if found[1] == "F" or "Focus" in options else ""
    kind = "test" if found[2] in {"It", "Specify"} else "suite"
    return Declared(kind, outline.text(arguments[0]).strip('"`'), body, marks, narrows)


def _table(outline: Outline, part: Part, name: str, arguments: tuple["Node", ...]) -> Declared | None:
    """`DescribeTable("…", func(n int) { … }, Entry("…", 1))`."""
    function = next((node for node in arguments if node.type == "func_literal"), None)
    body = function.child_by_field_name("body") if function is not None else None
    if body is None:
        return None
    rows = [outline.words(node) for node in arguments[1:] if re.match(r"[FPX]?Entry\(", outline.text(node)[:8])]
    off = [row for row in rows if row[:1] in "PX"] or ([name] if name[0] in "PX" else [])
    marks = tuple(Mark("test-skipped", row[:80], part.line, conditional=True) for row in off)
    focused = next((one for one in (name, *rows) if one.startswith("F")), "")
    return Declared("test", outline.text(arguments[0]).strip('"`'), body, marks, focused[:80], tuple(rows) or None)


def of_gomega(outline: Outline, found: Said, matchers: tuple["Node", ...]) -> Said:
    """`Expect(a).To(Equal(b))`: the matcher is an argument; without one, nothing is asserted."""
    *_, last = found.name.split(".")
    if not _MATCHES.match(last):
        return replace(found, name="nothing", texts=("true",))
    if not matchers:
        return found
    matcher = outline.words(matchers[0])
    name, _, rest = matcher.partition(" ( ")
    actual = [outline.words(node) for node in found.operands if node.end_byte <= matchers[0].start_byte]
    arguments = [rest.removesuffix(" )")] if rest not in {"", ")"} else []
    name = name.rpartition(" ")[2]
    if name == "BeNumerically":
        name = "Equal" if rest.startswith("==") else "BeBounded"
    negated = ".not" if "Not" in last and name != "HaveOccurred" else ""
    return replace(found, name=f"Expect{negated}.{_SAME.get(name, name)}", texts=(*actual[:1], *arguments))
