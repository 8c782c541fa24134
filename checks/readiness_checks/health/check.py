"""The check `health`: requests a health endpoint and judges its answer."""

from datetime import timedelta
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from readiness.check import Check, Context
from readiness.duration import Duration
from readiness.outcome import CheckError, Evidence, Outcome
from readiness.strictness import stricter
from readiness_checks.health import document, texts
from readiness_checks.health.document import Document
from readiness_checks.health.expectation import (
    COMPONENTS,
    Component,
    Components,
    Demands,
    Expected,
    ExpectedAnswer,
    Word,
)
from readiness_checks.health.judgement import SERVER_ERROR, Judgement
from readiness_checks.http.request_values import SentHeaders, values_of, with_headers
from readiness_checks.parameters import ONE_OR_MANY, Milliseconds
from readiness_checks.reading.json_input import read
from readiness_checks.web.client import Answer, Client, shorten
from readiness_checks.web.network import NetworkError
from readiness_checks.web.url import WebUrl, parse

_SUCCESS = range(200, 300)
_NONE = "answers with no health document"
_JSON = "answers with no sound health document"
_ACCEPT = "application/json, application/health+json, */*;q=0.5"


class Health(Check):
    """A service and all its components say that they are well, now.

    Why: A service that answers may still have lost its database, its queue or the model behind it; its own health
    endpoint knows first.

    How: Fetches the endpoint once, without following redirects, and reads the usual shapes: an object per component
    beside `status`, `components` (Spring Boot), `checks` (health+json, MicroProfile), `entries` (ASP.NET Core),
    components alone (Dropwizard, Django, Grafana, Vault), a mere word, the lines of Kubernetes' `?verbose`, the page of
    Rails' `/up`. The overall word and that of every component have to be good, whether asked for or not; a component
    that is asked for and absent fails, a word that is not known is an error. So are an answer that says nothing, unless
    `expect` says what it has to be, and one that a cache has kept for longer than `max_age`.

    Remedy: Mend the component that the finding names; see the log of the service.

    Example:
        - id: health
          title: The service is healthy
          check: health
          phase: post-deploy
          with: {url: "https://app.example.com/health"}
    """

    runs_foreign_code: ClassVar[bool] = False

    url: Annotated[WebUrl, stricter.unknown]
    """Health endpoint."""
    components: Annotated[Components, COMPONENTS] = []
    """Components that have to be there: names, or names with the word that is good, or with `{status: […], max_ms: …}`.
    A nested one is written `outer.inner`."""
    expect: Annotated[ExpectedAnswer, stricter.fields(alone="status")] = Expected()
    """What the answer has to be where its words hold no status: `{status: 204}`, `{text: pong}`. What its document says
    otherwise counts all the same."""
    headers: Annotated[SentHeaders, stricter.unknown] = {}
    """Headers to send: a text, or `{env: NAME, prefix: "Bearer "}` for a secret."""
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

    @model_validator(mode="after")
    def _components_once(self) -> Self:
        if self.components and self.expect.components:
            raise ValueError("give `components` or `expect: {components}`, not both")
        return self

    def run(self, context: Context) -> Outcome:
        """Ask and judge."""
        client = Client.make(context, self.ca_file)
        url = parse(self.url)
        sent = with_headers({"Accept": _ACCEPT}, values_of(context, url, self.headers))
        try:
            answer = client.fetch(url, headers=sent)
        except NetworkError as error:
            raise CheckError(shorten(context, str(error), 500), error.remedy, evidence=client.trust.evidence) from error
        return self.judge(context, answer, client.trust.evidence)

    def judge(self, context: Context, answer: Answer, trusted: tuple[Evidence, ...] = ()) -> Outcome:
        """Read and judge an answer.

        Raises:
            CheckError: It is no health document.
        """
        evidence = (_evidence(context, answer), *trusted)
        return Judgement(self.demands, context, answer, self._read(context, answer, evidence)).outcome(evidence)

    @property
    def demands(self) -> Demands:
        """What is required of the service."""
        asked = self.components or self.expect.components
        return Demands(
            url=self.url,
            components=asked if isinstance(asked, dict) else {name: Component() for name in asked},
            expect=self.expect,
            accept=self.accept,
            version=self.version,
            max_ms=self.max_ms,
            max_age=self.max_age,
        )

    def _read(self, context: Context, answer: Answer, evidence: tuple[Evidence, ...]) -> Document:
        """Read the document.

        Raises:
            CheckError: The answer is none, so that nothing is known about the health.
        """
        as_expected = self.expect.meets(answer)
        wrong = ""
        if self.expect.statuses:
            pass  # the judgement tells what is not as expected
        elif answer.location:
            wrong = f"redirects to {shorten(context, answer.location)}"
        elif answer.status not in _SUCCESS and answer.status < SERVER_ERROR:
            wrong = f"answers {answer.status}"
        if wrong:
            remedy = "name the URL of the health endpoint, or what it answers in `expect`"
            raise CheckError(f"{self.url} {wrong}", remedy, evidence=evidence)
        found = _document(answer, frozenset(self.demands.components))
        if isinstance(found, Document):
            return found
        if answer.status >= SERVER_ERROR:
            return Document("" if as_expected else "fail")
        if as_expected is not None and not found.startswith(_JSON):
            return Document("")
        raise CheckError(
            f"{self.url} {shorten(context, found)}",
            "name the URL of the health endpoint, as a page of the application says nothing about it; or say in "
            "`expect: {status, text}` what its answer has to be",
            evidence=evidence,
        )


def _document(answer: Answer, asked: frozenset[str]) -> Document | str:
    """The document in an answer, or why it holds none."""
    if not answer.body.strip():
        return f"answers {answer.status} with an empty body"
    plain = texts.read(answer.text)
    if plain is not None:
        return plain
    try:
        data = read(answer.body)
    except ValueError as error:
        begins = answer.text.lstrip()[:1] in {"{", "["}
        return f"{_JSON if begins else _NONE}{f' but {answer.kind}' if answer.kind else ''}: {error}"
    if isinstance(data, list) and any(isinstance(each, dict) for each in data):
        return document.read({"checks": data}, asked)
    return document.read(data, asked) if isinstance(data, dict) else f"{_NONE} but JSON that is no object"


def _evidence(context: Context, answer: Answer) -> Evidence:
    excerpt = f"{answer.status} {shorten(context, answer.kind, 60)}: {shorten(context, answer.text, 300)}"
    return Evidence(name=str(answer.url), sha256=answer.sha256, produced_at=context.now, excerpt=excerpt)
