"""What a run says on a terminal about waivers, about when its verdict falls, and about the policy that judged it."""

import io
from collections.abc import Iterator

import pytest

from readiness.cli.output.summary import summarize
from readiness.report import PolicyChange, Report
from support import governed, reports


class Terminal(io.StringIO):
    """A window that knows only ASCII."""

    encoding = "ascii"

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)


def lines(report: Report) -> Iterator[str]:
    import click

    return (click.unstyle(line) for line in summarize(report, Terminal()))


def test_the_verdict_says_until_when_it_holds_and_what_lapses_then() -> None:
    found = list(lines(reports.governed(approved=True)))
    assert found[0] == "~ CONDITIONAL_GO  deedpro 3.0.0 (production) at 5db0d36c1"
    assert "  ! valid until 2026-12-02 10:15 UTC, 9 days left: the waiver of `tls` lapses" in found[2:4]


def test_what_the_run_added_is_told_apart_from_the_items_of_the_checklist() -> None:
    report = reports.governed(approved=True)
    added = {"policy-weakening", "records-append-only"}
    asked = sum(result.item.id not in added for result in report.results)
    text = " ".join(" ".join(lines(report)).split())
    assert f" {asked} items: " in text
    assert "; added by the run: policy-weakening passed, records-append-only passed; 74.2 s" in text


def test_a_waived_item_shows_its_waiver_and_is_loud_when_that_lapses_soon() -> None:
    text = " ".join(" ".join(lines(reports.governed())).split())
    assert "x failed tls [platform] (waived)" in text
    by = 'release@example.com (says "Ada Novak")'
    assert f"! waived until 2026-12-02 10:15 UTC, 9 days left, by {by}: The renewal is booked" in text
    assert ". waived until 2026-12-23 10:15 UTC, 30 days left, by release@example.com" in text


def test_what_weakens_the_policy_is_listed_with_before_and_after() -> None:
    text = "\n".join(lines(reports.governed(approved=True)))
    said = " ".join(text.split())
    assert (
        "Policy of origin/main at 5db0d36c1: weakened in 3 places, which its owners signed off; 2 other changes" in said
    )
    assert "\n     - lowers `lines` of `coverage`: 95 -> 80\n     - drops the item `rollback`\n" in text
    assert "which its owners have not signed off;" in " ".join(" ".join(lines(reports.governed())).split())


def test_a_change_that_its_blocker_has_told_is_not_told_twice() -> None:
    report = reports.governed()
    policy = governed.policy(approved=False)
    text = "\n".join(lines(report))
    assert text.count("drops the item `rollback`") == 1
    (unheard,) = (result for result in report.results if result.item.id == "policy-weakening")
    others = tuple(result for result in report.results if result is not unheard)
    mute = reports.report(others, policy=policy)
    assert "drops the item `rollback`" in "\n".join(lines(mute))
    many = policy.model_copy(update={"changes": policy.changes * 2})
    assert "\n".join(lines(report.model_copy(update={"policy": many}))).count("drops the item `rollback`") == 3


def test_a_policy_that_is_not_weakened_takes_one_line() -> None:
    policy = governed.policy(approved=True).model_copy(update={"changes": ()})
    found = list(lines(reports.go().model_copy(update={"policy": policy})))
    assert "Policy of origin/main at 5db0d36c1: not weakened" in found
    assert not any(line.startswith("Policy") for line in lines(reports.go()))
    named = governed.policy(approved=True).model_copy(update={"changes": (), "name": "refs/remotes/origin/main"})
    found = list(lines(reports.go().model_copy(update={"policy": named})))
    assert "Policy of origin/main (refs/remotes/origin/main) at 5db0d36c1: not weakened" in found


def test_many_changes_are_counted_and_long_values_are_cut_visibly() -> None:
    change = PolicyChange(kind="weakens", code="c", text="changes it", before="x" * 4_000, after="\x1b[2J::error::y\nz")
    policy = governed.policy(approved=False).model_copy(update={"changes": (change,) * 14})
    text = "\n".join(lines(reports.go().model_copy(update={"policy": policy})))
    assert text.count("- changes it:") == 10
    assert "     and 4 more" in text
    assert text.count("x" * 60) <= 10
    assert " ... ->" in " ".join(text.split())
    assert "\x1b" not in text


@pytest.mark.parametrize("columns", [20, 32, 60])
def test_a_narrow_window_is_kept(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    found = list(lines(reports.governed()))
    for line in found[1:]:
        assert len(line) <= max(columns, 30), line
        line.encode("ascii")
