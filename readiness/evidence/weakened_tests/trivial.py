"""Finds assertions that cannot fail: constants, and values that are compared with themselves, also by another name."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from readiness.evidence.weakened_tests.dialect import Said
from readiness.evidence.weakened_tests.model import Strength
from readiness.evidence.weakened_tests.outline import vocabulary

if TYPE_CHECKING:
    from tree_sitter import Node
from collections.abc import Mapping

from readiness.evidence.weakened_tests.model import Assertion
from readiness.evidence.weakened_tests.outline import words

EXACT = vocabulary(
    "equal equals eq eql be same sameas sameinstance sameinstanceas "
    "deepequal deepstrictequal strictequal strictequals arrayequals listequal "
    "dictequal setequal tupleequal sequenceequal countequal multilineequal identical identicalto exactly "
    "containexactly containsexactly containsonly contenteq noerror jsoneq yamleq iterableequals linesmatch areequal "
    "aresame equivalent equivalentto "
    "matchinlinesnapshot almostequal closeto indelta inepsilon beapproximately "
    "havebeencalledwith havebeencalledoncewith calledwith calledoncewith lastcalledwith nthcalledwith "
    "havelength len hassize size count hascount havecount havesize lengthof havelengthof "
    "stringequalsfile hasvalue havebeencalledtimes havereturnedwith havetext havevalue haveurl havetitle equalto "
    "null none nil undefined benull beundefined benil false befalse empty beempty"
)
_PAIR = 2
_PREFIX = re.compile(r"^(?:assert|to|should|must|is|was)+(?=.)")
EQUALS = frozenset({"==", "===", "is"})
TRUE = frozenset({"True", "true", "1", "! 0", "! false", "not False", "TRUE"})
_NEVER_FALSE = frozenset({"tuple", "lambda", "generator_expression"})
_NOT_NEGATIVE = re.compile(r"(?:len \(|\. (?:length|size|count|Count)\b|Count \().* >= 0$")
_ANYTHING = re.compile(r"(?<!\() _ \)$")
_ALL_TEXTS = frozenset({"/ . * /", "/ . + /", "/ . /", ". *", ". +", "^ . * $", "/ ^ /", "/ /"})
_PLAIN = frozenset({"", "assert", "true", "ok", "that", "expect", "truthy", "require", "check"})
"""Assertions that take one value: a string is always true."""
_MADE = re.compile(r"(?:new )?(?:[a-z_]\w* \. )*[A-Z]\w* (?:: : new )?\(")
"""Two objects that are made alike may well differ: that is what a test of equality asks."""
_MAY_FAIL = re.compile(
    r"^\.|(?i:fail|raise|throw|reject|unreachable|error|fatal|panic)|expect[A-Z]|\bnot\b|Not|(?:^|_)not_|refute"
)
"""Names of assertions that say more than that a value is true."""
_OPPOSITE = (("is_ok", "is_err"), ("is_some", "is_none"), ("==", "!="), ("isPresent", "isEmpty"))


def is_string(node: "Node") -> bool:
    """A literal string, also as the only thing in an argument of C#, Kotlin or PHP."""
    inner = node.named_children[0] if node.named_child_count == 1 and "argument" in node.type else node
    return "string" in inner.type or "heredoc" in inner.type


def only_messages(nodes: Sequence["Node"]) -> bool:
    """Whether all of these are literal strings."""
    return all(is_string(node) for node in nodes)


def trivial(said: Said, texts: list[str], parts: tuple[tuple[str, ...], tuple[str, ...]] | None) -> Strength | None:
    """`NOTHING` for what cannot fail: a constant, a value compared with itself, `or True`."""
    if said.name == "nothing":
        return Strength.NOTHING
    if said.name == "fail" and parts is not None and len(parts[1]) == 1 and parts[1][0] in {"!=", "!=="}:
        return Strength.NOTHING if parts[0][0] == parts[0][1] else None
    if not texts or _MAY_FAIL.search(said.name):
        return None
    never_false = said.operands and said.name == "assert" and said.operands[0].type in _NEVER_FALSE
    if never_false or texts[-1] in _ALL_TEXTS:
        return Strength.NOTHING
    if parts is not None:
        return _of_constants(said, *parts)
    either = {"true", "false"} <= set(texts[1:]) and len(texts) > _PAIR
    made = _MADE.match(texts[0]) is not None
    same = either or (texts[0] == texts[1] and texts[0] and not made and matcher(said.name) in EXACT)
    after_message = texts[1] in TRUE and matcher(said.name) == "true" and only_messages(said.operands[:1])
    return Strength.NOTHING if same or after_message else None


