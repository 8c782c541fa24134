"""The check `http`: sends one request and compares the answer with what is expected."""

import json
from typing import Annotated, Any, ClassVar, Literal, Self
from urllib.parse import parse_qsl, quote

from pydantic import Field, field_validator, model_validator

from readiness import looks_secret
from readiness.check import Check, Context
from readiness.outcome import CheckError, Evidence, Finding, Measurement, Outcome, Status
from readiness.strictness import stricter
from readiness_checks.http import comparison
from readiness_checks.http.expectation import Expectation, has_status
from readiness_checks.http.request_values import FromEnvironment, SentHeaders, Text, values_of, with_headers
from readiness_checks.http.retry import NoAnswer, Retry, Tries, fetch
from readiness_checks.parameters import Also
from readiness_checks.web.client import Answer, Client, shorten
from readiness_checks.web.latency import latency, slow
from readiness_checks.web.url import WebUrl, parse

_UNAUTHORISED, _FORBIDDEN, _TOO_MANY = 401, 403, 429
_SERVER_ERROR = 500
_MAY_ACT_TWICE = frozenset({"POST", "PATCH"})


def _upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


def _status_alone(value: Any) -> Any:
    return {"status": value} if isinstance(value, int | str | list) and not isinstance(value, bool) else value


def _times_alone(value: Any) -> Any:
    return {"times": value} if isinstance(value, int) and not isinstance(value, bool) else value


_Expectation = Annotated[Expectation, Also(_status_alone, {"type": ["integer", "string", "array"]})]


_Retry = Annotated[Retry, Also(_times_alone, {"type": "integer"})]


