"""The JSON of llvm-cov: lines as llvm-cov computes them from segments, and templates of several instances."""

from pathlib import Path
from typing import Any

import pytest

from support.coverage_reports import measure, refused, value, values

GAP, END, START = (True, False, True), (True, False, False), (True, True, False)
"""Has a count, begins a region, is a gap."""
# 2: T twice(T v) { 3: if (v > 3) 4: return v + v; 5: return v; 6: }   8: int unused() { 9: return 1; 10: }
SEGMENTS = [
    [2, 33, 4, *START], [3, 7, 4, *START], [3, 15, 4, *END], [3, 16, 1, *GAP], [4, 5, 1, *START], [4, 17, 4, *END],
    [4, 18, 3, *GAP], [5, 3, 3, *START], [5, 11, 4, *END], [6, 2, 0, False, False, False],
    [8, 14, 0, *START], [10, 2, 0, False, False, False],
]  # fmt: skip
BRANCHES = [[3, 7, 3, 15, 0, 3, 0, 0, 4], [3, 7, 3, 15, 1, 0, 0, 0, 4]]
"""Of the two instances: one was always false, one always true."""


def function(name: str, line: int, count: int, *regions: list[int]) -> dict[str, Any]:
    own = [[line, 33, line + 4, 2, count, 0, 0, 0], *regions]
    return {"name": name, "count": count, "filenames": ["/ci/src/a.js"], "regions": own}


FUNCTIONS = [
    function("_Z5twiceIiET_S0_", 2, 3, [4, 5, 4, 17, 0, 0, 0, 0], [4, 18, 5, 3, 3, 0, 0, 3]),
    function("_Z5twiceIdET_S0_", 2, 1, [4, 5, 4, 17, 1, 0, 0, 0]),
    function("unused", 8, 0),
]


def total(covered: int, count: int) -> dict[str, Any]:
    return {"count": count, "covered": covered, "percent": 0.0}


def export(*, lines: tuple[int, int] = (5, 8), totals: tuple[int, int] | None = None, **file: Any) -> dict[str, Any]:
    summary = {"lines": total(*lines), "functions": total(1, 2), "regions": total(2, 3), "branches": total(1, 2)}
    whole = {**summary, "lines": total(*(totals or lines))}
    given = {"filename": "/ci/src/a.js", "segments": SEGMENTS, "branches": BRANCHES, "summary": summary, **file}
    data = {"files": [given], "functions": FUNCTIONS, "totals": whole}
    return {"type": "llvm.coverage.json.export", "version": "2.0.1", "data": [data]}


def test_lines_and_regions_are_those_that_any_instance_ran(tmp_path: Path) -> None:
    found = values(tmp_path, export())
    assert found == {"lines": 62.5, "branches": 100.0, "functions": 50.0, "statements": 66.6666}


def test_a_summary_that_counts_lines_of_functions_is_told(tmp_path: Path) -> None:
    outcome = measure(tmp_path, export(lines=(4, 8)))
    assert value(outcome) == 62.5
    said = next(f.message for f in outcome.findings if f.rule == "counted-otherwise")
    assert "4 of 8 in its totals are 5 of 8 of the files" in said


def test_segments_of_older_versions_do_not_say_what_a_gap_is(tmp_path: Path) -> None:
    assert value(measure(tmp_path, export(segments=[segment[:5] for segment in SEGMENTS]))) == 62.5


def test_a_summary_alone_gives_its_sums(tmp_path: Path) -> None:
    report = export(lines=(6, 8))
    del report["data"][0]["files"][0]["segments"], report["data"][0]["files"][0]["branches"]
    assert values(tmp_path, report) == {"lines": 75.0, "branches": 50.0, "functions": 50.0, "statements": 66.6666}


@pytest.mark.parametrize(
    "damaged",
    [
        export(totals=(8, 8)),
        export(segments=[[2, 33]]),
        export(segments="x"),
        export(segments=[[99, 1, 1, True, True, False], [100, 1, 0, False, False, False]]),
        export(segments=[]),
        export(segments=[[1, 1, 1, True, True, False], [10**9, 1, 0, False, False, False]]),
        export(segments=[[-5, 1, 1, True, True, False], [2, 1, 0, False, False, False]]),
        export(branches=[[3, 7, 3]]),
        export(branches=[[3, 7, 3, 15, -1, 3, 0, 0, 4]]),
        {"type": "llvm.coverage.json.export", "version": "2.0.1", "data": []},
        {"type": "llvm.coverage.json.export", "version": "2.0.1"},
    ],
)
def test_damaged_reports_are_refused(tmp_path: Path, damaged: object) -> None:
    assert measure(tmp_path, damaged).status == "error"


LCOV = """SF:/ci/src/a.js
FN:2,_Z5twiceIiET_S0_
FN:2,_Z5twiceIdET_S0_
FNDA:3,_Z5twiceIiET_S0_
FNDA:1,_Z5twiceIdET_S0_
FNF:1
FNH:1
DA:2,4
DA:3,4
DA:4,1
DA:5,3
DA:6,0
BRDA:3,0,0,0
BRDA:3,0,1,3
BRDA:3,1,2,1
BRDA:3,1,3,0
BRF:2
BRH:1
LF:5
LH:3
end_of_record
"""


def test_the_totals_that_llvm_writes_into_lcov_are_explained(tmp_path: Path) -> None:
    outcome = measure(tmp_path, LCOV)
    assert value(outcome) == 80.0
    assert "llvm-cov" in next(f.message for f in outcome.findings if f.rule == "counted-otherwise")
    assert value(measure(tmp_path, LCOV, "branches")) == 50.0


@pytest.mark.parametrize("other", [LCOV.replace("SF:", "TN:\nSF:"), LCOV.replace("LF:5\nLH:3", "LH:3\nLF:5")])
def test_such_totals_of_other_tools_are_a_contradiction(tmp_path: Path, other: str) -> None:
    refused(measure(tmp_path, other), "LH of /ci/src/a.js is 3, but its raw data give 4")


def test_a_line_that_was_run_less_than_never_was_not_run(tmp_path: Path) -> None:
    segments = [[1, 1, -5, True, True, False], [3, 1, 0, False, False, False]]
    assert value(measure(tmp_path, export(segments=segments))) == 0.0


@pytest.mark.parametrize(
    ("segments", "said"),
    [
        ([[8, 14, True, True, False], [10, 2, 0, False, False]], "three numbers"),
        ([[8, 14, 0, True, True, False], [9, 2, 1, False, False]], "three numbers"),
        ([[8, 14, 0, 1, True, False]], "three numbers"),
        ([[8, 14, 0, True, True, False], [2, 33, 4, True, True, False]], "order"),
    ],
)
def test_segments_of_which_a_value_is_lost_are_refused(tmp_path: Path, segments: list[Any], said: str) -> None:
    """llvm-cov writes them sorted, and all alike (LLVM: `SegmentBuilder`, `renderSegment`)."""
    refused(measure(tmp_path, export(segments=segments)), said)
