"""Source files of every language are parsed, and their comments are told from text that looks like one."""

import pytest

from readiness.evidence.source import Comment, language_of, parse

FILES = {
    "a.py": b'x = "# no"  # yes\n',
    "a.js": b"const x = `// no` // yes\n",
    "a.ts": b'const x: string = "/* no */" // yes\n',
    "a.tsx": b"const x = <p>// no</p> // yes\n",
    "a.go": b'package a\nvar x = "// no" // yes\n',
    "a.rs": b'const X: &str = "// no"; // yes\n',
    "A.java": b'class A { String x = "// no"; } // yes\n',
    "a.kt": b'val x = "// no" // yes\n',
    "A.cs": b'class A { string x = "// no"; } // yes\n',
    "a.rb": b'x = "# no" # yes\n',
    "a.php": b'<p>// no</p><?php $x = "// no"; // yes\n',
}


@pytest.mark.parametrize("path", FILES)
def test_only_comments_are_comments(path: str) -> None:
    source = parse(path, FILES[path])
    assert source is not None
    assert not source.root.has_error
    (found,) = source.comments()
    assert found.text.strip("#/ ") == "yes"


def test_the_line_of_a_comment_is_counted_from_one() -> None:
    source = parse("a.py", b"x = 1\n\n# here\n")
    assert source is not None
    assert list(source.comments()) == [Comment("# here", 3)]


def test_python_is_read_in_the_encoding_that_it_declares() -> None:
    source = parse("a.py", b"# coding: utf-7\nx = 1 +ACM- hidden\n")
    assert source is not None
    assert [comment.text for comment in source.comments()] == ["# coding: utf-7", "# hidden"]


def test_utf_16_is_read() -> None:
    source = parse("A.cs", "class A { } // yes".encode("utf-16"))
    assert source is not None
    assert [comment.text for comment in source.comments()] == ["// yes"]


def test_a_file_of_no_known_language_is_not_parsed() -> None:
    assert language_of("notes.txt") == ""
    assert parse("notes.txt", b"# nosec") is None
