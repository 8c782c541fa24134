"""Globs choose paths as a reader expects."""

import pytest

from readiness_checks.reading.globs import glob_pattern


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        (".", "a/b.py", True),
        ("", "a/b.py", True),
        ("./a", "a/b.py", True),
        ("a", "a/b/c.py", True),
        ("a/", "a/b/c.py", True),
        ("a", "ab/c.py", False),
        ("a.b", "axb", False),
        ("*.py", "x.py", True),
        ("*.py", "a/x.py", False),
        ("**/*.py", "x.py", True),
        ("**/*.py", "a/b/x.py", True),
        ("a/**", "a/b/x.py", True),
        ("a/?.py", "a/x.py", True),
        ("a/?.py", "a/xy.py", False),
        ("[x].py", "[x].py", True),
        ("f\u00fc*", "f\u00fcr.txt", True),
    ],
)
def test_a_glob_matches_whole_paths(glob: str, path: str, *, matches: bool) -> None:
    assert (glob_pattern(glob).fullmatch(path) is not None) is matches
