"""A record is read strictly: one meaning or a clear refusal."""

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.moment import deadline, moment
from readiness.records.model.statement import LIMIT, Revocation, Signoff, Statement, parse

DIGEST = "ab" * 32


def record(**changes: Any) -> dict[str, Any]:
    predicate = {
        "action": "signoff", "decision": "approve", "project": "deedpro", "release": "3.0.0",
        "environment": "production", "commit": "", "item": "templates-reviewed", "item_text": "Reviewed",
        "item_digest": "sha256:" + DIGEST, "each": "", "role": "legal", "meaning": "I approve.", "reason": "",
        "signer": {"principal": "counsel@example.com", "name": "Counsel"}, "signed_at": "2026-11-23T10:15:00Z",
        "expires_at": "2027-05-23", "evidence": [], "seen": [], "nonce": "0" * 32,
    }  # fmt: skip
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "templates/grant_deed.html", "digest": {"sha256": DIGEST}}],
        "predicateType": "urn:readiness:signoff:v1",
        "predicate": {**predicate, **changes},
    }


def read(value: Any) -> Statement:
    return parse(json.dumps(value).encode())


def refusal(value: Any) -> str:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is compared by the caller
        read(value)
    return str(caught.value)


def test_it_reads_what_it_writes_byte_for_byte() -> None:
    said = read(record())
    assert parse(said.encode()) == said
    assert parse(said.encode()).encode() == said.encode()
    assert list(json.loads(said.encode())) == ["_type", "subject", "predicateType", "predicate"]
    assert list(json.loads(said.encode())["predicate"]) == list(record()["predicate"])


def test_a_date_without_a_time_means_the_end_of_that_day_in_utc() -> None:
    predicate = read(record()).predicate
    assert isinstance(predicate, Signoff)
    assert predicate.expires_at == datetime(2027, 5, 23, 23, 59, 59, tzinfo=UTC)
    assert b'"expires_at": "2027-05-23T23:59:59Z"' in read(record()).encode()


def test_offsets_become_utc() -> None:
    assert moment("2026-11-23T10:15:00+02:00") == datetime(2026, 11, 23, 8, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["2026-11-23T10:15:00", "2026-11-23", "20261123T101500Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59",
     "2026-02-30T00:00:00Z", "2026-11-23T24:61:00Z", "2026-11-23 10:15:00Z", "٢٠٢٦-11-23T10:15:00Z", ""],
)  # fmt: skip
def test_a_moment_without_offset_or_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any refusal will do
        moment(text)
    assert "signed_at" in refusal(record(signed_at=text))


@pytest.mark.parametrize("text", ["2027-13-01", "1999-01-01", "2300-01-01", "soon"])
def test_an_odd_deadline_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any refusal will do
        deadline(text)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"action": "approve"}, "action"),
        ({"action": "absolve"}, "action"),
        ({"decision": "maybe"}, "decision"),
        ({"extra": 1}, "extra"),
        ({"item": "Ünïcode"}, "item"),
        ({"item": "a\n"}, "item"),
        ({"item": 9}, "item"),
        ({"project": ""}, "project"),
        ({"environment": "../x"}, "environment"),
        ({"commit": "HEAD"}, "commit"),
        ({"item_digest": DIGEST}, "item_digest"),
        ({"meaning": ""}, "meaning"),
        ({"meaning": "I approve\u202e."}, "meaning"),
        ({"meaning": "\x1b[2J"}, "meaning"),
        ({"reason": "two\r\nlines"}, "reason"),
        ({"release": "3.0.0\u2028"}, "release"),
        ({"signer": {"principal": "соunsel@example.com", "name": ""}}, "principal"),
        ({"signer": {"principal": "*", "name": ""}}, "principal"),
        ({"signer": {"principal": "", "name": ""}}, "principal"),
        ({"signer": {"principal": "a@example.com\n", "name": ""}}, "principal"),
        ({"signer": {"principal": "a@example.com", "name": "\u200b"}}, "name"),
        ({"expires_at": "2020-01-01"}, "expires before"),
        ({"nonce": "1"}, "nonce"),
        ({"seen": ["x"]}, "seen"),
        ({"evidence": [{"uri": "a"}]}, "evidence"),
        ({"signed_at": 1763892900}, "signed_at"),
    ],
)
def test_a_wrong_field_is_refused_by_its_name(changes: dict[str, Any], place: str) -> None:
    assert place in refusal(record(**changes))


