"""Reads CTRF (Common Test Report Format), as reporters for Playwright, Jest, Vitest, Cypress and pytest write it."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from readiness.text import first_mistake
from readiness_checks.junit.cases import Case, Results, State
from readiness_checks.junit.formats._json_lines import is_stream
from readiness_checks.junit.formats._shared import dated, hold, line_number, malformed, seconds, short, text_of
from readiness_checks.reading.report_file import ReportFile

NAMES = "CTRF"
_STATES = {"passed": State.PASSED, "failed": State.FAILED, "skipped": State.SKIPPED, "pending": State.SKIPPED}
"""`other` is what the reporter had no word for: no answer, unless the word of the tool is one of these."""
_NOT_RUN = frozenset(("todo", "pending", "skipped", "disabled"))
_RAW = {"passed": "passed", "failed": "failed", "timedout": "failed", "interrupted": "failed", "skipped": "skipped"}
"""Words of Playwright: its reporter counts these, also where a test was expected to fail."""
_Any = Any
_Suites = Annotated[
    tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) and value else value or ())
]
"""A list; before version 0.0.2 one text."""


class _Attempt(BaseModel):
    status: str = ""


class _Test(BaseModel):
    name: str
    status: str
    duration: _Any = None
    suite: _Suites = ()
    message: _Any = None
    trace: _Any = None
    raw_status: _Any = Field(None, alias="rawStatus")
    file: _Any = Field(None, alias="filePath")
    line: _Any = None
    browser: _Any = None
    flaky: bool | None = False
    retries: int | None = 0
    attempts: list[_Attempt] | None = Field(None, alias="retryAttempts")

    @property
    def state(self) -> State:
        """How it ended."""
        idle = self.status.lower() == "other" and self.raw in _NOT_RUN
        return State.SKIPPED if idle else _STATES.get(self.status.lower(), State.ERROR)

    @property
    def raw(self) -> str:
        """The word of the tool."""
        return text_of(self.raw_status).lower()


class _Inner(BaseModel):
    summary: dict[str, _Any]
    tests: list[_Test]


class _Report(BaseModel):
    results: _Inner


def recognises(report: ReportFile) -> bool:
    """Whether this is an object with results that have a summary and tests."""
    data = None if is_stream(report) else report.json
    results = data.get("results") if isinstance(data, dict) else None
    return isinstance(results, dict) and {"summary", "tests"} <= results.keys()


def read(report: ReportFile) -> Results:
    """Read one file.

    Raises:
        CheckError: It is not as the format says, or its summary counts other tests than it shows.
    """
    try:
        inner = _Report.model_validate(report.json).results
    except ValidationError as error:
        raise malformed(report, first_mistake(error)) from error
    start = str(inner.summary.get("start") or "")
    cases = tuple(_cases(inner, start))
    seen = {word: sum(test.status.lower() == word for test in inner.tests) for word in (*_STATES, "other")}
    raw = {word: sum(_RAW.get(test.raw, test.status.lower()) == word for test in inner.tests) for word in seen}
    claims = [(word, inner.summary.get(word), [seen[word], raw[word]]) for word in seen]
    hold(report, [("tests", inner.summary.get("tests"), [len(cases)]), *claims])
    return Results(cases, *dated(report, [start]))


def _cases(inner: _Inner, run: str) -> Iterator[Case]:
    for test in inner.tests:
        state = test.state
        message = short(test.message) or short(test.trace)
        if state is State.ERROR and not message:
            message = f"its status is `{test.status[:50]}` {test.raw[:50]}".strip()
        again = bool(test.flaky or test.retries or any(each.status.lower() == "failed" for each in test.attempts or ()))
        yield Case(
            name=test.name,
            class_name="",
            state=state,
            message="" if state is State.PASSED else message,
            file=text_of(test.file),
            line=line_number(test.line),
            suites=test.suite,
            flaky=again and state is State.PASSED,
            seconds=seconds(test.duration, 1000),
            run=run,
        )
