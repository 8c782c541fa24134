"""No encoding hides what a program that reads bytes sees."""

import pytest

from readiness_checks.secrets.contents import lines_of
from support.made_up import TOKENS

LINE = f"TOKEN={TOKENS['github']}"


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe\n", b"\xfe\xff\n", b"\xff\xfe", b"\xff\xfe\0\0", b"a\0" * 200 + b"\n", b"\0a" * 200 + b"\n", b""],
    ids=["mark", "other mark", "mark alone", "wide mark", "NUL", "NUL before", "none"],
)
def test_plain_text_behind_the_mark_of_another_encoding_is_read(data: bytes) -> None:
    lines, binary = lines_of(data + LINE.encode() + b"\n")
    assert any(line.endswith(LINE) for line in lines)
    assert not binary


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_text_of_another_encoding_is_read_once(encoding: str) -> None:
    lines, binary = lines_of(f"# Größe\n{LINE}\n".encode(encoding))
    assert [line for line in lines if LINE in line] == [LINE]
    assert lines.index(LINE) == 1
    assert not binary
