"""What checks declare as stricter is true of them: no change that accepts more than before is told as harmless.

For pairs of parameters and for inputs that are made up, the check itself is asked: where the second accepts what the
first refuses, the comparison has to call the change a weakening.
"""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from readiness.checklist import Item
from readiness.outcome import Status
from readiness.testing import context, evaluate
from readiness_checks.env import Env
from readiness_checks.headers import check as headers_check
from readiness_checks.headers.page import Page
from readiness_checks.health import Health, document
from readiness_checks.health.judgement import Judgement
from readiness_checks.http import Http
from readiness_checks.http.retry import Tries
from readiness_checks.junit import JUnit
from readiness_checks.web.client import Answer
from readiness_checks.web.url import parse
from support.directions import Params, free, given_some, weakens

URL = "http://127.0.0.1/health"


def answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    from urllib3 import HTTPHeaderDict

    return Answer(parse(URL), status, HTTPHeaderDict(headers or {}), json.dumps(body).encode(), 5.0)


# health

WORDS = st.sampled_from(["ok", "OK", "up", "warm", "degraded", "down", "Down "])
NAMES = st.sampled_from(["db", "DB", "db:pool", "queue"])
COMPONENT = st.none() | WORDS | given_some(status=WORDS | st.lists(WORDS, min_size=1), max_ms=st.sampled_from([5, 50]))
HEALTH = given_some(
    components=st.lists(NAMES, unique=True) | st.dictionaries(NAMES, COMPONENT, max_size=3),
    accept=st.lists(WORDS, max_size=2),
    version=st.sampled_from(["1", "2"]),
)
PARTS = st.dictionaries(
    NAMES, WORDS | given_some(status=WORDS, response_time_ms=st.sampled_from([1, 20, 200])), max_size=3
)
DOCUMENTS = st.fixed_dictionaries(
    {"components": PARTS}, optional={"status": WORDS, "version": st.sampled_from(["1", "2"])}
)


def is_healthy(params: Params, body: Any) -> bool:
    check = Health.model_validate({"url": URL, **params})
    read = document.read(body, frozenset(check.demands.components))
    item = Item(id="health", title="Health", check="health")
    return (
        Judgement(check.demands, context(Path("/"), item=item), answer(body), read).outcome(()).status is Status.PASSED
    )


@settings(max_examples=400, deadline=None)
@given(HEALTH, HEALTH, DOCUMENTS)
@example(
    {"components": ["db"]},
    {"components": {"db": {"status": ["ok", "down"]}}},
    {"status": "ok", "components": {"db": "down"}},
)
@example(
    {"components": ["db"]},
    {"components": {"db": None, "queue": {"status": ["down"]}}},
    {"status": "ok", "components": {"db": "ok", "queue": "down"}},
)
@example(
    {"components": {"db": "ok"}},
    {"components": {"DB": None, "db": "ok"}},
    {"status": "ok", "components": {"db": "up"}},
)
@example(
    {"components": {"db": "warm"}},
    {"components": {"db": "warm", "db:pool": "up"}},
    {"status": "ok", "components": {"db:pool": "up", "db": "warm"}},
)
def test_health(before: Params, after: Params, body: Any) -> None:
    if is_healthy(after, body) and not is_healthy(before, body):
        assert weakens(Health, before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"components": ["db"]}, {"components": ["db", "queue"]}),
        ({"components": ["db"]}, {"components": {"db": {"max_ms": 50}}}),
        ({"components": ["db"]}, {"components": {"db": "ok", "queue": {"status": ["up", "OK"], "max_ms": 5}}}),
        ({"components": {"db": {"status": ["ok", "up"]}}}, {"components": {"db": "OK"}}),
        ({"components": {"db": {"max_ms": 50}}}, {"components": {"db": {"max_ms": 5}}}),
        ({"accept": ["warm"]}, {"accept": [" WARM"]}),
    ],
)
def test_a_health_that_asks_more_is_free(before: Params, after: Params) -> None:
    assert free(Health, before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"components": ["db"]}, {"components": {"db": {"status": ["ok", "down"]}}}),
        ({"components": []}, {"components": {"db": {"status": ["ok", "down"]}}}),
        ({}, {"components": {"db": "warm"}}),
        ({"components": {"db": "ok"}}, {"components": ["db"]}),
        ({"components": {"db": {"max_ms": 5}}}, {"components": {"db": {"max_ms": 50}}}),
        ({"components": {"db": {"max_ms": 5}}}, {"components": ["db"]}),
    ],
)
def test_a_health_that_accepts_more_is_none(before: Params, after: Params) -> None:
    assert weakens(Health, before, after)


