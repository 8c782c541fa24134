"""What xccov prints of Xcode's results: sums for each file and target, or lines."""

from pathlib import Path
from typing import Any

import pytest

from support.coverage_reports import judge, measure, refused, value, values


def sums(covered: int, total: int) -> dict[str, Any]:
    return {"coveredLines": covered, "executableLines": total, "lineCoverage": covered / total if total else 0}


def file(name: str, covered: int, total: int) -> dict[str, Any]:
    functions = [{"name": "one()", "lineNumber": 2, "executionCount": 3, **sums(1, 1)},
                 {"name": "two()", "lineNumber": 9, "executionCount": 0, **sums(0, 1)}]  # fmt: skip
    return {"path": f"/Users/ci/Shop/{name}", "name": name, "functions": functions, **sums(covered, total)}


def report(*targets: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    each = []
    for number, files in enumerate(targets):
        covered, total = sum(f["coveredLines"] for f in files), sum(f["executableLines"] for f in files)
        each.append({"name": f"Shop{number}", "files": files, "buildProductPath": "", **sums(covered, total)})
    covered, total = sum(t["coveredLines"] for t in each), sum(t["executableLines"] for t in each)
    return {"targets": each, **sums(covered, total), **more}


ARCHIVE = {
    "/Users/ci/Shop/src/a.js": [
        {"line": 1, "isExecutable": False},
        {"line": 2, "isExecutable": True, "executionCount": 3},
        {"line": 3, "isExecutable": True, "executionCount": 0, "subranges": [{"column": 1, "executionCount": 0}]},
    ]
}


def test_the_report_gives_lines_and_functions(tmp_path: Path) -> None:
    assert values(tmp_path, report([file("src/a.js", 3, 4)])) == {"lines": 75.0, "functions": 50.0}


def test_a_file_of_two_targets_counts_once_and_it_is_told(tmp_path: Path) -> None:
    outcome = measure(tmp_path, report([file("src/a.js", 1, 4)], [file("src/a.js", 3, 4)]))
    assert value(outcome) == 75.0
    assert "8 lines in its totals are 4" in next(f.message for f in outcome.findings if f.rule == "counted-otherwise")


def test_the_archive_gives_lines(tmp_path: Path) -> None:
    assert values(tmp_path, ARCHIVE) == {"lines": 50.0}


def test_reports_that_give_sums_alone_cannot_be_joined(tmp_path: Path) -> None:
    both = {"one.json": report([file("src/a.js", 1, 4)]), "two.json": report([file("src/a.js", 3, 4)])}
    refused(judge(tmp_path, both, path=["one.json", "two.json"]), "gives sums alone: they cannot be joined")


@pytest.mark.parametrize(
    "damaged",
    [
        report([file("src/a.js", 3, 4)], coveredLines=4, lineCoverage=1.0),
        report([file("src/a.js", 3, 4)], lineCoverage=1.0),
        report([{**file("src/a.js", 3, 4), "coveredLines": 5, "lineCoverage": 1.25}]),
        report([]),
        report(),
        {"/Users/ci/Shop/src/a.js": [{"line": 2, "isExecutable": True}]},
        {"/Users/ci/Shop/src/a.js": [{"line": 0, "isExecutable": True, "executionCount": 1}]},
        {"/Users/ci/Shop/src/a.js": []},
    ],
)
def test_damaged_reports_are_refused(tmp_path: Path, damaged: object) -> None:
    assert measure(tmp_path, damaged).status == "error"
