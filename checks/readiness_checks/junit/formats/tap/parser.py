"""Reads TAP line by line into a document, and holds each plan against its test points."""

import re
from dataclasses import dataclass, field

from readiness_checks.junit.formats._shared import DEEPEST, cut_off, malformed, short
from readiness_checks.junit.formats.tap.document import POINT, Document, read_point
from readiness_checks.reading.report_file import ReportFile

PLAN = re.compile(r"1\.\.([0-9]{1,9})\s*(?:#\s*(.*))?")
VERSION = re.compile(r"TAP version (\d{1,3})\s*", re.IGNORECASE)
_BAIL = re.compile(r"Bail out!\s*(.*)", re.IGNORECASE)
_SUBTEST = re.compile(r"# Subtest(?::.*)?")
_ONE_DOCUMENT = "one file holds one TAP document"


@dataclass
class Parser:
    """Takes lines. What is indented belongs to the next test point further out, or to the one that has the brace."""

    report: ReportFile
    levels: list[Document] = field(default_factory=lambda: [Document(announced=True)])
    """The documents that are open, from the outermost."""
    bail: str | None = None
    """Why it was given up; None while it was not."""
    block: int | None = None
    """How far the YAML block is indented in which this line is; None outside."""
    announced: int | None = None
    """How deep the last line was that announced a subtest; None once it has begun."""
    versions: int = 0

    def feed(self, line: str) -> None:
        """Take one line.

        Raises:
            CheckError: It cannot be there.
        """
        body = line.strip()
        indent = len(line) - len(line.lstrip(" "))
        if self.block is not None and (not body or indent >= self.block):
            self._in_block(line, body)
            return
        self.block = None
        depth, rest = divmod(indent, 4)
        last = self.levels[-1].points[-1] if self.levels[-1].points else None
        if body == "---" and last and indent:
            self.block = indent
        elif not rest and depth < len(self.levels) + DEEPEST:
            self._line(depth, body)

    def _in_block(self, line: str, body: str) -> None:
        points = self.levels[-1].points
        if body == "..." and len(line.rstrip()) == (self.block or 0) + len(body):
            self.block = None
        elif points and len(points[-1].said) < DEEPEST:
            points[-1].said.append(line)

    def _line(self, depth: int, body: str) -> None:
        plan, point, bail = PLAN.fullmatch(body), POINT.fullmatch(body), _BAIL.fullmatch(body)
        if body == "}" and len(self.levels) > depth + 1 and self.levels[depth + 1].brace:
            self._leave(depth)
        elif body == "{" and depth < len(self.levels) and self.levels[depth].points:
            self._open(depth)
            self.levels.append(Document(announced=True, brace=True))
        elif bail:
            self.bail = self.bail or short(bail[1]) or "it gives no reason"
        elif VERSION.fullmatch(body):
            self.versions += depth == 0
        elif _SUBTEST.fullmatch(body):
            self.announced = depth
        elif plan:
            document = self._open(depth)
            if document.plan is not None:
                raise malformed(self.report, f"it has a second plan, `{body[:50]}`: {_ONE_DOCUMENT}")
            document.plan, document.reason = int(plan[1]), plan[2] or ""
            document.early = not document.points
        elif point:
            self._point(depth, point)

    def _open(self, depth: int) -> Document:
        """The document at a depth, begun if there is none; those further in are over."""
        while len(self.levels) <= depth:
            named = self.announced is not None and self.announced + 1 >= len(self.levels)
            self.levels.append(Document(announced=named))
        self.announced = None
        self._drop(depth)
        return self.levels[depth]

    def _drop(self, depth: int) -> None:
        """Forget what is indented further and belongs to no test point, unless it was announced as a subtest."""
        while len(self.levels) > depth + 1:
            gone = self.levels.pop()
            if gone.brace or (gone.announced and gone.points):
                raise cut_off(self.report, "a subtest has no end, or no test point of its own")

    def _leave(self, depth: int) -> None:
        """The subtests at the next depth are those of the last test point of this one."""
        self._drop(depth + 1)
        inner = self.levels.pop()
        self._compare(inner)
        if inner.plan is not None:
            self.levels[depth].points[-1].inner = inner

    def _point(self, depth: int, match: re.Match[str]) -> None:
        streamed = len(self.levels) > depth + 1 and not self.levels[depth + 1].brace
        document = self.levels[depth] if streamed else self._open(depth)
        if document.plan is not None and not document.early:
            raise malformed(self.report, f"a test point follows after the plan: {_ONE_DOCUMENT}")
        point, brace = read_point(match)
        number = int(match[2]) if match[2] else len(document.points) + 1
        if number in document.numbers:
            raise malformed(self.report, f"test point {number} is there twice")
        document.numbers.add(number)
        document.points.append(point)
        if streamed:
            self._leave(depth)
        self.announced = None
        if brace:
            self.levels.append(Document(announced=True, brace=True))

    def _compare(self, document: Document) -> None:
        """Hold a plan against its test points; when all was given up, fewer of them are no wonder."""
        plan, seen = document.plan, len(document.points)
        if self.bail is not None:
            return
        whose = "it" if document is self.levels[0] else "a subtest"
        if plan is None and document.announced and (seen or whose == "it"):
            raise cut_off(self.report, f"{whose} has no plan (`1..N`)")
        if plan is not None and seen != plan:
            raise cut_off(self.report, f"{whose} has the plan 1..{plan}, but {seen} test points")
        if plan is not None and any(not 1 <= number <= plan for number in document.numbers):
            raise malformed(self.report, f"a test point has a number outside of its plan, 1..{plan}")

    def end(self) -> Document:
        """The whole document, once all lines have been taken.

        Raises:
            CheckError: It is cut off, or its plan is not that of its test points.
        """
        if self.block is not None:
            raise cut_off(self.report, "it ends inside of a YAML block")
        if self.versions > 1:
            raise malformed(self.report, f"it has several lines `TAP version`: {_ONE_DOCUMENT}")
        if self.bail is None:
            self._drop(0)
        self._compare(self.levels[0])
        return self.levels[0]
