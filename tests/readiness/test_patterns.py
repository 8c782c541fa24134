"""No regular expression that the judging process uses takes time by the square of a text that somebody else wrote."""

from zlib import crc32

import pytest

from support.long import LONG
from support.patterns import Pattern, every_pattern
from support.slow_patterns import grows

_CONFIGURATION = "readiness/evidence/configuration"
BOUNDED = {
    "readiness/attestation/pem.py:_BLOCK": (16_384, "a file that is no larger than a key"),
    "readiness/diagnosis/machine.py:'([A-Za-z0-9._-]+)": (500, "the metadata of this distribution"),
    f"{_CONFIGURATION}/commands.py:_BEHIND": (4_000, "a command, up to LONGEST"),
    f"{_CONFIGURATION}/commands.py:_IGNORES": (4_000, "a command, up to LONGEST, without two blanks in a row"),
    f"{_CONFIGURATION}/commands.py:_INSTEAD": (4_000, "a command, up to LONGEST"),
    f"{_CONFIGURATION}/commands.py:_JUDGES": (4_000, "a command, up to LONGEST"),
    f"{_CONFIGURATION}/compare.py:source.file": (4_096, "the path of a file"),
    f"{_CONFIGURATION}/options.py:_NUMBERED": (4_000, "a command, up to LONGEST"),
    "readiness/init/results.py:_BEFORE": (255, "the name of a file"),
    "readiness/init/variables.py:_EXAMPLE": (255, "the name of a file"),
    "readiness/policy/commands/reads.py:_SHEBANG": (2_000, "one line, and so no line end that stops it"),
    "checks/readiness_checks/document/sections.py:_MARKUP": (500, "a heading, up to _LONGEST_HEADING"),
    "checks/readiness_checks/document/sections.py:'^\\\\W+|\\\\W+$'": (500, "a heading, up to _LONGEST_HEADING"),
    "checks/readiness_checks/document/sections.py:'\\\\S*": (500, "a heading, up to _LONGEST_HEADING"),
    "checks/readiness_checks/reading/timestamps.py:": (100, "a moment, up to _LONGEST"),
    "checks/readiness_checks/secrets/assignments.py:_SETS": (80, "what stands before a name, up to _BEFORE"),
    "checks/readiness_checks/secrets/assignments.py:_CALLED": (80, "what stands before a name, up to _BEFORE"),
    "checks/readiness_checks/secrets/assignments.py:_BEGINS": (80, "what stands before a name, up to _BEFORE"),
    "checks/readiness_checks/secrets/assignments.py:_COMMENT": (1_000, "a value, as long as one of `ways` may be"),
    "checks/readiness_checks/secrets/assignments.py:_SETTER": (100, "a name, up to _LONGEST_NAME"),
    "checks/readiness_checks/secrets/harmless.py:": (1_000, "a value, as long as one of `ways` may be"),
}
"""How an expression that takes time by the square is named, the longest text that it gets, and what that text is."""
READ_ELSEWHERE = {
    "readiness/diagnosis/needs.py:BY_NAME[project.stack].tools": "names of tools, joined",
    f"{_CONFIGURATION}/compare.py:'|'.join(sorted(": "the patterns of `source.file`, joined",
    f"{_CONFIGURATION}/compare.py:pattern": "aliases of the settings of a tool",
    f"{_CONFIGURATION}/documents.py:pattern": "one name, escaped, and endings of files",
    f"{_CONFIGURATION}/exemptions.py:takes_in": "TAKES_IN and INCLUDES",
    f"{_CONFIGURATION}/values.py:split": "signs between the entries of a list",
    "readiness/evidence/suppressions/marks.py:begin": "the beginnings of comments of templates",
    "readiness/evidence/weakened_tests/languages/annotated.py:self.unrun": "one word of a language",
    "readiness/evidence/weakened_tests/languages/base.py:kept": "the name of an error",
    "readiness/init/": "fields and names of files, tables of the same module",
    "readiness/records/model/globs.py:": "a pattern of `covers`: tests/readiness/test_long_texts.py",
    "readiness/leaks.py:": "values of secrets: tests/readiness/test_redaction.py",
    "readiness/redaction.py:": "values of secrets: tests/readiness/test_redaction.py",
    "readiness/strictness/structures.py:pattern": "what a check declares",
    "checks/readiness_checks/bandit/left_out.py:form": "names of files, and what begins them",
    "checks/readiness_checks/dependencies/lock_files.py:": "the name of a table",
    "checks/readiness_checks/document/check.py:": "what the checklist says",
    "checks/readiness_checks/document/vocabulary.py:": "words of vocabulary.toml, escaped",
    "checks/readiness_checks/env/formats.py:": "what the checklist says, and the formats of the same module",
    "checks/readiness_checks/headers/check.py:": "what the checklist says",
    "checks/readiness_checks/health/expectation.py:": "what the checklist says",
    "checks/readiness_checks/http/": "what the checklist says",
    "checks/readiness_checks/junit/findings.py:": "a glob of the checklist, as the standard library translates it",
    "checks/readiness_checks/reading/globs.py:": "a glob of the checklist",
}
"""Expressions that no source holds, by module and how they are called there, and where they come from."""
IN_WORKERS = (
    "readiness/evidence/configuration/",
    "readiness/evidence/suppressions/",
    "readiness/evidence/weakened_tests/",
    "checks/readiness_checks/",
)
"""Where expressions run in a process alone that is ended when it takes too long: they may take time by the square."""
SQUARE = 2_000
"""Characters for which these take less than `MUCH`: by the cube they take more, and those that double more still."""
_ONE_OF = 100
"""Of so many expressions, `make test` looks at one."""

