"""A test that ran at the base and does not run any more is found by its name; names are free to change."""

import random
from collections.abc import Sequence

import pytest

from readiness.evidence.ran_tests import LostTest, RunComparison, compare
from readiness.outcome import TestNames


def names(ran: Sequence[str] = (), *, skipped: Sequence[str] = (), broken: Sequence[str] = ()) -> TestNames:
    """Names as `place name`; the place is `t` where none is given."""

    def lines(given: Sequence[str]) -> list[str]:
        return ["\t".join(one.split("|")) if "|" in one else f"t\t{one}" for one in given]

    return TestNames.of(ran=lines(ran), broken=lines(broken), skipped=lines(skipped), counted="ran")


def lost(comparison: RunComparison, *, renamed: bool = True) -> list[tuple[str, int, int]]:
    """Name, cases at the base, and cases now of what is lost."""
    return [(one.function, one.was, one.was - len(one.names)) for one in comparison.renamed(lambda _: renamed)]


FREE = {
    "nothing": (["a", "b"], ["b", "a"]),
    "a new test": (["a"], ["a", "b"]),
    "another place": (["old.py|a", "old.py|b"], ["new.py|a", "new.py|b"]),
    "another form of the class": (["tests.test_x.TestA|a"], ["tests/test_x.py::TestA|a"]),
    "another name": (["a", "b"], ["a", "c"]),
    "other values": (["a[1]", "a[2]"], ["a[3]", "a[4]"]),
    "values that are never the same": (
        ["a[<object at 0x7f01>]", "a[6ba7b810]"],
        ["a[<object at 0x7f99>]", "a[1b4e28ba]"],
    ),
    "other values elsewhere": (["old.py|a[1]"], ["new.py|a[2]"]),
    "from one case to several": (["a"], ["a[1]", "a[2]"]),
    "a test of its own for each case": (["a[1]", "a[2]", "b"], ["a", "a_two", "b"]),
    "subtests": (["TestX/one", "TestX/two"], ["TestX/one", "TestX/three"]),
    "both moved and renamed in place": (["x|a", "t|b"], ["y|a", "t|c"]),
}


@pytest.mark.parametrize("case", FREE.values(), ids=FREE)
def test_names_are_free_to_change(case: tuple[list[str], list[str]]) -> None:
    before, after = case
    assert lost(compare(names(before), names(after))) == []


LOST = {
    "gone": (names(["a", "b"]), names(["b"]), [("a", 1, 0)]),
    "gone beside a new one elsewhere": (names(["a", "b"]), names(["b", "u|c"]), [("a", 1, 0)]),
    "two gone and one new": (names(["a", "b", "c"]), names(["c", "d"]), [("b", 1, 0)]),
    "skipped": (names(["a", "b"]), names(["b"], skipped=["a"]), [("a", 1, 0)]),
    "skipped beside a new one": (names(["a", "b"]), names(["b", "c"], skipped=["a"]), [("a", 1, 0)]),
    "renamed and skipped": (names(["a", "b"]), names(["b"], skipped=["c"]), [("a", 1, 0)]),
    "fewer cases": (names(["a[1]", "a[2]", "a[3]"]), names(["a[1]"]), [("a", 3, 1)]),
    "fewer cases of other values": (names(["a[1]", "a[2]", "a[3]"]), names(["a[x]", "a[y]"]), [("a", 3, 2)]),
    "some cases skipped": (names(["a[1]", "a[2]"]), names(["a[1]"], skipped=["a[2]"]), [("a", 2, 1)]),
    "no cases any more": (names(["a[1]", "a[2]"]), names(["a"]), [("a", 2, 1)]),
    "no cases any more, and a new test elsewhere": (names(["a[1]", "a[2]"]), names(["a", "u|b"]), [("a", 2, 1)]),
    "fewer cases beside a new test": (names(["a[1]", "a[2]"]), names(["a[1]", "b"]), [("a", 2, 1)]),
    "everything": (names(["a", "b"]), names(["z|other"]), [("a", 1, 0), ("b", 1, 0)]),
    "nothing is reported": (names(["a"]), names(), [("a", 1, 0)]),
    "a rename that breaks": (names(["a"]), names(broken=["b"]), []),
}


@pytest.mark.parametrize("case", LOST.values(), ids=LOST)
def test_what_does_not_run_any_more_is_lost(case: tuple[TestNames, TestNames, list[tuple[str, int, int]]]) -> None:
    before, after, expected = case
    assert lost(compare(before, after)) == expected


def test_what_cannot_have_another_name_is_lost_beside_new_tests() -> None:
    """The sources still have the old name: whoever adds a test has not renamed that one."""
    comparison = compare(names(["a", "b"]), names(["b", "c", "d"]))
    assert lost(comparison) == []
    assert lost(comparison, renamed=False) == [("a", 1, 0)]


@pytest.mark.parametrize("was", ["skipped", "broken"])
def test_what_did_not_run_at_the_base_may_go(was: str) -> None:
    before = names(["a"], **{was: ["b"]})
    assert lost(compare(before, names(["a"]))) == []
    assert lost(compare(before, names(["a", "b"]))) == []


def test_a_test_that_breaks_now_is_there() -> None:
    """Its item fails by itself."""
    assert lost(compare(names(["a"]), names(broken=["a"]))) == []


def test_order_and_repetition_mean_nothing() -> None:
    before = [f"c{n % 7}|t{n}" for n in range(100)]
    after = [*before, *before[:50]]
    random.Random(1).shuffle(after)  # noqa: S311  nothing here is a secret
    comparison = compare(names(before), names(after))
    assert (comparison.lost, comparison.compared) == ((), 100)


def test_a_name_that_a_mask_has_garbled_belongs_nowhere() -> None:
    before = TestNames(ran="[redacted]")
    (one,) = compare(before, TestNames(ran="t\tb")).lost
    assert (one.place, one.names) == ("", ("[redacted]",))


def test_thousands_of_cases_of_one_test_are_compared_in_one_pass() -> None:
    before, after = ([f"a[{n}]" for n in range(at, at + 20_000)] for at in (0, 10_001))
    assert lost(compare(names(before), names(after))) == []


def test_the_names_of_what_is_lost_are_known() -> None:
    (one,) = compare(names(["a[1]", "a[2]", "b"]), names(["b"], skipped=["a[2]"])).lost
    assert one == LostTest("t", "a", ("a[1]", "a[2]"), 2, 1)
    assert (one.whole, one.absent) == (True, False)
