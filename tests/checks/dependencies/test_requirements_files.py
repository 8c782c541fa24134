"""Requirements files are read as pip reads them, and nothing in them is passed over."""

from pathlib import Path

import pytest

from readiness.outcome import CheckError, Level
from readiness.testing import context
from readiness_checks.dependencies.packages import Collection
from readiness_checks.dependencies.requirements_files import read


def collect(root: Path, text: str | bytes, *, name: str = "requirements.txt") -> Collection:
    data = text.encode() if isinstance(text, str) else text
    (root / name).write_bytes(data)
    return read(context(root), [name])


def pins(collection: Collection) -> list[tuple[str, str, int | None]]:
    return [(p.name, str(p.version), p.line) for p in collection.packages]


def test_pins_are_read_with_their_lines_in_every_usual_spelling(tmp_path: Path) -> None:
    found = collect(
        tmp_path,
        "# header\n"
        "Zope.Interface==5.0  # why\n"
        "\n"
        "a[x,y] == 1.0+local ; python_version < '3'\n"
        "b==2 \\\n"
        "    --hash=sha256:00 \\\n"
        "    --hash=sha256:11\n"
        "c===3.0\n"
        "d (==4.0)\n"
        "e>=1,==1.5\n"
        "--index-url https://example.com/simple\n"
        "-f ./wheels\n",
    )
    assert pins(found) == [
        ("zope-interface", "5.0", 2),
        ("a", "1.0+local", 4),
        ("b", "2", 5),
        ("c", "3.0", 8),
        ("d", "4.0", 9),
        ("e", "1.5", 10),
    ]
    assert found.problems == ()


@pytest.mark.parametrize(
    "line",
    [
        "django",
        "django>=3",
        "django==3.*",
        "django~=3.2",
        "django==3.2,==3.3",
        "django===abc",
        "--editable=git+https://example.com/x.git#egg=x",
        "git+https://example.com/x.git@v1#egg=x",
        "x @ https://example.com/x-1.0.whl",
        "./local/folder",
        "https://example.com/x-1.0-py3-none-any.whl",
        "name==${VERSION}",
        "--unknown-option 1",
        "not a requirement at all",
        "-r https://example.com/requirements.txt",
        "-r missing.txt",
        "-r ../../outside.txt",
        "-r .",
        "-r",
    ],
)
def test_what_has_no_exact_version_is_a_problem_with_its_line(tmp_path: Path, line: str) -> None:
    found = collect(tmp_path, f"good==1\n{line}\n")
    assert pins(found) == [("good", "1", 1)]
    assert [(p.path, p.line) for p in found.problems] == [("requirements.txt", 2)]
    assert found.problems[0].remedy


@pytest.mark.parametrize("line", ["-e .", "--editable=.", "-e ./lib", ".", "./lib[extra]", "lib/", "-e file:lib"])
def test_a_folder_of_the_repository_is_a_note(tmp_path: Path, line: str) -> None:
    (tmp_path / "lib").mkdir()
    found = collect(tmp_path, f"a==1\n{line}\n")
    if line.endswith("file:lib"):
        assert [problem.line for problem in found.problems] == [2]
        return
    assert found.problems == ()
    assert [(note.rule, note.level, note.place) for note in found.notes] == [
        ("local", Level.NOTE, "requirements.txt:2"),
    ]


def test_a_folder_whose_project_needs_what_is_not_pinned_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\ndependencies = ["A>=1", "b", "c"]\n')
    note = collect(tmp_path, "a==1\n-e .\n").notes[0]
    assert note.level is Level.WARNING
    assert "it needs `b`, `c`, which is not pinned here" in note.message


@pytest.mark.parametrize("line", ["-e ./gone", "-e ../outside", "/etc", "-e git+https://example.com/x.git", "./gone"])
def test_a_folder_that_is_not_of_the_repository_is_a_problem(tmp_path: Path, line: str) -> None:
    (tmp_path.parent / "outside").mkdir(exist_ok=True)
    assert [problem.line for problem in collect(tmp_path, f"a==1\n{line}\n").problems] == [2]


