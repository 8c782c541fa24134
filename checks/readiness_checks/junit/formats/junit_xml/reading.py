"""Reads test results from JUnit XML by counting elements; attributes are only held against them.

There is no standard; this follows what pytest, surefire, Gradle, Jest, node, GoogleTest, PHPUnit and Playwright write.
"""

from readiness.outcome import CheckError
from readiness_checks.junit.cases import Results
from readiness_checks.junit.formats.junit_xml.claims import explain
from readiness_checks.junit.formats.junit_xml.elements import fold_attempts, mark_to_do, walk
from readiness_checks.junit.formats.junit_xml.states import GROUPS
from readiness_checks.reading.evidence_files import CLOCK_SKEW, modified_at
from readiness_checks.reading.report_file import ReportFile
from readiness_checks.reading.timestamps import oldest
from readiness_checks.reading.xml_input import local

NAMES = "JUnit XML"


def recognises(report: ReportFile) -> bool:
    """Whether its root is one of JUnit's."""
    return report.xml is not None and local(report.xml).lower() in GROUPS


def read(report: ReportFile) -> Results:
    """Read one file.

    Raises:
        CheckError: Nothing explains that its attributes claim something else than its elements show.
    """
    root = report.xml
    if root is None:
        raise CheckError(f"{report.name} is no XML", "name the file that the test run writes")
    suites, cases = walk(root)
    fold_attempts(suites, cases)
    unseen = explain(report.name, suites)
    doubtful = mark_to_do(unseen.to_do, cases)
    latest = min(report.context.now, modified_at(report.path) + CLOCK_SKEW)
    produced_at, unread = oldest((suite.element.get("timestamp", "") for suite in suites), latest)
    return Results(
        cases=tuple(each.case for each in cases if each.counts),
        produced_at=produced_at,
        unread_time=unread,
        unnamed_skips=unseen.skips,
        doubtful_passes=doubtful,
        parts=unseen.parts,
    )