# env

VALUES = st.sampled_from(
    (
        *("", " ", "changeme", "password", "real-value", "8080", "abc", "postgres://a:b@h/d", "kJ8sLq2vX9zR4tWm7pYd"),
        *("http://localhost:8000", "true", "staging", "*"),
    )
)
VARIABLES = st.sampled_from(["PORT", "JWT_SECRET", "MODE", "VITE_TOKEN", "API_URL", "DEBUG", "APP_ENV", "CORS_ORIGINS"])
RULE = (
    st.none()
    | st.sampled_from(["port", "secret", "/a.*/"])
    | given_some(
        format=st.sampled_from(["port", "/[a-z]+/"]),
        secret=st.booleans(),
        min_length=st.sampled_from([1, 4, 16, 20]),
        one_of=st.lists(VALUES, min_size=1, max_size=3),
    )
)
REQUIRED = st.lists(VARIABLES, min_size=1, unique=True) | st.dictionaries(VARIABLES, RULE, min_size=1, max_size=3)

ENV_OF_A_FILE = given_some(required=REQUIRED, production=st.none() | st.booleans())


def is_set(params: Params, environ: Mapping[str, str]) -> bool:
    using = context(Path("/"), environ=environ)
    return evaluate(Env, Path("/"), using=using, **params).status is Status.PASSED


@settings(max_examples=400, deadline=None)
@given(REQUIRED, REQUIRED, st.dictionaries(VARIABLES, VALUES))
def test_env_of_the_process(before: Any, after: Any, environ: dict[str, str]) -> None:
    one, other = {"required": before}, {"required": after}
    if is_set(other, environ) and not is_set(one, environ):
        assert weakens(Env, one, other)


@settings(max_examples=400, deadline=None)
@given(ENV_OF_A_FILE, ENV_OF_A_FILE, st.dictionaries(VARIABLES, VALUES, min_size=1))
@example({}, {"production": False}, {"API_URL": "http://localhost:8000"})
@example({}, {"required": {"API_URL": {"one_of": ["http://localhost:8000"]}}}, {"API_URL": "http://localhost:8000"})
@example({}, {"required": {"DEBUG": {"one_of": ["true"]}}}, {"DEBUG": "true"})
@example({}, {"required": {"JWT_SECRET": {"one_of": ["password"]}}}, {"JWT_SECRET": "password"})
@example({}, {"required": {"MODE": {"one_of": ["changeme"]}}}, {"MODE": "changeme"})
@example({}, {"required": ["JWT_SECRET"]}, {"JWT_SECRET": "password"})
@example({}, {"required": {"JWT_SECRET": {"secret": False}}}, {"JWT_SECRET": "password"})
def test_env_of_a_file(before: Params, after: Params, values: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        text = "".join(f"{name}='{value}'\n" for name, value in values.items())
        (Path(folder) / ".env").write_text(text, encoding="utf-8")

        def holds(params: Params) -> bool:
            using = context(Path(folder), environ={})
            return evaluate(Env, Path(folder), using=using, files=[".env"], **params).status is Status.PASSED

        if holds(after) and not holds(before):
            assert weakens(Env, before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["PORT"], ["PORT", "MODE"]),
        (["PORT"], {"PORT": None, "MODE": {"one_of": ["a", "b"]}}),
        (["PORT"], {"PORT": "port", "TOKEN": {"secret": True, "min_length": 12}, "NAME": {"min_length": 3}}),
        ({"MODE": {"one_of": ["a", "b"]}}, {"MODE": {"one_of": ["a"]}}),
        ({"MODE": None}, {"MODE": {"one_of": ["a"]}}),
        ({"TOKEN": {"secret": False}}, {"TOKEN": "secret"}),
    ],
)
def test_an_env_that_asks_more_is_free(before: Any, after: Any) -> None:
    assert free(Env, {"required": before}, {"required": after})


# http