@pytest.mark.parametrize(
    "name",
    ["../secret", "/etc/passwd", "a//b", "a/./b", "a/", "", ".git/config", "x/.GIT/hooks", "a/git~1", "a\\b", "C:/x",
     "a\u202eb", "a\nb", "e\u0301.html", "a\u200bb", "x" * 1001],
)  # fmt: skip
def test_a_path_that_leaves_the_root_or_fools_the_eye_is_refused(name: str) -> None:
    value = record()
    value["subject"][0]["name"] = name
    assert "subject" in refusal(value)


def test_an_ordinary_unicode_path_is_taken() -> None:
    value = record()
    value["subject"][0]["name"] = "vorlagen/kündigung – v2.html"
    assert read(value).subjects == {"vorlagen/kündigung – v2.html": DIGEST}


def test_no_subject_and_a_subject_twice_are_refused() -> None:
    value = record()
    value["subject"] *= 2
    assert "named twice" in refusal(value)
    value["subject"] = []
    assert "subject" in refusal(value)


@pytest.mark.parametrize("name", ["_type", "subject", "predicateType", "predicate"])
def test_every_part_of_the_statement_is_needed(name: str) -> None:
    value = record()
    del value[name]
    assert name in refusal(value)


def test_a_revocation_is_bound_to_its_target_alone() -> None:
    value = record()
    keep = ("project", "role", "signer", "signed_at", "nonce")
    value["predicate"] = {name: value["predicate"][name] for name in keep}
    value["predicate"] |= {"action": "revoke", "reason": "It was wrong.", "target": DIGEST}
    assert isinstance(read(value).predicate, Revocation)
    value["predicate"]["target"] = "cd" * 32
    assert "its target" in refusal(value)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not JSON"),
        (b"[]", "_type is missing"),
        (b"null", "_type is missing"),
        (b"\xef\xbb\xbf{}", "byte-order mark"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b"{} {}", "not JSON"),
        (b'{"a": 1, "a": 1}', "twice"),
        (b'{"a": {"b": 1, "b": 2}}', "twice"),
        (b'{"a": NaN}', "number NaN"),
        (b'{"a": -Infinity}', "number -Infinity"),
        (b'{"a": 1.5}', "number 1.5"),
        (b'{"a": 1e400}', "number 1e400"),
        (b'{"a": ' + b"9" * 5000 + b"}", "huge number"),
        (b'{"a": "\\ud800"}', "surrogate"),
        (b"[" * 100_000, "nested deeper"),
        (b'{"a":' * 50_000, "nested deeper"),
        (b"[" * 17 + b"]" * 17, "nested deeper"),
        (b" " * (LIMIT + 1), "larger than"),
    ],
)
def test_json_of_two_meanings_or_none_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse(data)


def test_duplicate_keys_do_not_let_what_is_shown_differ_from_what_is_signed() -> None:
    text = json.dumps(record()).replace('"decision": "approve"', '"decision": "reject", "decision": "approve"')
    with pytest.raises(ValueError, match="twice"):
        parse(text.encode())


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)  # a busy machine is no defect
@given(st.binary(max_size=400))
def test_any_bytes_are_a_record_or_clearly_refused(data: bytes) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - random bytes are never a record
        parse(data)
    assert str(caught.value)


@settings(deadline=None)  # a busy machine is no defect
@given(st.sampled_from(sorted(record()["predicate"])), _json)
def test_any_value_in_any_field_is_taken_as_it_is_or_clearly_refused(field: str, value: Any) -> None:
    data = json.dumps(record(**{field: value})).encode()
    said = None
    with contextlib.suppress(ValueError):
        said = parse(data)
    if said is not None:
        assert parse(said.encode()) == said


OLD = (Path(__file__).parent / "signed_before_for.json").read_bytes()


def test_a_record_that_was_signed_before_there_was_a_choice_keeps_its_meaning_and_its_bytes() -> None:
    found = parse(OLD)
    assert isinstance(found.predicate, Signoff)
    assert found.predicate.scope == "release"
    assert found.encode() == OLD


def test_what_a_sign_off_holds_for_is_in_the_signed_bytes_under_one_name() -> None:
    lines = OLD.decode().replace('"project":', '"for": "content",\n  "project":')
    found = parse(lines.encode())
    assert isinstance(found.predicate, Signoff)
    assert found.predicate.scope == "content"
    assert b'"for": "content"' in found.encode()
    with pytest.raises(ValueError, match="scope"):
        parse(lines.replace('"for"', '"scope"').encode())
    with pytest.raises(ValueError, match="for"):
        parse(lines.replace('"content"', '"everything"').encode())
