"""Whatever a server or a checklist holds, the readers answer or raise ValueError; nothing else."""

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from readiness_checks.headers import cookies, csp, transport
from readiness_checks.headers.page import _Reader
from readiness_checks.health import document
from readiness_checks.http.comparison import body
from readiness_checks.http.expectation import Expectation
from readiness_checks.reading import json_input
from readiness_checks.tls import target
from readiness_checks.tls.hello import Reply, Version, classify
from readiness_checks.web import url
from support.long import often

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["status", "components", "checks", "details", "name", "code", "error", "timestamp", "db"])
            | st.text(max_size=8),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)
pytestmark = pytest.mark.long
WORDS = st.text(alphabet="abc'*:/.;,= \t\"-\x00ü0 19", max_size=80) | st.text(max_size=60)


@settings(max_examples=often(60, 200), deadline=None)
@given(st.dictionaries(st.sampled_from(["status", "checks", "components", "time", "db"]) | st.text(), JSON, max_size=6))
def test_any_json_object_is_read_as_a_health_document(data: dict[str, object]) -> None:
    found = document.read(data, frozenset({"db"}))
    assert all(part.milliseconds is None or part.milliseconds >= 0 for part in found.parts)
    assert found.time is None or found.time.tzinfo is not None


@settings(max_examples=often(60, 200), deadline=None)
@given(WORDS)
@example("script-src")
@example(";;,,;")
def test_any_text_is_read_as_a_policy(text: str) -> None:
    for policy in csp.parse(text):
        assert policy.directives
        list(csp.gaps(policy))
        list(csp.unquoted(policy))


@settings(max_examples=often(60, 200), deadline=None)
@given(WORDS)
@example("=;=;;")
def test_any_text_is_read_as_a_cookie_or_hsts(text: str) -> None:
    cookies.parse(text)
    directives = transport.read_hsts(text)
    assert directives is None or directives["max-age"].isdecimal()


@settings(max_examples=often(60, 200), deadline=None)
@given(st.text(alphabet="<>!-[]&;/='\" metascripthdbody\x00", max_size=200))
def test_any_text_is_read_as_html(text: str) -> None:
    with contextlib.suppress(AssertionError):
        _Reader().feed(text)


@pytest.mark.parametrize("read", [url.parse, target.parse])
@settings(max_examples=often(60, 200), deadline=None)
@given(st.text(alphabet="htps:/[]@.%x1-\\ \x00ü?#0", max_size=40) | st.text(max_size=30))
def test_any_text_is_a_place_or_refused(read: Callable[[str], object], text: str) -> None:
    with contextlib.suppress(ValueError):
        read(text)


@settings(max_examples=often(60, 200), deadline=None)
@given(st.binary(max_size=40), JSON)
def test_any_bytes_are_compared_or_refused(data: bytes, expected: object) -> None:
    with contextlib.suppress(ValueError):
        json_input.read(data)
    list(body(Expectation.model_construct(fields=expected), data))


@settings(max_examples=often(60, 200), deadline=None)
@given(st.binary(max_size=20), st.sampled_from(Version))
def test_any_bytes_are_a_reply_and_only_a_server_hello_of_that_version_is_an_offer(
    data: bytes, version: Version
) -> None:
    offered = classify(data, version) is Reply.OFFERED
    assert not offered or (data[0], data[5], data[9:11]) == (22, 2, version.value.to_bytes(2, "big"))