def test_a_file_that_names_its_own_folder_alone_judges_nothing(tmp_path: Path) -> None:
    assert collect(tmp_path, "-e .\n").packages == ()


def test_credentials_in_a_url_are_not_repeated(tmp_path: Path) -> None:
    found = collect(tmp_path, "x @ https://ci:hunter2hunter2@example.com/x-1.0.whl\n")
    assert "hunter2" not in found.problems[0].message


def test_nested_files_are_followed_relative_to_their_own_folder_and_a_cycle_ends(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "a.txt").write_text("inner==1\n-r b.txt\n")
    (tmp_path / "more" / "b.txt").write_text("deep==2\n--requirement=../requirements.txt\n")
    found = collect(tmp_path, "-rmore/a.txt\nouter==3\n")
    assert sorted(p.name for p in found.packages) == ["deep", "inner", "outer"]
    assert {p.path for p in found.packages} == {"more/a.txt", "more/b.txt", "requirements.txt"}
    assert len(found.evidence) == 3


def test_a_constraint_pins_an_open_requirement_but_is_no_requirement_itself(tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_text("django==3.2.0\nunused==1.0\n")
    found = collect(tmp_path, "django>=3\nflask\n-c c.txt\n")
    assert [(p.name, str(p.version), p.path) for p in found.packages] == [("django", "3.2.0", "c.txt")]
    assert [p.message for p in found.problems] == ["`flask` has no exact version"]


def test_a_constraint_that_contradicts_the_requirement_does_not_pin_it(tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_text("django==1.0\n")
    found = collect(tmp_path, "django>=3\n-c c.txt\n")
    assert (found.packages, len(found.problems)) == ((), 1)


def test_two_versions_of_one_package_are_both_kept(tmp_path: Path) -> None:
    found = collect(tmp_path, "a==1 ; sys_platform == 'win32'\na==2 ; sys_platform != 'win32'\n")
    assert [str(p.version) for p in found.packages] == ["1", "2"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "latin-1", "utf-32"])
def test_encodings_are_told_by_their_mark(tmp_path: Path, encoding: str) -> None:
    text = "# gr\u00fc\u00dfe\r\ndjango==3.2.0\r\n"
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    assert pins(collect(tmp_path, mark + text.encode(encoding))) == [("django", "3.2.0", 2)]


@pytest.mark.parametrize("data", [b"\0\0\0", b"\xff\xfea", b"django==3.2.0\0\n"])
def test_a_file_that_is_not_text_is_an_error(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(CheckError, match=r"requirements\.txt"):
        collect(tmp_path, data)


def test_a_backslash_in_a_comment_does_not_swallow_the_next_line(tmp_path: Path) -> None:
    assert pins(collect(tmp_path, "# path C:\\\ndjango==3.2.0\n")) == [("django", "3.2.0", 2)]


def test_a_continuation_at_the_end_of_the_file_is_kept(tmp_path: Path) -> None:
    assert pins(collect(tmp_path, "django==3.2.0 \\")) == [("django", "3.2.0", 1)]


ZEROS = "0" * 64


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"a==1 --hash=sha256:{ZEROS}\nb==1\n", "its last requirement has no hash, while others have"),
        (f"a==1 --hash=sha256:{ZEROS[1:]}\n", "the last hash is not whole"),
        ("a==1 --hash=sha256\n", "the last hash is not whole"),
        ("a==1 \\\n", "its last line says that another follows"),
    ],
)
def test_a_file_that_lacks_its_end_is_an_error(tmp_path: Path, text: str, why: str) -> None:
    found = [finding.message for finding in collect(tmp_path, text).problems]
    assert f"requirements.txt is cut off: {why}" in found


def test_a_version_of_thousands_of_digits_is_no_exact_version(tmp_path: Path) -> None:
    [problem] = collect(tmp_path, "a==" + "1" * 5000 + "\n").problems
    assert "is not a requirement with a name and an exact version" in problem.message
