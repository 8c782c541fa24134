"""What YAML becomes, and what is refused of it."""

import hashlib
from pathlib import Path

import pytest
import yaml

from support.checklists import Loader, with_items

ITEM = "- {id: a, title: A, check: plain}\n"


def notes(loader: Loader, value: str) -> object:
    """What a value becomes, among the parameters of a check that is not asked about them."""
    checklist = loader.load(with_items(f"- {{id: a, title: A, check: broken, with: {{x: {value}}}}}\n"))
    return next(checklist.items).params["x"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("Off", "Off"),
        ("012", 12),
        ("0o14", 12),
        ("0xC", 12),
        ("-7", -7),
        ("+7", 7),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("2026-11-23", "2026-11-23"),
        ("0b11", "0b11"),
        ("true", True),
        ("True", True),
        ("tRUE", "tRUE"),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1.", 1.0),
        ("9.10", 9.1),
        ('"9.10"', "9.10"),
        ("'on'", "on"),
        ("!!str 3.0", "3.0"),
        ("!!int '3'", 3),
        ("!!float 3", 3.0),
        ("!!bool 'true'", True),
        ("! 3", "3"),
        ("=", "="),
        ("1.2.3", "1.2.3"),
        ("٣", "٣"),
    ],
)
def test_scalars_follow_the_core_schema_of_yaml_1_2(loader: Loader, written: str, value: object) -> None:
    found = notes(loader, written)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (".inf", "infinity and not-a-number are not allowed here"),
        (".nan", "infinity and not-a-number are not allowed here"),
        ("1e999", "the number is too large"),
        ("9" * 5000, "a number of more than 100 characters"),
        ("!!int x", "this is no `!!int`"),
        ("!!python/name:os.system x", "this tag is not known here: remove it"),
        ("!custom x", "this tag is not known here: remove it"),
        ("!!set {}", "this tag is not known here: remove it"),
        ("!!timestamp 2026-11-23", "this tag is not known here: remove it"),
        ('"a\\0b"', "a NUL character in a text"),
        ("*nowhere", "there is no `&nowhere` above"),
        ("&x [*x]", "`*x` refers to what it stands in"),
    ],
)
def test_values_that_mean_nothing_here_are_refused_at_their_place(loader: Loader, written: str, message: str) -> None:
    mistake = loader.mistake(with_items(f"- {{id: a, title: A, check: broken, with: {{x: {written}}}}}\n"))
    assert mistake.message == message
    assert mistake.line == 6
    assert mistake.column is not None
    assert mistake.column >= 50


def test_an_alias_stands_for_the_value_it_names(loader: Loader) -> None:
    content = with_items(
        """
        - {id: a, title: A, check: broken, with: {x: &paths [one, two]}}
        - {id: b, title: B, check: broken, with: {x: *paths}}
        """
    )
    assert [item.params["x"] for item in loader.load(content).items] == [["one", "two"]] * 2


def test_duplicate_keys_name_both_places(loader: Loader) -> None:
    mistake = loader.mistake(with_items("- id: a\n  title: A\n  check: plain\n  title: B\n"))
    assert (mistake.line, mistake.column) == (9, 9)
    assert mistake.message == "the key `title` is there twice"
    assert mistake.help == "the first one is at line 7, column 9"


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("404", "a key has to be text"),
        ("true", "a key has to be text"),
        ("~", "a key has to be text"),
        ("[a]", "a key has to be text, not a list or map"),
        ("? {a: b}\n    ", "a key has to be text, not a list or map"),
        ("<<", "merge keys (`<<`) are not part of YAML 1.2"),
        ("*anchor ", "a key has to be text, not an alias"),
    ],
)
def test_only_texts_are_keys(loader: Loader, key: str, message: str) -> None:
    content = with_items(f"- id: &anchor a\n  title: A\n  check: broken\n  with:\n    {key}: {{y: z}}\n    z: 1\n")
    assert loader.mistake(content).message == message


