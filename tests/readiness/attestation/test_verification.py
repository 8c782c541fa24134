"""What a deploy job asks of an attested verdict: every tampering and every other question has its objection."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from readiness.attestation import AttestationError
from readiness.attestation.compose import compose
from readiness.attestation.envelope import Envelope, Signature, pae, sign
from readiness.attestation.statement import EXTENSION, parse_statement
from readiness.attestation.verification import age
from readiness.report import Flip, Selection
from support.report_values import COMMIT, STARTED, digest
from support.verdicts import ARTIFACTS, DAY, altered, codes, conditional, envelope, go, key, look


def test_a_genuine_verdict_is_good() -> None:
    found = look(
        envelope(), project="deedpro", release="3.0.0", environment="production", artifacts=ARTIFACTS, conditional=False
    )
    assert found.objections == ()
    assert found.key == key().trusted
    assert found.statement is not None
    assert found.statement.predicate.verdict.word == "GO"


def test_conditional_go_is_good_unless_it_is_not_wanted() -> None:
    assert codes(look(envelope(conditional()))) == []
    assert codes(look(envelope(conditional()), conditional=False)) == ["conditional"]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where each single value stands."""
    if isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, name))
    else:
        yield path


STATEMENT = json.loads(compose(conditional(), report_sha256=digest("report"), artifacts=ARTIFACTS, folder="").encode())


@pytest.mark.parametrize("path", [*leaves(STATEMENT)], ids=lambda path: ".".join(map(str, path)))
def test_no_field_can_be_changed_after_signing(path: tuple[Any, ...]) -> None:
    def change(said: Any) -> None:
        for name in path[:-1]:
            said = said[name]
        said[path[-1]] = "another" if isinstance(said[path[-1]], str) else not said[path[-1]]

    genuine = envelope(conditional())
    forged = altered(change, resign=False, run=conditional())
    assert json.loads(forged.payload) != json.loads(genuine.payload)
    found = look(forged)
    assert codes(found) == ["bad-signature"]
    assert found.statement is None
    assert found.key is None


def test_the_same_words_in_other_bytes_are_not_what_was_signed() -> None:
    genuine = envelope()
    spaced = json.dumps(json.loads(genuine.payload), indent=1).encode()
    assert codes(look(Envelope(spaced, genuine.payload_type, genuine.signatures))) == ["bad-signature"]


def test_another_key_is_not_believed() -> None:
    assert codes(look(envelope(by="second"))) == ["bad-signature"]
    assert codes(look(envelope(), by="second")) == ["bad-signature"]


def test_a_signature_over_the_bare_payload_is_not_one_over_the_envelope() -> None:
    genuine = envelope()
    bare = Envelope(genuine.payload, genuine.payload_type, (Signature("", key().sign(genuine.payload)),))
    assert codes(look(bare)) == ["bad-signature"]


def test_nothing_in_the_file_chooses_an_algorithm() -> None:
    """As JWT's `alg: none` did."""
    said = {**envelope().encode(), "alg": "none", "payloadType": "application/vnd.in-toto+json"}
    from readiness.attestation.envelope import decode

    said["signatures"] = [{"keyid": key().trusted.id, "sig": "AA==", "alg": "none", "publicKey": "AA=="}]
    assert codes(look(decode(said))) == ["bad-signature"]


def test_another_kind_of_payload_by_the_same_key_is_no_verdict() -> None:
    payload = envelope().payload
    other = Envelope(payload, "application/json", (Signature("", key().sign(pae("application/json", payload))),))
    found = look(other)
    assert codes(found) == ["payload-type"]
    assert found.statement is None


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("_type", "https://in-toto.io/Statement/v0.1", "statement-type"),
        ("_type", None, "statement-type"),
        ("predicateType", "https://slsa.dev/provenance/v1", "predicate-type"),
        ("predicateType", "https://slsa.dev/verification_summary/v1 ", "predicate-type"),
        ("predicateType", "urn:readiness:signoff:v1", "predicate-type"),
        ("predicateType", ["https://slsa.dev/verification_summary/v1"], "predicate-type"),
    ],
)
def test_another_statement_by_the_same_key_is_no_verdict(name: str, value: Any, code: str) -> None:
    found = look(altered(lambda said: said.update({name: value}), resign=True))
    assert codes(found) == [code]
    assert found.statement is None


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"commit": "0" * 40}, "other-commit"),
        ({"commit": COMMIT[:-1] + "0"}, "other-commit"),
        ({"commit": digest("deedpro.whl")}, "other-commit"),
        ({"project": "other"}, "other-project"),
        ({"project": ""}, "other-project"),
        ({"release": "3.0.1"}, "other-release"),
        ({"environment": "staging"}, "other-environment"),
        ({"environment": "Production"}, "other-environment"),
        ({"environment": ""}, "other-environment"),
        ({"phase": "pre-deploy"}, "other-phase"),
        ({"artifacts": {"a.whl": digest("another")}}, "other-artifact"),
        ({"artifacts": {"a.whl": COMMIT}}, "other-artifact"),
    ],
)
def test_another_question_has_no_answer(asked: dict[str, Any], code: str) -> None:
    found = look(envelope(), **asked)
    assert codes(found) == [code]
    assert found.objections[0].kind == "refuted"
    assert found.objections[0].remedy


