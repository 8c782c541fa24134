import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from readiness.checklist import Item
from readiness.outcome import Outcome
from readiness.testing import context, evaluate
from readiness_checks.http import Http
from readiness_checks.web.exchange import BODY_LIMIT
from support import servers
from support.certificates import Authority, issue
from support.servers import Reply, Request, json_reply, serve

KEY = "sk-test-4f0d9b1c7e"
BEARER = {"Authorization": {"env": "OPENAI_API_KEY", "prefix": "Bearer "}}


def asked(url: str, *, environ: dict[str, str] | None = None, timeout: float = 30, **params: Any) -> Outcome:
    item = Item(id="http", title="HTTP", check="http", timeout=timeout)
    using = context(Path("/"), now=datetime.now(UTC), environ=environ or {}, item=item)
    return evaluate(Http, Path("/"), using=using, url=url, **params)


def models(request: Request) -> Reply:
    """A vendor's API: accepts one key, and tells what is left of the rate limit."""
    if request.headers.get("authorization") != f"Bearer {KEY}":
        return json_reply({"error": {"message": f"Incorrect API key: {request.headers.get('authorization')}"}}, 401)
    limits = {"x-ratelimit-remaining-requests": "4999", "X-Version": "2026-11"}
    return json_reply(
        {"object": "list", "data": [{"id": "gpt-4o", "owned_by": "x"}, {"id": "o1"}], "n": 2}, 200, limits
    )


def test_credentials_fields_limits_and_latency_pass() -> None:
    expect = {
        "status": 200,
        "json": {"object": "list", "data": [{"id": "o1"}], "data.0.id": {"matches": "^gpt-"}, "n": {">=": 2, "!=": 3}},
        "headers": {"x-ratelimit-remaining-requests": {"min": 100, "max": 5000}, "x-version": "^2026"},
        "max_ms": 20_000,
    }
    with serve(models) as server:
        outcome = asked(server.url, environ={"OPENAI_API_KEY": KEY}, headers=BEARER, expect=expect)
    assert outcome.status == "passed", outcome
    assert (outcome.examined, outcome.unit) == (1, "answers")
    assert [(each.name, each.met) for each in outcome.measurements] == [
        ("latency", True),
        ("x-ratelimit-remaining-requests", True),
        ("x-ratelimit-remaining-requests", True),
    ]
    assert outcome.evidence[0].sha256
    assert outcome.evidence[0].name == f"GET {server.url}"
    assert server.requests[0].headers["user-agent"].startswith("readiness/")
    assert KEY not in outcome.model_dump_json()


def test_refused_credentials_fail_and_are_never_shown() -> None:
    wrong = "sk-wrong-000000000"
    with serve(models) as server:
        outcome = asked(server.url, environ={"OPENAI_API_KEY": wrong}, headers=BEARER)
    assert outcome.status == "failed"
    assert "the credentials were refused: 401, expected 2xx" in outcome.summary
    assert "set a valid key" in outcome.remedy
    assert "Incorrect API key: Bearer [redacted]" in outcome.evidence[0].excerpt
    assert wrong not in outcome.model_dump_json()


def test_secret_that_is_cut_by_an_excerpt_leaves_no_half_behind() -> None:
    key = "k" * 10 + "-" + "s" * 80
    with serve(Reply(500, (), b"x" * 150 + key.encode())) as server:
        outcome = asked(server.url, environ={"A_TOKEN": key}, headers={"Authorization": {"env": "A_TOKEN"}})
    assert "sss" not in outcome.model_dump_json()


def test_secret_that_the_service_echoes_in_a_field_or_header_is_masked() -> None:
    reply = json_reply({"you": KEY * 3}, 200, {"X-You": KEY})
    expect = {"json": {"you": "me"}, "headers": {"X-You": "^me"}}
    with serve(reply) as server:
        outcome = asked(server.url, environ={"OPENAI_API_KEY": KEY}, headers=BEARER, expect=expect)
    assert outcome.status == "failed"
    assert len(outcome.findings) == 2
    assert KEY[:8] not in outcome.model_dump_json()


