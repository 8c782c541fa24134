"""Go: the specs of Ginkgo and the matchers of Gomega."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from readiness.evidence.weakened_tests.dialect import Declared, Said
from readiness.evidence.weakened_tests.model import Mark
from readiness.evidence.weakened_tests.outline import Outline, Part

if TYPE_CHECKING:
    from tree_sitter import Node

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
