"""The check `headers`: fetches pages and judges each of their headers on its own."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from readiness.check import Check, Context
from readiness.outcome import CheckError, Evidence, Finding, Level, Measurement, Outcome, Status
from readiness.strictness import stricter
from readiness.text import count
from readiness_checks.headers import browser, cookies, others, sharing, transport
from readiness_checks.headers import csp_judgement as policy
from readiness_checks.headers.page import Page
from readiness_checks.http.expectation import HeaderName, HeaderPattern, has_status
from readiness_checks.http.expectation import Status as HttpStatus
from readiness_checks.parameters import ONE_OR_MANY, Also, as_list
from readiness_checks.web.client import Answer, Client, shorten
from readiness_checks.web.network import DowngradeError, NetworkError
from readiness_checks.web.url import WebUrl, parse

Judge = Callable[[Page], Iterator[Finding | Measurement] | Iterator[Finding]]
_COMMON: Mapping[str, Judge] = {
    "redirects": transport.redirects,
    "Strict-Transport-Security": transport.hsts,
    "X-Content-Type-Options": browser.nosniff,
    "CORS": sharing.cors,
    "Set-Cookie": cookies.judge,
    "outdated headers": browser.outdated,
}
_PAGE: Mapping[str, Judge] = {
    "Content-Security-Policy": policy.judge,
    "framing": browser.framing,
    "Referrer-Policy": browser.referrer,
    "isolation": others.isolation,
    "scripts of others": others.scripts,
}
_API: Mapping[str, Judge] = {"Content-Security-Policy": policy.judge_api, "Cache-Control": sharing.not_stored}
BASELINES: Mapping[str, Mapping[str, Judge]] = {
    "recommended": {**_COMMON, **_PAGE},
    "api": {**_COMMON, **_API},
    "none": {},
}
MOST_FINDINGS = 200
"""Findings that are shown, the worst first; all of them are counted."""
_WORST = {Level.ERROR: 2, Level.WARNING: 1, Level.NOTE: 0}
_ACCEPT = "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8"


class Headers(Check):
    """Every page is served with headers that protect its users.

    Why: A few headers decide whether an injected script runs, whether another site can frame the page, and whether
    the first visit can be intercepted. They are lost easily, by one line of a proxy's configuration.

    How: Fetches every URL twice, the second time on behalf of a foreign origin, follows its redirects on the same
    host (with or without `www.`), and judges each header of the page on its own by the guidance of MDN and OWASP:
    Strict-Transport-Security, Content-Security-Policy, framing, X-Content-Type-Options, Referrer-Policy, isolation,
    CORS, cookies, scripts of other hosts, and headers that are outdated or tell versions. A Content-Security-Policy
    that does not stop injected scripts fails, whatever else it says; several policies apply together. Only findings
    of level error make the check fail; warnings and notes are shown. A page that cannot be fetched, that redirects to
    another host or port, or that answers with another status than expected, is an error. No request is sent to
    another host or port, save for the port of https where a page redirects to it from http. A redirect from https to
    http fails, and is not followed.

    Remedy: Send what each finding names, in the application, in the server or at the CDN.

    Example:
        - id: headers
          title: Security headers are sent
          check: headers
          phase: post-deploy
          with: {urls: ["https://app.example.com/"]}
    """

    urls: Annotated[list[WebUrl], Field(min_length=1), ONE_OR_MANY, stricter.more_entries]
    """Pages to judge."""
    require: Annotated[
        list[HeaderName] | dict[HeaderName, HeaderPattern],
        Also(as_list, {"type": "string"}),
        stricter.more_named(entry=stricter.when_given),
    ] = []
    """Further headers that must be there: names, or names with a regular expression that is searched in the value."""
    baseline: Annotated[Literal["recommended", "api", "none"], stricter.unknown] = "recommended"
    """`recommended` for pages that people open, `api` for answers that programs read, `none` for `require` alone."""
    expect_status: Annotated[
        HttpStatus | Annotated[list[HttpStatus], Field(min_length=1)] | None, stricter.fewer_entries
    ] = None
    """Status of the page, or several, for instance 401 for an API that asks for credentials; any 2xx when not given."""
    ca_file: Annotated[str | None, Field(min_length=1), stricter.trusted_file] = None
    """PEM file of a private authority, which alone is trusted then; the machine's authorities when not given."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.baseline == "none" and not self.require:
            raise ValueError("`baseline: none` without `require` judges nothing")
        return self

    def run(self, context: Context) -> Outcome:
        """Fetch and judge all pages."""
        client = Client.make(context, self.ca_file)
        findings: list[Finding] = []
        obstacles: list[Finding] = []
        measurements: list[Measurement] = []
        evidence: list[Evidence] = []
        tests = 0
        for url in dict.fromkeys(self.urls):
            try:
                page = self._fetch(client, url)
            except DowngradeError as error:
                message = shorten(context, str(error), 300)
                findings.append(Finding(message=message, rule="redirect-downgrade", url=url, remedy=error.remedy))
                tests += 1
                continue
            except NetworkError as error:
                message = shorten(context, str(error), 300)
                obstacles.append(Finding(message=message, rule="unreachable", url=url, remedy=error.remedy))
                continue
            results = {name: self._judged(context, judge, page, url) for name, judge in self._judges().items()}
            findings += [each for result in results.values() for each in result if isinstance(each, Finding)]
            measurements += [each for result in results.values() for each in result if isinstance(each, Measurement)]
            evidence.append(_evidence(context, page, url, results))
            tests += len(results)
        if obstacles and not tests:
            first = obstacles[0]
            raise CheckError(first.message, first.remedy, findings=tuple(obstacles), evidence=client.trust.evidence)
        return Outcome(
            status=_status(findings, obstacles),
            summary=_summary(findings, obstacles, tests, len(evidence)),
            examined=tests,
            unit="tests",
            measurements=tuple(measurements),
            findings=(*obstacles, *sorted(findings, key=lambda finding: -_WORST[finding.level]))[:MOST_FINDINGS],
            evidence=(*evidence, *client.trust.evidence),
            remedy=next((each.remedy for each in (*_errors(findings), *obstacles)), ""),
        )

    def _fetch(self, client: Client, url: str) -> Page:
        """Fetch a page twice.

        Raises:
            NetworkError: It cannot be fetched, or it is not the page that was meant.
            DowngradeError: It redirects from https to http.
        """
        hops = client.follow(parse(url), headers={"Accept": _ACCEPT})
        given = "2xx" if self.expect_status is None else self.expect_status
        expected = given if isinstance(given, list) else [given]
        last = hops[-1]
        if not has_status(last.status, expected):
            raise NetworkError(
                f"{last.url} answers {last.status}, expected {' or '.join(map(str, expected))}: "
                "this is not the page that was meant",
                "name the right URL, or set `expect_status`",
            )
        again = client.fetch(last.url, headers={"Accept": _ACCEPT, "Origin": sharing.FOREIGN})
        return Page(tuple(hops), again)

    def _judges(self) -> dict[str, Judge]:
        wanted = self.require if isinstance(self.require, dict) else dict.fromkeys(self.require, "")
        own: dict[str, Judge] = {f"{name} (required)": _required(name, pattern) for name, pattern in wanted.items()}
        return {**BASELINES[self.baseline], **own}

    def _judged(self, context: Context, judge: Judge, page: Page, url: str) -> list[Finding | Measurement]:
        """Results of one test, with their place, fit for a report."""
        several = len(self.urls) > 1
        return [
            each.model_copy(update={"url": url, "message": shorten(context, each.message, 400)})
            if isinstance(each, Finding)
            else each.model_copy(update={"name": f"{each.name} of {url}" if several else each.name})
            for each in judge(page)
        ]


