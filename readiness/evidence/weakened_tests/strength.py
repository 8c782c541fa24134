"""How much an assertion pins down, by the names of its matchers and the operators in what it asserts.

The names are those of the assertion libraries of ten languages, without their prefixes: `assertEqual`, `toEqual`,
`should_equal` and `isEqualTo` are all `equal`. What is not known counts as `Strength.PART`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from readiness.evidence.weakened_tests.dialect import Said
from readiness.evidence.weakened_tests.mention import names
from readiness.evidence.weakened_tests.model import Assertion, Strength
from readiness.evidence.weakened_tests.outline import Outline, vocabulary

if TYPE_CHECKING:
    from tree_sitter import Node

_EXACT = vocabulary(
    "equal equals eq eql be same sameas sameinstance sameinstanceas "
    "deepequal deepstrictequal strictequal strictequals arrayequals listequal "
    "dictequal setequal tupleequal sequenceequal countequal multilineequal identical identicalto exactly "
    "containexactly contenteq jsoneq yamleq iterableequals linesmatch areequal aresame equivalent equivalentto "
    "matchsnapshot matchinlinesnapshot almostequal closeto indelta inepsilon beapproximately "
    "havebeencalledwith havebeencalledoncewith calledwith calledoncewith lastcalledwith nthcalledwith "
    "havelength len hassize size count hascount havecount havesize lengthof havelengthof "
    "stringequalsfile havereturnedwith havetext havevalue haveurl havetitle equalto "
    "null none nil undefined benull beundefined benil false befalse empty beempty"
)
_PRESENCE = vocabulary(
    "true betrue notnull notnone notnil defined bedefined truthy betruthy beok ok exist exists present bepresent "
    "notempty nonnull notundefined some havebeencalled called notbenull notbeundefined notbenil notbeempty "
    "notnothing any predicate that"
)
_PREFIX = re.compile(r"^(?:assert|to|should|must|is|was)+(?=.)")
_EQUALS = frozenset({"==", "===", "is"})
_COMPARES = frozenset({"==", "===", "is", "!=", "!==", "<", ">", "<=", ">=", "in", "instanceof", "=~"})
_JOINS = frozenset({"and", "or", "&&", "||"})
_OPENS, _CLOSES = frozenset("([{"), frozenset(")]}")
_TRUE = frozenset({"True", "true", "1", "! 0", "! false", "not False", "TRUE"})
_NOTHING = frozenset({"None", "null", "nil", "undefined", "NULL"})
_LITERAL = re.compile(r"string|int|float|number|true|false|bool|null|nil|none|decimal|char|real|symbol")
_FAILS = re.compile(r"fail|raise|throw|reject|unreachable|error|fatal|panic", re.IGNORECASE)
_DECLARATION = re.compile(r"^\(|\)$")


def assertion(outline: Outline, said: Said) -> Assertion:
    """What an assertion says, with its strength."""
    texts = [outline.words(node) for node in said.operands] if said.texts is None else list(said.texts)
    single = len(texts) == 1 or (bool(texts) and bool(said.operands) and _only_messages(said.operands[1:]))
    if _name(said.name) == "that" and texts[1:]:
        said, texts = _of_matcher(said, texts)
    parts = split(texts[0].split(" ")) if single else None
    strength = _trivial(said, texts, parts)
    if strength is None:
        strength = _by_name(said.name, texts, parts)
    of_parts = (parts or ((), ()))[0]
    literal = {text for text, node in zip(texts, said.operands, strict=False) if _is_string(node)}
    operands = tuple(dict.fromkeys([*texts, *of_parts]))
    subjects = tuple(operand for operand in operands if said.texts is not None or operand not in literal)
    line = said.whole.start_point.row + 1
    return Assertion(outline.words(said.whole), line, strength, operands, subjects, names(said.whole))


def _is_string(node: "Node") -> bool:
    """A literal string, also as the only thing in an argument of C#, Kotlin or PHP."""
    inner = node.named_children[0] if node.named_child_count == 1 and "argument" in node.type else node
    return "string" in inner.type or "heredoc" in inner.type


def _of_matcher(said: Said, texts: list[str]) -> tuple[Said, list[str]]:
    """`assertThat(x, is(3))` and `Assert.That(x, Is.EqualTo(3))` say it in their second argument."""
    name, _, rest = texts[1].partition(" ( ")
    return replace(said, name="that." + name.replace(" ", "")), [texts[0], rest.removesuffix(" )")]


