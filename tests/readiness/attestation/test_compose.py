"""What a verdict says when it is signed, as the specifications of in-toto and SLSA want it."""

import json
from datetime import timedelta
from typing import Any

import pytest

from readiness.attestation import AttestationError
from readiness.attestation.compose import compose, simple_result
from readiness.attestation.statement import EXTENSION, parse_payload, parse_statement
from readiness.outcome import Evidence, SignoffState
from readiness.report import Flip, PolicyFact, Report, Selection
from support.governed import governed
from support.report_values import (
    COMMIT,
    STARTED,
    card,
    digest,
    evidence_signature,
    failed,
    passed,
    report,
    result,
    signed,
    waiver,
)
from support.verdicts import ARTIFACTS, conditional, go


def said(run: Report) -> dict[str, Any]:
    statement = compose(run, report_sha256=digest("report"), artifacts=ARTIFACTS, folder="")
    found: dict[str, Any] = json.loads(statement.encode())
    assert parse_statement(parse_payload(statement.encode())) == statement
    return found


def test_it_is_a_verification_summary_of_the_commit_and_the_artefacts() -> None:
    found = said(go())
    assert found["_type"] == "https://in-toto.io/Statement/v1"
    assert found["predicateType"] == "https://slsa.dev/verification_summary/v1"
    assert found["subject"] == [
        {"name": "deedpro", "digest": {"gitCommit": COMMIT, "sha1": COMMIT}},
        {"name": "dist/deedpro.whl", "digest": {"sha256": digest("deedpro.whl")}},
    ]


def test_all_that_the_specification_requires_is_there() -> None:
    predicate = said(go())["predicate"]
    assert predicate["verifier"]["id"] == "urn:readiness:check"
    assert predicate["timeVerified"] == "2026-11-23T10:15:00Z"
    assert predicate["resourceUri"] == "urn:readiness:project:deedpro"
    assert predicate["policy"]["uri"] == "urn:readiness:policy:deedpro"
    assert predicate["policy"]["digest"] == {"sha256": digest("readiness.yaml")}
    assert predicate["verificationResult"] == "PASSED"
    assert predicate["verifiedLevels"] == ["READINESS_GO"]
    assert not any(level.startswith("SLSA_") for level in predicate["verifiedLevels"])


def test_what_the_specification_does_not_know_stands_below_one_uri() -> None:
    known = {"verifier", "timeVerified", "resourceUri", "policy"}
    known |= {"inputAttestations", "verificationResult", "verifiedLevels"}
    assert set(said(go())["predicate"]) - known == {EXTENSION}
    verdict = said(go())["predicate"][EXTENSION]
    assert (verdict["word"], verdict["project"], verdict["release"]) == ("GO", "deedpro", "3.0.0")
    assert verdict["environment"] == "production"
    assert verdict["report_sha256"] == digest("report")
    assert [(item["id"], item["status"]) for item in verdict["items"]] == [
        ("coverage", "passed"),
        ("templates-reviewed", "passed"),
    ]


def test_a_commit_of_sha256_has_no_sha1() -> None:
    assert said(go(commit="ab" * 32))["subject"][0]["digest"] == {"gitCommit": "ab" * 32}


def test_the_records_that_it_rests_on_are_its_inputs() -> None:
    found = said(go())["predicate"]
    (fact,) = found[EXTENSION]["records"]
    assert fact["action"] == "signoff"
    assert (fact["item"], fact["role"], fact["principal"]) == ("templates-reviewed", "legal", "legal@example.com")
    record = fact["record"]
    assert found["inputAttestations"] == [
        {
            "name": f".readiness/records/{record[:2]}/{record}.json",
            "uri": f"urn:readiness:record:{record}",
            "digest": {"sha256": record},
        }
    ]
    assert found[EXTENSION]["valid_until"] == fact["expires_at"]