@pytest.mark.parametrize("environ", [{}, {"OPENAI_API_KEY": ""}, {"OPENAI_API_KEY": f"{KEY}\n"}])
def test_missing_or_broken_secret_is_an_error_and_nothing_is_sent(environ: dict[str, str]) -> None:
    with serve(models) as server:
        outcome = asked(server.url, environ=environ, headers=BEARER)
    assert outcome.status == "error"
    assert "OPENAI_API_KEY" in outcome.summary
    assert server.requests == []


def test_secret_is_not_sent_over_plain_http_to_another_machine() -> None:
    outcome = asked("http://api.example.invalid/v1", environ={"OPENAI_API_KEY": KEY}, headers=BEARER)
    assert outcome.status == "error"
    assert outcome.summary == "http://api.example.invalid would get the secret without TLS"


def test_key_in_the_query_is_sent_and_never_shown() -> None:
    with serve({f"/places?q=a&key={KEY}": json_reply({})}) as server:
        params: dict[str, Any] = {"environ": {"PLACES": KEY}, "query": {"key": {"env": "PLACES"}}}
        outcome = asked(f"{server.url}/places?q=a", **params)
        assert outcome.status == "passed", outcome
        assert KEY not in outcome.model_dump_json()
    down = asked(f"{server.url}/places", **params)
    assert down.status == "error"
    assert KEY not in down.model_dump_json()


def test_redirect_is_not_followed_so_that_no_credentials_travel() -> None:
    with serve(models) as other, serve(Reply(302, {"Location": f"{other.url}/?token={KEY}"})) as server:
        outcome = asked(server.url, environ={"OPENAI_API_KEY": KEY}, headers=BEARER)
    assert outcome.status == "failed"
    assert "it redirects to " in outcome.summary
    assert other.requests == []
    assert KEY not in outcome.model_dump_json()


@pytest.mark.parametrize(
    ("status", "expected", "words"),
    [
        (429, 200, "the rate limit is exhausted"),
        (503, "2xx", "the service fails: 503"),
        (404, [200, "3xx"], "it answers 404, expected 200 or 3xx"),
        (401, 200, "it answers 401, expected 200"),
    ],
)
def test_other_status_fails_in_words(status: int, expected: Any, words: str) -> None:
    with serve(Reply(status, (), b"no")) as server:
        outcome = asked(server.url, expect={"status": expected})
    assert outcome.status == "failed"
    assert words in outcome.summary
    assert outcome.findings[0].url == server.url


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        ({"missing": 1}, "$.missing is missing"),
        ({"a.9.b": 1}, "$.a.9.b is missing"),
        ({"t": 1}, "$.t is true, expected 1"),
        ({"one": True}, "$.one is 1, expected true"),
        ({"a": [3]}, "$.a holds no entry like 3"),
        ({"a": {"b": 1}}, "$.a is a list of 2, expected an object"),
        ({"one": [1]}, "$.one is 1, expected a list"),
        ({"one": {">": 1}}, "$.one is 1, expected > 1"),
        ({"t": {">=": 0}}, "$.t is true, expected >= 0"),
        ({"text": {"matches": "^b"}}, '$.text is "abc", expected matches "^b"'),
        ({"none": {"!=": None}}, "$.none is null, expected != null"),
        ([1], "$ is an object, expected a list"),
        (None, "$ is an object, expected null"),
    ],
)
def test_field_that_differs_fails_with_its_path(expected: Any, words: str) -> None:
    value = {"t": True, "one": 1, "a": [1, 2], "text": "abc", "none": None}
    with serve(json_reply(value)) as server:
        outcome = asked(server.url, expect={"json": expected})
    assert outcome.status == "failed"
    assert words in outcome.summary


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"a": NaN}', b"[" * 100_000, b'"\xff"', b'{"a": 1', b"\xff\xfe{\x00}\x00"]
)
def test_body_that_is_no_json_fails(body: bytes) -> None:
    with serve(Reply(200, {"Content-Type": "application/json"}, body)) as server:
        outcome = asked(server.url, expect={"json": {}})
    assert outcome.status == "failed"
    assert "the answer is not JSON" in outcome.summary


