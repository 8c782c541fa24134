"""Reads an evidence file in the one format that recognises it: each module of a package is a format."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Generic, Protocol, TypeVar, cast

from readiness.outcome import CheckError
from readiness_checks.reading.report_file import ReportFile
from readiness_checks.reading.xml_input import local

_Read_co = TypeVar("_Read_co", covariant=True)


class Format(Protocol[_Read_co]):
    """What each module of such a package holds."""

    NAMES: str
    """What a user calls the format, for instance `lcov`."""

    def recognises(self, report: ReportFile) -> bool:
        """Whether the report is of this format, and of no other; it may still be damaged.

        Raises:
            CheckError: It begins like XML or JSON, and cannot be parsed.
        """

    def read(self, report: ReportFile) -> _Read_co:
        """Read a report that the format recognises.

        Raises:
            CheckError: It is damaged, or its totals contradict its raw data.
        """


@dataclass(frozen=True)
class Formats(Generic[_Read_co]):
    """The formats of one kind of report."""

    package: str
    """Name of the package whose modules they are; a module that begins with `_` holds what formats share."""
    kind: str
    """What messages call such a report, for instance `coverage report`."""
    remedy: str
    """What to do about an empty one."""
    described: Callable[[ReportFile], tuple[str, str] | None] = lambda _: None
    """What a file is that no format recognises, and what to do about it, where that is known."""

    def all(self) -> tuple[Format[_Read_co], ...]:
        """Every format, by the name of its module."""
        return cast("tuple[Format[_Read_co], ...]", modules(self.package))

    def read(self, report: ReportFile) -> _Read_co:
        """Read a report in the one format that recognises it.

        Raises:
            CheckError: It is empty, cut off, of no known format, of more than one, or contradicts itself.
        """
        if not report.start:
            raise CheckError(f"{report.name} is empty", self.remedy)
        found = [each for each in self.all() if each.recognises(report)]
        if len(found) == 1:
            return found[0].read(report)
        names = ", ".join(each.NAMES for each in found or self.all())
        if found:
            raise CheckError(f"{report.name} looks like several formats at once: {names}", "produce it again")
        other = self.described(report)
        if other is not None:
            raise CheckError(f"{report.name} is no {self.kind} of a known format, but {other[0]}", other[1])
        root = "" if report.xml is None else f": its root is <{local(report.xml)[:50]}>"
        raise CheckError(
            f"{report.name} is no {self.kind} of a known format{root}", f"let the tests write one of: {names}"
        )


@cache
def modules(package: str) -> tuple[object, ...]:
    """The modules of a package whose names do not begin with `_`, imported once."""
    names = sorted(module.name for module in iter_modules(import_module(package).__path__))
    return tuple(import_module(f"{package}.{name}") for name in names if not name.startswith("_"))