def _required(name: str, pattern: str) -> Judge:
    def judge(page: Page) -> Iterator[Finding]:
        values = [value for value in page.values(name) if value]
        remedy = f"send {name}" + (f" with a value that `{pattern}` matches" if pattern else "")
        if not values:
            yield Finding(message=f"there is no {name}, which is required", rule="required", remedy=remedy)
        elif not any(re.search(pattern, value) for value in values):
            message = f"{name} is `{', '.join(values)}`, which `{pattern}` does not match"
            yield Finding(message=message, rule="required", remedy=remedy)

    return judge


def _errors(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level is Level.ERROR]


def _status(findings: list[Finding], obstacles: list[Finding]) -> Status:
    """A defect that was seen makes it failed, whatever else stayed unknown."""
    if _errors(findings):
        return Status.FAILED
    return Status.ERROR if obstacles else Status.PASSED


def _summary(findings: list[Finding], obstacles: list[Finding], tests: int, pages: int) -> str:
    errors = _errors(findings)
    minor = len(findings) - len(errors)
    unknown = f"; {count(len(obstacles), 'page')} could not be judged" if obstacles else ""
    if errors:
        more = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
        return f"{errors[0].message}{more} ({tests} tests of {count(pages, 'page')}){unknown}"
    if obstacles:
        return obstacles[0].message + (f", and {len(obstacles) - 1} more" if len(obstacles) > 1 else "")
    return f"{tests} tests of {count(pages, 'page')} found nothing serious" + (
        f", {minor} smaller things" if minor else ""
    )


def _evidence(context: Context, page: Page, url: str, results: Mapping[str, list[Finding | Measurement]]) -> Evidence:
    """The headers that were judged, without cookies' values, and how each test ended."""
    lines = "\n".join(sorted(_lines(page.answer)))
    reached = "" if len(page.hops) == 1 else f" at {shorten(context, str(page.answer.url))}"
    ended = ", ".join(f"{name} {_word(result)}" for name, result in results.items())
    return Evidence(
        name=url,
        sha256=hashlib.sha256(lines.encode()).hexdigest(),
        produced_at=context.now,
        excerpt=f"{page.answer.status} {shorten(context, page.answer.kind, 60)}{reached}: {ended}",
    )


def _lines(answer: Answer) -> Iterator[str]:
    for name, value in answer.headers.items():
        shown = "" if name.lower() == "set-cookie" else value
        yield f"{name.lower()}: {shown}"


def _word(result: list[Finding | Measurement]) -> str:
    levels = [each.level for each in result if isinstance(each, Finding)]
    return {2: "failed", 1: "warned", 0: "noted"}[max(_WORST[level] for level in levels)] if levels else "sound"
