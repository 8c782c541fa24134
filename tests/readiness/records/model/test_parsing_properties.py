"""Whatever the bytes, reading a record gives a value or a clear refusal; and what is read is what was signed."""

import contextlib
import copy
import hashlib
import json
import tempfile
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.moment import deadline
from readiness.records.model import statement, strict_json
from readiness.records.model.errors import RecordsError
from readiness.records.model.statement import Statement
from readiness.records.ssh import sshsig
from readiness.records.ssh.public_key import KeyRefusedError, parse_key, parse_line
from readiness.records.storage.allowed_signers import once_revoked, parse_revoked, parse_roster
from readiness.records.storage.work_tree import FOLDER, Record, load_records, parse_record, record_path
from readiness.text import is_blank
from support.long import often
from support.signing import COUNSEL, KINDS, key, public
from support.sshsig import MESSAGE, armour, dearmour, sign

pytestmark = pytest.mark.long
many = settings(deadline=None, max_examples=often(60, 250))  # a busy machine is no defect

# Records that are valid: each kind of predicate, with any text that a person may write.

seen_characters = st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])
words = st.text(seen_characters, max_size=40)
told = st.text(seen_characters, min_size=1, max_size=40).filter(lambda text: not is_blank(text))
digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
identifiers = st.from_regex(r"[a-z][a-z0-9-]{0,20}[a-z0-9]", fullmatch=True)
principals = st.from_regex(r"[a-z][a-z0-9._+-]{0,20}@[a-z][a-z0-9.-]{0,20}", fullmatch=True)
paths = st.from_regex(r"[a-z][a-z0-9_]{0,9}(/[a-z][a-z0-9_.]{0,9}){0,3}", fullmatch=True)
moments = st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1)).map(lambda t: t.isoformat() + "Z")  # noqa: DTZ001 - the Z is added
late = st.dates(datetime(2150, 1, 1).date(), datetime(2190, 1, 1).date()).map(str)  # noqa: DTZ001 - a date has no time zone
people = st.fixed_dictionaries({"principal": principals}, optional={"name": words})
evidence = st.lists(st.fixed_dictionaries({"uri": told, "sha256": digests}), max_size=3)
common: dict[str, Any] = {
    "project": identifiers,
    "role": identifiers,
    "signer": people,
    "signed_at": moments,
    "nonce": st.binary(min_size=16, max_size=16).map(bytes.hex),
}
about: dict[str, Any] = {
    "release": words,
    "environment": st.one_of(st.just(""), identifiers),
    "item": identifiers,
    "item_text": told,
    "item_digest": digests.map("sha256:{}".format),
    "meaning": told,
}
perhaps: dict[str, Any] = {
    "commit": st.one_of(st.just(""), st.binary(min_size=20, max_size=20).map(bytes.hex)),
    "seen": st.lists(digests, max_size=3),
}
given_things = {**common, **about}
signoffs = st.fixed_dictionaries(
    {"action": st.just("signoff"), "decision": st.sampled_from(["approve", "reject"]), **given_things},
    optional={
        **perhaps,
        "reason": words,
        "each": words,
        "evidence": evidence,
        "expires_at": st.one_of(st.none(), late),
    },
)
waivers = st.fixed_dictionaries(
    {
        "action": st.just("waive"), **given_things,
        "requested_by": principals, "reason": told, "compensating_control": told, "expires_at": late,
    },
    optional={**perhaps, "evidence": evidence},
)  # fmt: skip
withdrawals: dict[str, Any] = {**common, "target": digests, "reason": told}
revocations = st.fixed_dictionaries({"action": st.just("revoke"), **withdrawals}, optional=perhaps)
supersessions = st.fixed_dictionaries(
    {"action": st.just("supersede"), **withdrawals, "replacement": digests}, optional=perhaps
).filter(lambda said: said["replacement"] != said["target"])


