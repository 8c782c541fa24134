"""What speaks against a verdict: that it did not pass, contradicts itself, or was judged by another policy."""

from collections.abc import Callable
from typing import Any

import pytest

from readiness.attestation.demand import judged_by
from readiness.attestation.statement import EXTENSION
from support.report_values import COMMIT, digest
from support.verdicts import altered, codes, conditional, envelope, governed_go, look


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
