"""What `expect` and `headers` do for endpoints whose answers hold no status."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from readiness.checklist import Item
from readiness.outcome import CheckError, Outcome
from readiness.testing import context, evaluate
from readiness_checks.health import Health
from readiness_checks.web.client import Answer
from readiness_checks.web.url import parse
from support.servers import Reply, Request, json_reply, serve

URL = "http://127.0.0.1/up"
HTML = "text/html"
KUBERNETES = "[+]ping ok\n[+]etcd ok\n[-]informer-sync failed: reason withheld\nreadyz check failed\n"


def judged(body: str, status: int = 200, kind: str = "text/plain", **params: Any) -> Outcome:
    from urllib3 import HTTPHeaderDict

    answer = Answer(parse(URL), status, HTTPHeaderDict({"Content-Type": kind}), body.encode(), 1.0)
    using = context(Path("/"), now=datetime.now(UTC), item=Item(id="up", title="Up", check="health"))
    return Health.model_validate({"url": URL, **params}).judge(using, answer)


@pytest.fixture(scope="module")
def benchmark() -> Iterator[Any]:
    folder = str(Path(__file__).parents[3] / "benchmarks")
    sys.path.insert(0, folder)
    yield import_module("health_accuracy")
    sys.path.remove(folder)


def test_documents_in_the_shapes_of_the_field_are_judged_right(benchmark: Any) -> None:
    documents = benchmark.documents()
    assert len(documents) >= 250
    wrong = [each["product"] for each in documents if benchmark.answered(each) != each["right"]]
    assert wrong == ["another language"]


@pytest.mark.parametrize(
    ("body", "status", "expect"),
    [
        ("", 204, 204),
        ("", 200, {"status": "2xx"}),
        ("<h1>Welcome</h1>", 200, {"status": [200, 204]}),
        ("<h1>It  is\nworking</h1>", 200, {"text": "it is working"}),
        ('{"res": "pong"}', 200, {"text": "pong"}),
        ('{"standby": true}', 429, {"status": [200, 429]}),
        ('{"db": "ok"}', 200, {"components": ["db"]}),
        ("true", 200, {"status": 200}),
    ],
)
def test_an_answer_that_is_as_expected_passes(body: str, status: int, expect: Any) -> None:
    assert judged(body, status, HTML, expect=expect).status == "passed"


@pytest.mark.parametrize(
    ("body", "status", "expect", "words"),
    [
        ("", 200, 204, "it answers 200, expected 204"),
        ("", 503, "2xx", "it answers 503, expected 2xx"),
        ("", 302, 200, "it answers 302, expected 200"),
        ("SERVICE NOT OK", 200, {"text": "OK"}, "the answer does not say `OK`"),
        ("there is no database up", 200, {"text": "database up"}, "does not say"),
        ("BROKEN", 200, {"text": "OK"}, "does not say `OK`"),
        ("DOWN", 200, 200, "says that it is down"),
        ('{"status": "DOWN"}', 200, 200, "says that it is DOWN"),
        ('{"db": {"status": "down"}}', 200, {"text": "db"}, "the component db is down"),
        ('{"db": "ok"}', 200, {"status": 200, "components": ["redis"]}, "the component redis is missing"),
    ],
)
def test_an_answer_that_is_not_as_expected_or_says_otherwise_fails(
    body: str, status: int, expect: Any, words: str
) -> None:
    outcome = judged(body, status, expect=expect)
    assert outcome.status == "failed"
    assert words in outcome.summary


@pytest.mark.parametrize("body", ['{"status": "down", "status": "ok"}', '{"status": "ok"', "[1, 2"])
def test_json_that_is_broken_is_an_error_whatever_is_expected(body: str) -> None:
    with pytest.raises(CheckError, match="no sound health document"):
        judged(body, expect={"status": 200})


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("[+]ping ok\n[+]etcd ok\nreadyz check passed\n", "passed"),
        (KUBERNETES, "failed"),
        ("[+]ping ok\n[-]etcd failed: reason withheld\n", "failed"),
        ("database: PASSED Schema version: 7 (0s)\ncache: FAILED refused (0s)\n", "failed"),
        ('<body style="background-color: green">', "passed"),
        ('<body style="background-color: red">', "failed"),
    ],
)
def test_lines_and_colours_of_the_field_are_read(body: str, status: str) -> None:
    assert judged(body, kind=HTML).status == status


def test_a_line_is_a_component_that_can_be_asked_for() -> None:
    outcome = judged(KUBERNETES, components=["etcd", "informer-sync"])
    assert [finding.message for finding in outcome.findings] == [
        "the service says that it is failed",
        "the component informer-sync is failed: failed: reason withheld",
    ]


@pytest.mark.parametrize(
    "document",
    ['{"order": {"status": "running"}}', '{"id": 7, "isOnline": true}', '{"status": null, "db": {"status": "ok"}}'],
)
def test_what_anything_may_say_is_no_health(document: str) -> None:
    assert judged(document, kind="application/json").status == "error"


@pytest.mark.parametrize("body", ["pong", '{"res": "pong"}'])
def test_a_text_alone_does_not_make_an_error_of_the_server_well(body: str) -> None:
    assert judged(body, 503, expect={"text": "pong"}).status == "failed"
    assert judged(body, 503, expect={"text": "pong", "status": [200, 503]}).status == "passed"


def test_headers_are_sent_as_by_http() -> None:
    def answer(request: Request) -> Reply:
        allowed = request.headers.get("authorization") == "Bearer s3cr3t-for-tests"
        return json_reply({"status": "ok"} if allowed else {}, 200 if allowed else 401)

    headers = {"Authorization": {"env": "PROBE_TOKEN", "prefix": "Bearer"}, "Accept": "text/plain", "X-Probe": 1}
    using = context(Path("/"), environ={"PROBE_TOKEN": "s3cr3t-for-tests"})
    with serve(answer) as server:
        outcome = evaluate(Health, Path("/"), using=using, url=server.url, headers=headers)
    assert outcome.status == "passed", outcome
    assert server.requests[0].headers["accept"] == "text/plain"
    assert server.requests[0].headers["x-probe"] == "1"
    assert "s3cr3t" not in outcome.model_dump_json()


def test_a_secret_header_leaves_this_machine_only_over_tls() -> None:
    headers = {"X-Key": {"env": "PROBE_TOKEN"}}
    using = context(Path("/"), environ={"PROBE_TOKEN": "s3cr3t-for-tests"})
    outcome = evaluate(Health, Path("/"), using=using, url="http://shop.example.invalid/up", headers=headers)
    assert outcome.summary == "http://shop.example.invalid would get the secret without TLS"


@pytest.mark.parametrize(
    "params",
    [
        {"headers": {"Authorization": "Bearer written-here"}},
        {"components": ["a"], "expect": {"components": ["b"]}},
        {"expect": {"status": "ok"}},
        {"expect": {"text": ""}},
        {"expect": True},
    ],
)
def test_wrong_parameters_are_refused(params: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Health.model_validate({"url": URL, **params})
