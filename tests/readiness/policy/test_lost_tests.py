"""What is lost between two runs is told once: by the sources where they show it, by name where they do not."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from readiness.checklist import Item
from readiness.evidence.change import ChangedFile, EvidenceWeakening, JudgedTest
from readiness.evidence.reading import compare_sources
from readiness.evidence.written import Sources, belongs
from readiness.outcome import Evidence, Outcome, Status, TestNames
from readiness.policy.judged_tests import JudgedTests
from readiness.policy.lost_tests import ComparedRuns, ComparedSide, compare_runs
from readiness.ratchet import BaseResults
from readiness.report import Result
from support.costs import cpu_seconds

ITEM = Item.model_validate({"id": "tests", "title": "T", "check": "junit", "no_worse_than": "base"})
SOURCE = """\
class TestA:
    def test_one(self): ...

class TestB:
    def test_one(self): ...
    def test_two(self): ...
"""
ONE_A, ONE_B, TWO = "tests.test_x.TestA\ttest_one", "tests.test_x.TestB\ttest_one", "tests.test_x.TestB\ttest_two"

RENAMED = JudgedTest("tests/test_x.py", "test_old", ("TestB",), now="test_two")
MOVED = JudgedTest("tests/test_old.py", "test_two", ("TestA",), now="test_two")


def outcome(ran: Sequence[str] | None, skipped: Sequence[str] = (), status: Status = Status.PASSED) -> Outcome:
    names = None if ran is None else TestNames.of(ran=ran, broken=(), skipped=skipped, counted="ran")
    seen = (Evidence(name="junit.xml"),)
    return Outcome(status=status, summary="S", examined=2, evidence=seen, tests=names)


def result(answer: Outcome, item: Item = ITEM) -> Result:
    return Result(item=item, section="S", outcome=answer)


def runs(root: Path, before: Outcome, now: Outcome, *, item: Item = ITEM, **said: Any) -> ComparedRuns:
    place = root / "tests" / "test_x.py"
    if not place.exists():
        place.parent.mkdir()
        place.write_text(SOURCE)
    sources = Sources(root, ["tests/test_x.py", "gone.py"])
    tests = JudgedTests(said.pop("judged", ()), said.pop("weakenings", ()))
    side = ComparedSide(sources, tests, said.pop("folder", ""))
    known = BaseResults("main (0123456789)", {item.id: result(before, item)}, **{"named": True, **said})
    return compare_runs(known, [result(now, item)], side)


def told(compared: ComparedRuns) -> list[tuple[str, str, int | None]]:
    return [(one.code, one.path, one.line) for one in compared.weakenings]


def test_a_test_that_is_still_there_is_told_at_its_line(tmp_path: Path) -> None:
    compared = runs(tmp_path, outcome([ONE_A, TWO]), outcome([ONE_A]))
    assert told(compared) == [("test-not-run", "tests/test_x.py", 6)]
    assert compared.weakenings[0].text == "does not run the test test_two of tests.test_x.TestB any more"
    assert compared.compared == 2


def test_a_test_that_no_source_declares_is_told_at_the_results(tmp_path: Path) -> None:
    compared = runs(tmp_path, outcome(["made.up\tat run time", TWO]), outcome([TWO]), folder="app")
    assert told(compared) == [("test-not-run", "app/junit.xml", None)]


def test_a_skip_and_fewer_cases_say_how_many(tmp_path: Path) -> None:
    before = outcome([ONE_A, *(f"{TWO}[{n}]" for n in range(5))])
    now = outcome([f"{TWO}[0]", f"{TWO}[1]"], skipped=[ONE_A, f"{TWO}[4]"])
    assert [one.text for one in runs(tmp_path, before, now).weakenings] == [
        "skips the test test_one of tests.test_x.TestA, which ran on the base",
        "runs the test test_two of tests.test_x.TestB for fewer cases (5 → 2, 1 of them skipped)",
    ]


def test_whoever_adds_a_test_has_not_renamed_one_that_is_still_there(tmp_path: Path) -> None:
    new = "tests.test_x.TestB\ttest_three"
    assert told(runs(tmp_path, outcome([TWO]), outcome([new]))) == [("test-not-run", "tests/test_x.py", 6)]
    assert told(runs(tmp_path, outcome(["tests.test_x.TestB\ttest_old"]), outcome([new]))) == []


def test_what_the_sources_show_gone_is_judged_there(tmp_path: Path) -> None:
    old = "tests.test_x.TestB\ttest_old"
    gone = [JudgedTest("tests/test_x.py", "test_old", ("TestB",))]
    assert told(runs(tmp_path, outcome([old, f"{old}[2]"]), outcome([]), judged=gone)) == []
    assert told(runs(tmp_path, outcome([old]), outcome([]))) == [("test-not-run", "junit.xml", None)]


@pytest.mark.parametrize(
    "gone",
    [JudgedTest("tests/test_x.py", "test_one", ("TestA",)), JudgedTest("tests/test_y.py", "test_one", ("TestB",))],
    ids=["of another class", "of another file"],
)
def test_a_removed_test_takes_no_other_of_its_name_along(tmp_path: Path, gone: JudgedTest) -> None:
    compared = runs(tmp_path, outcome([ONE_B]), outcome([]), judged=[gone])
    assert [one.text for one in compared.weakenings] == [
        "does not run the test test_one of tests.test_x.TestB any more"
    ]


def test_a_title_is_found_at_the_end_of_a_name(tmp_path: Path) -> None:
    """Jest puts the titles around a test before its own."""
    gone = [JudgedTest("src/cart.test.ts", "adds a line", ("Cart",))]
    before = outcome(["src/cart.test.ts\tCart adds a line", "src/cart.test.ts\tCart is empty"])
    assert told(runs(tmp_path, before, outcome(["src/cart.test.ts\tCart is empty"]), judged=gone)) == []


@pytest.mark.parametrize(
    ("weakening", "again"),
    [
        (EvidenceWeakening("test-skipped", "skips test_two: @pytest.mark.skip", "tests/test_x.py", 5), False),
        (EvidenceWeakening("test-skipped", "skips test_two: @pytest.mark.skip", "tests/test_y.py", 5), True),
        (EvidenceWeakening("test-skipped", "skips test_two_more: skip", "tests/test_x.py", 5), True),
        (EvidenceWeakening("assertions-fewer", "drops an assertion of test_two", "tests/test_x.py", 5), True),
    ],
    ids=["the same", "of another file", "of another test", "something else"],
)
def test_a_skip_that_the_sources_show_is_told_once(
    tmp_path: Path, weakening: EvidenceWeakening, *, again: bool
) -> None:
    compared = runs(tmp_path, outcome([TWO]), outcome([], skipped=[TWO]), weakenings=[weakening])
    assert bool(compared.weakenings) is again


@pytest.mark.parametrize(
    ("was", "now", "rows", "fewer", "told_here"),
    [
        (5, 4, 5, 1, False),
        (10, 8, 7, 1, False),
        (10, 5, 7, 1, False),
        (10, 7, 7, 1, True),
        (5, 1, 5, 1, True),
        (5, 4, 0, 0, True),
    ],
    ids=["a row", "of 5 times 2", "of 2 times 5", "of neither", "more than that", "gone"],
)
def test_cases_that_go_with_their_rows_are_judged_by_the_sources(
    tmp_path: Path, was: int, now: int, rows: int, fewer: int, *, told_here: bool
) -> None:
    """Whoever signs that one row goes has not signed that all but one go."""
    judged = [JudgedTest("tests/test_x.py", "test_two", ("TestB",), rows, fewer)]
    before, after = (outcome([f"{TWO}[{n}]" for n in range(many)]) for many in (was, now))
    assert bool(runs(tmp_path, before, after, judged=judged).weakenings) is told_here


def test_names_that_are_missing_now_are_told_and_not_believed(tmp_path: Path) -> None:
    assert told(runs(tmp_path, outcome([TWO]), outcome(None))) == [("tests-not-named", "junit.xml", None)]


@pytest.mark.parametrize(
    ("before", "now", "named", "why"),
    [
        (outcome(None), outcome([TWO]), True, "its report does not name them"),
        (outcome([TWO]), outcome(None, status=Status.ERROR), True, "here the item is error"),
        (outcome([TWO]), outcome(None, status=Status.SKIPPED), True, "here the item is skipped"),
        (outcome([TWO]), outcome([ONE_A]), False, "the tip of the policy branch itself is judged"),
    ],
)
def test_what_is_not_compared_is_said(tmp_path: Path, before: Outcome, now: Outcome, why: str, *, named: bool) -> None:
    compared = runs(tmp_path, before, now, named=named)
    assert (compared.weakenings, compared.compared) == ((), 0)
    (notice,) = compared.notices
    assert notice.startswith("the tests of `tests` were not compared by name with main (0123456789): ")
    assert why in notice


def test_nothing_is_said_of_items_without_tests_or_without_a_base(tmp_path: Path) -> None:
    assert runs(tmp_path, outcome(None), outcome(None)) == ComparedRuns()
    free = ITEM.model_copy(update={"no_worse_than": ""})
    assert runs(tmp_path, outcome([TWO]), outcome([]), item=free) == ComparedRuns()


def test_a_test_that_is_newer_than_the_change_is_not_missed(tmp_path: Path) -> None:
    """The report is of a later commit of the policy branch than the one where the change left it."""
    newer = "tests.test_new\ttest_new"
    before = outcome([newer, TWO, f"{ONE_A}[1]", f"{ONE_A}[2]"])
    assert told(runs(tmp_path, before, outcome([TWO, f"{ONE_A}[1]"]), ahead=True)) == []
    lost = runs(tmp_path, before, outcome([f"{ONE_A}[1]"]), ahead=True)
    assert told(lost) == [("test-not-run", "tests/test_x.py", 6)]
    renamed = runs(
        tmp_path, outcome([newer, TWO, "tests.test_x.TestB\ttest_old"]), outcome([TWO]), judged=[RENAMED], ahead=True
    )
    assert told(renamed) == [("test-not-run", "junit.xml", None)]


def test_thousands_of_lost_tests_are_counted_beyond_the_first(tmp_path: Path) -> None:
    before = outcome([f"t\ttest_{n}" for n in range(1_500)])
    found = runs(tmp_path, before, outcome([])).weakenings
    assert len(found) == 1_001
    assert found[-1].text == "does not run 500 more tests as it did"
    other = runs(tmp_path, outcome([f"t\ttest_{n}" for n in range(1_499)] + ["t\ttest_z"]), outcome([])).weakenings
    assert found[-1] != other[-1]


def test_very_long_names_stay_apart(tmp_path: Path) -> None:
    before = outcome([f"t\t{'x' * 5_000}{end}" for end in "ab"])
    texts = {one.text for one in runs(tmp_path, before, outcome([])).weakenings}
    assert len(texts) == 2
    assert max(map(len, texts)) < 300


@pytest.mark.parametrize(
    ("path", "place", "is_there"),
    [
        ("tests/test_x.py", "tests.test_x.TestA", True),
        ("tests/test_x.py", "tests.test_x_more", False),
        ("src/test/java/com/shop/CartTest.java", "com.shop.CartTest", True),
        ("pkg/cart/cart_test.go", "example.com/shop/pkg/cart", True),
        ("src/cart.test.ts", "src/cart.test.ts", True),
        ("other/cart.go", "example.com/shop/pkg", False),
    ],
)
def test_a_place_of_a_report_belongs_to_a_file(path: str, place: str, *, is_there: bool) -> None:
    assert belongs(path, place) is is_there


@pytest.mark.parametrize(
    ("ran", "lost"),
    [
        ([ONE_B, TWO], []),
        ([ONE_B, f"{TWO}[1]", f"{TWO}[2]"], []),
        ([ONE_B], ["test_old"]),
        ([ONE_B, "tests.test_x.TestB\ttest_other"], ["test_old"]),
    ],
    ids=["runs", "runs for cases", "does not run", "does not run beside a new one"],
)
def test_a_renamed_test_has_to_run_under_its_new_name(tmp_path: Path, ran: list[str], lost: list[str]) -> None:
    """Renaming is free in the sources; to rename a test and leave it out of the run is not."""
    compared = runs(tmp_path, outcome([ONE_B, "tests.test_x.TestB\ttest_old"]), outcome(ran), judged=[RENAMED])
    assert [one.text.split()[5] for one in compared.weakenings] == lost


def test_a_test_that_moved_has_to_run_beside_new_ones_in_its_old_place(tmp_path: Path) -> None:
    old, new = "tests.test_old.TestA\ttest_two", "tests.test_old.TestA\ttest_new"
    assert told(runs(tmp_path, outcome([old]), outcome([TWO]), judged=[MOVED])) == []
    assert told(runs(tmp_path, outcome([old]), outcome([new]), judged=[MOVED])) == [("test-not-run", "junit.xml", None)]


@pytest.mark.parametrize(
    ("judged", "new", "is_lost"),
    [
        ((), "tests.test_y\ttest_one", True),
        ((), "tests.test_x.TestC\ttest_one", True),
        ((), "more.test_x.TestA\ttest_one", False),
        ((), "tests/test_x.py::TestA\ttest_one", False),
        ((JudgedTest("tests/test_x.py", "test_one", ("TestA",), now="test_one"),), "tests.test_y\ttest_one", False),
    ],
    ids=["another file", "another class", "another folder of this file", "another form", "moved in the sources"],
)
def test_a_namesake_elsewhere_takes_the_place_of_no_test_that_stands(
    tmp_path: Path, judged: Sequence[JudgedTest], new: str, *, is_lost: bool
) -> None:
    compared = runs(tmp_path, outcome([ONE_A, TWO]), outcome([new, TWO]), judged=judged)
    assert bool(compared.weakenings) is is_lost


def test_a_title_that_is_filled_in_for_each_case_may_be_the_new_name(tmp_path: Path) -> None:
    was, now = "src/cart.test.ts\tadds one", "src/cart.test.ts\tadds 1"
    judged = [JudgedTest("src/cart.test.ts", "adds one", now="adds %i")]
    assert told(runs(tmp_path, outcome([was]), outcome([now]), judged=judged)) == []


def test_what_the_sources_themselves_show_renamed_and_moved_has_to_run(tmp_path: Path) -> None:
    body = b":\n    assert total([1, 2]) == 3\n    assert total([]) == 0\n"
    place = tmp_path / "tests" / "test_y.py"
    place.parent.mkdir()
    place.write_bytes(b"def test_sum()" + body)
    change = [
        ChangedFile("tests/test_old.py", b"def test_total()" + body, None),
        ChangedFile("tests/test_y.py", None, place.read_bytes()),
    ]
    shown = compare_sources(change)
    assert shown.weakenings == ()
    side = ComparedSide(Sources(tmp_path, ["tests/test_y.py"]), JudgedTests(shown.judged, shown.weakenings))
    known = BaseResults("main", {"tests": result(outcome(["tests.test_old\ttest_total", TWO]))}, named=True)
    assert compare_runs(known, [result(outcome(["tests.test_y\ttest_sum", TWO]))], side).weakenings == ()
    (left_out,) = compare_runs(known, [result(outcome([TWO, "tests.test_old\ttest_new"]))], side).weakenings
    assert left_out.text == "does not run the test test_total of tests.test_old any more"


@pytest.mark.parametrize("how", ["renamed", "skipped", "not run"])
def test_many_lost_tests_cost_what_their_number_says(tmp_path: Path, how: str) -> None:
    def cost(many: int) -> float:
        path, names = f"tests/test_of_{many}.py", [f"test_{number}_" for number in range(many)]
        tmp_path.joinpath("tests").mkdir(exist_ok=True)
        tmp_path.joinpath(path).write_text("".join(f"def {name}(): ...\n" for name in names if how != "renamed"))
        judged = [JudgedTest(path, name, now=f"{name}new") for name in names if how == "renamed"]
        shown = [EvidenceWeakening("test-skipped", f"skips {name}: x", path) for name in names if how == "skipped"]
        place = path.removesuffix(".py").replace("/", ".")
        known = BaseResults("main", {"tests": result(outcome([f"{place}\t{name}" for name in names]))}, named=True)
        now = [f"{place}\t{name}new" for name in names] if how == "renamed" else [TWO]

        def compared() -> ComparedRuns:
            side = ComparedSide(Sources(tmp_path, [path]), JudgedTests(judged, shown))
            return compare_runs(known, [result(outcome(now))], side)

        assert bool(compared().weakenings) is (how == "not run")
        return cpu_seconds(compared)

    assert cost(3_200) < 10 * cost(800)  # both more than the patterns that Python keeps
