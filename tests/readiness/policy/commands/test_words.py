"""How a command line is split: words without quotes, redirections, and what only a run would tell."""

import pytest

from readiness.policy.commands.words import UNKNOWN, split

X = UNKNOWN


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a b", [["a", "b"]]),
        ("a 'b c' \"d e\" f\\ g", [["a", "b c", "d e", "f g"]]),
        ("a && b || c; d & e | f\ng", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"], ["g"]]),
        ("a # b\nc#d", [["a"], ["c#d"]]),
        ("a \\\n b", [["a", "b"]]),
        ("a > b 2>&1 >> c &> d", [["a"]]),
        ("a <<X\nb", [["a"], ["b"]]),
        ("A=1; a $A ${A} \"$A\" '$A'", [["A=1"], ["a", "1", "1", "1", "$A"]]),
        ('a $B x${B}y "$B/c" $(d) `e` $1', [["a", X, f"x{X}y", f"{X}/c", X, X, X]]),
        ("a ${B:-c} ${B-c/d} ${B%x}", [["a", "c", "c/d", X]]),
        ("for f in a b; do c $f; done", [["do", "c", "a", "b"], ["done"]]),
        ("(a; b) && { c; }", [["a"], ["b"], ["{", "c"], ["}"]]),
        ("a 'b", [["a", "b"]]),
        ('a "b $(c "d")" e', [["a", f"b {X}", "e"]]),
        ("a ''", [["a", ""]]),
        ("", []),
    ],
)
def test_words(text: str, words: list[list[str]]) -> None:
    assert [one.words for one in split(text) if one.words] == words


def test_what_a_command_reads_and_what_reads_it() -> None:
    first, second, third = split('a < b "$(c \'d)\')" | e <(f | g) <<< "h i"; j')
    assert (first.reads, first.inner, first.piped) == (["b"], ["c 'd)'"], True)
    assert (second.inner, second.piped) == (["f | g", "h i"], False)
    assert third.words == ["j"]
