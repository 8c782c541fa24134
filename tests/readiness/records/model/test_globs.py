"""Patterns of `covers` match what a reader expects, hidden files included."""

import pytest

from readiness.records.model.globs import compiled, validate


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("templates/**", "templates/a.html", True),
        ("templates/**", "templates/deep/er/a.html", True),
        ("templates/**", "templates/.hidden", True),
        ("templates/**", "templates", False),
        ("templates/**", "other/templates/a.html", False),
        ("templates", "templates/deep/a.html", True),
        ("templates/", "templates/a.html", True),
        ("templates", "templates2/a.html", False),
        ("*.md", "README.md", True),
        ("*.md", "docs/README.md", False),
        ("**/*.md", "README.md", True),
        ("**/*.md", "docs/deep/README.md", True),
        ("**", "anything/at/all", True),
        ("a/**/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("a[!b]c", "a/c", False),
        ("a[!b]c", "axc", True),
        ("[ab].html", "b.html", True),
        ("[]].html", "].html", True),
        ("a.c", "abc", False),
        ("(a|b)", "a", False),
        ("A.md", "a.md", False),
    ],
)
def test_matching(pattern: str, path: str, *, matches: bool) -> None:
    validate(pattern)
    assert (compiled(pattern).fullmatch(path) is not None) is matches


@pytest.mark.parametrize(
    "pattern", ["", "/etc/*", "../*", "a/../b", "a\\b", ".git/**", "a[", "a[z-a]", "./a", "a\u202e"]
)
def test_patterns_that_leave_the_root_or_mean_nothing_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the text differs by kind
        validate(pattern)
