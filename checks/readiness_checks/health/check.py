"""The check `health`: requests a health endpoint and judges its answer."""

from datetime import timedelta
from typing import Annotated, Any, ClassVar

from pydantic import Field, StringConstraints

from readiness.check import Check, Context
from readiness.duration import Duration
from readiness.outcome import CheckError, Evidence, Outcome, Value
from readiness.strictness import stricter
from readiness_checks.health import document
from readiness_checks.health.document import Document, Part
from readiness_checks.health.judgement import SERVER_ERROR, Judgement
from readiness_checks.health.words import BAD, DEGRADED, GOOD
from readiness_checks.parameters import ONE_OR_MANY, Also, Milliseconds, as_list
from readiness_checks.reading.json_input import read
from readiness_checks.web.client import Answer, Client, shorten
from readiness_checks.web.network import NetworkError
from readiness_checks.web.url import WebUrl, parse

_SUCCESS = range(200, 300)

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Component(Value):
    """What is required of one component."""

    status: Annotated[
        Annotated[list[Word], Field(min_length=1), ONE_OR_MANY] | None,
        stricter.fewer_entries.in_any_case().when_absent(*sorted(GOOD)),
    ] = None
    """The only words that are good for it; the usual good ones when not given."""
    max_ms: Annotated[Milliseconds | None, stricter.lower.measured_as("milliseconds")] = None
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

    runs_foreign_code: ClassVar[bool] = False

    url: Annotated[WebUrl, stricter.unknown]
    """Health endpoint."""
    components: Annotated[
        list[Name] | dict[Name, _Component],
        Also(as_list, {"type": "string"}),
        stricter.more_named(entry=stricter.fields(alone="status"), unnamed={}),
    ] = []
    """Components that have to be there: names, or names with the word that is good, or with `{status: […], max_ms: …}`.
    A nested one is written `outer.inner`."""
    max_ms: Annotated[Milliseconds | None, stricter.lower.measured_as("milliseconds")] = None
    """Milliseconds that the answer may take."""
    accept: Annotated[list[Word], ONE_OR_MANY, stricter.fewer_entries.in_any_case()] = []
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
        judgement = Judgement(self, context, answer, found)
        return judgement.outcome(evidence)

    @property
    def required(self) -> dict[str, Component]:
        """The components that are asked for, with their rules."""
        if isinstance(self.components, dict):
            return self.components
        return {name: Component() for name in self.components}

    def rule(self, part: Part) -> Component:
        """What is required of a component that the service names: all that is asked for under any of its names."""
        rules = [rule for name, rule in self.required.items() if part.answers_to(name)]
        words = [{word.casefold() for word in rule.status} for rule in rules if rule.status is not None]
        limits = [rule.max_ms for rule in rules if rule.max_ms is not None]
        good = sorted(set.intersection(*words)) if words else None
        return Component.model_construct(status=good, max_ms=min(limits, default=None))

    def _read(self, context: Context, answer: Answer, evidence: tuple[Evidence, ...]) -> Document:
        """Read the document.

        Raises:
            CheckError: The answer is none, so that nothing is known about the health.
        """
        wrong = ""
        if answer.location:
            wrong = f"redirects to {shorten(context, answer.location)}"
        elif answer.status not in _SUCCESS and answer.status < SERVER_ERROR:
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
            if answer.status >= SERVER_ERROR:
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


def _evidence(context: Context, answer: Answer) -> Evidence:
    excerpt = f"{answer.status} {shorten(context, answer.kind, 60)}: {shorten(context, answer.text, 300)}"
    return Evidence(name=str(answer.url), sha256=answer.sha256, produced_at=context.now, excerpt=excerpt)
