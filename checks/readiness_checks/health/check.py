"""The check `health`: asks a health endpoint and judges what it says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from readiness.check import Check, Context
from readiness.duration import Duration
from readiness.outcome import CheckError, Evidence, Finding, Level, Measurement, Outcome, Status, Value
from readiness.strictness import stricter
from readiness_checks.health import document
from readiness_checks.health.document import BAD, DEGRADED, GOOD, Document, Part
from readiness_checks.parameters import ONE_OR_MANY, Also, Milliseconds, as_list
from readiness_checks.reading.json_input import read
from readiness_checks.web.client import Answer, Client, shorten
from readiness_checks.web.latency import latency, slow
from readiness_checks.web.network import NetworkError
from readiness_checks.web.url import WebUrl, parse

MOST = 200
"""Findings, and measurements, that are shown; all of them are counted."""
_SERVER_ERROR = 500
_SUCCESS = range(200, 300)
_CLOCKS = timedelta(hours=1)
"""How far ahead the clock of a service may be before that is worth a word."""

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Component(Value):
    """What is required of one component."""

    status: Annotated[list[Word], Field(min_length=1), ONE_OR_MANY] | None = None
    """The only words that are good for it; the usual good ones when not given."""
    max_ms: Milliseconds | None = None
    """Milliseconds that it may say it took."""


def _rule(value: Any) -> Any:
    """Read a component without a rule, or with the only word that is good for it."""
    if value is None:
        return {}
    return {"status": [value]} if isinstance(value, str) else value


_Component = Annotated[Component, Also(_rule, {"type": ["string", "null"]})]


class Health(Check):
    """A service and all its components say that they are well, now.

    Why: A service that answers may still have lost its database, its queue or the model behind it; its own health
    endpoint knows first.

    How: Fetches the endpoint once, without following redirects, and reads the usual shapes: an object per component
    beside `status`, `components` (Spring Boot), `checks` (health+json, MicroProfile), `entries` (ASP.NET Core). The
    overall word and that of every component have to be good, whether asked for or not; a component that is asked for
    and absent fails, a word that is not known is an error. So are an answer that is not JSON (save a mere `OK` where
    no component is asked for), one that says nothing, and one that a cache has kept for longer than `max_age`.

    Remedy: Mend the component that the finding names; see the log of the service.
    """

    url: Annotated[WebUrl, stricter.unknown]
    """Health endpoint."""
    components: Annotated[
        list[Name] | dict[Name, _Component],
        Also(as_list, {"type": "string"}),
        stricter.more_named(entry=stricter.when_given),
    ] = []
    """Components that have to be there: names, or names with the word that is good, or with `{status: […], max_ms: …}`.
    A nested one is written `outer.inner`."""
    max_ms: Annotated[Milliseconds | None, stricter.lower.measured_as("milliseconds")] = None
    """Milliseconds that the answer may take."""
    accept: Annotated[list[Word], ONE_OR_MANY, stricter.fewer_entries] = []
    """Further words that count as good, for instance `degraded`."""
    version: Annotated[str | None, Field(min_length=1), stricter.when_given] = None
    """Version that has to answer, for instance that of the release."""
    max_age: Annotated[Duration, stricter.lower.measured_as("length")] = timedelta(minutes=5)
    """How old the answer may be, by its own timestamp or by the header Age."""
    ca_file: Annotated[str | None, Field(min_length=1), stricter.trusted_file] = None
    """PEM file of a private authority, which alone is trusted then; the machine's authorities when not given."""

    def run(self, context: Context) -> Outcome:
        """Ask, read, judge."""
        client = Client.make(context, self.ca_file)
        try:
            answer = client.fetch(parse(self.url), headers={"Accept": "application/json, application/health+json"})
        except NetworkError as error:
            raise CheckError(str(error), error.remedy, evidence=client.trust.evidence) from error
        evidence = (_evidence(context, answer), *client.trust.evidence)
        found = self._read(context, answer, evidence)
        judgement = _Judgement(self, context, answer, found)
        return judgement.outcome(evidence)

    @property
    def required(self) -> dict[str, Component]:
        """The components that are asked for, with their rules."""
        if isinstance(self.components, dict):
            return self.components
        return {name: Component() for name in self.components}

    def _read(self, context: Context, answer: Answer, evidence: tuple[Evidence, ...]) -> Document:
        """Read the document.

        Raises:
            CheckError: The answer is none, so that nothing is known about the health.
        """
        wrong = ""
        if answer.location:
            wrong = f"redirects to {shorten(context, answer.location)}"
        elif answer.status not in _SUCCESS and answer.status < _SERVER_ERROR:
            wrong = f"answers {answer.status}"
        elif not answer.body.strip():
            wrong = f"answers {answer.status} with an empty body"
        if wrong:
            raise CheckError(f"{self.url} {wrong}", "name the URL of the health endpoint", evidence=evidence)
        word = answer.text.strip().strip('"').casefold()
        if word in GOOD | DEGRADED | BAD and not self.required:
            return Document(word)
        try:
            data = read(answer.body)
        except ValueError as error:
            if answer.status >= _SERVER_ERROR:
                return Document("fail")
            kind = f" but {shorten(context, answer.kind, 40)}" if answer.kind else ""
            raise CheckError(
                f"{self.url} answers with no health document{kind}: {error}",
                "name the URL of the health endpoint; a page of the application says nothing about it",
                evidence=evidence,
            ) from error
        if not isinstance(data, dict):
            raise CheckError(f"{self.url} answers with JSON that is no object", "name the right URL", evidence=evidence)
        return document.read(data, frozenset(self.required))


