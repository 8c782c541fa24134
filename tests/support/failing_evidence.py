"""Failing evidence in each format that a check reads: cut off anywhere it never passes, and fuzzing begins with it.

A new format, a module in the folder `formats` of a check, needs one here: `test_cut_off.py` tells which are missing.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from tempfile import TemporaryDirectory
from typing import Any

import readiness_checks
from support.result_formats import WRITERS

SOURCES = ("a.py", "b.py")
"""Files that the coverage reports speak of, with two lines each."""
_HALF: dict[str, Any] = {"covered_lines": 1, "num_statements": 2, "missing_lines": 1, "percent_covered": 50.0}
_FINAL: dict[str, Any] = {
    "statementMap": {"0": {"start": {"line": 1}, "end": {"line": 1}}, "1": {"start": {"line": 2}, "end": {"line": 2}}},
    "fnMap": {},
    "branchMap": {},
    "s": {"0": 1, "1": 0},
    "f": {},
    "b": {},
}
_TOTAL = {"total": 2, "covered": 1, "skipped": 0, "pct": 50}
_SUMMARY = {"lines": _TOTAL, "statements": _TOTAL, "functions": _TOTAL, "branches": _TOTAL}
_BOTH = {key: {**_TOTAL, "total": 4, "covered": 2} for key in _SUMMARY}
_COVERAGE_PY = {
    "meta": {"version": "7", "timestamp": datetime.now(UTC).isoformat()},
    "files": {"a.py": {"executed_lines": [1], "missing_lines": [2], "summary": _HALF}},
    "totals": _HALF,
}
_LLVM = {"count": 2, "covered": 1, "percent": 50}
_LLVM_SUMS = dict.fromkeys(("lines", "functions", "regions"), _LLVM)
_END = [0, False, False, False]
_LLVM_SEGMENTS = [[1, 1, 1, True, True, False], [1, 9, *_END], [2, 1, 0, True, True, False], [2, 9, *_END]]
_LLVM_FILE = {"filename": "a.py", "segments": _LLVM_SEGMENTS, "summary": _LLVM_SUMS}
_XCCOV = {"coveredLines": 1, "executableLines": 2, "lineCoverage": 0.5}
_LINE = '<lineToCover lineNumber="1" covered="true"/><lineToCover lineNumber="2" covered="false"/>'

FAILING: Mapping[str, Mapping[str, str]] = {
    "coverage": {
        "lcov": "TN:\nSF:a.py\nDA:1,1\nDA:2,0\nLF:2\nLH:1\nend_of_record\nTN:\nSF:b.py\nDA:1,1\nend_of_record\n",
        "cobertura": '<coverage><packages><package><classes><class filename="a.py"><lines><line number="1" hits="1"/>'
        '<line number="2" hits="0"/></lines></class></classes></package></packages></coverage>\n',
        "coverage_py": json.dumps(_COVERAGE_PY),
        "istanbul": json.dumps({name: {"path": name, **_FINAL} for name in SOURCES}),
        "clover": '<coverage generated="0"><project><file name="a.py"><line num="1" type="stmt" count="1"/>'
        '<line num="2" type="stmt" count="0"/></file></project></coverage>\n',
        "gcovr_json": json.dumps(
            {
                "gcovr/format_version": "0.11",
                "files": [
                    {"file": "a.py", "lines": [{"line_number": 1, "count": 1}, {"line_number": 2, "count": 0}]},
                ],
            }
        ),
        "go_profile": "mode: set\na.py:1.1,1.9 1 0\na.py:2.1,2.9 1 0\nb.py:1.1,1.9 1 1\n",
        "jacoco": '<report name="a"><package name=""><sourcefile name="a.py"><line nr="1" mi="0" ci="1"/>'
        '<line nr="2" mi="1" ci="0"/></sourcefile></package></report>\n',
        "llvm_json": json.dumps(
            {
                "type": "llvm.coverage.json.export",
                "version": "2.0.1",
                "data": [
                    {"files": [_LLVM_FILE], "functions": [], "totals": _LLVM_SUMS},
                ],
            }
        ),
        "opencover": '<CoverageSession><Modules><Module><Files><File uid="1" fullPath="a.py"/></Files><Class><Method>'
        '<SequencePoint vc="1" sl="1" fileid="1"/><SequencePoint vc="0" sl="2" fileid="1"/></Method></Class></Module>'
        "</Modules></CoverageSession>\n",
        "simplecov": json.dumps({"RSpec": {"coverage": {"a.py": {"lines": [1, 0]}}, "timestamp": 4_000_000_000}}),
        "sonar": f'<coverage version="1"><file path="a.py">{_LINE}</file></coverage>\n',
        "xccov": json.dumps({"targets": [{"name": "a", "files": [{"path": "a.py", **_XCCOV}], **_XCCOV}], **_XCCOV}),
        "istanbul summary": json.dumps({"total": _BOTH, **dict.fromkeys(SOURCES, _SUMMARY)}),
    },
    "junit": {
        "junit_xml": '<testsuites tests="2" failures="1"><testsuite name="s" tests="2" failures="1">'
        '<testcase name="one"/><testcase name="two"><failure message="no"/></testcase></testsuite></testsuites>\n',
        **{name: write((("one", "passed"), ("two", "failed"))) for name, write in WRITERS.items()},
        "tap planned first": "1..2\nok 1 - one\nnot ok 2 - two\n",
    },
}
"""By check, and by the module of the format; behind a space, what tells several samples of one format apart."""


def format_modules() -> Iterator[tuple[str, str]]:
    """Every format of every built-in check: the check, and the name of the module."""
    for folder in sorted(Path(next(iter(readiness_checks.__path__))).glob("*/formats")):
        check = folder.parent.name
        found = iter_modules(import_module(f"readiness_checks.{check}.formats").__path__)
        yield from ((check, module.name) for module in found if not module.name.startswith("_"))


def counted() -> dict[str, str]:
    """Failing coverage in formats that count what they hold, with their totals; by the module of the format."""
    lines = '<counter type="INSTRUCTION" missed="1" covered="1"/><counter type="LINE" missed="1" covered="1"/>'
    metrics = '<metrics statements="2" coveredstatements="1" conditionals="0" coveredconditionals="0" methods="0" '
    metrics += 'coveredmethods="0"/>'
    point = '<SequencePoint vc="{0}" sl="{1}" sc="1" el="{1}" ec="9" fileid="1"/>'
    return {
        "lcov": "TN:\nSF:a.py\nFN:1,f\nFN:2,g\nFNDA:1,f\nFNDA:0,g\nFNF:2\nFNH:1\nDA:1,1\nDA:2,0\nLF:2\nLH:1\n"
        "end_of_record\nTN:\nSF:b.py\nDA:1,1\nDA:2,1\nLF:2\nLH:2\nend_of_record\n",
        "cobertura": '<coverage line-rate="0.5" lines-covered="1" lines-valid="2"><packages><package name="." '
        'line-rate="0.5"><classes><class name="a.py" filename="a.py" line-rate="0.5"><methods/><lines><line number="1" '
        'hits="1"/><line number="2" hits="0"/></lines></class></classes></package></packages></coverage>\n',
        "clover": f'<coverage generated="0"><project timestamp="0">{metrics}<file name="a.py" path="a.py">{metrics}'
        '<line num="1" count="1" type="stmt"/><line num="2" count="0" type="stmt"/></file></project></coverage>\n',
        "jacoco": '<report name="a"><sessioninfo id="a" start="1" dump="4000000000000"/><package name="">'
        f'<class name="A" sourcefilename="a.py"><method name="m" desc="()V" line="1">{lines}</method>{lines}</class>'
        f'<sourcefile name="a.py"><line nr="1" mi="0" ci="1"/><line nr="2" mi="1" ci="0"/>{lines}</sourcefile>'
        f"{lines}</package>{lines}</report>\n",
        "opencover": '<CoverageSession><Summary numSequencePoints="2" visitedSequencePoints="1"/><Modules><Module>'
        '<Files><File uid="1" fullPath="a.py"/></Files><Class><Method><FileRef uid="1"/>'
        f"{point.format(1, 1)}{point.format(0, 2)}</Method></Class></Module></Modules></CoverageSession>\n",
    }


@cache
def data_of_coverage_py() -> bytes:
    """A data file of coverage.py: one of the two lines of `a.py` ran."""
    from coverage import CoverageData

    with TemporaryDirectory() as folder:
        data = CoverageData(basename=f"{folder}/data")
        data.add_lines({"a.py": [1]})
        data.write()
        data.close()
        return Path(folder, "data").read_bytes()