def subjects(said: dict[str, Any], files: dict[str, str]) -> list[dict[str, Any]]:
    """What a record of this kind is bound to."""
    if said["action"] == "waive":
        files = {f"urn:readiness:item:{said['item']}": said["item_digest"].removeprefix("sha256:")}
    elif said["action"] != "signoff":
        files = {record_path(said["target"]): said["target"]}
    return [{"name": name, "digest": {"sha256": digest}} for name, digest in files.items()]


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    said = draw(st.one_of(signoffs, waivers, revocations, supersessions))
    files = draw(st.dictionaries(paths, digests, min_size=1, max_size=4))
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subjects(said, files),
        "predicateType": "urn:readiness:signoff:v1",
        "predicate": said,
    }


def leaves(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every single value with its place."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if entries is None:
        yield place, value
        return
    for name, inner in entries:
        yield from leaves(inner, (*place, name))


def same(place: tuple[Any, ...], one: Any, other: Any) -> bool:
    if str(place[-1]).endswith("_at") and isinstance(one, str):
        return deadline(one) == deadline(other)
    return bool(one == other)


def holds(data: bytes) -> Statement | None:
    """Read bytes; what is taken says exactly what the bytes say, and nothing of them is dropped."""
    try:
        said = statement.parse(data)
    except ValueError as error:
        if not str(error):
            raise AssertionError("a refusal says why") from error
        return None
    again = said.encode()
    assert statement.parse(again) == said
    assert statement.parse(again).encode() == again
    written = dict(leaves(json.loads(again)))
    for place, value in leaves(json.loads(data)):
        assert same(place, value, written[place]), place
    return said


@many
@given(records())
def test_every_valid_record_is_read_and_written_without_any_change(value: dict[str, Any]) -> None:
    data = json.dumps(value).encode()
    said = holds(data)
    assert said is not None
    assert said.predicate.action == value["predicate"]["action"]
    assert said.subjects == {subject["name"]: subject["digest"]["sha256"] for subject in value["subject"]}
    assert holds(json.dumps(value, ensure_ascii=False, indent=3).encode()) == said


ODD_VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.just({}), st.just([]), st.text(max_size=20),
    st.sampled_from([
        10**400, -1, 2**53 + 1, 1e400, float("nan"), "\ud800", "a\u202eb", "a\0b", "\x1b[31m", "\u200b", "../x",
        "/etc/x", "a" * 5_000, "ab" * 32, "AB" * 32, "2026-01-01T00:00:00", "2026-11-23T10:15:00Z", "9999-99-99",
        "waive", "revoke", "signoff", "supersede", "urn:readiness:signoff:v2", "counsel@example.com\n", "İ@example.com",
        "e\u0301.txt",
    ]),
    st.recursive(st.booleans(), lambda inner: st.lists(inner, min_size=1, max_size=1), max_leaves=40),
)  # fmt: skip


def put(value: Any, place: tuple[Any, ...], new: Any) -> None:
    for step in place[:-1]:
        value = value[step]
    value[place[-1]] = new


