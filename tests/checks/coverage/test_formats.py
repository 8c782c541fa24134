"""The formats of the check `coverage` as tools write them, and as damage or forgery leave them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from readiness.outcome import Outcome, Status
from readiness.testing import context, evaluate
from readiness_checks.coverage import Coverage, formats
from readiness_checks.reading.formats import modules

SOURCE = "\n".join(f"line {number}" for number in range(1, 21)) + "\n"

LCOV = """TN:
SF:src/a.js
FN:1,one
FN:5,two
FNDA:3,one
FNDA:0,two
FNF:2
FNH:1
BRDA:2,0,0,3
BRDA:2,0,1,-
BRDA:6,1,0,0
BRF:3
BRH:1
DA:1,3
DA:2,3
DA:5,0
DA:6,0
LF:4
LH:2
end_of_record
"""

ISTANBUL: dict[str, Any] = {
    "/ci/build/src/a.js": {
        "path": "/ci/build/src/a.js",
        "statementMap": {
            "0": {"start": {"line": 1, "column": 0}, "end": {"line": 1, "column": 9}},
            "1": {"start": {"line": 1, "column": 10}, "end": {"line": 1, "column": 19}},
            "2": {"start": {"line": 2, "column": 0}, "end": {"line": 4, "column": None}},
            "3": {"start": {"line": 9, "column": 0}, "end": {"line": 9, "column": 9}},
        },
        "fnMap": {"0": {"name": "one", "line": 1}, "1": {"name": "(anonymous_1)", "line": 9}},
        "branchMap": {"0": {"type": "if", "line": 2, "locations": [{"start": {}, "end": {}}, {}]}},
        "s": {"0": 1, "1": 0, "2": 2, "3": 0},
        "f": {"0": 1, "1": 0},
        "b": {"0": [1, 0]},
        "_coverageSchema": "1a1c01bbd47fc00a2c39e90264f33305004495a9",
        "hash": "0",
    }
}

SUMMARY: dict[str, Any] = {
    "total": {
        "lines": {"total": 3, "covered": 2, "skipped": 0, "pct": 66.66},
        "statements": {"total": 4, "covered": 2, "skipped": 0, "pct": 50},
        "functions": {"total": 2, "covered": 1, "skipped": 0, "pct": 50},
        "branches": {"total": 0, "covered": 0, "skipped": 0, "pct": "Unknown"},
        "branchesTrue": {"total": 0, "covered": 0, "skipped": 0, "pct": "Unknown"},
    }
}
SUMMARY["/ci/build/src/a.js"] = SUMMARY["total"]

COBERTURA = """<?xml version="1.0"?>
<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
<coverage line-rate="0.5" branch-rate="0.25" lines-covered="2" lines-valid="4" branches-covered="1" branches-valid="4"
  timestamp="{timestamp}" version="gcovr 7">
  <sources><source>.</source></sources>
  <packages><package name="src"><classes>
    <class name="A" filename="src/a.js"><methods>
      <method name="one" signature="()"><lines><line number="1" hits="3"/><line number="2" hits="3"/></lines></method>
      <method name="two" signature="()"><lines><line number="5" hits="0"/></lines></method>
    </methods><lines>
      <line number="1" hits="3"/>
      <line number="2" hits="3" branch="true" condition-coverage="50% (1/2)"/>
    </lines></class>
    <class name="A.Inner" filename="src/a.js"><methods/><lines>
      <line number="5" hits="0" branch="true" condition-coverage="0% (0/2)"/>
      <line number="6" hits="0" branch="false"/>
    </lines></class>
  </classes></package></packages>
