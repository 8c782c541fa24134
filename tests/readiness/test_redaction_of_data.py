"""Secrets in data and in models: their shape and their grammar stay, whatever is masked."""

from typing import Any

import pytest
from pydantic import create_model

from readiness.checklist import Item
from readiness.outcome import Evidence, Finding, Level, Outcome, Status
from readiness.redaction import MASK, Redactor
from readiness.report import Result


def test_masks_json_like_data_keys_included() -> None:
    redactor = Redactor()
    redactor.register("sesame")
    assert redactor.data({"sesame": ["open sesame", 1, None]}) == {MASK: ["open sesame", 1, None]}


def test_a_model_stays_valid_though_a_secret_is_a_word_of_ours() -> None:
    redactor = Redactor()
    redactor.register("passed", "error", "coverage", "blocker", "a" * 64)
    result = Result(
        item=Item(id="coverage", title="coverage", check="coverage", params={"key": ["coverage"]}),
        section="s",
        outcome=Outcome(
            status=Status.PASSED,
            summary="all passed",
            examined=1,
            findings=(Finding(message="error", level=Level.NOTE),),
            evidence=(Evidence(name="n", sha256="a" * 64), Evidence(name="m", sha256="b" * 64)),
        ),
    )
    masked = redactor.model(result)
    assert Result.model_validate_json(masked.model_dump_json()) == masked
    assert (masked.item.id, masked.item.check, masked.status) == ("coverage", "coverage", Status.PASSED)
    assert masked.item.title == "coverage", "what the checklist says stays readable"
    assert masked.item.params == {"key": [MASK]}
    assert masked.outcome.summary == "all passed", "an ordinary word is masked only where it stands as a value"
    assert [evidence.sha256 for evidence in masked.outcome.evidence] == ["", "b" * 64]


def test_a_model_without_secrets_is_left_as_it_is() -> None:
    outcome = Outcome(status=Status.FAILED, summary="s", findings=(Finding(message="m"),))
    assert Redactor().model(outcome) is outcome


def test_data_keeps_its_shape() -> None:
    redactor = Redactor()
    redactor.register("sesame")
    assert redactor.data(("sesame", 3)) == [MASK, 3]
    assert redactor.data({1: {"a": "sesame"}}) == {"1": {"a": MASK}}
    assert redactor.data(2.5) == 2.5


def test_masks_inside_of_everything_that_a_model_holds() -> None:
    redactor = Redactor()
    redactor.register("sesame")
    item = Item(
        id="sesame", title="t", check="c", owner="open sesame", params={"sesame": {"a": ("sesame", 1)}, "plain": [True]}
    )
    masked = redactor.model(item)
    assert (masked.id, masked.title, masked.owner) == ("sesame", "t", "open sesame")
    assert masked.params == {MASK: {"a": (MASK, 1)}, "plain": [True]}
    assert item.params == {"sesame": {"a": ("sesame", 1)}, "plain": [True]}, "the original stays"


def test_what_holds_no_secret_stays_the_very_same() -> None:
    redactor = Redactor()
    redactor.register("sesame")
    item = Item(
        id="a", title="sesame", check="c", params={"b": {"c": ["d", 1]}}, needs=("e",), controls=("SOC2:CC8.1",)
    )
    masked = redactor.model(item)
    assert masked.title == "sesame"
    assert masked.params is item.params
    assert masked.needs is item.needs
    assert masked.controls is item.controls


def test_only_a_digest_with_a_secret_in_it_is_emptied() -> None:
    redactor = Redactor()
    redactor.register("b" * 64)
    evidence = redactor.model(Evidence(name="n", sha256="a" * 64, excerpt="b" * 64))
    assert (evidence.sha256, evidence.excerpt) == ("a" * 64, MASK)
    assert redactor.model(Evidence(name="n", sha256="b" * 64)).sha256 == ""


def test_keys_that_become_one_are_no_error() -> None:
    redactor = Redactor()
    redactor.register("sesame", "mellon")
    item = Item(id="a", title="t", check="c", params={"sesame": 1, "mellon": 2})
    assert redactor.model(item).params == {MASK: 2}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        *((name, "sesame") for name in (
            "id", "item", "unblocks", "needs", "check", "severity", "phase", "operator", "schema_version", "commit",
        )),
        *((name, "") for name in ("sha256", "checklist_sha256", "record")),
        ("summary", MASK),
    ],
)  # fmt: skip
def test_a_field_with_a_grammar_keeps_it(name: str, kept: str) -> None:
    redactor = Redactor()
    redactor.register("sesame")
    fields: dict[str, Any] = {name: (str, ...)}
    model = create_model("Told", **fields)
    assert redactor.model(model(**{name: "sesame"})).model_dump() == {name: kept}
