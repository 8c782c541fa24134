"""C#: xUnit, NUnit, MSTest, FluentAssertions, Shouldly."""

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from readiness.evidence.weakened_tests.dialect import Said
from readiness.evidence.weakened_tests.languages.annotated import Annotated, Annotation
from readiness.evidence.weakened_tests.model import Mark
from readiness.evidence.weakened_tests.outline import Outline, Part

if TYPE_CHECKING:
    from tree_sitter import Node


_ASYNC = re.compile(r"\.Should\b.*\.(?:Not)?Throw\w*Async\b|\.Should\w*Async\b")
_WAITS = re.compile(r"\.(?:Wait|GetAwaiter|Result)\b|^await\b")


class CSharp(Annotated):
    """C#."""

    calls = frozenset({"invocation_expression"})
    transparent = frozenset({"invocation_expression", "expression_statement", "await_expression", "using_statement"})
    suites = frozenset({"class_declaration", "record_declaration", "struct_declaration"})
    methods = frozenset({"method_declaration"})
    holders = frozenset({"attribute_list"})
    branches = frozenset({"catch_clause", "if_statement", "switch_statement", "preproc_if"})
    unrun = r"\basync void\b"
    functions = frozenset({"lambda_expression", "anonymous_method_expression", "local_function_statement"})
    kinds = calls | suites | methods | {
        "constructor_declaration", "local_function_statement", "if_statement", "while_statement", "for_statement",
        "foreach_statement", "try_statement", "switch_statement", "return_statement", "throw_statement",
        "preproc_if", "lambda_expression", "anonymous_method_expression", "expression_statement", "using_statement",
        "continue_statement", "catch_clause",
        "variable_declarator",
    }  # fmt: skip
    chain = {
        "invocation_expression": ("function", ""),
        "member_access_expression": ("expression", "name"),
        "conditional_access_expression": ("condition", ""),
    }
    tests = re.compile(
        r"(?:Fact|Theory|^Test|^TestCase|^TestCaseSource|^TestMethod|^DataTestMethod|^Property)(?:Attribute)?$"
    )
    hooks = re.compile(r"^(?:OneTime)?SetUp|^(?:Test|Class|Assembly)Initialize")
    switched_off = re.compile(
        r"^(?:[\w.]*\.)?(?:Conditional\(|Ignore|Explicit|Skip|Platform|Requires)\w*|\bSkip\s*=\s*(?!null)"
        r"|\bIgnore\s*=|\bExplicit\s*=\s*true"
    )
    cases = re.compile(r"^(?:InlineData|TestCase|DataRow)(?:Attribute)?$")
    asserts = re.compile(
        r"^(?!Assert\.(?:Multiple|MultipleAsync|EnterMultipleScope)$)(?:Assert|CollectionAssert|StringAssert|FileAssert|ClassicAssert|Expect|Verify|Should)(?:\.|$)"
        r"|\.(?:Should|Must)\w*(?:\.|$)|\.(?:Verify\w*|Received\w*|DidNotReceive\w*)(?:\.|$)"
        r"|(?:^|\.)(?:Assert|Verify|Check|Expect|Ensure)[A-Z]\w*$"
    )
    skips = re.compile(r"^Assert\.(?:Ignore|Inconclusive|Skip\w*|Pass)$|^Skip\.\w+$|^Assume\.\w+$")
    content = re.compile(rb"\[\s*(?:\w+\.)*\w*(?:Fact|Theory|TestMethod|TestCase|Test)\b")

    def conventional(self, path: PurePosixPath) -> bool:
        """The runners look into assemblies: every file counts."""
        return path.suffix == ".cs"

    def is_test(self, outline: Outline, part: Part, name: str, annotations: list[Annotation]) -> bool:
        """The runners call public methods."""
        head = outline.text(part.node).partition("(" if not annotations else f" {name}")[0]
        return super().is_test(outline, part, name, annotations) and "public" in head

    def unrun_suite(
        self, outline: Outline, part: Part, name: str, head: str, annotations: list[Annotation]
    ) -> list[Mark]:
        """XUnit and MSTest make public classes; MSTest only those that say so."""
        marks = super().unrun_suite(outline, part, name, head, annotations)
        text = outline.text(part.node)
        if not re.search(r"\bpublic\b", head):
            marks.append(Mark("test-not-collected", f"{name} is not public", part.line, conditional=True))
        if "[TestMethod" in text and not any(one.name == "TestClass" for one in annotations):
            marks.append(Mark("test-not-collected", f"{name} is no TestClass", part.line, conditional=True))
        return marks

    def said(self, outline: Outline, part: Part) -> Said | None:
        """An assertion on a task that nobody waits for says nothing."""
        said = super().said(outline, part)
        if said is None or not _ASYNC.search(said.name):
            return said
        line = outline.source.content[outline.source.content.rfind(b"\n", 0, part.start) + 1 : part.start]
        dropped = re.fullmatch(rb"\s*(?:_ = )?", line) is not None and not _WAITS.search(outline.text(said.whole))
        return Said("nothing", said.operands, said.whole, ("true",)) if dropped else said

    def idles(self, outline: Outline, around: Part, inner: Part) -> bool:
        """`#if false` besides the others."""
        if around.kind == "preproc_if":
            return re.match(r"#\s*if\s+(?:false|0)\b", outline.text(around.node)[:40]) is not None
        return super().idles(outline, around, inner)

    def rows(self, annotations: list[Annotation]) -> tuple[str, ...] | None:
        """The arguments of each row."""
        rows = [one.text.partition("(")[2].strip(") ") for one in annotations if self.cases.search(one.name)]
        return tuple(" ".join(re.findall(r"[\w.]+", row)) for row in rows) or None

    def leaves(self, outline: Outline, part: Part) -> bool:
        """`throw` besides `return`; a condition of `Skip` and `Assume` is known when it runs."""
        if part.kind == "throw_statement":
            return True
        if text := self.skip(outline, part):
            return text.startswith(("Assert.Ignore", "Assert.Inc", "Assert.Skip(", "Assert.Pass"))
        return super().leaves(outline, part)

    def ignores(self, outline: Outline, handler: "Node") -> bool:
        """`catch {}` and `catch (Exception) {}`."""
        caught = outline.text(handler).partition("{")[0]
        return super().ignores(outline, handler) and bool(
            re.search(r"\b(?:\w*Assert\w*|XunitException|Exception)\b|^catch\s*$", caught)
        )


DIALECT = CSharp()