def test_a_record_that_does_not_count_is_none_of_them() -> None:
    cards = (
        card("legal", SignoffState.VALID, "good"),
        *(card("legal", s, s.value) for s in SignoffState if s != "valid"),
    )
    run = report(
        [
            result("left-out", "Left out", "signoff", "Legal", signed("qa"), selected=False),
            result("reviewed", "Reviewed", "signoff", "Legal", passed("1 valid", 1, "sign-offs", signoffs=cards)),
            result("ok", "Waived for nothing", "tls", "Net", passed("fine", 1, "hosts"), waiver=waiver("ok")),
        ]
    )
    assert [fact["record"] for fact in said(run)["predicate"][EXTENSION]["records"]] == [cards[0].record]


def test_a_record_that_serves_two_items_is_one_input() -> None:
    run = report([result(name, name, "signoff", "Legal", signed("legal")) for name in ("one", "two")])
    predicate = said(run)["predicate"]
    assert len(predicate["inputAttestations"]) == 1
    assert [fact["item"] for fact in predicate[EXTENSION]["records"]] == ["one", "two"]


def test_signed_statements_about_evidence_are_inputs_each_once() -> None:
    evidence = Evidence(name="unit.xml", sha256=digest("unit"), signature=evidence_signature())
    unsigned = Evidence(name="lint.json", sha256=digest("lint"))
    run = report(
        [
            result(name, name, "junit", "Tests", passed("ran", 1, "tests", evidence=(evidence, evidence, unsigned)))
            for name in ("one", "two")
        ]
    )
    assert said(run)["predicate"]["inputAttestations"] == [
        {
            "name": "unit.xml.intoto.json",
            "uri": f"urn:readiness:evidence:{digest('envelope')}",
            "digest": {"sha256": digest("envelope")},
        }
    ]


def test_conditional_go_is_passed_until_its_waiver_ends() -> None:
    predicate = said(conditional())["predicate"]
    verdict = predicate[EXTENSION]
    assert predicate["verificationResult"] == "PASSED"
    assert predicate["verifiedLevels"] == ["READINESS_CONDITIONAL_GO"]
    assert verdict["word"] == "CONDITIONAL_GO"
    assert verdict["valid_until"] == "2026-12-07T10:15:00Z"
    assert [fact["action"] for fact in verdict["records"]] == ["waive"]
    assert {item["id"]: item.get("waiver", "") for item in verdict["items"]} == {
        "coverage": "",
        "tls": digest("waivertls"),
    }


def test_what_makes_it_fall_first_ends_it() -> None:
    flips = (Flip(at=STARTED + timedelta(hours=2), text="the sign-off of legal expires"),)
    run = go()
    run = run.model_copy(update={"verdict": run.verdict.model_copy(update={"flips": flips})})
    verdict = said(run)["predicate"][EXTENSION]
    assert verdict["valid_until"] == "2026-11-23T12:15:00Z"
    assert verdict["flips"] == [{"at": "2026-11-23T12:15:00Z", "text": "the sign-off of legal expires"}]


def test_the_policy_that_judged_is_named_by_its_commit() -> None:
    policy = PolicyFact(ref="origin/main", commit="c" * 40, merge_base="d" * 40, checklist_sha256=digest("theirs"))
    predicate = said(go().model_copy(update={"policy": policy}))["predicate"]
    assert predicate["policy"]["digest"] == {"sha256": digest("theirs")}
    assert predicate["policy"]["annotations"] == {"commit": "c" * 40, "ref": "origin/main"}
    assert predicate[EXTENSION]["policy"] == {"ref": "origin/main", "commit": "c" * 40}
    assert said(go())["predicate"]["policy"]["annotations"] == {"commit": COMMIT}


def test_the_checklist_is_named_by_its_path_from_the_top() -> None:
    for folder, path in (("", "readiness.yaml"), ("services/shop", "services/shop/readiness.yaml")):
        made = compose(go(), report_sha256=digest("report"), artifacts={}, folder=folder)
        predicate = json.loads(made.encode())["predicate"]
        assert predicate["policy"]["name"] == path
        assert (predicate[EXTENSION]["folder"], predicate[EXTENSION]["checklist"]) == (folder, "readiness.yaml")
        assert made.predicate.verdict.checklist_path == path


