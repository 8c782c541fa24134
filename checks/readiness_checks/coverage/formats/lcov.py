"""Reads lcov tracefiles (the format is in the manual page geninfo(1)), as nyc, c8, node, gcov and cargo write them."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from readiness.outcome import CheckError, Finding
from readiness_checks.coverage.measured import (
    File,
    Measured,
    Metric,
    Parts,
    contradiction,
    detailed,
    numbered,
    one,
    said_otherwise,
)
from readiness_checks.reading.report_file import ReportFile

NAMES = "lcov"
_IGNORED = frozenset(("TN", "VER", "FN", "FNF", "FNH", "LF", "LH", "BRF", "BRH", "MCDC", "MCF", "MCH", "FNL"))
_TOTALS = frozenset(("LF", "LH", "BRF", "BRH", "FNF", "FNH"))
_LLVM = ("FN", "FNDA", "FNF", "FNH", "DA", "BRDA", "BRF", "BRH", "LF", "LH")
_GCOVR = "GCOVR_report"
"""The name of a test in what gcovr writes."""
_START = ("TN:", "SF:")


def recognises(report: ReportFile) -> bool:
    """Whether this looks like a tracefile."""
    lines = report.text.split("\n")
    return next((line for line in lines if line.strip() and line[0] != "#"), "").startswith(_START)


@dataclass
class _Record:
    """What the lines about one file said so far."""

    name: str
    line: int
    lines: Counter[int] = field(default_factory=Counter)
    branches: Counter[tuple[str, ...]] = field(default_factory=Counter)
    functions: list[str] = field(default_factory=list)
    hits: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    totals: dict[str, int] = field(default_factory=dict)
    test: str | None = None
    """The name of the test, where the record has the line for it."""
    seen: Counter[str] = field(default_factory=Counter)

    def function_hits(self) -> list[int]:
        """Hits of each function; functions of one name are told apart by their order."""
        found, used = [], Counter[str]()
        for name in self.functions or list(self.hits):
            given = self.hits[name] or [0]
            found.append(given[min(used[name], len(given) - 1)])
            used[name] += 1
        return found


def read(report: ReportFile) -> Measured:
    """Read one tracefile.

    Raises:
        CheckError: A line is none of the format's, a record is cut off, or totals contradict the lines.
    """
    name = report.name
    records: dict[str, list[_Record]] = defaultdict(list)
    record: _Record | None = None
    announced: tuple[int, str] | None = None
    test: str | None = None
    notes = set[str]()
    disputed: dict[Metric, str] = {}
    for number, line in enumerate(report.text.split("\n"), 1):
        kind, colon, rest = line.strip().partition(":")
        if not kind or kind.startswith("#"):
            continue
        if kind == "end_of_record" and record is not None:
            disputed |= _compare(name, record, notes)
            records[record.name].append(record)
            record = None
        elif kind == "SF" and record is None and rest:
            record, announced = _Record(rest.replace("\\", "/"), number, test=test), None
        elif colon and record is not None and (kind in _READERS or kind in _IGNORED):
            record.seen[kind] += 1
            try:
                _READERS.get(kind, _ignore)(record, kind, rest)
            except ValueError as error:
                raise _refused(name, number, line) from error
        elif kind == "TN" and record is None:
            announced, test = (number, line), rest
        else:
            raise _refused(name, number, line)
    if record is not None:
        raise _refused(name, record.line, f"SF:{record.name}", "this record has no end")
    if announced is not None:
        raise _refused(name, *announced, "no record follows this name of a test")
    every = [each for parts in records.values() for each in parts]
    branches, functions = any(_has_branches(each) for each in every), any(each.function_hits() for each in every)
    files = (_file(source, parts, branches=branches, functions=functions) for source, parts in records.items())
    return Measured("lcov", tuple(files), notes=tuple(notes), disputed=disputed)


def _refused(name: str, number: int, line: str, why: str = "this is no line of an lcov tracefile") -> CheckError:
    remedy = "let the tool that writes it finish, and check again"
    finding = Finding(message=f"{why}: {line[:80]!r}", rule="malformed", path=name, line=number, remedy=remedy)
    return CheckError(f"{name}:{number}: {finding.message}", remedy, findings=(finding,))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)


def _da(record: _Record, _kind: str, rest: str) -> None:
    line, hits, *_checksum = rest.split(",")
    if _number(line) == 0:
        raise ValueError(rest)
    record.lines[int(line)] += _number(hits)
    record.seen["covered DA"] += bool(int(hits))


def _brda(record: _Record, _kind: str, rest: str) -> None:
    line, block, rest = rest.split(",", 2)
    branch, taken = rest.rsplit(",", 1)  # the expression of a branch may hold commas
    hits = 0 if taken == "-" else _number(taken)
    record.branches[(str(_number(line)), block, branch)] += hits
    record.seen["covered BRDA"] += bool(hits)


def _fn(record: _Record, _kind: str, rest: str) -> None:
    line, name = rest.split(",", 1)
    end, comma, inner = name.partition(",")
    _number(line)
    record.functions.append(inner if comma and end.isdigit() else name)


def _fnda(record: _Record, _kind: str, rest: str) -> None:
    hits, name = rest.split(",", 1)
    record.hits[name].append(_number(hits))


def _fna(record: _Record, _kind: str, rest: str) -> None:
    """Lcov 2: an alias of a function, with its hits; aliases of one function count as one."""
    index, hits, _name = rest.split(",", 2)
    record.hits[f"\0{_number(index)}"] = [max([_number(hits), *record.hits[f"\0{index}"]])]


def _total(record: _Record, kind: str, rest: str) -> None:
    record.totals[kind] = _number(rest)


def _ignore(_record: _Record, _kind: str, _rest: str) -> None:
    """Nothing here is counted."""


_READERS: dict[str, Callable[[_Record, str, str], None]] = {
    "DA": _da,
    "BRDA": _brda,
    "FN": _fn,
    "FNDA": _fnda,
    "FNA": _fna,
    **dict.fromkeys(_TOTALS, _total),
}


def _compare(name: str, record: _Record, notes: set[str]) -> dict[Metric, str]:
    """Hold the totals of a record against its lines; a line that is given twice may be counted once or twice.

    Returns:
        What branches or functions do not give: coverlet's FNF, for one, counts a function for each of its classes.

    Raises:
        CheckError: The lines do not give what the record says.
    """
    functions = record.function_hits()
    raw: dict[str, tuple[Metric, set[int]]] = {
        "LF": ("lines", {len(record.lines), record.seen["DA"]}),
        "LH": ("lines", {sum(map(bool, record.lines.values())), record.seen["covered DA"]}),
        "BRF": ("branches", {len(record.branches), record.seen["BRDA"]}),
        "BRH": ("branches", {sum(map(bool, record.branches.values())), record.seen["covered BRDA"]}),
        "FNF": ("functions", {len(functions), len(set(record.functions))}),
        "FNH": ("functions", {sum(map(bool, functions)), len([hits for hits in record.hits.values() if any(hits)])}),
    }
    disputed: dict[Metric, str] = {}
    for kind, claimed in record.totals.items():
        metric, seen = raw[kind]
        if claimed and not record.lines and metric == "lines":
            raise CheckError(
                f"{name} gives totals alone of {record.name[:200]}, and none of its lines",
                "let the tool list the lines (without `--summary-only`)",
            )
        if claimed not in seen and metric == "lines" and record.test == _GCOVR:
            notes.add("its producer, gcovr, counts a line for each function that it is in: its lines decide")
        elif claimed not in seen and _is_llvm(record):
            notes.add("its producer, llvm-cov, counts the lines and branches of each function: its lines decide")
        elif claimed not in seen and metric == "lines":
            raise contradiction(name, f"{kind} of {record.name[:200]}", claimed, min(seen))
        elif claimed not in seen:
            disputed[metric] = said_otherwise(f"{kind} of {record.name[:200]}", claimed, min(seen))
    return disputed


def _has_branches(record: _Record) -> bool:
    """Whether branches were measured, if there are any: llvm-cov says 0 of 0 of languages without them, too."""
    return bool(record.branches) or (record.totals.get("BRF") == 0 and not _is_llvm(record))


def _is_llvm(record: _Record) -> bool:
    """Whether llvm-cov wrote a record: it names no test, and nobody else has this order (CoverageExporterLcov.cpp).

    Its totals are sums over functions: the best instance of a template counts, and a line of a closure counts twice.
    """
    kinds = [kind for kind in record.seen if kind in _LLVM]
    return record.test is None and kinds == [kind for kind in _LLVM if kind in kinds] and {"FNF", "LF"} <= set(kinds)


def _file(name: str, parts: list[_Record], *, branches: bool, functions: bool) -> File:
    """Join the records of one file: several test runs may have covered it."""
    lines: Counter[int] = Counter()
    taken: Counter[tuple[str, ...]] = Counter()
    for part in parts:
        lines.update(part.lines)
        taken.update(part.branches)
    return detailed(
        name,
        lines,
        branches={branch: one(hits) for branch, hits in taken.items()} if branches else None,
        functions=_functions(parts) if functions else None,
    )


def _functions(parts: list[_Record]) -> Parts:
    """Functions by name and order of the first record; records that list as many list the same ones."""
    each = [part.function_hits() for part in parts]
    if len({len(hits) for hits in each}) == 1:
        names = parts[0].functions or list(parts[0].hits)
        hits = [max(of_one) for of_one in zip(*each, strict=True)]
        return numbered((name, one(hit)) for name, hit in zip(names, hits, strict=True))
    joined: Counter[str] = Counter()
    for part, hits in zip(parts, each, strict=True):
        for name, hit in zip(part.functions or list(part.hits), hits, strict=False):
            joined[name] += hit
    return {(name, 0): one(hit) for name, hit in joined.items()}
