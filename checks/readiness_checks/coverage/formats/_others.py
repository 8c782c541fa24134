"""Names the formats of coverage and of other reports that are not read, and what to let the tool write instead."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from readiness_checks.reading.report_file import ReportFile
from readiness_checks.reading.xml_input import local

_COBERTURA = "`dotnet-coverage merge -f cobertura`, or `dotnet test --collect 'XPlat Code Coverage'` (coverlet)"
_GENERATOR = "let it write Cobertura or lcov (`-reporttypes:Cobertura`)"
_BYTES: Mapping[bytes, tuple[str, str]] = {
    b"\x01\xc0\xc0": ("a data file of JaCoCo (jacoco.exec)", "run `jacoco:report` and name its jacoco.xml"),
    b"\xfflprofr\x81": ("a raw profile of LLVM", "run `llvm-profdata merge` and `llvm-cov export`"),
    b"\x81rforpl\xff": ("a raw profile of LLVM", "run `llvm-profdata merge` and `llvm-cov export`"),
    b"\xfflprofi\x81": ("an indexed profile of LLVM", "run `llvm-cov export -format=lcov` or `llvm-cov export`"),
    b"adcg": ("counters of gcov (.gcda)", "run gcovr or lcov, and name what it writes"),
    b"gcda": ("counters of gcov (.gcda)", "run gcovr or lcov, and name what it writes"),
    b"oncg": ("notes of gcov (.gcno)", "run gcovr or lcov, and name what it writes"),
    b"gcno": ("notes of gcov (.gcno)", "run gcovr or lcov, and name what it writes"),
    b"PK\x03\x04": ("an archive", "unpack it, and name the report in it"),
    b"\x1f\x8b": ("compressed", "unpack it, and name the report in it"),
    b"<?php": ("PHP data of PHPUnit", "let PHPUnit write `--coverage-clover` or `--coverage-cobertura`"),
    b"<!doctype html": ("a page for people", "let the same tool write a format for programs, too"),
    b"<html": ("a page for people", "let the same tool write a format for programs, too"),
}
"""By how a file begins, in lower case."""
_ROOTS: Mapping[str, tuple[str, str]] = {
    "results": ("Microsoft's XML of dynamic coverage", f"let it write Cobertura: {_COBERTURA}"),
    "CoverageDSPriv": ("Visual Studio's `.coveragexml`", f"let it write Cobertura: {_COBERTURA}"),
    "Root": ("dotCover XML", "let coverlet or dotnet-coverage write Cobertura"),
    "PartCoverReport": ("PartCover XML", "let coverlet or dotnet-coverage write Cobertura"),
    "scoverage": ("scoverage XML", "name the `cobertura.xml` that scoverage writes beside it"),
    "mutations": ("results of mutation tests (PIT)", "name the report of coverage"),
    "phpunit": ("PHPUnit's XML of coverage", "let PHPUnit write `--coverage-clover` or `--coverage-cobertura`"),
    "testsuites": (
        "test results in JUnit's format",
        "name them in an item with `junit`, and the report of coverage here",
    ),
    "testsuite": (
        "test results in JUnit's format",
        "name them in an item with `junit`, and the report of coverage here",
    ),
    "TestRun": ("test results (TRX)", "name them in an item with `junit`, and the report of coverage here"),
    "CoverageReport": ("a summary of ReportGenerator", _GENERATOR),
    "coverage": ("a file of coverage in a dialect of its own", "let the tool write Cobertura"),
}
"""By the name of the root element."""
_KEYS: Mapping[tuple[str, ...], tuple[str, str]] = {
    ("result",): ("raw coverage of V8", "let c8, Vitest or Jest write `lcov` or `json` (coverage-final.json) of it"),
    ("source_files",): ("JSON for Coveralls", "let the tool that collects it write lcov or Cobertura, too"),
    ("numTotalTests", "testResults"): ("test results of Jest", "name coverage-final.json or lcov.info"),
    ("summary", "coverage"): ("a summary of ReportGenerator", _GENERATOR),
    ("DotCoverVersion",): ("dotCover JSON", "let coverlet or dotnet-coverage write Cobertura"),
    ("coverage",): ("JSON for Codecov", "let the same tool write lcov or its own JSON (`cargo llvm-cov --lcov`)"),
    ("totals",): ("a summary of totals alone", "name a report that lists each file"),
}
"""By the keys of the document."""


def described(report: ReportFile) -> tuple[str, str] | None:
    """What a file is that no format recognises, and what to do; None where that is not known."""
    start = report.start[:40].lower()
    for mark, found in _BYTES.items():
        if start.startswith(mark) or report.data.startswith(mark):
            return found
    return _xml(report.xml) if report.xml is not None else _json(report.json) or _text(report)


def _xml(root: Element) -> tuple[str, str] | None:
    if local(root) == "coverage" and root.get("profilerVersion"):
        return "NCover XML", "let coverlet or dotnet-coverage write Cobertura"
    return _ROOTS.get(local(root))


def _json(document: object) -> tuple[str, str] | None:
    if not isinstance(document, dict):
        return None
    if any(str(key).endswith((".dll", ".exe")) for key in document):
        return "coverlet's own JSON", "let it write Cobertura (`/p:CoverletOutputFormat=cobertura`)"
    return next((found for keys, found in _KEYS.items() if set(keys) <= document.keys()), None)


def _text(report: ReportFile) -> tuple[str, str] | None:
    lines = report.text.lstrip().split("\n", 3)
    if lines[0].replace(" ", "").startswith("-:0:"):
        return "a listing of gcov", "run gcovr or lcov, and name what it writes"
    if lines[0].startswith("===") and report.text.count("===") > 1:
        return "a listing of luacov", "let luacov-reporter-lcov write lcov"
    return None
