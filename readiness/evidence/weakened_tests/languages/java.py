"""Java: JUnit 3 to 5, TestNG, AssertJ, Hamcrest, Truth, Mockito."""

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from readiness.evidence.weakened_tests.dialect import Said
from readiness.evidence.weakened_tests.languages.annotated import Annotated, Annotation
from readiness.evidence.weakened_tests.outline import Outline, Part, above_of

if TYPE_CHECKING:
    from tree_sitter import Node

TESTS = re.compile(r"^(?:Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate|Theory|Property)$")
HOOKS = re.compile(r"^(?:Before|After)(?:Each|All|Class|Method|Test|Suite)?$")
SWITCHED_OFF = re.compile(
    r"^(?:[\w.]*\.)?(?:Disabled|Ignore|Ignored|Enabled(?:If|On|For)|Disabled(?:If|On|For)|EnabledInNative|Requires)\w*"
    r"|^Test\b.*enabled\s*=\s*false|^Test\b.*expected(?:Exceptions)?\s*=\s*\{?\s*(?:Throwable|Error|AssertionError|Exception)\.class"
)
ASSERTS = re.compile(
    r"(?:^|\.)(?:assert(?!All$|Softly$)|check[A-Z]|expect|verify|should|fail$|require[A-Z]|ensure[A-Z])\w*(?:\.|$)|^thrown\.\w+$"
    r"|(?:^|\.)(?:andExpect|then|isEqualTo)$"
)
SKIPS = re.compile(r"(?:^|\.)(?:assum(?:e|ing)\w*|abort)$|^Assume\w*\.\w+$")
CONSTANT = re.compile(r"(?:True|That)?\(\s*(?:\"[^\"]*\"\s*,\s*)?false|False\(\s*(?:\"[^\"]*\"\s*,\s*)?true|abort\(")


def unevaluated(outline: Outline, part: Part, said: Said) -> Said:
    """An assertion, or nothing: where it is a soft one, and its method never calls `assertAll`."""
    name = said.name.partition(".")[0]
    if not name or (b"new SoftAssert" not in outline.source.content and b"= SoftAssert" not in outline.source.content):
        return said
    methods = {"method_declaration", "function_declaration"}
    method = next((above for above in above_of(part) if above.kind in methods), None)
    if method is None:
        return said
    key = f"soft {method.start} {name}"
    if key not in outline.answers:
        outline.answers[key] = _is_unevaluated(outline.text(method.node), name)
    return Said("nothing", said.operands, said.whole, ("true",)) if outline.answers[key] else said


def _is_unevaluated(text: str, name: str) -> bool:
    """Whether a method makes soft assertions of this name, and neither evaluates them nor gives them away."""
    soft = re.search(rf"\b{re.escape(name)}\s*=\s*(?:new )?SoftAssert\w*\(", text)
    return soft is not None and not re.search(rf"\b{re.escape(name)}\.assertAll\(|\(\s*{re.escape(name)}\s*[,)]", text)


class Java(Annotated):
    """Java."""

    calls = frozenset({"method_invocation"})
    transparent = frozenset({"method_invocation", "expression_statement", "synchronized_statement"})
    suites = frozenset({"class_declaration", "record_declaration", "interface_declaration", "enum_declaration"})
    methods = frozenset({"method_declaration"})
    holders = frozenset({"modifiers"})
    branches = frozenset({"catch_clause", "if_statement", "switch_expression"})
    functions = frozenset({"lambda_expression"})
    kinds = calls | suites | methods | {
        "constructor_declaration", "if_statement", "while_statement", "for_statement", "enhanced_for_statement",
        "try_statement", "try_with_resources_statement", "switch_expression", "return_statement", "throw_statement",
        "lambda_expression", "expression_statement", "assert_statement", "object_creation_expression",
        "continue_statement", "catch_clause", "variable_declarator",
    }  # fmt: skip
    chain = {"method_invocation": ("object", "name"), "field_access": ("object", "field")}
    tests, hooks, switched_off, asserts, skips = TESTS, HOOKS, SWITCHED_OFF, ASSERTS, SKIPS
    cases = re.compile(r"(?!)")
    content = re.compile(rb"@(?:Test|ParameterizedTest|RepeatedTest)\b|org\.junit|org\.testng")

    def conventional(self, path: PurePosixPath) -> bool:
        """The default patterns of Surefire and Failsafe; what stands in a folder of tests is Gradle's."""
        return bool(re.search(r"^(?:Test|IT)|(?:Tests?|TestCase|IT|Spec|TestSuite)$", path.stem))

    def is_test(self, outline: Outline, part: Part, name: str, annotations: list[Annotation]) -> bool:
        """JUnit 3 goes by the name. A class in a class is left out by default, unless it is `@Nested`."""
        around = part.parent
        outer = around.parent if around is not None else None
        if around is not None and outer is not None and "class" in outer.kind and "class" in around.kind:
            said = outline.text(outer.node)[:2000] + outline.text(around.node)[:200]
            if not re.search(r"@Nested|Enclosed|HierarchicalContextRunner", said):
                return False
        if super().is_test(outline, part, name, annotations):
            return True
        superclass = around.node.child_by_field_name("superclass") if around is not None else None
        return name.startswith("test") and superclass is not None and "TestCase" in outline.text(superclass)

    def said(self, outline: Outline, part: Part) -> Said | None:
        """A soft assertion says nothing where nobody asks for all of them."""
        said = super().said(outline, part)
        return unevaluated(outline, part, said) if said is not None else None

    def rows(self, annotations: list[Annotation]) -> tuple[str, ...] | None:
        """The literals of `@ValueSource` and `@CsvSource`."""
        texts = [one.text for one in annotations if one.name in {"ValueSource", "CsvSource", "EnumSource"}]
        rows = [
            row for text in texts for row in re.findall(r"\"(?:[^\"\\]|\\.)*\"|(?<=[{,\s])-?\w[\w.]*(?=\s*[,}])", text)
        ]
        return tuple(" ".join(re.findall(r"\w+", row)) for row in rows) or None

    def idles(self, outline: Outline, around: Part, inner: Part) -> bool:
        """A thread that nobody waits for, besides the others."""
        if around.kind == "object_creation_expression":
            return outline.text(around.node).startswith("new Thread(")
        return super().idles(outline, around, inner)

    def skip(self, outline: Outline, part: Part) -> str:
        """`throw new SkipException(…)` besides the calls."""
        if part.kind == "throw_statement":
            text = outline.text(part.node)
            return text[:80] if re.search(r"new (?:Skip|TestAborted|AssumptionViolated|TestSkipped)\w*", text) else ""
        return super().skip(outline, part)

    def leaves(self, outline: Outline, part: Part) -> bool:
        """`throw` besides `return`; an assumption ends the test where it is constant."""
        if part.kind == "throw_statement":
            return True
        if text := self.skip(outline, part):
            return bool(CONSTANT.search(text))
        return super().leaves(outline, part)

    def ignores(self, outline: Outline, handler: "Node") -> bool:
        """`catch (Throwable e) {}`: an assertion is an error, and no exception."""
        caught = outline.text(handler).partition(")")[0]
        return super().ignores(outline, handler) and bool(
            re.search(r"\b(?:Throwable|Error|AssertionError\w*)\b", caught)
        )


DIALECT = Java()
