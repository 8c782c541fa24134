"""How much an assertion pins down, by the names of its matchers and the operators in what it asserts.

The names are those of the assertion libraries of ten languages, without their prefixes: `assertEqual`, `toEqual`,
`should_equal` and `isEqualTo` are all `equal`. What is not known counts as `Strength.PART`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from readiness.evidence.weakened_tests.dialect import Said
from readiness.evidence.weakened_tests.identifiers import names
from readiness.evidence.weakened_tests.model import Assertion, Strength
from readiness.evidence.weakened_tests.outline import Outline, vocabulary
from readiness.evidence.weakened_tests.trivial import EQUALS, EXACT, TRUE, is_string, matcher, only_messages, trivial

_PRESENCE = vocabulary(
    "true betrue notnull notnone notnil defined bedefined truthy betruthy beok ok exist exists present bepresent "
    "notempty nonnull notundefined some havebeencalled called notbenull notbeundefined notbenil notbeempty "
    "notnothing any predicate that doesnotthrow nothingraised notraise notthrow exists visible bevisible toexist "
    "shouldexist"
)
_COMPARES = frozenset({"==", "===", "is", "!=", "!==", "<", ">", "<=", ">=", "in", "instanceof", "=~"})
_JOINS = frozenset({"and", "or", "&&", "||"})
_OPENS, _CLOSES = frozenset("([{"), frozenset(")]}")
_NOTHING = frozenset({"None", "null", "nil", "undefined", "NULL"})
_LITERAL = re.compile(r"string|int|float|number|true|false|bool|null|nil|none|decimal|char|real|symbol")
_WITH_ARGUMENTS = re.compile(r"^matches !|\. \w+ \( [^)][^()]*\)$")
_HAS_ANY = re.compile(r"is_?[eE]mpty|\. empty")
_KIND_OF = re.compile(r"(?:hasattr|callable|isinstance|issubclass|bool) \(")
_COUNTED = re.compile(r"^len \(|\. (?:length|size|count|Count|Length|len)\b")
_IS_EQUAL = re.compile(r"^(?!.*(?:not|greater|less|than)).*equals?$")
"""`assert_frame_equal`, `assertQuerySetEqual`, …"""
_ALL_OF_THEM = frozenset({"contains", "arraycontaining", "containsinanyorder", "arraycontaininginanyorder"})
_PREDICATES = frozenset({"true", "betrue", "ok", "beok", "that", "predicate", "truthy", "betruthy", "any", "some"})


def assertion(outline: Outline, said: Said) -> Assertion:
    """What an assertion says, with its strength."""
    texts = [outline.words(node) for node in said.operands] if said.texts is None else list(said.texts)
    single = len(texts) == 1 or (bool(texts) and bool(said.operands) and only_messages(said.operands[1:]))
    if matcher(said.name) == "that" and texts[1:]:
        said, texts = _of_matcher(said, texts)
    parts = split(texts[0].split(" ")) if single else None
    strength = trivial(said, texts, parts)
    if strength is None:
        strength = _by_name(said.name, texts, parts)
    of_parts = (parts or ((), ()))[0]
    literal = {text for text, node in zip(texts, said.operands, strict=False) if is_string(node)}
    operands = tuple(dict.fromkeys([*texts, *of_parts]))
    subjects = tuple(operand for operand in operands if said.texts is not None or operand not in literal)
    line = said.whole.start_point.row + 1
    text = (
        outline.words(said.whole)
        if said.before is None
        else f"{outline.words(said.before)} {outline.words(said.whole)}"
    )
    named = names(said.whole) if said.before is None else names(said.whole) | names(said.before)
    return Assertion(text, line, strength, operands, subjects, named)


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


def _by_name(name: str, texts: list[str], parts: tuple[tuple[str, ...], tuple[str, ...]] | None) -> Strength:
    last = matcher(name)
    if name == "fail" and parts is not None:
        return _of_failure(*parts)
    if _is_of_a_kind(last, texts) or (parts is not None and not parts[1] and last in _PRESENCE - _PREDICATES):
        return Strength.PRESENCE
    if parts is not None and (last in _PRESENCE or last in {"assert", "expect", "require", "check"}):
        return _of_operators(*parts)
    if (re.search(r"\bnot\b", name, re.IGNORECASE) or last.startswith("not")) and not _pins(name, last):
        known = last in _PRESENCE or "not" + last in _PRESENCE or any(text in _NOTHING for text in texts[1:2])
        return Strength.PRESENCE if known else Strength.PART
    if last in EXACT or _pins(name, last) or _IS_EQUAL.search(last):
        return Strength.EXACT
    return Strength.PRESENCE if last in _PRESENCE else Strength.PART


def _is_of_a_kind(last: str, texts: list[str]) -> bool:
    """Whether a value is only said to be of a type, or true."""
    if (texts and texts[0].startswith("typeof ")) or any(text.startswith("expect . any") for text in texts[1:2]):
        return True
    return last in EXACT and len(texts) > 1 and any(text.rpartition(" . ")[2] in TRUE - {"1"} for text in texts[:2])


def _pins(name: str, last: str) -> bool:
    """Whether a matcher names all the elements that there are."""
    whole = last.startswith(("containsexactly", "containexactly"))
    return whole or (name.startswith("that.") and "not" not in name.lower() and last in _ALL_OF_THEM)


def _of_failure(operands: tuple[str, ...], operators: tuple[str, ...]) -> Strength:
    """What `if got != want { fail }` pins down: the opposite of its condition."""
    if len(operators) != 1:
        return Strength.PART
    if operators[0] in {"!=", "!=="}:
        return Strength.EXACT
    return Strength.PRESENCE if operators[0] in EQUALS and any(one in _NOTHING for one in operands) else Strength.PART


def _of_operators(operands: tuple[str, ...], operators: tuple[str, ...]) -> Strength:
    if not operators:
        return _of_predicate(operands[0])
    if "or" in operators or "||" in operators:
        return Strength.PRESENCE if any(re.fullmatch(r"\w+", operand) for operand in operands) else Strength.PART
    if _says_that_there_is(operands, operators) or any(operand in TRUE - {"1"} for operand in operands):
        return Strength.PRESENCE
    return Strength.EXACT if set(operators) & EQUALS else Strength.PART


def _says_that_there_is(operands: tuple[str, ...], operators: tuple[str, ...]) -> bool:
    """Whether a comparison holds for nearly every value: not nothing, more than none, of a type, both true."""
    negated = any(one.startswith(("not ", "! ")) for one in operands)
    if operators in {(">",), (">=",)} and _COUNTED.search(operands[0]) and operands[1] in {"0", "1"}:
        return True
    if any(re.match(r"(?:type \(|typeof )", operand) for operand in operands):
        return True
    if set(operators) <= {"and", "&&"} and not negated:
        return True
    nothing = any(operand in _NOTHING or operand.removeprefix("not ") in _NOTHING for operand in operands)
    return nothing and (bool(set(operators) & {"!=", "!=="}) or any(one.startswith("not ") for one in operands))


def _of_predicate(operand: str) -> Strength:
    """What one value that is true, or false, pins down."""
    if _KIND_OF.match(operand):
        return Strength.PRESENCE
    if operand.startswith(("not ", "! ")):
        return Strength.PRESENCE if _HAS_ANY.search(operand) else Strength.EXACT
    return Strength.PART if _WITH_ARGUMENTS.search(operand) else Strength.PRESENCE