TEXTS = st.sampled_from(["a", ["a", "b"], "text"])
PATTERNS = st.sampled_from(["^.text", ["[0-9]", "b"], "^"])
SEARCHED = given_some(contains=TEXTS, matches=PATTERNS).filter(any)
HTTP_EXPECT = given_some(
    status=st.sampled_from([200, 204, "2xx", [200, 404], ["2xx", 500]]),
    json=st.sampled_from([None, {}, {"a": 1}, {"a": {">=": 1}}, []]),
    headers=st.sampled_from([["X-A"], {"X-A": "1"}, {"x-a": None}, {"X-A": ">= 1"}, {"X-A": None, "X-B": "b"}, {}]),
    max_ms=st.sampled_from([1, 50]),
    body=TEXTS | given_some(contains=TEXTS, matches=PATTERNS, **{"not": TEXTS | SEARCHED}).filter(any),
)
BODIES = st.sampled_from([None, {}, {"a": 1}, {"a": 2, "b": 1}, [], [1], "text"])
SENT = st.dictionaries(st.sampled_from(["X-A", "X-B"]), st.sampled_from(["0", "1", "b"]))


def is_expected(params: Params, reply: Answer) -> bool:
    check = Http.model_validate({"url": URL, "expect": params})
    item = Item(id="http", title="HTTP", check="http")
    outcome = check._outcome(context(Path("/"), item=item), Tries(reply), (), secrets=False)
    return outcome.status is Status.PASSED


@settings(max_examples=400, deadline=None)
@given(HTTP_EXPECT, HTTP_EXPECT, st.sampled_from([200, 204, 404, 500]), BODIES, SENT)
@example({"json": None}, {}, 200, {"a": 1}, {})
@example({"json": None}, {"json": {"a": 1}}, 200, {"a": 1}, {})
def test_http(before: Params, after: Params, status: int, body: Any, headers: dict[str, str]) -> None:
    reply = answer(body, status, headers)
    if is_expected(after, reply) and not is_expected(before, reply):
        assert weakens(Http, {"expect": before}, {"expect": after})


def test_a_body_of_null_is_not_no_body() -> None:
    assert weakens(Http, {"json": None}, {})
    assert weakens(Http, {}, {"json": None})
    assert free(Http, {"expect": {}}, {"expect": {"json": None}})


# headers

REQUIRE = st.sampled_from([[], ["X-A"], {"X-A": "1"}, {"X-A": None}, {"X-A": "1", "X-B": "^b"}, ["X-A", "X-B"]])


@settings(max_examples=200, deadline=None)
@given(REQUIRE, REQUIRE, SENT)
def test_headers(before: Any, after: Any, sent: dict[str, str]) -> None:
    def holds(require: Any) -> bool:
        check = headers_check.Headers.model_validate({"urls": [URL], "require": require})
        own = [judge for name, judge in check._judges().items() if name.endswith("(required)")]
        reply = answer("", 200, sent)
        return not any(True for judge in own for _ in judge(Page((reply,), reply)))

    if holds(after) and not holds(before):
        assert weakens(headers_check.Headers, {"require": before}, {"require": after})


# junit

JUNIT = given_some(
    require=st.lists(st.sampled_from(["one", "two", "t*"]), max_size=2),
    minimum_tests=st.sampled_from([1, 2, 3]),
    max_skipped=st.none() | st.sampled_from([0, 1, 5]),
    max_flaky=st.none() | st.sampled_from([0, 1, 5]),
)
ENDS = st.sampled_from(["", "<skipped/>", "<flakyFailure/>"])
CASES = st.lists(st.tuples(st.sampled_from(["one", "two", "three"]), ENDS), min_size=1, max_size=3)


@settings(max_examples=150, deadline=None)
@given(JUNIT, JUNIT, CASES)
def test_junit(before: Params, after: Params, cases: list[tuple[str, str]]) -> None:
    told = "".join(
        f'<testcase classname="c{number}" name="{name}">{end}</testcase>' for number, (name, end) in enumerate(cases)
    )
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "junit.xml").write_text(f"<testsuite name='all'>{told}</testsuite>", encoding="utf-8")

        def holds(params: Params) -> bool:
            using = context(Path(folder), environ={})
            return evaluate(JUnit, Path(folder), using=using, paths="junit.xml", **params).status is Status.PASSED

        if holds(after) and not holds(before):
            assert weakens(JUnit, before, after)
