"""The formats of coverage reports, one module each: a new module in this folder is a new format."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from readiness.outcome import CheckError
from readiness_checks.coverage.measured import Measured
from readiness_checks.coverage.report_file import ReportFile


class Format(Protocol):
    """What each module of this folder holds."""

    NAMES: str
    """What a user calls the format, for instance `lcov`."""

    def recognises(self, report: ReportFile) -> bool:
        """Whether the report is of this format, and of no other; it may still be damaged.

        Raises:
            CheckError: It begins like XML or JSON, and cannot be parsed.
        """

    def read(self, report: ReportFile) -> Measured:
        """Read a report that the format recognises.

        Raises:
            CheckError: It is damaged, or its totals contradict its raw data.
        """


@cache
def formats() -> tuple[Format, ...]:
    """Every format, by the name of its module; one that begins with `_` holds what formats share."""
    names = sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
    return tuple(cast("Format", import_module(f"{__name__}.{name}")) for name in names)


def read(report: ReportFile) -> Measured:
    """Read a report in the one format that recognises it.

    Raises:
        CheckError: It is empty, cut off, of no known format, of more than one, or contradicts itself.
    """
    if not report.start:
        raise CheckError(f"{report.name} is empty", "run the tests again, and let them write their coverage")
    found = [each for each in formats() if each.recognises(report)]
    if len(found) == 1:
        return found[0].read(report)
    names = ", ".join(each.NAMES for each in found or formats())
    if found:
        raise CheckError(f"{report.name} looks like several formats at once: {names}", "produce it again")
    raise CheckError(f"{report.name} is no coverage report of a known format", f"let the tests write one of: {names}")