def places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Places of all values, single or not."""
    if place:
        yield place
    for name, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from places(inner, (*place, name))


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A valid record with one to three things changed in its structure."""
    value = copy.deepcopy(draw(records()))
    for _ in range(draw(st.integers(1, 3))):
        found = list(places(value))
        if not found:
            break
        place = draw(st.sampled_from(found))
        parent: Any = value
        for step in place[:-1]:
            parent = parent[step]
        match draw(st.sampled_from(["drop", "rename", "replace", "add", "twice"])):
            case "drop":
                del parent[place[-1]]
            case "rename" if isinstance(parent, dict):
                parent[draw(st.sampled_from(["x", "action", "item", "target", str(place[-1]).upper()]))] = parent.pop(
                    place[-1]
                )
            case "add" if isinstance(parent, dict):
                parent[draw(st.sampled_from(["extra", "decision", "target", "expires_at", "each", ""]))] = draw(
                    ODD_VALUES
                )
            case "twice" if isinstance(parent, list):
                parent.append(parent[place[-1]])
            case _:
                put(value, place, draw(ODD_VALUES))
    return json.dumps(value, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")


@many
@given(damaged())
def test_a_record_whose_structure_was_changed_means_what_it_says_or_is_refused(data: bytes) -> None:
    holds(data)
    assert isinstance(statement.claimed_item(data), str)
    found = parse_record(hashlib.sha256(data).hexdigest(), data, None)
    assert isinstance(found, Record) or (found.code, bool(found.reason)) == ("malformed", True)


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """A valid record whose bytes were changed."""
    data = json.dumps(draw(records())).encode()
    at = draw(st.integers(0, len(data)))
    match draw(st.sampled_from(["splice", "around", "encoding", "repeat", "constant", "nest"])):
        case "splice":
            return data[:at] + draw(st.binary(max_size=8)) + data[at + draw(st.integers(0, 8)) :]
        case "around":
            odd = st.sampled_from([b"", b" ", b"\n", b"\0", b"{}", b",", b"x", b"\xef\xbb\xbf", b"//", data])
            return draw(odd) + data + draw(odd)
        case "encoding":
            return data.decode().encode(draw(st.sampled_from(["utf-16", "utf-16-le", "utf-32", "utf-8-sig"])))
        case "repeat":
            name = draw(
                st.sampled_from([b'"action"', b'"item"', b'"principal"', b'"sha256"', b'"_type"', b'"predicate"'])
            )
            return data.replace(name, name + b': "other", ' + name, 1)
        case "constant":
            number = draw(st.sampled_from([b"NaN", b"-Infinity", b"1e999", b"1.5", b"9" * 5_000, b"-0", b"01", b"0x1"]))
            return data.replace(b'"', b'"n": ' + number + b', "', 1)
        case _:
            depth = draw(st.integers(1, 100_000))
            return data[:at] + b"[" * depth + data[at:]


@many
@given(mangled())
def test_a_record_whose_bytes_were_changed_means_what_it_says_or_is_refused(data: bytes) -> None:
    holds(data)
    assert isinstance(statement.claimed_item(data), str)


@many
@given(records(), st.sampled_from(["action", "project", "role", "signer", "nonce", "signed_at"]))
def test_a_key_that_is_there_twice_is_always_refused(value: dict[str, Any], name: str) -> None:
    text = json.dumps(value)
    data = text.replace(f'"{name}":', f'"{name}": {json.dumps(value["predicate"][name])}, "{name}":', 1).encode()
    with pytest.raises(ValueError, match="a key is there twice"):
        statement.parse(data)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=6), inner, max_size=4)),
    max_leaves=30,
)


@many
@given(
    st.one_of(
        st.binary(max_size=200), st.text(max_size=200).map(str.encode), json_values.map(json.dumps).map(str.encode)
    )
)
def test_strict_json_reads_what_the_standard_library_reads_or_refuses(data: bytes) -> None:
    try:
        value = strict_json.parse(data)
    except ValueError as error:
        if not str(error) or isinstance(error, json.JSONDecodeError | UnicodeError):
            raise AssertionError("a refusal is one of ours, and says why") from error
    else:
        assert value == json.loads(data)


names = st.one_of(
    st.sampled_from(["notes.txt", ".writing-0", "ab", "x.json", ".sig", "a\nb", "\u202e.json", "ä.json", "-", "~"]),
    digests.map("{}.json".format),
    digests.map("{}.sig".format),
    digests.map(lambda digest: f"{digest.upper()}.json"),
)
shards = st.one_of(st.sampled_from(["ab", "AB", "abc", "..x", "a", "00"]), digests.map(lambda digest: digest[:2]))


