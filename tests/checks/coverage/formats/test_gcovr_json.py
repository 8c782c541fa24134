"""The JSON of gcovr and of gcov: lines that functions share, branches that were left out, sums."""

from pathlib import Path
from typing import Any

import pytest

from support.coverage_reports import measure, refused, value, values


def line(number: int, count: object, branches: tuple[int, ...] = (), **more: Any) -> dict[str, Any]:
    return {"line_number": number, "count": count, "branches": [{"count": each} for each in branches], **more}


LINES = [line(2, 4, function_name="f(int)"), line(2, 0, function_name="f(char)"), line(3, 1, (1, 0)), line(5, 0)]
FUNCTIONS = [
    {"name": "f(int)", "lineno": 2, "execution_count": 4},
    {"name": "f(char)", "lineno": 2, "execution_count": 0},
]


def gcovr(*lines: dict[str, Any], functions: object = FUNCTIONS) -> dict[str, Any]:
    files = [{"file": "src/a.js", "lines": list(lines or LINES), "functions": functions}]
    return {"gcovr/format_version": "0.11", "files": files}


def test_a_line_of_two_functions_counts_once(tmp_path: Path) -> None:
    assert values(tmp_path, gcovr()) == {"lines": 66.6666, "branches": 50.0, "functions": 50.0}


def test_gcov_says_in_which_folder_it_ran(tmp_path: Path) -> None:
    functions = [{"name": "f", "demangled_name": "f()", "start_line": 2, "execution_count": 1, "blocks": 3}]
    document = {"gcc_version": "12", "format_version": "1", "current_working_directory": "src", "data_file": "a",
                "files": [{"file": "a.js", "lines": LINES, "functions": functions}]}  # fmt: skip
    assert values(tmp_path, document) == {"lines": 66.6666, "branches": 50.0, "functions": 100.0}


@pytest.mark.parametrize("mark", ["gcovr/excluded", "gcovr/noncode"])
def test_excluded_lines_do_not_count_and_are_told(tmp_path: Path, mark: str) -> None:
    outcome = measure(tmp_path, gcovr(*LINES[:3], {**line(5, 0), mark: True}))
    assert value(outcome) == 100.0
    assert [f.line for f in outcome.findings if f.rule == "excluded"] == [5]


def test_excluded_branches_and_functions_do_not_count(tmp_path: Path) -> None:
    branches = [{"count": 1}, {"count": 0, "gcovr/excluded": True}]
    functions = [*FUNCTIONS[:1], {**FUNCTIONS[1], "gcovr/excluded": True}]
    report = gcovr({**line(3, 1), "branches": branches}, functions=functions)
    assert values(tmp_path, report) == {"lines": 100.0, "branches": 100.0, "functions": 100.0}


def summary(**total: int) -> dict[str, Any]:
    sums = {"line_total": 4, "line_covered": 3, "branch_total": 2, "branch_covered": 1}
    files = [{"filename": "src/a.js", **sums}]
    return {"gcovr/summary_format_version": "0.6", "root": ".", "files": files, **sums, **total}


def test_the_summary_is_held_against_its_files(tmp_path: Path) -> None:
    assert values(tmp_path, summary()) == {"lines": 75.0, "branches": 50.0}
    refused(measure(tmp_path, summary(line_covered=4)), "`lines` of the summary is 4 of 4")
    refused(measure(tmp_path, summary(line_covered=5)), "more covered than there are")


@pytest.mark.parametrize(
    "damaged",
    [
        gcovr(line(2, -1)),
        gcovr(line(0, 1)),
        gcovr(line(2, "1")),
        gcovr(line(99, 1)),
        gcovr({"line_number": 2}),
        {"gcovr/format_version": "0.11"},
        {"gcovr/format_version": "0.11", "files": []},
        {"gcovr/format_version": "0.11", "files": [{"file": "src/a.js"}]},
    ],
)
def test_damaged_reports_are_refused(tmp_path: Path, damaged: object) -> None:
    assert measure(tmp_path, damaged).status == "error"