def test_a_verdict_about_one_phase_is_good_for_that_phase_alone() -> None:
    part = envelope(go(selection=Selection(phase="pre-deploy")))
    assert codes(look(part)) == ["other-phase"]
    assert codes(look(part, phase="post-deploy")) == ["other-phase"]
    assert codes(look(part, phase="pre-deploy")) == []


def test_all_objections_are_told() -> None:
    found = look(envelope(), commit="0" * 40, environment="staging", after=2 * DAY)
    assert codes(found) == ["other-commit", "other-environment", "too-old"]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (timedelta(), []),
        (-timedelta(minutes=5), []),
        (-timedelta(minutes=5, seconds=1), ["in-the-future"]),
        (DAY, []),
        (DAY + timedelta(microseconds=1), ["too-old"]),
    ],
)
def test_it_has_to_be_of_the_right_age(after: timedelta, expected: list[str]) -> None:
    assert codes(look(envelope(), after=after)) == expected


def test_too_old_is_lapsed_and_not_yet_is_refuted() -> None:
    assert [one.kind for one in look(envelope(), after=2 * DAY).objections] == ["lapsed"]
    assert [one.kind for one in look(envelope(), after=-DAY).objections] == ["refuted"]


def test_it_lapses_with_the_first_thing_that_it_rests_on() -> None:
    waived = envelope(conditional())
    assert codes(look(waived, after=14 * DAY - timedelta(seconds=1), max_age=30 * DAY)) == []
    (objection,) = look(waived, after=14 * DAY, max_age=30 * DAY).objections
    assert (objection.code, objection.text) == (
        "lapsed",
        "it was valid until 2026-12-07T10:15:00Z: the waiver of tls lapses",
    )


def test_where_it_says_no_reason_none_is_told() -> None:
    def silence(said: dict[str, Any]) -> None:
        said["predicate"][EXTENSION].pop("flips")

    silent = altered(silence, resign=True, run=conditional())
    (objection,) = look(silent, after=14 * DAY, max_age=30 * DAY).objections
    assert objection.text == "it was valid until 2026-12-07T10:15:00Z"


def test_it_says_what_lapsed() -> None:
    run = go()
    flips = (Flip(at=STARTED + timedelta(hours=2), text="the sign-off of legal expires"),)
    run = run.model_copy(update={"verdict": run.verdict.model_copy(update={"flips": flips})})
    (objection,) = look(envelope(run), after=timedelta(hours=3)).objections
    assert (objection.kind, objection.code) == ("lapsed", "lapsed")
    assert "the sign-off of legal expires" in objection.text