class Http(Check):
    """One request to a service gets the expected answer.

    Why: A key that is set is not a key that works: only the service itself tells whether it accepts the credentials,
    how much of the rate limit is left, and how fast it is.

    How: Sends the request, over verified TLS, directly (no proxy) and without following redirects, so that
    credentials never reach another host; then compares status, headers, fields of the JSON body, its text and the
    time it took. Secrets come from environment variables alone, and are refused to leave this machine without TLS. No
    answer, an answer that is cut off, or one over 1 MiB is an error.

    A request is sent again only where `retry` says so. Every try is in the report, and the last one is judged. A
    certificate that is not accepted is not tried again.

    Remedy: Follow the finding: correct the credentials, the configuration of the service, or the expectation.

    Example:
        - id: login-page
          title: The login page is served
          check: http
          phase: post-deploy
          with:
            url: https://app.example.com/login
            expect: {status: 200, body: {contains: "Sign in"}}
            retry: {times: 2, on: [503, no-answer]}
    """

    runs_foreign_code: ClassVar[bool] = False

    url: Annotated[WebUrl, stricter.unknown]
    """Where to send it; http or https, without credentials."""
    method: Annotated[
        Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
        Also(_upper, {"enum": ["get", "head", "post", "put", "patch", "delete", "options"]}),
        stricter.unknown,
    ] = "GET"
    """Method of the request."""
    headers: Annotated[SentHeaders, stricter.unknown] = {}
    """Headers to send: a text, or `{env: NAME, prefix: "Bearer "}` for a secret."""
    query: Annotated[dict[str, Text | FromEnvironment], stricter.unknown] = {}
    """Parameters to add to the URL: a text, or `{env: NAME}` for a secret."""
    body: Annotated[str | None, Field(max_length=2**20), stricter.unknown] = None
    """Text to send; give `body` or `json`."""
    payload: Annotated[Any, Field(alias="json"), stricter.unknown.null_counts()] = None
    """Value to send as JSON."""
    expect: Annotated[_Expectation, stricter.fields(alone="status")] = Expectation()
    """What the answer has to be, or its status alone; any 2xx when not given."""
    retry: Annotated[_Retry | None, stricter.fields(alone="times")] = None
    """Whether and how often the request may be sent again, `{times: 2, on: [503, no-answer], wait: 2s}`; never when not
    given. For POST and PATCH `on` has to be given, because they may act twice."""
    ca_file: Annotated[str | None, Field(min_length=1), stricter.trusted_file] = None
    """PEM file of a private authority, which alone is trusted then; the machine's authorities when not given."""

    @field_validator("url")
    @classmethod
    def _no_secret_in_url(cls, value: str) -> str:
        for name, _ in parse_qsl(parse(value).target.partition("?")[2]):
            if looks_secret(name):
                raise ValueError(f"{name} in the URL is a secret: write `query: {{{name}: {{env: NAME}}}}`")
        return value

    @field_validator("query")
    @classmethod
    def _no_secret_in_query(cls, value: dict[str, str | FromEnvironment]) -> dict[str, str | FromEnvironment]:
        for name, text in value.items():
            if isinstance(text, str) and looks_secret(name):
                raise ValueError(f"{name} is a secret: write `{{env: NAME}}` and set the variable NAME")
        return value

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if self.body is not None and "payload" in self.model_fields_set:
            raise ValueError("give `body` or `json`, not both")
        return self

    @model_validator(mode="after")
    def _something_to_compare(self) -> Self:
        if self.method == "HEAD" and (self.expect.body or self.expect.has_fields):
            raise ValueError("the answer to HEAD has no body: leave `expect: {body, json}` out, or send GET")
        if self.retry and self.method in _MAY_ACT_TWICE and "on" not in self.retry.model_fields_set:
            raise ValueError(
                f"{self.method} may act twice (RFC 9110 §9.2.2): say in `retry: {{on: …}}` when to try again"
            )
        return self

    def run(self, context: Context) -> Outcome:
        """Send the request and judge the answer."""
        client = Client.make(context, self.ca_file)
        url = parse(self.url)
        headers, query = (values_of(context, url, named) for named in (self.headers, self.query))
        added = [f"{quote(name, safe='')}={quote(text, safe='')}" for name, text in query.items()]
        target = url
        if added:
            target = parse(self.url.partition("#")[0] + ("&" if "?" in self.url else "?") + "&".join(added))
        tries = fetch(
            lambda: client.fetch(target, method=self.method, headers=self._typed(headers), body=self._bytes()),
            self.retry,
            self.expect.statuses,
            context,
        )
        return self._outcome(context, tries, client.trust.evidence, secrets=self._has_secrets)

    @property
    def _has_secrets(self) -> bool:
        return any(isinstance(each, FromEnvironment) for each in (*self.headers.values(), *self.query.values()))

    def _typed(self, headers: dict[str, str]) -> dict[str, str]:
        kind = {"Content-Type": "application/json"} if "payload" in self.model_fields_set else {}
        return with_headers({"Accept": "application/json, */*;q=0.5", **kind}, headers)

    def _bytes(self) -> bytes | None:
        if "payload" in self.model_fields_set:
            return json.dumps(self.payload).encode()
        return None if self.body is None else self.body.encode()

    def _outcome(self, context: Context, tries: Tries, evidence: tuple[Evidence, ...], *, secrets: bool) -> Outcome:
        answer = tries.last
        if isinstance(answer, NoAnswer):
            tried = f", at the last of {tries.number} tries" if tries.number > 1 else ""
            words = shorten(context, answer.why, 500) + tried
            raise CheckError(words, answer.remedy, findings=tries.before, evidence=evidence)
        measurements, found = self._compared(context, answer, secrets=secrets)
        took = latency("latency", answer.milliseconds, self.expect.max_ms)
        found += [finding for finding in [slow(took)] if finding]
        findings = tuple(
            each.model_copy(update={"url": self.url, "message": shorten(context, each.message, 300)})
            for each in (*found, *tries.before)
        )
        first = findings[0] if found else None
        good = f"{self.method} {self.url} answers {answer.status} in {answer.milliseconds:.0f} ms, as expected"
        bad = f"{self.method} {self.url}: {first.message}" if first else ""
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        return Outcome(
            status=Status.FAILED if first else Status.PASSED,
            summary=(bad + more if first else good) + tries.said,
            examined=1,
            unit="answers",
            measurements=(took, *tries.measurements(self.retry), *measurements),
            findings=findings,
            evidence=(self._evidence(context, answer, failed=first is not None), *evidence),
            remedy=first.remedy if first else "",
        )

    def _compared(self, context: Context, answer: Answer, *, secrets: bool) -> tuple[list[Measurement], list[Finding]]:
        """Hold an answer against what is expected, save for its time."""
        measurements: list[Measurement] = []
        found: list[Finding] = []
        if not has_status(answer.status, self.expect.statuses):
            found.append(self._wrong_status(context, answer, secrets=secrets))
        else:
            for each in comparison.headers(self.expect, answer.headers):
                (measurements if isinstance(each, Measurement) else found).append(each)  # type: ignore[arg-type]  # told apart by the condition
            if self.expect.has_fields:
                found += comparison.body(self.expect, answer.body)
            if self.expect.body is not None:
                found += comparison.text(self.expect.body, answer)
        return measurements, found

    def _wrong_status(self, context: Context, answer: Answer, *, secrets: bool) -> Finding:
        expected = " or ".join(map(str, self.expect.statuses))
        what, remedy = f"it answers {answer.status}, expected {expected}", "correct the service, or the expectation"
        if secrets and answer.status in {_UNAUTHORISED, _FORBIDDEN}:
            what = f"the credentials were refused: {answer.status}, expected {expected}"
            remedy = "set a valid key, with the rights that this request needs"
        elif answer.status == _TOO_MANY:
            what = f"the rate limit is exhausted: 429, expected {expected}"
            remedy = "raise the limit at the provider, or wait"
        elif answer.location:
            what = f"it redirects to {shorten(context, answer.location)} ({answer.status}), expected {expected}"
            remedy = "name the final URL: redirects are not followed, so that no credentials reach another host"
        elif answer.status >= _SERVER_ERROR:
            what, remedy = f"the service fails: {answer.status}, expected {expected}", "look into its log"
        return Finding(message=what, rule="status", remedy=remedy)

    def _evidence(self, context: Context, answer: Answer, *, failed: bool) -> Evidence:
        excerpt = f"{answer.status} {shorten(context, answer.kind, 60)}, {len(answer.body)} bytes"
        if failed and answer.body:
            excerpt += f": {shorten(context, answer.text, 200)}"
        return Evidence(
            name=f"{self.method} {self.url}", sha256=answer.sha256, produced_at=context.now, excerpt=excerpt
        )
