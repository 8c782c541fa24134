"""Tells the format of a coverage report by its content, and reads it."""

from pathlib import Path

from readiness.check import Context
from readiness.outcome import CheckError
from readiness_checks.coverage import cobertura, coverage_py, istanbul, lcov
from readiness_checks.coverage.measured import Measured
from readiness_checks.reading import json_input, xml_input

_SQLITE = b"SQLite format 3\0"
_KNOWN = (
    "coverage.py (data file, JSON, XML), Cobertura XML, lcov, istanbul (coverage-final.json, coverage-summary.json)"
)


def read(context: Context, path: Path, data: bytes) -> Measured:
    """Read a report.

    Raises:
        CheckError: It is empty, cut off, of no known format, or contradicts itself.
    """
    name = context.name(path)
    if data.startswith(_SQLITE):
        return coverage_py.read_data_file(context, path)
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise CheckError(f"{name} is empty", "run the tests again, and let them write their coverage")
    if start.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        root = xml_input.parse(name, data)
        if cobertura.recognises(root):
            return cobertura.read(name, root)
    elif start.startswith((b"{", b"[")):
        document = json_input.parse(name, data)
        if coverage_py.recognises(document):
            return coverage_py.read(name, document)
        if istanbul.recognises_final(document):
            return istanbul.read_final(name, document)
        if istanbul.recognises_summary(document):
            return istanbul.read_summary(name, document)
    else:
        text = data.decode("utf-8-sig", errors="replace")
        if lcov.recognises(text):
            return lcov.read(name, text)
    raise CheckError(f"{name} is no coverage report of a known format", f"let the tests write one of: {_KNOWN}")
