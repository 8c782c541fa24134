"""Judges what a health document says: overall, for each component, how fast, how fresh, which version."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from readiness.check import Context
from readiness.outcome import Evidence, Finding, Level, Measurement, Outcome, Status
from readiness_checks.health.document import Document, Part
from readiness_checks.health.expectation import Component, Demands
from readiness_checks.health.words import GOOD, KNOWN, standing
from readiness_checks.http.expectation import has_status
from readiness_checks.web.client import Answer, shorten
from readiness_checks.web.latency import latency, slow

MOST = 200
"""Findings, and measurements, that are shown; all of them are counted."""
SERVER_ERROR = 500
"""From this status on, the service itself says that it is not well."""
_NO_STATUS = "let the endpoint send `status`, or say by `expect: {status: 200}` that its HTTP status counts"
_CLOCKS = timedelta(hours=1)
"""How far ahead the clock of a service may be before that is worth a word."""


@dataclass(frozen=True)
class Judgement:
    """What a health document says, held against what is required of it."""

    demands: Demands
    context: Context
    answer: Answer
    document: Document

    def outcome(self, evidence: tuple[Evidence, ...]) -> Outcome:
        """Put the answer together: a defect that was seen makes it failed, whatever else stayed unknown."""
        measurements = [*self._latencies()]
        defects = [
            *self._expected(),
            *self._overall(),
            *self._components(),
            *filter(None, map(slow, measurements)),
            *self._version(),
        ]
        unknown = [*self._unknown()]
        notes = [*self._clock()]
        first = next(iter([*defects, *unknown]), None)
        status = Status.FAILED if defects else Status.ERROR if unknown else Status.PASSED
        parts = len({part.name for part in self.document.parts if part.status})
        beside = f"none of its {parts} components says otherwise" if parts else "it names no components"
        said = f"says {self._shown(self.document.status)}" if self.document.status else self._without_word()
        good = f"{self.demands.url} {said}; {beside}"
        more = len(defects) + len(unknown) - 1
        bad = f"{self.demands.url}: {first.message}" + (f", and {more} more" if more else "") if first else ""
        return Outcome(
            status=status,
            summary=bad or good,
            examined=parts + 1,
            unit="statuses",
            measurements=tuple(sorted(measurements, key=lambda measured: measured.met is None)[:MOST]),
            findings=tuple(
                finding.model_copy(update={"url": self.demands.url})
                for finding in [*dict.fromkeys((*defects, *unknown, *notes))][:MOST]
            ),
            evidence=evidence,
            remedy=first.remedy if first else "",
        )

    def _shown(self, text: str) -> str:
        return shorten(self.context, text, 60)

    def _good(self, word: str, rule: Component | None = None) -> bool:
        allowed = rule.status if rule and rule.status is not None else [*GOOD, *self.demands.accept]
        return word.casefold() in {each.casefold() for each in allowed}

    def _without_word(self) -> str:
        return f"answers {self.answer.status}, " + ("as expected" if self._vouched else "without a status of its own")

    @property
    def _vouched(self) -> bool:
        """Whether the checklist says what the answer has to be, and it is that."""
        return self.demands.expect.meets(self.answer) is True

    def _expected(self) -> Iterator[Finding]:
        """Hold the status of HTTP and the text against what is expected of them."""
        expect, remedy = self.demands.expect, "look into the log of the service, or correct `expect`"
        if expect.statuses and not has_status(self.answer.status, expect.statuses):
            expected = " or ".join(map(str, expect.statuses))
            message = f"it answers {self.answer.status}, expected {expected}"
            yield Finding(message=message, rule="http-status", remedy=remedy)
        if not expect.says(self.answer):
            message = f"the answer does not say `{self._shown(expect.text or '')}`"
            yield Finding(message=message, rule="text", remedy=remedy)

    def _overall(self) -> Iterator[Finding]:
        word = self.document.status
        known = standing(word) in KNOWN
        if word and not self._good(word) and known:
            yield self._finding(f"the service says that it is {self._shown(word)}", "status")
        elif self.answer.status >= SERVER_ERROR and not self._vouched:
            yield self._finding(f"the service answers {self.answer.status}", "status")

    def _components(self) -> Iterator[Finding]:
        for part in self.document.parts:
            rule = self.demands.rule(part)
            known = rule.status is not None or standing(part.status) in KNOWN
            if part.status and known and not self._good(part.status, rule):
                output = f": {shorten(self.context, part.output)}" if part.output else ""
                words = f"the component {self._shown(part.name)} is {self._shown(part.status)}{output}"
                yield self._finding(words, "component")
        for name in self.demands.components:
            if not any(part.answers_to(name) for part in self.document.parts):
                remedy = "let the endpoint report it, or correct the name"
                there = ", ".join(dict.fromkeys(self._shown(part.name) for part in self.document.parts[:20]))
                message = f"the component {name} is missing; there are: {there or 'none'}"
                yield Finding(message=message, rule="component-missing", remedy=remedy)

    def _unknown(self) -> Iterator[Finding]:
        remedy = "let the endpoint say `healthy`, `ok`, `up` or `pass`, or name the word in `accept`"
        word = self.document.status
        if not word and not (self._vouched or self.document.speaks_by_parts):
            message = "the answer has no overall status"
            yield Finding(
                message=message,
                rule="no-status",
                remedy="let the endpoint send `status`, or say in `expect: {status: 200}` that its HTTP status counts",
            )
        elif word and standing(word) not in KNOWN and not self._good(word):
            yield Finding(message=f"the status `{self._shown(word)}` is not known", rule="unknown-word", remedy=remedy)
        for part in self.document.parts:
            rule, name = self.demands.rule(part), self._shown(part.name)
            asked = any(part.answers_to(each) for each in self.demands.components)
            if part.status:
                known = rule.status is not None or standing(part.status) in KNOWN
                if not known and not self._good(part.status, rule):
                    message = f"the status `{self._shown(part.status)}` of {name} is not known"
                    yield Finding(message=message, rule="unknown-word", remedy=remedy)
            elif asked and not self._answered_elsewhere(part):
                message = f"the component {name} has no status"
                yield Finding(message=message, rule="no-status", remedy="let the endpoint send one")
        yield from self._unmeasured()
        yield from self._stale()

    def _answered_elsewhere(self, part: Part) -> bool:
        """Whether another entry of the same component has a status (health+json lists several observations)."""
        name = part.name.partition(":")[0]
        return any(other.status and other.answers_to(name) for other in self.document.parts)

    def _latencies(self) -> Iterator[Measurement]:
        yield latency("latency", self.answer.milliseconds, self.demands.max_ms)
        for part in self.document.parts:
            if part.milliseconds is not None:
                yield latency(self._shown(part.name), part.milliseconds, self.demands.rule(part).max_ms)

    def _unmeasured(self) -> Iterator[Finding]:
        for name, rule in self.demands.components.items():
            parts = [part for part in self.document.parts if part.answers_to(name)]
            if rule.max_ms is not None and parts and all(part.milliseconds is None for part in parts):
                remedy = "let the endpoint send `response_time_ms`"
                message = f"the component {name} does not say how long it took"
                yield Finding(message=message, rule="no-latency", remedy=remedy)

    def _stale(self) -> Iterator[Finding]:
        allowed = self.demands.max_age
        remedy = "send `Cache-Control: no-store`, and produce a new answer for each request"
        if self.document.time is not None and self.context.now - self.document.time > allowed:
            read_as = ", which has no offset and was read as UTC" if self.document.time_without_offset else ""
            message = f"the answer is of {self.document.time:%Y-%m-%d %H:%M:%S} UTC{read_as}: too old to tell"
            yield Finding(message=message, rule="stale", remedy=remedy)
        age = str(self.answer.headers.get("age", "")).strip()
        seconds = int(age[:12]) if age.isdecimal() else 0  # no int of thousands of digits, which Python refuses
        if seconds > allowed.total_seconds():
            message = f"a cache has kept the answer for {seconds} s (header Age): too old to tell"
            yield Finding(message=message, rule="stale", remedy=remedy)

    def _clock(self) -> Iterator[Finding]:
        if self.document.time is not None and self.document.time - self.context.now > _CLOCKS:
            yield Finding(
                message=f"the answer is of {self.document.time:%Y-%m-%d %H:%M:%S} UTC, which is in the future",
                rule="clock",
                level=Level.WARNING,
                remedy="correct the clock of the service, or send times in UTC",
            )

    def _version(self) -> Iterator[Finding]:
        expected, versions = self.demands.version, self.document.versions
        if expected is not None and expected not in versions:
            shown = self._shown(" and ".join(versions)) or "no version"
            message = f"{shown} answers, not {expected}"
            yield Finding(message=message, rule="version", remedy="deploy the release, or correct the version")

    def _finding(self, message: str, rule: str) -> Finding:
        return Finding(message=message, rule=rule, remedy="look into the log of the service, and fix what it names")