def test_byte_order_mark_and_compressed_body_are_read() -> None:
    packed = gzip.compress(b'\xef\xbb\xbf{"a": 1}')
    with serve(Reply(200, {"Content-Encoding": "gzip"}, packed)) as server:
        assert asked(server.url, expect={"json": {"a": 1.0}}).status == "passed"


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ((), "X-Left is missing"),
        ((("X-Left", "99"),), "X-Left is 99; it has to be >= 100"),
        ((("X-Left", "many"),), "X-Left is many; it is no number"),
        ((("X-Left", "inf"),), "it is no number"),
        ((("X-Left", "100"), ("X-Left", "100")), "it is no number"),
    ],
)
def test_rate_limit_below_the_floor_fails(headers: Any, words: str) -> None:
    with serve(Reply(200, headers)) as server:
        outcome = asked(server.url, expect={"headers": {"X-Left": {"min": 100}}})
    assert outcome.status == "failed"
    assert words in outcome.summary
    assert outcome.measurements[1].met is False


def test_slow_answer_fails_with_the_limit() -> None:
    with serve(Reply(200, delay=0.1)) as server:
        outcome = asked(server.url, expect={"max_ms": 50})
    assert outcome.status == "failed"
    assert "50 are allowed" in outcome.summary
    assert outcome.measurements[0].threshold == 50


def test_body_and_method_are_sent() -> None:
    with serve(Reply(204)) as server:
        assert asked(server.url, method="POST", json={"a": [1]}, headers={"X-A": "b"}).status == "passed"
        assert asked(server.url, method="PUT", body="text").status == "passed"
        assert asked(server.url, method="HEAD").status == "passed"
    first, second, third = server.requests
    assert (first.method, first.body, first.headers["content-type"]) == ("POST", b'{"a": [1]}', "application/json")
    assert first.headers["x-a"] == "b"
    assert (second.method, second.body) == ("PUT", b"text")
    assert third.method == "HEAD"


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        (servers.closing, "closed"),
        (servers.silent, "did not answer completely within"),
        (servers.dripping(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000), "did not answer completely within"),
        (servers.dripping(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1000), "did not answer completely within"),
    ],
    ids=["closing", "silent", "dripping-head", "dripping-body"],
)
def test_server_that_never_finishes_is_an_error_in_time(handler: servers.Handler, words: str) -> None:
    with servers.listen(handler) as server:
        outcome = asked(server.url, timeout=2)
    assert outcome.status == "error"
    assert words in outcome.summary
    assert server.host in outcome.summary


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"220 mail.example ESMTP\r\n", "no complete HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "no complete HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: y", "no complete HTTP"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "no complete HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip", "no complete HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", "no complete HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "no complete HTTP"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (BODY_LIMIT + 1), "more than 1048576 bytes"),
    ],
    ids=["smtp", "truncated", "cut-head", "bad-chunk", "bad-gzip", "huge-header", "many-headers", "huge-body"],
)
def test_answer_that_is_no_complete_http_is_an_error(raw: bytes, words: str) -> None:
    with serve(Reply(raw=raw)) as server:
        outcome = asked(server.url)
    assert outcome.status == "error"
    assert words in outcome.summary
    assert outcome.examined == 0


def test_handshake_that_hangs_is_an_error_in_time() -> None:
    with servers.listen(servers.silent) as server:
        outcome = asked(f"https://{server.host}", timeout=1)
    assert outcome.status == "error"
    assert f"{server.host} did not answer in time" in outcome.summary


def test_refused_connection_and_unknown_name_are_errors() -> None:
    port = servers.free_port()
    assert asked(f"http://127.0.0.1:{port}").summary == f"127.0.0.1:{port} refused the connection"
    outcome = asked("https://no-such-host.invalid/")
    assert outcome.status == "error"
    assert outcome.summary.startswith("no-such-host.invalid:443: the name")


