"""Formats that are not read are named, with what to let the tool write instead."""

import json
from pathlib import Path

import pytest

from support.coverage_reports import measure, refused


@pytest.mark.parametrize(
    ("report", "name", "remedy"),
    [
        ("<results><modules><module name='a.dll'/></modules></results>", "Microsoft's XML", "cobertura"),
        ("<Root CoveredStatements='1' ReportType='DetailedXml'/>", "dotCover XML", "Cobertura"),
        ("<coverage profilerVersion='1.5.8 Beta'><module/></coverage>", "NCover XML", "Cobertura"),
        ("<scoverage statement-rate='1'/>", "scoverage", "cobertura.xml"),
        ("<testsuites/>", "test results", "`junit`"),
        ("<TestRun/>", "test results (TRX)", "`junit`"),
        ("<!DOCTYPE html><html></html>", "a page for people", "for programs"),
        (b"\x01\xc0\xc0\x10\x07", "JaCoCo (jacoco.exec)", "jacoco.xml"),
        (b"\x81rforpl\xff\x08", "profile of LLVM", "llvm-cov export"),
        (b"adcg*33A", "counters of gcov", "gcovr or lcov"),
        (b"PK\x03\x04\x14", "an archive", "unpack"),
        ("        -:    0:Source:main.c\n        1:    1:int main() {}\n", "a listing of gcov", "gcovr or lcov"),
        (json.dumps({"result": [{"scriptId": "1", "url": "", "functions": []}]}), "raw coverage of V8", "lcov"),
        (json.dumps({"source_files": [{"name": "a", "coverage": [1]}]}), "Coveralls", "lcov"),
        (json.dumps({"Shop.dll": {"a.cs": {}}}), "coverlet's own JSON", "cobertura"),
        (json.dumps({"totals": {"lines": {"pct": 100}}}), "totals alone", "each file"),
    ],
)
def test_a_format_that_is_not_read_is_named(tmp_path: Path, report: str | bytes, name: str, remedy: str) -> None:
    outcome = measure(tmp_path, report)
    refused(outcome, "no coverage report of a known format")
    assert name in outcome.summary
    assert remedy in outcome.remedy
