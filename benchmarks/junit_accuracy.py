"""Compares what the check `junit` counts in JUnit XML with the totals that the producers wrote themselves.

    python benchmarks/junit_accuracy.py FOLDER ...

Each FOLDER is a checked-out repository that holds results of tests, such as those of parsers and reporters that
`docs/accuracy.md` names. Each file whose root is `<testsuites>` or `<testsuite>` is read once, however often it is
copied. A file agrees where the cases, those that broke and those that were skipped are as many as its outermost totals
say; what is read and does not agree, and what is refused, is shown, to be judged by hand.
"""

import argparse
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from readiness.outcome import CheckError
from readiness.testing import context
from readiness_checks.junit.cases import Results, State
from readiness_checks.junit.formats import junit_xml
from readiness_checks.reading.report_file import ReportFile
from readiness_checks.reading.xml_input import local

_START = re.compile(rb"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>]*>|\s)*<(?:\w+:)?testsuites?[\s>/]", re.DOTALL)
_LARGEST = 4_000_000
_TOTALS = {"tests": ("tests",), "broke": ("failures", "errors"), "skipped": ("skipped", "skips", "skip", "disabled")}


def main() -> None:
    """Measure, and print what came out."""
    parser = argparse.ArgumentParser(description="Compares what the check `junit` counts with totals of producers.")
    parser.add_argument("folders", nargs="+", type=Path)
    counted: Counter[str] = Counter()
    for folder in parser.parse_args().folders:
        for path in _files(folder):
            kind, words = _judged(folder, path)
            counted[kind] += 1
            if words:
                print(f"  {kind}: {path.relative_to(folder)}: {words}")
    print(f"JUnit XML: {counted.total()} files, {', '.join(f'{number} {kind}' for kind, number in counted.items())}")


def _files(folder: Path) -> Iterator[Path]:
    seen = set()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and ".git" not in path.parts and path.stat().st_size < _LARGEST:
            data = path.read_bytes()
            if _START.match(data.removeprefix(b"\xef\xbb\xbf")):
                digest = hashlib.sha256(data).digest()
                if digest not in seen:
                    seen.add(digest)
                    yield path


def _judged(folder: Path, path: Path) -> tuple[str, str]:
    """What came out for one file, and what there is to see."""
    report = ReportFile(context(folder), path, path.read_bytes())
    try:
        found = junit_xml.read(report)
    except CheckError as error:
        return "refused", str(error).partition(": ")[2]
    if report.xml is None or not found.cases:
        return "without a case", ""
    ours, theirs = _ours(found), {name: _claimed(report.xml, words) for name, words in _TOTALS.items()}
    differ = [f"{name} {theirs[name]}, counted {ours[name]}" for name in ours if theirs[name] not in {None, ours[name]}]
    return ("explained", "; ".join(differ)) if differ else ("agree", "")


def _ours(found: Results) -> dict[str, int]:
    states = Counter(case.state for case in found.cases)
    skipped = states[State.SKIPPED] + found.unnamed_skips + found.doubtful_passes
    broke = states[State.FAILED] + states[State.ERROR]
    return {"tests": len(found.cases) + found.unnamed_skips, "broke": broke, "skipped": skipped}


def _claimed(suite: Element, words: tuple[str, ...]) -> int | None:
    """What the outermost suites that say anything say together."""
    said = [int(suite.get(word, "")) for word in words if re.fullmatch("-?[0-9]+", suite.get(word, ""))]
    if said:
        return sum(said) if "errors" in words else max(said)
    inner = [_claimed(each, words) for each in suite if local(each).startswith("testsuite")]
    known = [each for each in inner if each is not None]
    return sum(known) if known else None


if __name__ == "__main__":
    main()
