"""PHP: PHPUnit and Pest."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from readiness.evidence.source import walk
from readiness.evidence.weakened_tests.dialect import Declared
from readiness.evidence.weakened_tests.languages.base import LINKS, SET_ASIDE, TESTING, Chained
from readiness.evidence.weakened_tests.model import Mark
from readiness.evidence.weakened_tests.outline import Outline, Part, vocabulary

if TYPE_CHECKING:
    from tree_sitter import Node

_PEST = vocabulary("it test describe todo arch")
_FUNCTIONS = frozenset({"anonymous_function", "arrow_function", "anonymous_function_creation_expression"})
_HOOKS = vocabulary("setUp setUpBeforeClass beforeEach beforeAll")
_CALLABLE = re.compile(rb"expect\(\$\w+\)->toBeCallable\(\)|is_callable\(\$\w+\)|assertIsCallable\(\$\w+\)")
_REQUIRES = re.compile(r"#?\[?\b(?:Requires\w+)\b[^\]\n]*|@requires\s+[^\n*]+")


class Php(Chained):
    """PHP."""

    calls = frozenset(
        {
            "function_call_expression",
            "member_call_expression",
            "nullsafe_member_call_expression",
            "scoped_call_expression",
        }
    )
    transparent = calls | {"expression_statement"}
    branches = frozenset({"catch_clause", "if_statement", "switch_statement"})
    functions = _FUNCTIONS
    kinds = calls | {
        "class_declaration", "trait_declaration", "method_declaration", "function_definition", "anonymous_function",
        "arrow_function", "if_statement", "while_statement", "for_statement", "foreach_statement", "try_statement",
        "switch_statement", "return_statement", "throw_expression", "expression_statement",
        "continue_statement", "catch_clause",
    }  # fmt: skip
    chain = {
        "function_call_expression": ("function", ""),
        "member_call_expression": ("object", "name"),
        "nullsafe_member_call_expression": ("object", "name"),
        "scoped_call_expression": ("scope", "name"),
        "member_access_expression": ("object", "name"),
    }
    asserts = re.compile(
        r"^(?:\$?this|self|static|Assert|\w{0,100}Assert\w{0,100})\.(?:assert|fail$|expect(?!NotToPerform))\w*$|^expect(?:\.|$)|\.should[A-Z]?\w*$"
        r"|(?:^|\.)(?:assert|check|verify)[A-Z]\w*$|^assert\w*$|\.expects(?:\.|$)"
    )
    skips = re.compile(
        r"^(?:\$?this|self|static)\.markTest(?:Skipped|Incomplete)\w*$|^markTest\w+$|^(?:\$?this)\.skip$"
    )

    def conventional(self, path: PurePosixPath) -> bool:
        """The default suffix of PHPUnit, and the folder of Pest."""
        return path.name.endswith("Test.php") or path.suffix == ".phpt" or path.name == "Pest.php"

    def holds_tests(self, path: PurePosixPath, content: bytes) -> bool:
        """Folders of tests, and classes of PHPUnit."""
        return bool(TESTING.search(str(path))) or b"TestCase" in content

    def declared(self, outline: Outline, part: Part) -> Declared | None:
        """Methods, functions, and the calls of Pest."""
        if part.kind == "function_call_expression":
            return self._pest(outline, part)
        named, body = part.node.child_by_field_name("name"), part.node.child_by_field_name("body")
        if named is None or body is None or ("_declaration" not in part.kind and part.kind != "function_definition"):
            return None
        name = outline.text(named)
        said = _said_above(outline, part.node)
        marks = tuple(
            Mark("test-skipped", found[0].strip(), part.line, conditional=True) for found in _REQUIRES.finditer(said)
        )
        marks += tuple(_left_out(outline, part, said))
        if part.kind in {"class_declaration", "trait_declaration"}:
            head = outline.source.content[part.start : named.start_byte]
            abstract = (
                (Mark("test-not-collected", f"abstract {name}", part.line, conditional=True),)
                if b"abstract" in head
                else ()
            )
            return Declared("suite", name, body, (*marks, *abstract))
        public = not re.search(r"\b(?:private|protected)\b", outline.text(part.node).partition("function")[0])
        marked = re.search(r"@test\b|#\[.{0,500}\bTest\b(?!\w)", said) is not None
        if (
            part.kind == "method_declaration"
            and public
            and name not in outline.providers
            and (name.startswith("test") or marked)
        ):
            rows = tuple(
                " ".join(re.findall(r"\w+", row)) for row in re.findall(r"\bTestWith(?:Json)?\(([^\n]*)\)", said)
            )
            block = re.search(r"@testWith\b((?:[^\n]*\[[^\n]*(?:\n|$))+)", said)
            rows += tuple(re.findall(r"(?<!\[)\[[^\n]{0,5000}\]", block[1])) if block else ()
            return Declared("test", name, body, marks, cases=rows or None)
        cases = _returned(outline, body) if name in outline.providers else None
        return Declared("hook" if name in _HOOKS else "function", name, body, cases=cases)

    def _pest(self, outline: Outline, part: Part) -> Declared | None:
        names, _ = self.chained(outline, part)
        arguments = [
            argument.named_children[-1] for argument in self.arguments_of(part.node) if argument.named_children
        ]
        if len(names) != 1 or names[0] not in _PEST | _HOOKS or not arguments:
            return None
        function = next((node for node in arguments if node.type in _FUNCTIONS), None)
        body = function.child_by_field_name("body") if function is not None else None
        if names[0] in _HOOKS:
            return Declared("hook", names[0], body) if body is not None else None
        if "string" not in arguments[0].type:
            return None
        links = [
            name for name in _links(outline, part) if name in {"skip", "todo", "only", "fails", "throwsNoExceptions"}
        ]
        off = [name for name in links if name in {"skip", "todo", "fails"}] or (
            ["todo"] if names[0] == "todo" or body is None else []
        )
        marks = tuple(Mark("test-skipped", f"->{name}()", part.line) for name in off)
        title = outline.text(arguments[0]).strip("\"'")
        kind = "suite" if names[0] == "describe" else "test"
        only = "->only()" if "only" in links else ""
        return Declared(kind, title, body or part.node, marks, only, _dataset(outline, part))

    def names(self, outline: Outline, node: "Node | None", links: int = LINKS) -> tuple[list[str], list["Node"]]:
        """Without the sign of a variable."""
        names, called = super().names(outline, node, links)
        return [name.lstrip("$") for name in names], called

    def idles(self, outline: Outline, around: Part, inner: Part) -> bool:
        """A closure that is kept in a variable and not called, besides the others."""
        if around.kind in _FUNCTIONS and inner.start > around.start:
            content = outline.source.content
            kept = re.search(rb"(\$\w+)\s*=\s*(?:static )?$", content[max(0, around.start - 60) : around.start])
            if kept is not None:
                rest = _CALLABLE.sub(b"", content[around.end : around.end + 5000].partition(b"\n}")[0])
                return re.search(re.escape(kept[1]) + rb"\b", rest) is None
        return super().idles(outline, around, inner)

    def leaves(self, outline: Outline, part: Part) -> bool:
        """`throw` besides `return`."""
        return part.kind == "throw_expression" or super().leaves(outline, part)

    def ignores(self, outline: Outline, handler: "Node") -> bool:
        """`catch (Throwable) {}`."""
        caught = outline.text(handler).partition("{")[0]
        return super().ignores(outline, handler) and bool(
            re.search(r"Throwable|\bException\b|Assertion|ExpectationFailed", caught)
        )


def _left_out(outline: Outline, part: Part, said: str) -> Iterator[Mark]:
    """Groups by which people leave tests out, and what a test depends on that is not there."""
    for found in re.findall(r"@group\s+[\w-]+|#\[Group\([^)]*\)", said):
        if SET_ASIDE.search(found):
            yield Mark("test-skipped", found, part.line, conditional=True)
    for name in re.findall(r"@depends\s+(\w+)\s|\bDepends\(\s*['\"](\w+)", said):
        wanted = "".join(name)
        if f"function {wanted}".encode() not in outline.source.content:
            yield Mark("test-skipped", f"depends on {wanted}", part.line)


def _returned(outline: Outline, body: "Node") -> tuple[str, ...] | None:
    """The rows of a provider that returns an array."""
    array = next((node for node in walk(body) if node.type == "array_creation_expression"), None)
    return None if array is None else tuple(outline.words(child) for child in array.named_children)


def _dataset(outline: Outline, part: Part) -> tuple[str, ...] | None:
    """The rows of `->with([…])`."""
    above = part.parent
    while above is not None and above.start == part.start and above.kind == "member_call_expression":
        named, given = above.node.child_by_field_name("name"), above.node.child_by_field_name("arguments")
        if named is not None and given is not None and outline.text(named) == "with":
            return _returned(outline, given)
        above = above.parent
    return None


def _said_above(outline: Outline, node: "Node") -> str:
    """The attributes of a declaration, and the comment above it."""
    attributes = node.child_by_field_name("attributes")
    above = node.prev_named_sibling
    comment = outline.text(above) if above is not None and above.type == "comment" else ""
    return comment + (outline.text(attributes) if attributes is not None else "")


def _links(outline: Outline, part: Part) -> list[str]:
    """The names that follow a call in its chain."""
    names = []
    above = part.parent
    while above is not None and above.start == part.start:
        named = above.node.child_by_field_name("name") if above.kind == "member_call_expression" else None
        if named is not None:
            names.append(outline.text(named))
        above = above.parent
    return names


DIALECT = Php()
