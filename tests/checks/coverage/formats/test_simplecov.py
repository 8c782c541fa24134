"""The reports of SimpleCov, as Ruby measured it and as its formatters write it."""

from pathlib import Path
from typing import Any

import pytest

from support.coverage_reports import measure, refused, value, values, write

LINES = [1, None, 0, 2]
BRANCHES = {"[:if, 0, 3, 2, 6, 5]": {"[:then, 1, 4, 4, 4, 9]": 1, "[:else, 2, 6, 4, 6, 9]": 0}}
METHODS = {'["Cart", :add, 1, 2, 4, 5]': 3, '["Cart", :sum, 6, 2, 8, 5]': 0}
FILE = {"lines": LINES, "branches": BRANCHES, "methods": METHODS}


def resultset(file: object = FILE, **more: Any) -> dict[str, Any]:
    return {"RSpec": {"coverage": {"/ci/src/a.rb": file}, "timestamp": 4_000_000_000, **more}}


def test_every_metric_is_counted(tmp_path: Path) -> None:
    assert values(tmp_path, resultset(), ["src/a.rb"]) == {"lines": 66.6666, "branches": 50.0, "functions": 50.0}


def test_old_result_sets_are_lists_of_lines(tmp_path: Path) -> None:
    assert value(measure(tmp_path, resultset(LINES), sources=["src/a.rb"])) == 66.6666


def test_commands_of_one_result_set_are_joined(tmp_path: Path) -> None:
    both = {**resultset(LINES), "Minitest": {"coverage": {"/ci/src/a.rb": [0, None, 1, 0]}, "timestamp": 4_000_000_000}}
    assert value(measure(tmp_path, both, sources=["src/a.rb"])) == 100.0


def test_a_command_that_ran_before_the_source_was_written_is_stale(tmp_path: Path) -> None:
    refused(measure(tmp_path, resultset(LINES, timestamp=1_000_000_000), sources=["src/a.rb"]), "stale")


def test_what_stands_between_nocov_is_left_out_and_told(tmp_path: Path) -> None:
    marked = "one\n# :nocov:\nthree\n# :nocov:\nfive\n"
    write(tmp_path, "src/b.rb", marked)
    report = {"RSpec": {"coverage": {"src/b.rb": {**FILE, "lines": [1, None, 0, None, 2]}}, "timestamp": 4_000_000_000}}
    outcome = measure(tmp_path, report, sources=[])
    assert value(outcome) == 100.0
    assert [(f.rule, f.path, f.line) for f in outcome.findings if f.rule == "excluded"] == [("excluded", "src/b.rb", 3)]


def formatted(**total: Any) -> dict[str, Any]:
    lines = [1, None, 0, 2, "ignored"]
    return {
        "meta": {"simplecov_version": "1.0.0", "timestamp": "2099-01-01T00:00:00+00:00"},
        "total": {"lines": {"covered": 2, "total": 3, **total}},
        "coverage": {"src/a.rb": {"lines": lines, "branches": [
            {"type": "then", "start_line": 3, "end_line": 3, "coverage": 1},
            {"type": "else", "start_line": 4, "end_line": 4, "coverage": 0},
            {"type": "else", "start_line": 5, "end_line": 5, "coverage": "ignored"},
        ]}},
    }  # fmt: skip


def test_the_json_formatter_says_what_it_left_out(tmp_path: Path) -> None:
    outcome = measure(tmp_path, formatted(), sources=["src/a.rb"], max_excluded=0)
    assert (outcome.status, outcome.measurements[0].value, outcome.measurements[1].value) == ("failed", 66.6666, 1)
    assert values(tmp_path, formatted(), ["src/a.rb"]) == {"lines": 66.6666, "branches": 50.0}


def test_the_older_formatter_lists_files(tmp_path: Path) -> None:
    document = {"timestamp": 4e9, "command_name": "RSpec", "files": [{"filename": "src/a.rb", "coverage": LINES}]}
    assert value(measure(tmp_path, document, sources=["src/a.rb"])) == 66.6666


@pytest.mark.parametrize(
    "damaged",
    [
        resultset([1, "2"]),
        resultset([1, -1]),
        resultset({"branches": {}}),
        resultset({**FILE, "branches": {"[:if]": {"then": 1}}}),
        resultset({**FILE, "methods": {"add": 1}}),
        resultset([1] * 99),
        resultset([]),
        resultset(timestamp="now"),
        formatted(covered=3),
    ],
)
def test_damaged_reports_are_refused(tmp_path: Path, damaged: object) -> None:
    assert measure(tmp_path, damaged, sources=["src/a.rb"]).status == "error"