FOUND, UNKNOWN = every_pattern() if LONG else ([], [])


def _longest(place: str) -> int:
    bound = next((longest for name, (longest, _why) in BOUNDED.items() if place.startswith(name)), 0)
    return bound or (SQUARE if place.startswith(IN_WORKERS) else 0)


if LONG:  # finding all patterns imports all modules

    @pytest.mark.long
    @pytest.mark.parametrize("pattern", FOUND, ids=lambda pattern: pattern.place)
    def test_a_pattern_takes_time_by_the_length_of_a_text(pattern: Pattern) -> None:
        assert not grows(pattern, _longest(pattern.place))

    @pytest.mark.long
    def test_the_patterns_are_found() -> None:
        assert len(FOUND) > 1_500
        assert {"search", "fullmatch", "sub"} <= {how for pattern in FOUND for how in pattern.methods}
        places = [f"{one.module}:{one.expression}" for one in UNKNOWN]
        assert [one for one in places if not one.startswith(tuple(READ_ELSEWHERE))] == []
        known = [*places, *(pattern.place for pattern in FOUND)]
        stale = [name for name in (*BOUNDED, *READ_ELSEWHERE) if not any(one.startswith(name) for one in known)]
        assert stale == []


else:

    def test_some_patterns_take_time_by_the_length_of_a_text() -> None:
        found, _ = every_pattern()
        some = [
            one for one in found if crc32(f"{one.place} {one.text}".encode("utf-8", "surrogatepass")) % _ONE_OF == 0
        ]
        assert len(some) > 10
        assert [(one.place, slow) for one in some if (slow := grows(one, _longest(one.place)))] == []


@pytest.mark.parametrize(
    ("text", "how", "slow"),
    [
        (r"\s+$", "sub", True),
        (r"(?<!\s)\s++$", "sub", False),
        (r"#\s*(a|b)*\s*;", "search", True),
        (r"(a|aa)+!", "match", True),
        (r"[a-z]{1,20}=", "search", False),
    ],
)
def test_a_slow_pattern_is_told_from_a_fast_one(text: str, how: str, *, slow: bool) -> None:
    assert bool(grows(Pattern(text, 0, frozenset({how}), "a.py:text"))) is slow


def test_one_that_is_slow_may_get_short_texts() -> None:
    assert not grows(Pattern(r"\s+$", 0, frozenset({"sub"}), "a.py:text"), 500)
    assert grows(Pattern(r"(a|aa)+!", 0, frozenset({"match"}), "a.py:text"), 500)


@pytest.mark.parametrize(("text", "slow"), [(r"\s+$", False), (r"\s*a?\s*\n\s*b", True)])
def test_one_that_takes_time_by_the_cube_is_told_from_one_by_the_square(text: str, *, slow: bool) -> None:
    assert bool(grows(Pattern(text, 0, frozenset({"search"}), "a.py:text"), SQUARE // 2)) is slow