@dataclass(frozen=True)
class _Judgement:
    check: Health
    context: Context
    answer: Answer
    document: Document

    def outcome(self, evidence: tuple[Evidence, ...]) -> Outcome:
        """Put the answer together: a defect that was seen makes it failed, whatever else stayed unknown."""
        measurements = [*self._latencies()]
        defects = [*self._overall(), *self._components(), *filter(None, map(slow, measurements)), *self._version()]
        unknown = [*self._unknown()]
        notes = [*self._clock()]
        first = next(iter([*defects, *unknown]), None)
        status = Status.FAILED if defects else Status.ERROR if unknown else Status.PASSED
        parts = len({part.name for part in self.document.parts if part.status})
        beside = f"none of its {parts} components says otherwise" if parts else "it names no components"
        good = f"{self.check.url} says {self._shown(self.document.status)}; {beside}"
        more = len(defects) + len(unknown) - 1
        bad = f"{self.check.url}: {first.message}" + (f", and {more} more" if more else "") if first else ""
        return Outcome(
            status=status,
            summary=bad or good,
            examined=parts + 1,
            unit="statuses",
            measurements=tuple(sorted(measurements, key=lambda measured: measured.met is None)[:MOST]),
            findings=tuple(
                finding.model_copy(update={"url": self.check.url})
                for finding in [*dict.fromkeys((*defects, *unknown, *notes))][:MOST]
            ),
            evidence=evidence,
            remedy=first.remedy if first else "",
        )

    def _shown(self, text: str) -> str:
        return shorten(self.context, text, 60)

    def _rule(self, part: Part) -> Component:
        return next((rule for name, rule in self.check.required.items() if part.answers_to(name)), Component())

    def _good(self, word: str, rule: Component | None = None) -> bool:
        allowed = rule.status if rule and rule.status is not None else [*GOOD, *self.check.accept]
        return word.casefold() in {each.casefold() for each in allowed}

    def _overall(self) -> Iterator[Finding]:
        word = self.document.status
        known = word.casefold() in GOOD | DEGRADED | BAD
        if word and not self._good(word) and known:
            yield self._finding(f"the service says that it is {self._shown(word)}", "status")
        elif self.answer.status >= _SERVER_ERROR:
            yield self._finding(f"the service answers {self.answer.status}", "status")

    def _components(self) -> Iterator[Finding]:
        for part in self.document.parts:
            rule = self._rule(part)
            known = rule.status is not None or part.status.casefold() in GOOD | DEGRADED | BAD
            if part.status and known and not self._good(part.status, rule):
                output = f": {shorten(self.context, part.output)}" if part.output else ""
                words = f"the component {self._shown(part.name)} is {self._shown(part.status)}{output}"
                yield self._finding(words, "component")
        for name in self.check.required:
            if not any(part.answers_to(name) for part in self.document.parts):
                remedy = "let the endpoint report it, or correct the name"
                there = ", ".join(dict.fromkeys(self._shown(part.name) for part in self.document.parts[:20]))
                message = f"the component {name} is missing; there are: {there or 'none'}"
                yield Finding(message=message, rule="component-missing", remedy=remedy)

    def _unknown(self) -> Iterator[Finding]:
        remedy = "let the endpoint say `healthy`, `ok`, `up` or `pass`, or name the word in `accept`"
        word = self.document.status
        if not word:
            message = "the answer has no overall status"
            yield Finding(message=message, rule="no-status", remedy="let the endpoint send `status`")
        elif word.casefold() not in GOOD | DEGRADED | BAD and not self._good(word):
            yield Finding(message=f"the status `{self._shown(word)}` is not known", rule="unknown-word", remedy=remedy)
        for part in self.document.parts:
            rule, name = self._rule(part), self._shown(part.name)
            asked = any(part.answers_to(each) for each in self.check.required)
            if part.status:
                known = rule.status is not None or part.status.casefold() in GOOD | DEGRADED | BAD
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
        yield latency("latency", self.answer.milliseconds, self.check.max_ms)
        for part in self.document.parts:
            if part.milliseconds is not None:
                yield latency(self._shown(part.name), part.milliseconds, self._rule(part).max_ms)

    def _unmeasured(self) -> Iterator[Finding]:
        for name, rule in self.check.required.items():
            parts = [part for part in self.document.parts if part.answers_to(name)]
            if rule.max_ms is not None and parts and all(part.milliseconds is None for part in parts):
                remedy = "let the endpoint send `response_time_ms`"
                message = f"the component {name} does not say how long it took"
                yield Finding(message=message, rule="no-latency", remedy=remedy)

    def _stale(self) -> Iterator[Finding]:
        allowed = self.check.max_age
        remedy = "send `Cache-Control: no-store`, and produce the answer anew for each request"
        if self.document.time is not None and self.context.now - self.document.time > allowed:
            read_as = ", which has no offset and was read as UTC" if self.document.time_without_offset else ""
            message = f"the answer is of {self.document.time:%Y-%m-%d %H:%M:%S} UTC{read_as}: too old to tell"
            yield Finding(message=message, rule="stale", remedy=remedy)
        age = str(self.answer.headers.get("age", "")).strip()
        if age.isdecimal() and int(age) > allowed.total_seconds():
            message = f"a cache has kept the answer for {int(age)} s (header Age): too old to tell"
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
        expected, versions = self.check.version, self.document.versions
        if expected is not None and expected not in versions:
            shown = self._shown(" and ".join(versions)) or "no version"
            message = f"{shown} answers, not {expected}"
            yield Finding(message=message, rule="version", remedy="deploy the release, or correct the version")

    def _finding(self, message: str, rule: str) -> Finding:
        return Finding(message=message, rule=rule, remedy="look into the log of the service, and mend what it names")


def _evidence(context: Context, answer: Answer) -> Evidence:
    excerpt = f"{answer.status} {shorten(context, answer.kind, 60)}: {shorten(context, answer.text, 300)}"
    return Evidence(name=str(answer.url), sha256=answer.sha256, produced_at=context.now, excerpt=excerpt)
