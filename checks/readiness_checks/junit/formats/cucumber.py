"""Reads Cucumber's JSON, as Cucumber writes it for Ruby, the JVM, JavaScript, Go and .NET (Reqnroll), and behave's.

The words are those of Cucumber; in its strict mode, the only one since 2020, a step that is not defined has failed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from readiness.text import first_mistake
from readiness_checks.junit.cases import Case, Results, State
from readiness_checks.junit.formats._json_lines import is_stream
from readiness_checks.junit.formats._shared import (
    BROKEN,
    dated,
    line_number,
    malformed,
    run_broke,
    seconds,
    short,
    text_of,
)
from readiness_checks.reading.report_file import ReportFile

NAMES = "Cucumber JSON"
_STATES = {
    "passed": State.PASSED,
    "failed": State.FAILED,
    "skipped": State.SKIPPED,
    "untested": State.SKIPPED,  # behave
    "pending": State.FAILED,
    "undefined": State.FAILED,
    "ambiguous": State.FAILED,
}
_WORST = (State.ERROR, State.FAILED, State.SKIPPED, State.PASSED)
_NANOSECONDS = 10**9
_Any = Any
_List = BeforeValidator(lambda value: () if value is None else value)


class _Result(BaseModel):
    status: str = ""
    duration: _Any = None
    error: _Any = Field(None, alias="error_message")


class _Step(BaseModel):
    keyword: _Any = ""
    name: _Any = ""
    result: _Result | None = None
    before: Annotated[tuple["_Step", ...], _List] = ()
    after: Annotated[tuple["_Step", ...], _List] = ()

    @property
    def state(self) -> State:
        """A step without a result did not run."""
        if self.result is None:
            return State.SKIPPED
        return _STATES.get(self.result.status.lower(), State.ERROR)


class _Element(BaseModel):
    id: _Any = None
    type: _Any = "scenario"
    keyword: _Any = ""
    name: _Any = ""
    line: _Any = None
    location: _Any = None
    status: _Any = None
    start: _Any = Field(None, alias="start_timestamp")
    steps: Annotated[tuple[_Step, ...], _List] = ()
    before: Annotated[tuple[_Step, ...], _List] = ()
    after: Annotated[tuple[_Step, ...], _List] = ()

    @property
    def everything(self) -> Iterator[_Step]:
        """Its hooks, its steps and their hooks."""
        yield from self.before
        for step in self.steps:
            yield from (*step.before, step, *step.after)
        yield from self.after


class _Feature(BaseModel):
    uri: _Any = None
    location: _Any = None
    name: _Any = ""
    status: _Any = None
    elements: Annotated[tuple[_Element, ...], _List] = ()


def recognises(report: ReportFile) -> bool:
    """Whether this is a list of features, each with a keyword and (unless it is empty) elements."""
    data = None if is_stream(report) else report.json
    if not isinstance(data, list) or not data:
        return False
    return all(isinstance(each, dict) and "keyword" in each and ("uri" in each or "elements" in each) for each in data)


def read(report: ReportFile) -> Results:
    """Read one file.

    Raises:
        CheckError: It is not as the format says.
    """
    try:
        features = [_Feature.model_validate(each) for each in report.json]
    except ValidationError as error:
        raise malformed(report, first_mistake(error)) from error
    cases = [case for feature in features for case in _feature(feature)]
    starts = [text_of(element.start) for feature in features for element in feature.elements]
    return Results(tuple(cases), *dated(report, starts))


def _feature(feature: _Feature) -> Iterator[Case]:
    """Each scenario once: a background belongs to the scenario after it, and a failed one may be tried again."""
    found: list[tuple[Any, Case]] = []
    background: tuple[_Step, ...] = ()
    for element in feature.elements:
        if text_of(element.type) == "background" or text_of(element.keyword).strip() == "Background":
            background += tuple(step for step in element.everything if step.result)  # behave lists them without
            continue
        case = _case(feature, element, (*background, *element.everything))
        key = (element.id, element.line, element.name)
        background = ()
        if found and element.line and found[-1][0] == key and found[-1][1].state in BROKEN:
            case = replace(case, flaky=case.state is State.PASSED)  # Ruby's `--retry` writes every attempt
            found.pop()
        found.append((key, case))
    yield from (case for _, case in found)
    if any(step.state in BROKEN for step in background):
        yield run_broke(text_of(feature.name), "its background failed", _suites(feature))
    elif _said_of(feature) in BROKEN and not any(case.state in BROKEN for _, case in found):
        yield run_broke(text_of(feature.name), "it failed, and no scenario tells why", _suites(feature))


def _said_of(part: _Element | _Feature) -> State:
    """What behave says of a scenario or a feature as a whole: a hook or a cleanup that broke is told there alone."""
    word = text_of(part.status).lower()
    return _STATES.get(word, State.ERROR) if word else State.PASSED


def _suites(feature: _Feature) -> tuple[str, ...]:
    return tuple(filter(None, (text_of(feature.name),)))


def _case(feature: _Feature, element: _Element, steps: Sequence[_Step]) -> Case:
    state = min((step.state for step in steps), key=_WORST.index, default=State.SKIPPED)
    if not element.steps and state is State.PASSED:
        state = State.SKIPPED  # nothing but hooks
    if state not in BROKEN:
        state = min(state, _said_of(element), key=_WORST.index)
    took = [step.result.duration for step in steps if step.result and isinstance(step.result.duration, int)]
    file = text_of(feature.uri) or text_of(feature.location).rpartition(":")[0]
    line = line_number(element.line) or line_number(text_of(element.location).rpartition(":")[2])
    return Case(
        name=text_of(element.name) or text_of(element.keyword) or "scenario",
        class_name="",
        state=state,
        message=_message(state, steps),
        file=file.removeprefix("file:").removeprefix("classpath:"),
        line=line,
        suites=_suites(feature),
        seconds=seconds(sum(took), _NANOSECONDS) if took else None,
        run=text_of(element.start),
    )


def _message(state: State, steps: Sequence[_Step]) -> str:
    """The first step that ended as the scenario did, and what it says."""
    if state is State.PASSED:
        return ""
    step = next((step for step in steps if step.state is state), None)
    if step is None:
        return "it has no steps"
    said = short(step.result.error) if step.result else ""
    name = short(f"{text_of(step.keyword).strip()} {text_of(step.name)}")
    return f"{name}: {said or (step.result.status if step.result else 'not run')}"[:300]