def test_a_quoted_merge_key_is_a_key_like_any_other(loader: Loader) -> None:
    checklist = loader.load(with_items("- {id: a, title: A, check: broken, with: {'<<': 1}}\n"))
    assert next(checklist.items).params == {"<<": 1}


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", 1, "the checklist is empty"),
        (b"---", 1, "the checklist is empty"),
        (b"--- ~\n...\n", 1, "the checklist is empty"),
        (b"\n# only a comment\n", 1, "the checklist is empty"),
        (b"\xef\xbb\xbf", 1, "the checklist is empty"),
        (b"version: 1\n---\nversion: 1\n", 2, "a second document: a file holds one checklist"),
        (b"%YAML 1.1\n---\nversion: 1\n", 1, "this file is read as YAML 1.2"),
        (b"version: 1\nproject: caf\xe9\n", 2, "byte 0xe9 is not UTF-8"),
        ("version: 1\n".encode("utf-16"), None, "the checklist file is UTF-16, not UTF-8"),
        ("version: 1\n".encode("utf-32"), None, "the checklist file is UTF-32, not UTF-8"),
        (b"version: 1\nproject: a\0b\n", 2, "character U+0000 is not shown by editors as YAML reads it"),
        (b"version: 1\rproject: a\n", 1, "character U+000D is not shown by editors as YAML reads it"),
        ("version: 1 # \u2028project: a\n".encode(), 1, "character U+2028 is not shown by editors as YAML reads it"),
        ("version: 1 # \u202e\n".encode(), 1, "character U+202E is not shown by editors as YAML reads it"),
        (b"version: 1\n\tproject: a\n", 2, "a tab in the indentation"),
        (b"version: 1\nproject: [a\n", 2, "a list in `[ ]` is not closed, or lacks a comma"),
        (b"version: 1\nproject: 'a\n", 2, "the file ends or breaks off where a value has to stand"),
        (b"version: 1\nproject: a: b\n", 2, "a `:` where no key can stand"),
        (b"version: 1\nproject: @a\n", 2, "a value cannot begin with `@`"),
        (b'version: 1\nproject: "\\q"\n', 2, "an unknown escape in double quotes"),
        (b"version: 1\nproject\n", 3, "a key without a `:` after it"),
        (b"[]", 1, "a checklist is a map with the keys `version`, `project` and `sections`"),
        (b"text", 1, "a checklist is a map with the keys `version`, `project` and `sections`"),
    ],
)
def test_a_file_that_is_no_checklist_at_all_says_so(loader: Loader, content: bytes, line: int, message: str) -> None:
    mistake = loader.mistake(content)
    assert mistake.message == message
    assert mistake.line in {line, 2 if message.startswith("a key without") else line}


@pytest.mark.parametrize("windows", [False, True])
def test_a_byte_order_mark_and_windows_line_ends_are_read(loader: Loader, windows: bool) -> None:  # noqa: FBT001 - a parameter of the test
    content = b"\xef\xbb\xbf" + with_items(ITEM).replace("\n", "\r\n" if windows else "\n").encode()
    checklist = loader.load(content)
    (item,) = checklist.items
    assert item.source is not None
    assert (item.source.file, item.source.line, item.source.column) == ("readiness.yaml", 6, 9)
    assert checklist.sha256 == hashlib.sha256(content).hexdigest()


