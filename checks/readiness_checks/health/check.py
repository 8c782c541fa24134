"""The check `health`: requests a health endpoint and judges its answer."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, StringConstraints, model_validator

from readiness.check import Check, Context
from readiness.duration import Duration
from readiness.outcome import CheckError, Evidence, Outcome, Value
from readiness.strictness import stricter
from readiness_checks.health import document, texts
from readiness_checks.health.document import Document, Part
from readiness_checks.health.judgement import SERVER_ERROR, Judgement
from readiness_checks.health.words import GOOD
from readiness_checks.http.expectation import Status as HttpStatus
from readiness_checks.http.expectation import has_status
from readiness_checks.http.request_values import SentHeaders, values_of, with_headers
from readiness_checks.parameters import ONE_OR_MANY, Also, Milliseconds, as_list
from readiness_checks.reading.json_input import read
from readiness_checks.web.client import Answer, Client, shorten
from readiness_checks.web.network import NetworkError
from readiness_checks.web.url import WebUrl, parse

_SUCCESS = range(200, 300)
_NONE = "answers with no health document"
_JSON = "answers with no sound health document"
_ACCEPT = "application/json, application/health+json, */*;q=0.5"

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


_Components = Annotated[
    list[Name] | dict[Name, _Component],
    Also(as_list, {"type": "string"}),
]
_COMPONENTS = stricter.more_named(entry=stricter.fields(alone="status"), unnamed={})


class Expected(Value):
    """What an answer has to be that says nothing by the usual words."""

    status: Annotated[HttpStatus | Annotated[list[HttpStatus], Field(min_length=1)] | None, stricter.unknown] = None
    """Status of HTTP, such as 200, 204 or `2xx`, or several of them, which says that the service is well."""
    text: Annotated[str | None, Field(min_length=1, max_length=1000), stricter.unknown] = None
    """Text that the answer has to hold, in capitals or not; one that stands behind `not` or `no` does not count."""
    components: Annotated[_Components, _COMPONENTS] = []
    """As `components`."""

    @property
    def statuses(self) -> Sequence[HttpStatus]:
        """The expected statuses; empty when none is given."""
        return self.status if isinstance(self.status, list) else [] if self.status is None else [self.status]

    def meets(self, answer: Answer) -> bool | None:
        """Whether an answer is as expected; None where nothing is expected of its status and text."""
        if not self.statuses and self.text is None:
            return None
        return (not self.statuses or has_status(answer.status, self.statuses)) and self.says(answer)

    def says(self, answer: Answer) -> bool:
        """Whether an answer holds the text, if one is given."""
        if self.text is None:
            return True
        words = r"\s+".join(map(re.escape, self.text.split()))
        pattern = rf"(?<!\w)(?<!\bnot )(?<!\bno )(?<!n't ){words}(?!\w)"
        return re.search(pattern, " ".join(answer.text.split()), re.IGNORECASE) is not None


def _status_alone(value: Any) -> Any:
    return {"status": value} if isinstance(value, int | str | list) and not isinstance(value, bool) else value


_Expected = Annotated[Expected, Also(_status_alone, {"type": ["integer", "string", "array"]})]


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
    """

    runs_foreign_code: ClassVar[bool] = False

    url: Annotated[WebUrl, stricter.unknown]
    """Health endpoint."""
    components: Annotated[_Components, _COMPONENTS] = []
    """Components that have to be there: names, or names with the word that is good, or with `{status: […], max_ms: …}`.
    A nested one is written `outer.inner`."""
    expect: Annotated[_Expected, stricter.fields(alone="status")] = Expected()
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
        return Judgement(self, context, answer, self._read(context, answer, evidence)).outcome(evidence)

    @property
    def required(self) -> dict[str, Component]:
        """The components that are asked for, with their rules."""
        asked = self.components or self.expect.components
        return asked if isinstance(asked, dict) else {name: Component() for name in asked}

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
        found = _document(answer, frozenset(self.required))
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
