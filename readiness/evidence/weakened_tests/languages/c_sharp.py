"""C#: xUnit, NUnit, MSTest, FluentAssertions, Shouldly."""

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from readiness.evidence.weakened_tests.languages.annotated import Annotated, Annotation
from readiness.evidence.weakened_tests.outline import Outline, Part

if TYPE_CHECKING:
    from tree_sitter import Node


class CSharp(Annotated):
    """C#."""

    calls = frozenset({"invocation_expression"})
    transparent = frozenset({"invocation_expression", "expression_statement", "await_expression", "using_statement"})
    suites = frozenset({"class_declaration", "record_declaration", "struct_declaration"})
    methods = frozenset({"method_declaration"})
    holders = frozenset({"attribute_list"})
    kinds = calls | suites | methods | {
        "constructor_declaration", "local_function_statement", "if_statement", "while_statement", "for_statement",
        "foreach_statement", "try_statement", "switch_statement", "return_statement", "throw_statement",
        "preproc_if", "lambda_expression", "anonymous_method_expression", "expression_statement", "using_statement",
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
        r"^(?:[\w.]*\.)?(?:Ignore|Explicit|Skip|Platform|Requires)\w*|\bSkip\s*=\s*(?!null)"
        r"|\bIgnore\s*=|\bExplicit\s*=\s*true"
    )
    cases = re.compile(r"^(?:InlineData|TestCase|DataRow)(?:Attribute)?$")
    asserts = re.compile(
        r"^(?:Assert|CollectionAssert|StringAssert|FileAssert|ClassicAssert|Expect|Verify|Should)(?:\.|$)"
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