def test_certificate_is_verified_and_a_private_authority_can_be_named(tmp_path: Path) -> None:
    authority = Authority.make(tmp_path)
    with serve(Reply(200), servers.server_context(authority.chain(tmp_path))) as server:
        refused = asked(server.url)
        assert refused.status == "error"
        assert f"{server.host}: no TLS connection: the issuer of its certificate is neither sent" in refused.summary
        accepted = asked(server.url, ca_file=str(authority.ca_file))
        assert accepted.status == "passed"
        assert accepted.evidence[1].sha256
    other = issue("other", authority.intermediate, names=["example.com"])
    with serve(Reply(200), servers.server_context(authority.chain(tmp_path, other))) as server:
        outcome = asked(server.url, ca_file=str(authority.ca_file))
        assert "was issued for another host" in outcome.summary
    with servers.listen(servers.dripping(b"HTTP/1.1 400 Bad Request\r\n\r\n", 0.001)) as server:
        assert "does not speak TLS" in asked(server.url.replace("http", "https")).summary


@pytest.mark.parametrize(
    "params",
    [
        {"url": "ftp://example.com"},
        {"url": "https://user:secret@example.com"},
        {"url": "https://"},
        {"url": "https://example.com/?q=a&api_key=abc"},
        {"query": {"access_token": "abc"}},
        {"url": "https://exa mple.com"},
        {"url": "https://example.com/\r\nX: y"},
        {"headers": {"Authorization": "Bearer abc"}},
        {"headers": {"X-API-Key": "abc"}},
        {"headers": {"X-A": "b\r\nX-B: c"}},
        {"headers": {"X A": "b"}},
        {"headers": {"Content-Length": "5"}},
        {"headers": {"Authorization": {"env": "NOT A NAME"}}},
        {"body": "a", "json": 1},
        {"method": "TRACE"},
        {"expect": {"status": "ok"}},
        {"expect": {"status": 100}},
        {"expect": {"status": []}},
        {"expect": {"headers": {"X": "("}}},
        {"expect": {"headers": {"X": {}}}},
        {"expect": {"json": {"a": {"matches": "("}}}},
        {"expect": {"max_ms": 0}},
    ],
)
def test_wrong_parameters_are_refused_before_anything_runs(tmp_path: Path, params: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        evaluate(Http, tmp_path, **{"url": "https://example.com", **params})


@pytest.mark.parametrize(("errors", "status"), [([], "passed"), (["db"], "failed")])
def test_an_empty_list_is_expected_to_be_empty(errors: list[str], status: str) -> None:
    with serve(lambda _: json_reply({"errors": errors, "more": dict.fromkeys(errors)})) as server:
        assert asked(server.url, expect={"json": {"errors": []}}).status == status
        assert asked(server.url, expect={"json": {"more": {}}}).status == status


@pytest.mark.parametrize(
    ("expect", "status"),
    [
        (200, "passed"),
        (["200", "3XX"], "passed"),
        ("204", "failed"),
        ({"headers": ["X-Left"]}, "passed"),
        ({"headers": ["X-Absent"]}, "failed"),
        ({"headers": {"X-Left": None}}, "passed"),
        ({"headers": {"X-Left": 15}}, "passed"),
        ({"headers": {"X-Left": 5}}, "failed"),
        ({"headers": {"X-Left": ">= 10"}}, "passed"),
        ({"headers": {"X-Left": ">= 16"}}, "failed"),
        ({"headers": {"X-Left": {">=": 10, "<=": 14}}}, "failed"),
        ({"max_ms": "20s"}, "passed"),
        ({"max_ms": "0.0001ms"}, "failed"),
    ],
)
def test_expectations_may_be_written_shortly(expect: Any, status: str) -> None:
    with serve(lambda _: json_reply({}, 200, {"X-Left": "15"})) as server:
        assert asked(server.url, method="get", expect=expect).status == status


@pytest.mark.parametrize("expect", [True, "2x", {"headers": {"A": True}}, {"max_ms": "fast"}, {"headers": {"A": {}}}])
def test_expectations_that_could_be_misread_are_refused(expect: Any) -> None:
    with pytest.raises(ValidationError):
        Http.model_validate({"url": "https://localhost", "expect": expect})


def test_the_name_of_a_scheme_gets_its_blank() -> None:
    bearer = {"Authorization": {"env": "OPENAI_API_KEY", "prefix": "Bearer"}, "X-Version": 3}
    with serve(models) as server:
        assert asked(server.url, environ={"OPENAI_API_KEY": KEY}, headers=bearer).status == "passed"
    assert server.requests[0].headers["x-version"] == "3"
