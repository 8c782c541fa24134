""".env files are read with the right lines, and what loaders understand differently is found."""

from pathlib import Path

import pytest

from readiness.outcome import CheckError
from readiness.testing import context
from readiness_checks.env.dotenv_files import DotenvFile, read


def load(root: Path, data: str | bytes, name: str = ".env", **outer: str) -> DotenvFile:
    (root / name).write_bytes(data.encode() if isinstance(data, str) else data)
    return read(context(root), name, outer)


def found(file: DotenvFile) -> list[tuple[str, int | None]]:
    return [(finding.rule, finding.line) for finding in file.findings]


def test_assignments_have_their_own_lines_despite_blank_lines_comments_and_long_values(tmp_path: Path) -> None:
    file = load(tmp_path, "\n\n# note\nA=1\n\n\nB=\"x\ny\"\nC='${A}' # why\nD=\n")
    assert [(v.name, v.value, v.line) for v in file.variables] == [
        ("A", "1", 4),
        ("B", "x\ny", 7),
        ("C", "${A}", 9),
        ("D", "", 10),
    ]
    assert found(file) == []


@pytest.mark.parametrize("line", ["just words", "A", "1A=x", "A-B=x", 'A="open', "A='open", "=x", 'A="x" y'])
def test_a_line_that_is_no_assignment_is_found(tmp_path: Path, line: str) -> None:
    file = load(tmp_path, f"OK=1\n\n{line}\n")
    assert ("malformed", 3) in found(file)


def test_a_name_that_is_set_twice_is_found_with_both_lines(tmp_path: Path) -> None:
    file = load(tmp_path, "A=1\nB=2\nA=3\n")
    assert found(file) == [("duplicate", 3)]
    assert "first in line 1" in file.findings[0].message


def test_references_are_replaced_and_those_to_nothing_are_found(tmp_path: Path) -> None:
    file = load(tmp_path, "A=1\nB=${A}${OUT}${GONE}${ELSE:-d}\nC=${EMPTY}\n", OUT="o", EMPTY="")
    assert [v.value for v in file.variables] == ["1", "1od", ""]
    assert found(file) == [("unresolved", 2)]
    assert "GONE" in file.findings[0].message


@pytest.mark.parametrize("value", ["kJ3hx$HTZ91Q", "$ecret91kQ", '"kJ3hx$HTZ91Q!"'])
def test_what_may_be_a_part_of_a_password_is_not_repeated(tmp_path: Path, value: str) -> None:
    file = load(tmp_path, f"DB_PASSWORD={value}\n")
    assert found(file) == [("unresolved", 1)]
    told = file.findings[0].message + file.findings[0].remedy
    assert not [part for part in ("HTZ91Q", "ecret91kQ") if part in told]


def test_references_that_double_are_refused_where_the_file_has_grown_too_large(tmp_path: Path) -> None:
    doubling = "A0=xxxxxxxxxxxxxxxx\n" + "".join(f"A{n + 1}=${{A{n}}}${{A{n}}}\n" for n in range(40))
    with pytest.raises(CheckError, match=r"\.env:\d+ refers to other values"):
        load(tmp_path, doubling)


def test_a_file_of_many_variables_is_read(tmp_path: Path) -> None:
    file = load(tmp_path, "".join(f"A{n}=${{A{n // 2}:-x}}\n" for n in range(5_000)) + "A9=again\n")
    assert len(file.variables) == 5_001
    assert found(file) == [("duplicate", 5_001)]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("\ufeffA=1\n", "byte-order-mark"),
        ("A=1\r\nB=2\r\n", "line-ends"),
        ("A = 1\n", "spaces"),
        ("A= 1\n", "spaces"),
        ("A=hello world\n", "unquoted"),
        ("export A=1\n", "export"),
    ],
)
def test_spellings_that_loaders_read_differently_are_warned_of(tmp_path: Path, text: str, rule: str) -> None:
    file = load(tmp_path, text)
    assert [finding.rule for finding in file.findings] == [rule]
    assert file.findings[0].level in {"warning", "note"}
    assert [variable.name for variable in file.variables][:1] == ["A"]


def test_a_comment_after_a_value_is_no_space_in_the_value(tmp_path: Path) -> None:
    assert found(load(tmp_path, "A=1 # one\nB='x y'\nC= # empty\n")) == []


@pytest.mark.parametrize(
    "data", ["A=gr\u00fc\u00df".encode("latin-1"), "A=1".encode("utf-16"), b"A=\0", b"A=1\n" * 300_000]
)
def test_a_file_that_is_no_text_or_far_too_large_is_an_error(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(CheckError, match=r"\.env"):
        load(tmp_path, data)


@pytest.mark.parametrize(
    ("name", "template"),
    [
        (".env.example", True),
        ("env.sample", True),
        (".env", False),
        (".env.production", False),
        ("example/.env", False),
    ],
)
def test_a_template_is_told_by_its_own_name(tmp_path: Path, name: str, *, template: bool) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    assert load(tmp_path, "A=1\n", name).template is template