def split(tokens: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The operands of a comparison, and its operators, outside of every bracket."""
    while len(tokens) > 1 and tokens[0] == "(" and _closing(tokens) == len(tokens) - 1:
        tokens = tokens[1:-1]
    operands: list[list[str]] = [[]]
    operators, depth = [], 0
    for token in tokens:
        depth += (token in _OPENS) - (token in _CLOSES)
        if depth == 0 and (token in _COMPARES or token in _JOINS):
            operators.append(token)
            operands.append([])
        else:
            operands[-1].append(token)
    return tuple(" ".join(operand) for operand in operands), tuple(operators)


def _closing(tokens: Sequence[str]) -> int:
    depth = 0
    for at, token in enumerate(tokens):
        depth += (token in _OPENS) - (token in _CLOSES)
        if depth == 0:
            return at
    return -1


def _only_messages(nodes: Sequence["Node"]) -> bool:
    return all(_is_string(node) for node in nodes)


def _trivial(said: Said, texts: list[str], parts: tuple[tuple[str, ...], tuple[str, ...]] | None) -> Strength | None:
    """`NOTHING` for what cannot fail: a constant, a value compared with itself, `or True`."""
    if (
        not texts
        or said.name.startswith(".")
        or _FAILS.search(said.name)
        or re.search(r"\bnot\b|Not|(^|_)not_|refute", said.name)
    ):
        return None
    if said.operands and said.name == "assert" and said.operands[0].type == "tuple":
        return Strength.NOTHING
    if parts is not None:
        return _of_constants(said, *parts)
    same = texts[0] == texts[1] and texts[0] and _name(said.name) in _EXACT
    after_message = texts[1] in _TRUE and _name(said.name) == "true" and _only_messages(said.operands[:1])
    return Strength.NOTHING if same or after_message else None


def _of_constants(said: Said, operands: tuple[str, ...], operators: tuple[str, ...]) -> Strength | None:
    alternatives = "or" in operators or "||" in operators
    always = alternatives and any(operand in _TRUE for operand in operands)
    same = len(operators) == 1 and operators[0] in _EQUALS and operands[0] == operands[1]
    constant = not operators and (operands[0] in _TRUE or (said.operands and _is_string(said.operands[0])))
    return Strength.NOTHING if always or same or constant else None


def _by_name(name: str, texts: list[str], parts: tuple[tuple[str, ...], tuple[str, ...]] | None) -> Strength:
    last = _name(name)
    if any(text.startswith("expect . any") for text in texts[1:2]):
        return Strength.PRESENCE
    if last in _EXACT and len(texts) > 1 and any(text in _TRUE - {"1"} for text in texts[:2]):
        return Strength.PRESENCE
    if parts is not None and (last in _PRESENCE or last in {"assert", "expect", "require", "check"}):
        return _of_operators(*parts)
    if re.search(r"\bnot\b", name, re.IGNORECASE) or last.startswith("not"):
        known = last in _PRESENCE or "not" + last in _PRESENCE or any(text in _NOTHING for text in texts[1:2])
        return Strength.PRESENCE if known else Strength.PART
    if last in _EXACT:
        return Strength.EXACT
    return Strength.PRESENCE if last in _PRESENCE else Strength.PART


def _of_operators(operands: tuple[str, ...], operators: tuple[str, ...]) -> Strength:
    if "or" in operators or "||" in operators:
        return Strength.PART
    if not operators:
        return Strength.EXACT if operands[0].startswith(("not ", "! ")) else Strength.PRESENCE
    nothing = any(operand in _NOTHING or operand.removeprefix("not ") in _NOTHING for operand in operands)
    if nothing and (set(operators) & {"!=", "!=="} or any(operand.startswith("not ") for operand in operands)):
        return Strength.PRESENCE
    if any(operand in _TRUE - {"1"} for operand in operands):
        return Strength.PRESENCE
    return Strength.EXACT if set(operators) & _EQUALS else Strength.PART


def _name(name: str) -> str:
    """The last matcher, without its prefix and in one case: `assert_equal` and `toEqual` are `equal`."""
    last = re.sub(r"[_!?]", "", name.rpartition(".")[2]).lower()
    return _PREFIX.sub("", last)