@settings(deadline=None, max_examples=often(20, 60))
@given(
    st.lists(st.tuples(shards, names, st.one_of(st.binary(max_size=60), mangled())), max_size=5),
    st.lists(mangled(), max_size=2),
    st.binary(max_size=60),
)
def test_a_folder_of_anything_gives_records_and_problems(
    files: list[tuple[str, str, bytes]], statements: list[bytes], signature: bytes
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / FOLDER).mkdir(parents=True)
        for data in statements:
            digest = hashlib.sha256(data).hexdigest()
            files = [*files, (digest[:2], f"{digest}.json", data), (digest[:2], f"{digest}.sig", signature)]
        for shard, name, data in files:
            place = root / FOLDER / shard / name
            with contextlib.suppress(FileExistsError):
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
        kept = load_records(root)
        written = {path for path in (root / FOLDER).rglob("*") if path.is_file()}
        told_of = {root / problem.path for problem in kept.problems}
        for record in kept.records:
            assert hashlib.sha256(record.data).hexdigest() == record.digest
            told_of |= {root / record.path, root / record_path(record.digest, "sig")}
        told_of |= {path.with_suffix(".sig") for path in told_of if path.suffix == ".json"}
        unnamed = {path for path in written - told_of if not any(parent in told_of for parent in path.parents)}
        assert not unnamed, "nothing in the folder is passed over"
        assert all(problem.reason and problem.remedy for problem in kept.problems)


@st.composite
def roster_lines(draw: st.DrawFn) -> bytes:
    """Lines of a roster with something changed in them."""
    line = f'{COUNSEL} namespaces="signoff@readiness",valid-before="20350101Z" {public(key(COUNSEL)).line}'.encode()
    lines = []
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(line)))
        lines.append(line[:at] + draw(st.binary(max_size=6)) + line[at + draw(st.integers(0, 6)) :])
    return draw(st.sampled_from([b"\n", b"\r\n", b"\r", b"\n\n", b"\0"])).join(lines)


@many
@given(
    st.one_of(roster_lines(), st.binary(max_size=200)), st.one_of(st.just(b""), roster_lines(), st.binary(max_size=80))
)
def test_any_roster_is_read_or_refused_with_each_line(allowed: bytes, revoked: bytes) -> None:
    try:
        read = parse_roster(allowed, revoked)
    except RecordsError as error:
        if not (error.summary and error.remedy):
            raise AssertionError("a refusal says why, and what to do") from error
    else:
        assert read.principals
        assert read.sha256 == hashlib.sha256(allowed).hexdigest()
    with contextlib.suppress(RecordsError):
        parse_revoked(revoked)
    assert isinstance(once_revoked(revoked), dict)


@cache
def once(kind: str) -> bytes:
    """One signature of each kind, for two are never the same."""
    return dearmour(sign(kind))


@many
@given(st.data())
def test_any_signature_is_refused_clearly(data: st.DataObject) -> None:
    raw = once(data.draw(st.sampled_from(sorted(KINDS))))
    at = data.draw(st.integers(0, len(raw) - 1))
    odd = raw[:at] + data.draw(st.binary(max_size=8)) + raw[at + data.draw(st.integers(0, 8)) :]
    if odd == raw:
        return
    with pytest.raises(sshsig.SignatureRefusedError) as caught:
        sshsig.verify(MESSAGE, armour(odd))
    assert str(caught.value)
    found = sshsig.signed_by(armour(odd))
    assert found is None or found.line


@many
@given(
    st.one_of(
        st.binary(max_size=120), st.sampled_from(sorted(KINDS)).map(lambda kind: public(key("signer", kind)).blob)
    ),
    st.data(),
)
def test_any_key_is_read_as_it_is_or_refused(blob: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(blob)))
    odd = blob[:at] + data.draw(st.binary(max_size=4)) + blob[at + data.draw(st.integers(0, 4)) :]
    try:
        read = parse_key(odd)
    except KeyRefusedError as error:
        if not str(error):
            raise AssertionError("a refusal says why") from error
    else:
        assert read.blob == odd
        assert parse_line(*read.line.split()) == read