def _of_constants(said: Said, operands: tuple[str, ...], operators: tuple[str, ...]) -> Strength | None:
    alternatives = "or" in operators or "||" in operators
    always = alternatives and (any(operand in TRUE for operand in operands) or _are_opposite(operands, operators))
    same = (
        len(operators) == 1 and operators[0] in EQUALS and operands[0] == operands[1] and not _MADE.match(operands[0])
    )
    constant = bool(operators and _NOT_NEGATIVE.search(f"{operands[0]} {operators[0]} {operands[-1]}")) or (
        not operators
        and (
            (operands[0].startswith("matches ! (") and _ANYTHING.search(operands[0]) is not None)
            or (operands[0] in TRUE and (matcher(said.name) in _PLAIN or operands[0] != "1"))
            or (said.operands and matcher(said.name) in _PLAIN and is_string(said.operands[0]))
        )
    )
    return Strength.NOTHING if always or same or constant else None


def _are_opposite(operands: tuple[str, ...], operators: tuple[str, ...]) -> bool:
    """Whether one of two alternatives is the other's opposite."""
    if len(operators) != 1:
        return False
    one, other = operands
    if other in {f"not {one}", f"! {one}"} or one in {f"not {other}", f"! {other}"}:
        return True
    return any(one.replace(a, b) == other or one.replace(b, a) == other for a, b in _OPPOSITE if one != other)


def matcher(name: str) -> str:
    """The last matcher, without its prefix and in one case: `assert_equal` and `toEqual` are `equal`."""
    last = re.sub(r"[_!?]", "", name.rpartition(".")[2]).lower().replace("awaited", "called")
    return _PREFIX.sub("", last)


_LINKS = 3
_SIDES = 2
_EVERYWHERE = vocabulary(
    "len list dict set tuple str int float sorted map filter sum min max abs round array Number String"
)
_CALLED = re.compile(r"(?<!new )\b(\w+) \(")
_SAME = re.compile(
    r"(?<!\w)(?=\w*?(?:[eE]qual|[cC]ompare)|\w*(?:[dD]iff|[eE]q)\b)\w+ \( (?:t )?(\w+(?: [.()] \w+| \( \))*) \1 \)"
)
"""A comparison of a value with itself."""
_ALIAS = re.compile(
    r"^[ \t]*(?:(?:const|let|var|val|final|auto)\s+)?(?:[A-Z]\w*\s+)?[$]?(\w+)\s*(?::=|=)\s*"
    r"(?:await\s+)?([^=\n][^\n]{0,200}?);?[ \t]{0,20}$",
    re.MULTILINE,
)
_TUPLE = re.compile(
    r"^[ \t]*(?:(?:const|let|var|val)\s+)?[(\[]?(\w+(?:, ?\w+){1,5})[)\]]?\s*(?::=|=)\s*([^=\n][^\n]{0,300})",
    re.MULTILINE,
)
"""Several names for the parts of one value."""


def aliases(text: str) -> dict[str, str]:
    """Local names that stand for something else, each assigned once."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for name, value in _ALIAS.findall(text):
        if name in found:
            twice.add(name)
        found[name] = words(value)
    for names, value in _TUPLE.findall(text):
        found.update({name: f"{words(value)} [ {at} ]" for at, name in enumerate(re.findall(r"\w+", names))})
    return {name: value for name, value in found.items() if name not in twice}


def is_of_itself(stated: Assertion, known: Mapping[str, str]) -> bool:
    """Whether an assertion compares a value with itself under another name."""
    ends = [_end(operand, known) for operand in stated.operands[-2:]]
    if len(ends) > 1 and ends[0] == ends[1] and re.search(r"[A-Za-z]", ends[0]) is not None:
        return True
    return _SAME.search(" ".join(_end(word, known) for word in stated.text.split())) is not None


def calls_on_both_sides(stated: Assertion, known: Mapping[str, str]) -> set[str]:
    """The functions that make more than one side of a comparison, also by a local name."""
    made = [set(_CALLED.findall(end)) for end in _sides(stated, known)]
    return {name for at, one in enumerate(made) for other in made[at + 1 :] for name in one & other}


def calls_on_one_side(stated: Assertion, known: Mapping[str, str]) -> set[str]:
    """The functions that make one side of a comparison, where the other is written out: it has no names."""
    made = [set(_CALLED.findall(end)) for end in _sides(stated, known)]
    written = any(not any(word in stated.names for word in side.split()) for side in stated.operands)
    return set().union(*made) - _EVERYWHERE if written and len(made) == _SIDES and not all(made) else set()


def _sides(stated: Assertion, known: Mapping[str, str]) -> list[str]:
    """What an assertion compares, without a comparison as a whole, and without numbers beside two others."""
    first, *rest = stated.operands or ("",)
    sides = rest if len(rest) >= _SIDES and all(side in first for side in rest) else list(stated.operands)
    if len(sides) > _SIDES:
        sides = [side for side in sides if side and not side.isdigit() and not side.startswith(".")]
    return [_end(side, known) if side in stated.subjects else side for side in sides]


def _end(operand: str, known: Mapping[str, str]) -> str:
    for _ in range(_LINKS):
        if operand.lstrip("$ ") not in known:
            break
        operand = known[operand.lstrip("$ ")]
    return operand