def test_the_short_form_says_the_same_of_the_same_subjects() -> None:
    policy = PolicyFact(ref="origin/main", commit="c" * 40, merge_base="d" * 40, checklist_sha256=digest("theirs"))
    for run, properties in (
        (go(), ["READINESS_GO"]),
        (go(selection=Selection(phase="pre-deploy")), ["READINESS_GO_IN_PHASE"]),
        (conditional(), ["READINESS_CONDITIONAL_GO"]),
        (go().model_copy(update={"policy": policy}), ["READINESS_GO", "READINESS_BY_POLICY_REF"]),
    ):
        made = compose(run, report_sha256=digest("report"), artifacts=ARTIFACTS, folder="shop")
        whole, brief = json.loads(made.encode()), json.loads(simple_result(made))
        assert brief["_type"] == "https://in-toto.io/Statement/v1"
        assert brief["predicateType"] == "https://in-toto.io/attestation/svr/v0.1"
        assert brief["subject"] == whole["subject"]
        predicate = brief["predicate"]
        assert predicate["verifier"]["id"] == "urn:readiness:check"
        assert predicate["verifier"]["policy"] == whole["predicate"]["policy"]
        assert predicate["timeCreated"] == whole["predicate"]["timeVerified"]
        assert predicate["properties"] == properties
        scope = predicate[EXTENSION]
        assert scope.items() <= whole["predicate"][EXTENSION].items()
        assert {"project", "release", "environment", "folder", "checklist"} <= scope.keys()
        assert "items" not in scope


def test_one_phase_is_never_called_the_whole() -> None:
    predicate = said(go(selection=Selection(phase="pre-deploy")))["predicate"]
    assert predicate["verifiedLevels"] == ["READINESS_GO_IN_PHASE"]
    assert predicate[EXTENSION]["phase"] == "pre-deploy"


@pytest.mark.parametrize(
    "run",
    [
        report([result("bad", "Bad", "tls", "Net", failed("no", "mend it"))]),
        report([]),
        governed(),
        go(commit=""),
        report([result("ok", "Fine", "tls", "Net", passed("fine", 1, "hosts"))], interrupted=True),
        go().model_copy(update={"interrupted": True}),
    ],
    ids=["no-go", "nothing evaluated", "weakened", "no commit", "interrupted", "interrupted, and says go"],
)
def test_anything_else_is_never_put_together(run: Report) -> None:
    with pytest.raises(AttestationError):
        compose(run, report_sha256=digest("report"), artifacts={}, folder="")


def test_a_large_and_governed_run_is_said_whole() -> None:
    run = governed(approved=True)
    verdict = said(run)["predicate"][EXTENSION]
    assert verdict["word"] == "CONDITIONAL_GO"
    assert len(verdict["items"]) == len(run.results)
    assert verdict["policy"]["ref"] == "origin/main"


@pytest.mark.parametrize("text", ["\u202egnp.exe", "a\x1b[2Jb", "half \ud800 a pair", "line\nbreak", "\u2028", "Größe"])
def test_hostile_titles_are_told_in_ascii(text: str) -> None:
    run = report([result("odd", "Odd", "tls", "Net", passed("fine", 1, "hosts"))])
    odd = run.results[0].model_copy(update={"item": run.results[0].item.model_copy(update={"title": text})})
    statement = compose(
        run.model_copy(update={"results": (odd,)}), report_sha256=digest("report"), artifacts={}, folder=""
    )
    assert statement.encode().isascii()
    assert b"\x1b" not in statement.encode()
    title = parse_statement(parse_payload(statement.encode())).predicate.verdict.items[0].title
    assert title == text.replace("\ud800", "?")
