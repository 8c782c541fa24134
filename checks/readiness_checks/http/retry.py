"""Sends a request again where a checklist says so, and keeps what happened at each try."""

import re
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from readiness.check import Context
from readiness.outcome import Finding, Level, Measurement, Value
from readiness.strictness import stricter
from readiness_checks.http.expectation import Status, has_status
from readiness_checks.parameters import Also, Milliseconds
from readiness_checks.web.client import Answer, shorten
from readiness_checks.web.network import NetworkError, budget

_NO_ANSWER = "no-answer"


def _as_occasion(value: Any) -> Any:
    """Read `no answer` and `no_answer`."""
    return re.sub("[ _]", "-", value.strip().lower()) if isinstance(value, str) else value


_NoAnswer = Annotated[Literal["no-answer"], Also(_as_occasion, {"type": "string"})]
_Occasion = Annotated[_NoAnswer | Status, Field(union_mode="left_to_right")]


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str | int) and not isinstance(value, bool) else value


class Retry(Value):
    """When a request is sent again, and how often."""

    times: Annotated[int, Field(ge=1, le=10), stricter.lower.when_absent(0)]
    """Further tries, at most."""
    on: Annotated[
        Annotated[list[_Occasion], Field(min_length=1)],
        Also(_one_or_many, {"type": ["string", "integer"]}),
        stricter.fewer_entries,
    ] = [_NO_ANSWER, 502, 503, 504]
    """What is tried again, unless it is expected: statuses, classes such as `5xx`, and `no-answer`."""
    wait: Annotated[Annotated[Milliseconds, Field(le=60_000)], stricter.lower.measured_as("milliseconds")] = 1000.0
    """Milliseconds between two tries; more where the header Retry-After asks for it (RFC 9110 §10.2.3)."""

    def applies(self, answer: "Answer | NoAnswer", expected: Sequence[Status]) -> bool:
        """Whether to try again; a certificate that is not accepted is an answer, and no accident."""
        if isinstance(answer, NoAnswer):
            return _NO_ANSWER in self.on and not answer.certificate
        occasions = [each for each in self.on if each != _NO_ANSWER]
        return has_status(answer.status, occasions) and not has_status(answer.status, expected)


@dataclass(frozen=True)
class NoAnswer:
    """Why there is no answer; not the exception itself, whose frames would keep the connection open."""

    why: str
    remedy: str
    certificate: bool
    """Whether a certificate was not accepted."""


@dataclass(frozen=True)
class Tries:
    """What came of a request that may have been sent several times."""

    last: Answer | NoAnswer
    before: tuple[Finding, ...] = ()
    """What happened at the earlier tries, and why there was no further one."""
    number: int = 1
    """How many there were."""

    @property
    def said(self) -> str:
        """Which of several was judged; empty where there was one."""
        return f", at try {self.number}" if self.number > 1 else ""

    def measurements(self, retry: Retry | None) -> tuple[Measurement, ...]:
        """How many there were, where several are allowed."""
        if retry is None:
            return ()
        return (Measurement(name="tries", value=self.number, operator="<=", threshold=retry.times + 1),)


def fetch(send: Callable[[], Answer], retry: Retry | None, expected: Sequence[Status], context: Context) -> Tries:
    """Send a request, and again as often as it may be."""
    before: list[Finding] = []
    while True:
        answer: Answer | NoAnswer
        try:
            answer = send()
        except NetworkError as error:
            answer = NoAnswer(str(error), error.remedy, isinstance(error.__cause__, ssl.SSLCertVerificationError))
        if retry is None or len(before) == retry.times or not retry.applies(answer, expected):
            return Tries(answer, tuple(before), len(before) + 1)
        pause = _pause(answer, retry)
        what = answer.why if isinstance(answer, NoAnswer) else f"it answered {answer.status}"
        before.append(_tried(shorten(context, what, 300), len(before) + 1, retry.times + 1))
        if pause >= budget(context.remaining):
            message = f"no time is left for another try, which would have to wait for {pause:g} s"
            return Tries(answer, (*before[:-1], _note(message)), len(before))
        time.sleep(pause)


def _pause(answer: Answer | NoAnswer, retry: Retry) -> float:
    """Seconds to wait."""
    asked = "" if isinstance(answer, NoAnswer) else str(answer.headers.get("retry-after", "")).strip()
    return max(retry.wait / 1000, float(asked) if re.fullmatch("[0-9]{1,6}", asked) else 0.0)


def _tried(what: str, number: int, most: int) -> Finding:
    return _note(f"try {number} of up to {most}: {what}")


def _note(message: str) -> Finding:
    remedy = "look into the log of the service: what is well only at a second try fails for somebody"
    return Finding(message=message, rule="retried", level=Level.NOTE, remedy=remedy)
