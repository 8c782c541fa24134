"""What the process that judges parses itself is bounded, and a mistake in it is one error in plain words."""

import json
from pathlib import Path

import pytest

from readiness import packed_lines, untrusted
from readiness.cli import last_run
from readiness.cli.errors import UsageError
from readiness.packed_lines import one_document, pack, unpack
from readiness.strictness.change import shown
from readiness.untrusted import LongKeyError, from_json, from_toml, require_small


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[" * 100_000, "it is nested too deeply"),
        ('{"a":' * 100_000, "it is nested too deeply"),
        ("1" * 5_000, "a number has thousands of digits"),
        ("[1", "Expecting"),
    ],
)
def test_json_that_breaks_its_reader_is_one_error(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        from_json(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a = " + "[" * 100_000, "it is nested too deeply"),
        ("a = " + "1" * 5_000, "a number has thousands of digits"),
        ("a = [1", "Unclosed array"),
    ],
)
def test_toml_that_breaks_its_reader_is_one_error(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        from_toml(text)


def test_a_key_of_thousands_of_parts_is_refused_before_it_is_read() -> None:
    with pytest.raises(LongKeyError, match="a key of more than 100 parts") as caught:
        from_toml("a = 1\n" + "b." * 100_000 + "c = 1")
    assert caught.value.line == 2
    assert from_toml('a = "' + "b." * 1_000 + '"') == {"a": "b." * 1_000}


def test_a_document_of_too_many_values_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted, "MOST_OBJECTS", 10)
    monkeypatch.setattr(untrusted, "MOST_VALUES", 100)
    assert require_small(b"{}," * 10) == b"{}," * 10
    for bomb in (b"{}" * 11, b"[]" * 101, b"1," * 101):
        with pytest.raises(ValueError, match="it has more than 10 objects or 100 values"):
            require_small(bomb)


def test_texts_of_one_document_unpack_to_a_bounded_size_altogether(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_lines, "ALTOGETHER", 10_000)
    bomb = pack("a" * 6_000)
    assert len(bomb) < 100
    with one_document():
        assert unpack(bomb)
        with pytest.raises(ValueError, match="all such texts together unpack to more than"):
            unpack(bomb)
    with one_document():
        assert unpack(bomb), "each document has its own measure"


def test_a_saved_run_that_is_a_bomb_is_refused_in_plain_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted, "MOST_VALUES", 1_000)
    path = tmp_path / "run.json"
    path.write_text(json.dumps({"results": [[]] * 2_000}))
    with pytest.raises(UsageError, match=r"run.json` is no run: it has more than 1,000,000 objects or 1,000 values"):
        last_run.read(path)


def test_a_deep_text_in_a_checklist_is_shown_as_it_is() -> None:
    deep = "[" * 100_000
    assert shown(deep) == deep