MALFORMED: dict[str, Any] = {
    "no predicate": lambda said: said.pop("predicate"),
    "predicate is a list": lambda said: said.update(predicate=[]),
    "no subject": lambda said: said.pop("subject"),
    "empty subject": lambda said: said.update(subject=[]),
    "no extension": lambda said: said["predicate"].pop(EXTENSION),
    "no time": lambda said: said["predicate"].pop("timeVerified"),
    "time is a number": lambda said: said["predicate"].update(timeVerified=1_795_000_000),
    "time is a number in text": lambda said: said["predicate"].update(timeVerified="1795000000"),
    "time has no offset": lambda said: said["predicate"].update(timeVerified="2026-11-23T10:15:00"),
    "time is a date": lambda said: said["predicate"].update(timeVerified="2026-11-23"),
    "end is text": lambda said: said["predicate"][EXTENSION].update(valid_until="never"),
    "end is far": lambda said: said["predicate"][EXTENSION].update(valid_until="9999-12-31T00:00:00Z"),
    "result is a list": lambda said: said["predicate"].update(verificationResult=["PASSED"]),
    "word is new": lambda said: said["predicate"][EXTENSION].update(word="MAYBE"),
    "environment is a number": lambda said: said["predicate"][EXTENSION].update(environment=7),
    "digest is a list": lambda said: said["subject"][0].update(digest=[COMMIT]),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_signed_statement_of_another_shape_is_malformed(name: str) -> None:
    with pytest.raises(AttestationError, match="no verdict of readiness"):
        look(altered(MALFORMED[name], resign=True))


RESULT = b'"verificationResult":"PASSED"'
UNCLEAR: dict[str, Callable[[bytes], bytes]] = {
    "result twice": lambda said: said.replace(RESULT, b'"verificationResult":"FAILED",' + RESULT),
    "result twice, escaped": lambda said: said.replace(RESULT, rb'"verification\u0052esult":"FAILED",' + RESULT),
    "trailing": lambda said: said + b" trailing",
    "cut": lambda said: said[:-1],
    "list": lambda _: b"[]",
    "null": lambda _: b"null",
    "empty": lambda _: b"",
    "bytes": lambda _: b"\xff",
    "nan": lambda _: b'{"a":NaN}',
    "deep": lambda _: b"[" * 10_000,
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_a_signed_payload_that_can_be_read_in_two_ways_or_in_none_is_refused(name: str) -> None:
    payload = UNCLEAR[name](envelope().payload)
    assert payload != envelope().payload
    with pytest.raises(AttestationError):
        look(sign(payload, key()))


def test_unknown_fields_are_passed_over_as_in_toto_asks() -> None:
    def extend(said: dict[str, Any]) -> None:
        said["predicate"]["slsaVersion"] = "1.1"
        said["predicate"]["https://example.com/more"] = {"x": [1]}
        said["subject"][0]["annotations"] = {"y": {}}

    assert codes(look(altered(extend, resign=True))) == []


def test_hostile_words_of_a_trusted_key_are_spelled_out() -> None:
    def rename(said: dict[str, Any]) -> None:
        said["predicate"][EXTENSION]["environment"] = "\u202e\x1b[2Jproduction"

    (objection,) = look(altered(rename, resign=True), environment="production").objections
    assert objection.text.isprintable()
    assert "\\u202e\\x1b[2J" in objection.text


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(), "0 seconds"),
        (timedelta(seconds=1), "1 second"),
        (timedelta(seconds=59), "59 seconds"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59, seconds=59), "59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=23, minutes=59), "23 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=3, hours=5), "3 days"),
        (-timedelta(days=3), "0 seconds"),
    ],
)
def test_ages_are_told_in_words(length: timedelta, words: str) -> None:
    assert age(length) == words


def test_who_signed_something_else_is_known_and_nothing_in_it_is_believed() -> None:
    signed = envelope()
    foreign = Envelope(signed.payload, "text/plain", (Signature("", key().sign(pae("text/plain", signed.payload))),))
    for found in (look(foreign), look(altered(lambda said: said.update(_type="urn:other"), resign=True))):
        assert (found.key, found.statement) == (key().trusted, None)
    assert codes(look(foreign)) == ["payload-type"]


@pytest.mark.parametrize(("field", "code"), [("_type", "statement-type"), ("predicateType", "predicate-type")])
def test_a_statement_of_another_kind_is_told_by_what_it_says(field: str, code: str) -> None:
    (objection,) = look(altered(lambda said: said.update({field: "urn:other"}), resign=True)).objections
    assert (objection.kind, objection.code) == ("refuted", code)
    assert "urn:other" in objection.text
    assert objection.remedy


def test_what_a_statement_leaves_out_says_nothing() -> None:
    said = json.loads(envelope().payload)
    predicate = said["predicate"]
    kept = {
        "_type": said["_type"],
        "predicateType": said["predicateType"],
        "subject": [{}],
        "predicate": {
            **{name: predicate[name] for name in ("timeVerified", "resourceUri", "verificationResult")},
            "verifier": {"id": "x"},
            "policy": {},
            "verifiedLevels": [],
            EXTENSION: {
                "word": "GO",
                "project": "deedpro",
                "items": [{"id": "a", "title": "A", "severity": "info", "status": "passed", "digest": "d"}],
                "records": [
                    {
                        "record": "r",
                        "action": "waive",
                        "item": "a",
                        "principal": "p",
                        "signed_at": "2026-11-23T10:15:00Z",
                    }
                ],
            },
        },
    }
    found = parse_statement(kept)
    summary, verdict = found.predicate, found.predicate.verdict
    assert found.subject[0].model_dump() == {"name": "", "uri": "", "digest": {}, "annotations": {}}
    assert (summary.verifier.version, summary.input_attestations) == ({}, ())
    assert (verdict.reason, verdict.release, verdict.environment, verdict.phase) == ("", "", "", "")
    assert (verdict.valid_until, verdict.flips, verdict.policy) == (None, (), None)
    assert (verdict.checklist, verdict.report_sha256) == ("", "")
    assert (verdict.items[0].selected, verdict.items[0].controls, verdict.items[0].waiver) == (True, (), "")
    assert (verdict.records[0].role, verdict.records[0].expires_at) == ("", None)
    bare = {name: value for name, value in kept["predicate"][EXTENSION].items() if name in ("word", "project")}
    least = parse_statement({**kept, "predicate": {**kept["predicate"], EXTENSION: bare}})
    assert (least.predicate.verdict.items, least.predicate.verdict.records) == ((), ())
