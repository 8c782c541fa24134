"""Cover profiles of Go: statements as `go tool cover` counts them, in the modules of the repository."""

from pathlib import Path

import pytest

from support.coverage_reports import judge, measure, refused, value, values, write

PROFILE = """mode: set
example.com/shop/cart/cart.go:3.20,5.2 2 1
example.com/shop/cart/cart.go:7.20,9.2 1 0
example.com/shop/main.go:2.13,4.2 1 1
"""
PLACES = ("cart/cart.go", "main.go")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, "go.mod", "module example.com/shop\n\ngo 1.22\n")
    return tmp_path


def test_statements_and_lines_are_counted(root: Path) -> None:
    assert values(root, PROFILE, PLACES) == {"statements": 75.0, "lines": 66.6666}


def test_several_modules_are_found_by_their_paths(root: Path) -> None:
    write(root, "tools/go.mod", 'module "example.com/shop/tools"\n')
    profile = PROFILE + "example.com/shop/tools/x.go:1.1,2.2 1 0\n"
    outcome = measure(root, profile, "statements", sources=[*PLACES, "tools/x.go"])
    assert value(outcome) == 60.0
    assert "tools/x.go" in {finding.path for finding in outcome.findings}


def test_a_profile_of_another_module_is_refused(root: Path) -> None:
    refused(measure(root, PROFILE.replace("shop", "bill"), "statements", sources=PLACES[:1]), "not in the repository")


def test_a_block_that_several_test_programs_measured_counts_once(root: Path) -> None:
    again = PROFILE + "example.com/shop/cart/cart.go:7.20,9.2 1 1\nmode: count\n"
    assert value(measure(root, again, "statements", sources=PLACES)) == 100.0


def test_shards_are_joined_by_block(root: Path) -> None:
    second = PROFILE.replace("1 0\n", "1 1\n").replace("2 1\n", "2 0\n")
    both = {"a.out": PROFILE, "b.out": second}
    assert value(judge(root, both, "statements", sources=PLACES, path="*.out")) == 100.0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("9.2 1 0\n", "9.2 1\n", "report:3"),
        ("9.2 1 0\n", "9.2 1 -1\n", "report:3"),
        ("7.20,9.2", "9.20,7.2", "ends before it begins"),
        ("7.20,9.2 1 0", "3.20,5.2 1 0", "had 2 statements before"),
        ("4.2 1 1\n", "4.2 1 1", "its last line has no end"),
        ("4.2 1 1\n", "400.2 1 1\n", "no line 400"),
        ("mode: set", "mode: some", "report:1"),
        ("example.com/shop/main.go", "../../main.go", "not in the repository"),
    ],
)
def test_damaged_profiles_are_refused(root: Path, old: str, new: str, said: str) -> None:
    refused(measure(root, PROFILE.replace(old, new), "statements", sources=PLACES), said)


@pytest.mark.parametrize("profile", ["mode: set\n", "mode: set", "mode:"])
def test_a_profile_without_blocks_measures_nothing(root: Path, profile: str) -> None:
    assert measure(root, profile, "statements").status == "error"


def test_a_line_that_no_source_has_is_refused_before_it_takes_memory(root: Path) -> None:
    profile = "mode: set\nexample.com/shop/main.go:1.1,999999999.2 1 1\n"
    refused(measure(root, profile, sources=PLACES), "no source has more than 1,000,000 lines")
