"""Makes the mutants of a module: its source with one small fault each, by the operators of mutmut."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import libcst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators, operator_arg_removal, operator_string

_SKIPPED = (libcst.Annotation, libcst.Decorator, libcst.Import, libcst.ImportFrom, libcst.Assert)
_TEXTS = (libcst.SimpleString, libcst.FormattedString, libcst.ConcatenatedString)
_GENERIC = {"Annotated", "Callable", "Literal", "Mapping", "dict", "frozenset", "list", "set", "tuple", "type"}
_SEED = "7"
"""Of the sample."""


@dataclass(frozen=True)
class Mutant:
    """One small fault in one module."""

    identity: str
    """Stays as long as the changed statement and the function around it keep their text."""
    path: str
    """Of the module, from the top of the repository."""
    function: str
    """Qualified name of what holds the fault; empty for the module itself."""
    lines: tuple[int, int]
    """First and last line of the statement that is changed, or of the changed part of its head."""
    change: str
    """The changed code, before and after."""
    source: str
    """The whole module with the fault."""


def mutants_of(root: Path, path: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its source.

    Texts for a reader (those with a space) and docstrings stay as they are: their wording is held where it matters,
    and a fault in it changes no decision. Annotations, decorators and imports stay, too.

    Args:
        root: Top of the repository.
        path: Of the module, from there.
    """
    text = (root / path).read_text()
    wrapper = MetadataWrapper(libcst.parse_module(text), unsafe_skip_copy=True)
    module, positions = wrapper.module, wrapper.resolve(PositionProvider)
    starts = [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]
    seen: Counter[str] = Counter()
    for function, statement, node in _nodes(module, "", module):
        for changed in _changes(node):
            before, after = _code(module, node), _code(module, changed)
            if before == after:
                continue
            where, around = positions[node], positions[statement if statement is not module else node]
            span = slice(*(starts[place.line - 1] + place.column for place in (where.start, where.end)))
            source = _replaced(module, node, changed, text, span)
            try:
                compile(source, path, "exec")
            except SyntaxError:
                continue
            change = f"{before} → {after}"
            seen[f"{function} {change}"] += 1
            named = f"{path} {function} {change} {seen[f'{function} {change}']}"
            yield Mutant(
                identity=hashlib.sha256(named.encode()).hexdigest()[:10],
                path=path,
                function=function,
                lines=(around.start.line, around.end.line),
                change=change,
                source=source,
            )


def sampled(mutants: Sequence[Mutant], size: int) -> list[Mutant]:
    """So many of the mutants, drawn at random; the same ones each time, and a larger sample holds the smaller one.

    Args:
        mutants: All of a target.
        size: How many to draw; all when there are not more.
    """

    def drawn(mutant: Mutant) -> str:
        return hashlib.sha256(f"{_SEED} {mutant.identity}".encode()).hexdigest()

    return sorted(mutants, key=drawn)[:size] if size < len(mutants) else list(mutants)


def _replaced(module: libcst.Module, node: libcst.CSTNode, changed: libcst.CSTNode, text: str, span: slice) -> str:
    """The source with a node changed: by its place in the text where that holds just the node, which is faster."""
    before, after = (str(module.code_for_node(each)).strip() for each in (node, changed))
    if text[span] == before:
        return text[: span.start] + after + text[span.stop :]
    return str(module.deep_replace(node, changed).code)


def _nodes(
    node: libcst.CSTNode, function: str, statement: libcst.CSTNode
) -> Iterator[tuple[str, libcst.CSTNode, libcst.CSTNode]]:
    """Every node that may be changed, with the qualified name of the function around it and its simple statement."""
    if isinstance(node, _SKIPPED) or _is_docstring(node) or _is_declaration(node) or _is_reading_text(node):
        return
    if isinstance(node, libcst.FunctionDef | libcst.ClassDef):
        function = f"{function}.{node.name.value}" if function else node.name.value
    if isinstance(node, libcst.SimpleStatementLine):
        statement = node
    yield function, statement, node
    for child in node.children:
        yield from _nodes(child, function, statement)


def _changes(node: libcst.CSTNode) -> Iterator[libcst.CSTNode]:
    for kind, operator in mutation_operators:
        if not isinstance(node, kind):
            continue
        if operator is operator_arg_removal:
            yield from _without_arguments(node)
        elif operator is operator_string:
            yield from list(operator(node))[:1]  # further ones only change upper and lower case
        else:
            yield from operator(node)


def _without_arguments(call: libcst.Call) -> Iterator[libcst.CSTNode]:
    """A call with one argument less where it has a name, and with None in its place where it has not."""
    for number, argument in enumerate(call.args):
        if argument.star or _is_reading_text(argument.value):
            continue
        if argument.keyword is not None:
            yield call.with_changes(args=[*call.args[:number], *call.args[number + 1 :]])
        elif not (isinstance(argument.value, libcst.Name) and argument.value.value == "None"):
            nothing = argument.with_changes(value=libcst.Name("None"))
            yield call.with_changes(args=[*call.args[:number], nothing, *call.args[number + 1 :]])


def _is_docstring(node: libcst.CSTNode) -> bool:
    return isinstance(node, libcst.Expr) and isinstance(node.value, libcst.SimpleString | libcst.ConcatenatedString)


def _is_declaration(node: libcst.CSTNode) -> bool:
    """Whether a name is given to a type, or the public names are listed: no decision rests on it."""
    if not isinstance(node, libcst.Assign):
        return False
    if _code(libcst.Module([]), node.targets[0].target) == "__all__":
        return True
    value = node.value
    if isinstance(value, libcst.Call) and _code(libcst.Module([]), value.func) == "TypeVar":
        return True
    while isinstance(value, libcst.BinaryOperation):  # `tuple[str, float] | None`
        value = value.left
    return isinstance(value, libcst.Subscript) and _code(libcst.Module([]), value.value) in _GENERIC


def _is_reading_text(node: libcst.CSTNode) -> bool:
    return isinstance(node, _TEXTS) and " " in _code(libcst.Module([]), node)


def _code(module: libcst.Module, node: libcst.CSTNode) -> str:
    text: str = module.code_for_node(node)
    return " ".join(text.split())
