"""What a deploy job asks of an attested verdict: every tampering and every other question has its objection."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from readiness.attestation.compose import compose
from readiness.attestation.demand import Demand, judged_by
from readiness.attestation.envelope import Envelope, Signature, pae, sign
from readiness.attestation.errors import AttestationError
from readiness.attestation.statement import EXTENSION, parse_statement
from readiness.attestation.verification import Examination, age, examine
from readiness.report import Flip, Selection
from support.report_values import COMMIT, STARTED, digest
from support.verdicts import ARTIFACTS, altered, conditional, envelope, go, governed_go, key, trusted

DAY = timedelta(days=1)


def look(signed: Envelope, *, after: timedelta = timedelta(hours=1), by: str = "first", **asked: Any) -> Examination:
    demand = Demand(**{"commit": COMMIT, "max_age": DAY, **asked})
    return examine(signed, trusted(by), demand, STARTED + after)


def codes(found: Examination) -> list[str]:
    return [objection.code for objection in found.objections]


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


@pytest.mark.parametrize("result", ["FAILED", "passed", "PASSED ", "", "PASSED\u200b"])
def test_whatever_is_not_passed_is_refuted(result: str) -> None:
    found = look(altered(lambda said: said["predicate"].update(verificationResult=result), resign=True))
    assert codes(found) == ["not-passed"]


@pytest.mark.parametrize("word", ["NO_GO", "INCOMPLETE"])
def test_a_verdict_that_is_no_go_is_refuted_whatever_its_result(word: str) -> None:
    found = look(altered(lambda said: said["predicate"][EXTENSION].update(word=word), resign=True))
    assert codes(found) == ["not-go"]


def test_conditional_go_without_an_end_is_refuted() -> None:
    endless = altered(lambda said: said["predicate"][EXTENSION].pop("valid_until"), resign=True, run=conditional())
    assert codes(look(endless)) == ["no-end"]


def test_another_verifier_is_refuted() -> None:
    other = altered(lambda said: said["predicate"]["verifier"].update(id="https://example.com/other"), resign=True)
    assert codes(look(other)) == ["verifier"]


SIGNED: Any = {
    "other resource": lambda said: said["predicate"].update(resourceUri="urn:readiness:project:other"),
    "no level": lambda said: said["predicate"].update(verifiedLevels=[]),
    "a level of the whole": lambda said: said["predicate"][EXTENSION].update(phase="pre-deploy"),
    "a blocker that failed": lambda said: said["predicate"][EXTENSION]["items"][0].update(status="failed"),
    "a blocker that waits": lambda said: said["predicate"][EXTENSION]["items"][1].update(status="pending"),
    "a blocker that is waived": lambda said: said["predicate"][EXTENSION]["items"][0].update(
        status="failed", waiver="e" * 64
    ),
    "another ref": lambda said: said["predicate"]["policy"]["annotations"].update(ref="main"),
    "another policy": lambda said: said["predicate"]["policy"]["annotations"].update(commit="e" * 40),
}


@pytest.mark.parametrize("name", SIGNED)
def test_a_verdict_that_contradicts_itself_is_refuted(name: str) -> None:
    found = look(altered(SIGNED[name], resign=True, run=governed_go()), phase="pre-deploy" if "whole" in name else "")
    assert codes(found) == ["contradiction"]
    assert found.objections[0].kind == "refuted"


def test_an_item_that_does_not_block_or_was_not_selected_contradicts_nothing() -> None:
    for change in ({"severity": "warning", "status": "failed"}, {"selected": False, "status": "skipped"}):
        made = altered(lambda said, new=change: said["predicate"][EXTENSION]["items"][0].update(new), resign=True)  # type: ignore[misc]
        assert codes(look(made)) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda items: items.clear(),
        lambda items: [item.update(selected=False) for item in items],
        lambda items: [item.update(severity="info", status="error") for item in items],
    ],
    ids=["none", "none selected", "none evaluated"],
)
def test_a_verdict_about_no_item_is_refuted(change: Callable[[Any], object]) -> None:
    made = altered(lambda said: change(said["predicate"][EXTENSION]["items"]), resign=True)
    assert codes(look(made)) == ["no-items"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"policy_ref": "origin/main"}, ""),
        ({"policy_ref": "refs/remotes/origin/main"}, ""),
        ({"policy_ref": "refs/heads/origin/main"}, ""),
        ({"policy_ref": "refs/tags/origin/main"}, "other-policy"),
        ({"policy_ref": "main"}, "other-policy"),
        ({"policy_ref": "origin/weak"}, "other-policy"),
        ({"policy_ref": "c" * 40}, ""),
        ({"policy_ref": "C" * 40}, ""),
        ({"policy_ref": "c" * 39}, "other-policy"),
        ({"policy_ref": COMMIT}, "other-policy"),
        ({"policy_sha256": digest("theirs")}, ""),
        ({"policy_sha256": digest("ours")}, "other-policy"),
        ({"report_sha256": digest("report")}, ""),
        ({"report_sha256": digest("another")}, "other-report"),
        ({"level": "READINESS_GO"}, ""),
        ({"level": "READINESS_CONDITIONAL_GO"}, "other-level"),
        ({"level": "SLSA_BUILD_LEVEL_3"}, "other-level"),
        ({"checklist": "services/shop/readiness.yaml"}, ""),
        ({"checklist": "./services/shop//readiness.yaml"}, ""),
        ({"checklist": "services/shop"}, ""),
        ({"checklist": "services/shop/"}, ""),
        ({"checklist": "readiness.yaml"}, "other-checklist"),
        ({"checklist": "services"}, "other-checklist"),
        ({"checklist": "services/shop/readiness.yml"}, "other-checklist"),
        ({"checklist": ""}, "other-checklist"),
    ],
    ids=str,
)
def test_policy_checklist_report_and_level_are_compared(asked: dict[str, Any], code: str) -> None:
    found = look(envelope(governed_go(), folder="services/shop"), **asked)
    assert codes(found) == ([code] if code else [])
    assert all(one.kind == "refuted" and one.remedy for one in found.objections)


@pytest.mark.parametrize(
    ("said", "asked", "same"),
    [
        ("main", "refs/heads/main", True),
        ("refs/heads/main", "main", True),
        ("refs/remotes/origin/main", "origin/main", True),
        ("refs/heads/main", "refs/remotes/main", False),
        ("refs/tags/main", "main", False),
        ("origin/main", "main", False),
        ("main", "refs/heads/refs/heads/main", False),
    ],
)
def test_a_ref_is_the_same_by_its_full_name(said: str, asked: str, *, same: bool) -> None:
    assert codes(look(envelope(governed_go(said)), policy_ref=asked)) == ([] if same else ["other-policy"])


@pytest.mark.parametrize(
    ("name", "asked", "same"),
    [
        ("refs/remotes/origin/main", "origin/main", True),
        ("refs/remotes/origin/main", "refs/remotes/origin/main", True),
        ("refs/tags/origin/main", "origin/main", False),
        ("refs/tags/origin/main", "refs/tags/origin/main", True),
        ("refs/heads/origin/main", "refs/remotes/origin/main", False),
    ],
)
def test_the_full_name_of_the_ref_decides_where_it_is_said(name: str, asked: str, *, same: bool) -> None:
    run = governed_go("origin/main")
    assert run.policy is not None
    run = run.model_copy(update={"policy": run.policy.model_copy(update={"name": name})})
    assert codes(look(envelope(run), policy_ref=asked)) == ([] if same else ["other-policy"])


def test_the_checklist_at_the_top_is_named_by_its_name_or_a_dot() -> None:
    for asked in ("readiness.yaml", ".", "./readiness.yaml"):
        assert codes(look(envelope(), checklist=asked)) == []
    assert codes(look(envelope(), checklist="services/shop")) == ["other-checklist"]


def test_a_verdict_without_a_policy_ref_is_none_of_a_policy_ref() -> None:
    for asked in ("origin/main", COMMIT):
        (objection,) = look(envelope(), policy_ref=asked).objections
        assert objection.code == "no-policy-ref"
        assert "the checklist of the judged commit itself judged" in objection.text


def test_a_verdict_of_an_earlier_version_says_no_folder() -> None:
    def forget(said: dict[str, Any]) -> None:
        said["predicate"][EXTENSION].pop("folder")

    old = altered(forget, resign=True)
    assert codes(look(old)) == []
    (objection,) = look(old, checklist="readiness.yaml").objections
    assert objection.code == "no-checklist-path"
    assert "an older version made it" in objection.text
    statement = look(old).statement
    assert statement is not None
    assert "its folder is not said" in judged_by(statement)


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