</coverage>
"""


def cobertura(age: timedelta = timedelta(0), unit: int = 1) -> str:
    return COBERTURA.format(timestamp=int((datetime.now(UTC) + timedelta(seconds=1) - age).timestamp() * unit))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.js").write_text(SOURCE)
    return tmp_path


def measure(root: Path, report: object, metric: str = "lines", minimum: float = 0, name: str = "report") -> Outcome:
    text = report if isinstance(report, bytes | str) else json.dumps(report)
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_bytes(text.encode() if isinstance(text, str) else text)
    using = context(root, now=datetime.now(UTC) + timedelta(seconds=2))
    return evaluate(Coverage, root, using=using, sources=[{"path": name, "metric": metric, "minimum": minimum}])


def value(outcome: Outcome) -> object:
    assert outcome.status is Status.PASSED, outcome.summary
    return outcome.measurements[0].value


def refused(outcome: Outcome, said: str) -> None:
    assert outcome.status is Status.ERROR
    assert said in outcome.summary
    assert outcome.remedy


@pytest.mark.parametrize("ending", ["xml", "json", "info", "txt"])
def test_the_format_is_told_by_content_whatever_the_name(root: Path, ending: str) -> None:
    for report in (LCOV, ISTANBUL, SUMMARY, cobertura()):
        assert measure(root, report, name=f"coverage.{ending}").status is Status.PASSED


def test_lcov(root: Path) -> None:
    assert value(measure(root, LCOV)) == 50.0
    assert value(measure(root, LCOV, "branches")) == 33.3333
    assert value(measure(root, LCOV, "functions")) == 50.0
    assert value(measure(root, LCOV, "combined")) == 42.8571
    assert "5-6" in measure(root, LCOV, minimum=51).findings[0].message


def test_istanbul_final(root: Path) -> None:
    assert value(measure(root, ISTANBUL, "statements")) == 50.0
    assert value(measure(root, ISTANBUL, "lines")) == 66.6666
    assert value(measure(root, ISTANBUL, "functions")) == 50.0
    assert value(measure(root, ISTANBUL, "branches")) == 50.0


def test_istanbul_summary(root: Path) -> None:
    assert value(measure(root, SUMMARY, "lines")) == 66.6666
    assert value(measure(root, SUMMARY, "statements")) == 50.0
    refused(measure(root, SUMMARY, "branches"), "nothing was measured")


def test_cobertura_with_classes_that_share_a_file_and_lines_given_twice(root: Path) -> None:
    assert value(measure(root, cobertura())) == 50.0
    assert value(measure(root, cobertura(), "branches")) == 25.0
    assert value(measure(root, cobertura(), "functions")) == 50.0
    assert value(measure(root, cobertura(), "combined")) == 37.5


@pytest.mark.parametrize("unit", [1, 1000])
def test_a_cobertura_timestamp_counts_in_seconds_or_milliseconds(root: Path, unit: int) -> None:
    assert measure(root, cobertura(unit=unit)).status is Status.PASSED
    refused(measure(root, cobertura(timedelta(hours=1), unit)), "stale")


@pytest.mark.parametrize("timestamp", ["253402300800", "253402300800000", "999999999999999"])
def test_a_cobertura_timestamp_after_the_year_9999_is_refused(root: Path, timestamp: str) -> None:
    said = "its timestamp is no count of seconds or milliseconds"
    if len(timestamp) == len("253402300800"):  # milliseconds of 1978
        said = "stale"
    refused(measure(root, COBERTURA.format(timestamp=timestamp)), said)


def test_records_of_one_file_in_lcov_are_joined(root: Path) -> None:
    second = LCOV.replace("DA:5,0", "DA:5,1").replace("LH:2", "LH:3")
    assert value(measure(root, LCOV + second)) == 75.0


def test_functions_of_one_name_are_told_apart_by_their_order(root: Path) -> None:
    text = "SF:src/a.js\nFN:1,f\nFN:2,f\nFNDA:1,f\nFNDA:0,f\nDA:1,1\nend_of_record\n"
    assert value(measure(root, text, "functions")) == 50.0


def test_lcov_2_functions_and_expressions_of_branches(root: Path) -> None:
    functions = "FNL:0,1,4\nFNA:0,2,one\nFNA:0,0,alias\nFNL:1,5\nFNA:1,0,two\n"
    text = f"SF:src/a.js\n{functions}BRDA:1,0,a, b,1\nDA:1,1\nend_of_record\n"
    assert value(measure(root, text, "functions")) == 50.0
    assert value(measure(root, text, "branches")) == 100.0


@pytest.mark.parametrize("name", ["src/a.js", "./src/a.js", "a.js", "/ci/build/src/a.js", "C:\\build\\src\\a.js"])
def test_names_are_found_wherever_the_report_was_written(root: Path, name: str) -> None:
    assert measure(root, LCOV.replace("src/a.js", name)).findings[0].path == "src/a.js"


def test_a_path_into_the_repository_itself_is_found(root: Path) -> None:
    assert measure(root, LCOV.replace("src/a.js", str(root / "src/a.js"))).status is Status.PASSED


def test_a_report_in_a_folder_is_about_the_files_beside_it_first(root: Path) -> None:
    (root / "web/src").mkdir(parents=True)
    (root / "web/src/a.js").write_text(SOURCE)
    assert measure(root, LCOV, name="web/coverage/lcov.info").findings[0].path == "web/src/a.js"


def test_a_report_that_fits_two_folders_is_refused(root: Path) -> None:
    (root / "copy/src").mkdir(parents=True)
    (root / "copy/src/a.js").write_text(SOURCE)
    refused(measure(root, LCOV.replace("src/a.js", "/ci/app/src/a.js")), "fits several folders")


@pytest.mark.parametrize("name", ["src/b.js", "/ci/other.js", "../outside.js", "/etc/passwd", "src", "", "a\u0085.js"])
def test_names_that_are_not_in_the_repository_are_refused(root: Path, name: str) -> None:
    (root.parent / "outside.js").write_text(SOURCE)
    report = LCOV.replace("src/a.js", name)
    assert measure(root, report).status is Status.ERROR


def test_all_names_have_to_fit_in_the_same_way(root: Path) -> None:
    (root / "lib").mkdir()
    (root / "lib/b.js").write_text(SOURCE)
    both = LCOV.replace("src/a.js", "/ci/src/a.js") + LCOV.replace("src/a.js", "/ci/lib/b.js")
    assert measure(root, both).status is Status.PASSED
    refused(measure(root, both.replace("/ci/lib", "/ci/deep/lib")), "not in the repository")


def test_one_file_under_two_names_is_refused(root: Path) -> None:
    refused(measure(root, LCOV + LCOV.replace("src/a.js", "./src/a.js")), "twice")


def test_lines_beyond_the_end_of_the_file_are_refused(root: Path) -> None:
    refused(measure(root, LCOV.replace("DA:6,0", "DA:22,0")), "no line 22")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("LH:2", "LH:4", "LH of src/a.js"),
        ("LF:4", "LF:2", "LF of src/a.js"),
        ("end_of_record\n", "", "has no end"),
        ("DA:5,0", "DA:5", "report:16"),
        ("DA:5,0", "DA:5,-1", "report:16"),
        ("DA:5,0", "DA:0,1", "report:16"),
        ("DA:5,0", "DA:five,0", "report:16"),
        ("DA:5,0", "garbage", "report:16"),
        ("DA:5,0", "SF:src/b.js", "report:16"),
        ("SF:src/a.js\n", "", "report:2"),
    ],
)
def test_damaged_lcov_is_refused_with_its_place(root: Path, old: str, new: str, said: str) -> None:
    refused(measure(root, LCOV.replace(old, new)), said)


@pytest.mark.parametrize(
    ("old", "new", "metrics"),
    [
        ("BRH:1", "BRH:3", ("branches", "combined")),
        ("FNH:1", "FNH:2", ("functions",)),
        ("FNF:2", "FNF:6", ("functions",)),
    ],
)
def test_totals_that_branches_or_functions_do_not_give_are_an_error_where_these_are_asked_for(
    root: Path, old: str, new: str, metrics: tuple[str, ...]
) -> None:
    report = LCOV.replace(old, new)
    for metric in metrics:
        refused(measure(root, report, metric), f"{old[:3]} of src/a.js is {new[4:]}")
    lines = measure(root, report)
    assert value(lines) == 50.0
    assert [f.message for f in lines.findings if f.rule == "counted-otherwise"] == [
        f"{old[:3]} of src/a.js is {new[4:]}, but its raw data give {old[4:]}"
    ]


@pytest.mark.parametrize("end", ["T", "TN", "TN:", "TN:\n", "TN:one\n\n# the end\n"])
def test_lcov_that_is_cut_off_before_its_next_record_is_refused(root: Path, end: str) -> None:
    whole = "TN:\nSF:src/a.js\nDA:1,1\nend_of_record\n"
    assert measure(root, whole).status is Status.PASSED
    refused(measure(root, whole + end), "report:5")


def final(change: str, value: object) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(ISTANBUL))
    document["/ci/build/src/a.js"][change] = value
    return document


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("s", {"0": 1}),
        ("s", {"0": 1, "1": 1, "2": 1, "3": -1}),
        ("s", {"0": 1, "1": 1, "2": 1, "3": "1"}),
        ("f", {}),
        ("b", {"0": [1]}),
        ("b", {"0": [1, 1, 1]}),
        ("statementMap", {}),
        ("statementMap", []),
    ],
)
def test_damaged_istanbul_is_refused(root: Path, change: str, value: object) -> None:
    refused(measure(root, final(change, value)), "report cannot be read")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("total", "lines", "covered"), 3),
        (("total", "lines", "pct"), 100),
        (("/ci/build/src/a.js", "statements", "covered"), 5),
        (("/ci/build/src/a.js", "functions", "pct"), "Unknown"),
    ],
)
def test_an_edited_summary_is_refused(root: Path, path: tuple[str, str, str], value: object) -> None:
    document = json.loads(json.dumps(SUMMARY))
    document[path[0]][path[1]][path[2]] = value
    assert measure(root, document).status is Status.ERROR


def test_a_summary_that_names_no_file_is_refused(root: Path) -> None:
    assert measure(root, {"total": SUMMARY["total"]}).status is Status.ERROR


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('line-rate="0.5"', 'line-rate="0.9"'),
        ('line-rate="0.5"', 'line-rate="high"'),
        ('lines-valid="4"', 'lines-valid="2"'),
        ('lines-covered="2"', 'lines-covered="4"'),
        ("50% (1/2)", "50%"),
        ("50% (1/2)", "150% (3/2)"),
        ('<line number="6" hits="0" branch="false"/>', '<line number="6" branch="false"/>'),
        ('number="6" hits="0"', 'number="6" hits="-1"'),
        ('<class name="A" filename="src/a.js">', '<class name="A">'),
        ("</coverage>", ""),
        ("<!DOCTYPE coverage SYSTEM", '<!DOCTYPE coverage [<!ENTITY a SYSTEM "file:///etc/passwd">]><!-- '),
    ],
)
def test_damaged_cobertura_is_refused(root: Path, old: str, new: str) -> None:
    assert measure(root, cobertura().replace(old, new)).status is Status.ERROR


@pytest.mark.parametrize(
    "report",
    [
        b"",
        b" \n",
        b"\xef\xbb\xbf",
        b"{}",
        b"[]",
        b"{",
        b'{"total": 1}',
        b'{"a": {"statementMap": {}}, "a": {}}',
        b'{"meta": {}, "files": {}, "totals": {}}',
        b"[" * 100_000,
        b"<coverage/>",
        b'<coverage generated="1"><project timestamp="1"/></coverage>',
        b"<html></html>",
        b"<coverage><packages/></coverage>",
        b"TN:\n",
        b"SF:src/a.js\nend_of_record\n",
        b"SF:src/a.js\nLF:0\nLH:0\nend_of_record\n",
        b"100%\n",
        b"\x00\x01\x02",
        b"PK\x03\x04",
    ],
)
def test_what_measures_nothing_is_an_error(root: Path, report: bytes) -> None:
    outcome = measure(root, report)
    assert outcome.status is Status.ERROR
    assert outcome.remedy


def test_a_folder_in_place_of_a_report_is_an_error(root: Path) -> None:
    using = context(root)
    outcome = evaluate(Coverage, root, using=using, sources=[{"path": "src", "metric": "lines", "minimum": 0}])
    refused(outcome, "is a folder")


def test_byte_order_marks_and_line_ends_are_understood(root: Path) -> None:
    for text in (LCOV, json.dumps(ISTANBUL), cobertura()):
        assert measure(root, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()).status is Status.PASSED


def test_a_report_of_an_unknown_format_is_told_every_known_one(root: Path) -> None:
    outcome = measure(root, "100%")
    refused(outcome, "no coverage report of a known format")
    for name in ("coverage.py", "Cobertura", "istanbul", "lcov"):
        assert name in outcome.remedy


def test_a_report_that_two_formats_recognise_is_an_error(root: Path) -> None:
    both: dict[str, dict[str, dict[str, int]]] = {
        "meta": {"statementMap": {}},
        "files": {"statementMap": {}},
        "totals": {"statementMap": {}},
    }
    refused(measure(root, both), "looks like several formats at once: coverage.py")


def test_a_module_that_formats_share_is_no_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = formats.FORMATS.all()
    (tmp_path / "_shared.py").touch()
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(tmp_path)])
    modules.cache_clear()
    assert formats.FORMATS.all() == known