def laughs(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, levels)]
    return "".join(lines)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[" * 30_000, "more than 64 lists and maps inside each other"),
        ("a: " + "{b: " * 30_000, "more than 64 lists and maps inside each other"),
        ("- " * 30_000, "more than 64 lists and maps inside each other"),
        ("a: [" * 100, "more than 64 lists and maps inside each other"),
        (laughs(10), "aliases make this file larger than 1 MiB"),
        (f"a: &a {'x' * 500_000}\nb: [*a, *a, *a]\n", "aliases make this file larger than 1 MiB"),
        (
            "".join(f"k{i}: &k{i} {'[' * 30}{f'*k{i - 1}' if i else ''}{']' * 30}\n" for i in range(5)),
            "more than 64 lists and maps inside each other",
        ),
        ("#" * (2**20 + 1), "the checklist file is larger than 1 MiB"),
        ("x" * 10_000_000, "the checklist file is larger than 1 MiB"),
    ],
    ids=["lists", "maps", "dashes", "mixed", "laughs", "long alias", "deep aliases", "1 MiB and a byte", "10 MB"],
)
def test_bombs_are_refused(loader: Loader, content: str, message: str) -> None:
    assert [one.message for one in loader.refused(content).diagnostics][-1] == message


def test_nesting_of_64_and_a_file_of_1_mib_are_read(loader: Loader) -> None:
    # map, list, map, list, map, map: six levels lie around the value.
    deep = with_items(f"- {{id: a, title: A, check: broken, with: {{x: {'[' * 58}{']' * 58}}}}}\n")
    loader.load(deep)
    assert loader.mistake(deep.replace("[" * 58, "[" * 59).replace("]" * 58, "]" * 59)).message.startswith(
        "more than 64"
    )
    content = with_items(ITEM)
    assert loader.load(content + "#" * (2**20 - len(content))).project == "demo"


def test_no_more_than_a_thousand_mistakes_are_looked_for(loader: Loader) -> None:
    error = loader.refused("version: 1\nsections: [" + "{a: 1}, " * 30_000 + "]\n")
    assert len(error.diagnostics) == 1_001
    assert error.diagnostics[0].message == "more than 1000 mistakes: the rest was not looked for"
    assert error.render().endswith("... and 1 more mistakes")


def test_no_more_than_250_000_values_are_read(loader: Loader) -> None:
    error = loader.refused("version: 1\nsections: [" + "1," * 260_000 + "]\n")
    assert error.diagnostics[-1].message == "more than 250,000 values"


def test_files_that_cannot_be_read_say_why(tmp_path: Path, loader: Loader) -> None:
    from readiness.loading import validate

    (missing,) = validate(tmp_path / "none.yaml", host=loader.host)
    assert missing.message == "there is no such checklist file"
    assert "readiness init" in missing.help
    (folder,) = validate(tmp_path, host=loader.host)
    assert folder.message == "this is a folder, not a checklist file"
    (device,) = validate(Path("/dev/zero"), host=loader.host)
    assert device.message == "this is no regular file"
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    (loop,) = validate(tmp_path / "loop.yaml", host=loader.host)
    assert loop.message.startswith("the checklist file cannot be read: ")
    (below,) = validate(tmp_path / "none.yaml" / "x", host=loader.host)
    assert below.message == "there is no such checklist file"
    (nul,) = validate("a\0b", host=loader.host)
    assert nul.message.startswith("the checklist file cannot be read: ")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (with_items(ITEM).replace("project: demo", "project: [a"), "a list in `[ ]` is not closed, or lacks a comma"),
        ("version: 1\nproject: a: b\n", "a `:` where no key can stand"),
        ("version: 1\n\tproject: a\n", "a tab in the indentation"),
        ("[" * 30_000, "more than 64 lists and maps inside each other"),
        (laughs(10), "aliases make this file larger than 1 MiB"),
        ("version: 1\nversion: 1\n", "the key `version` is there twice"),
    ],
    ids=["list", "colon", "tab", "nesting", "laughs", "twice"],
)
def test_without_libyaml_the_guards_are_the_same(
    loader: Loader, monkeypatch: pytest.MonkeyPatch, content: str, message: str
) -> None:
    monkeypatch.setattr("readiness.loading.compose._LOADER", yaml.SafeLoader)
    assert message in [one.message for one in loader.refused(content).diagnostics]
    assert loader.load(with_items(ITEM)).project == "demo"
