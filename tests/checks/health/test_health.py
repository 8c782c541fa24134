import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from readiness.checklist import Item
from readiness.outcome import Outcome
from readiness.testing import NOW, context, evaluate
from readiness_checks.health import Health
from support import servers
from support.servers import Reply, html, json_reply, serve

GUIDE = {
    "status": "healthy",
    "timestamp": NOW.replace(tzinfo=None).isoformat(),
    "version": "3.0.0",
    "database": {"status": "healthy", "response_time_ms": 12.5},
    "openai": {"status": "healthy", "response_time_ms": 340},
    "system": {"cpu_percent": 12.0, "memory_percent": 40.0},
}
SPRING = {
    "status": "UP",
    "components": {
        "db": {"status": "UP", "details": {"database": "PostgreSQL", "validationQuery": "isValid()"}},
        "diskSpace": {"status": "UP", "details": {"total": 5, "exists": True}},
        "broker": {"status": "UP", "components": {"primary": {"status": "UP"}}},
    },
    "groups": ["liveness"],
}
RFC = {
    "status": "pass",
    "releaseId": "1.2.2",
    "checks": {
        "db:responseTime": [
            {"componentType": "datastore", "status": "pass", "observedValue": 0.25, "observedUnit": "s"},
            {"status": "pass", "observedValue": 250, "observedUnit": "ms"},
        ],
        "uptime": [{"componentType": "system", "observedValue": 1209600.25, "observedUnit": "s", "status": "pass"}],
    },
}
MICROPROFILE = {"status": "UP", "checks": [{"name": "db", "status": "UP", "data": {}}]}
ASP_NET = {"status": "Healthy", "totalDuration": "00:00:00.05", "entries": {"db": {"status": "Healthy"}}}
TERMINUS = {"status": "ok", "info": {"db": {"status": "up"}}, "error": {}, "details": {"db": {"status": "up"}}}


def asked(reply: Reply, *, now: datetime = NOW, **params: Any) -> Outcome:
    with serve({"/health": reply}) as server:
        return asked_at(f"{server.url}/health", now=now, **params)


def asked_at(url: str, *, now: datetime = NOW, timeout: float = 30, **params: Any) -> Outcome:
    item = Item(id="health", title="Health", check="health", timeout=timeout)
    return evaluate(Health, Path("/"), using=context(Path("/"), now=now, item=item), url=url, **params)


def changed(**changes: Any) -> dict[str, Any]:
    return {**GUIDE, **changes}


@pytest.mark.parametrize(
    ("document", "components", "examined"),
    [
        (GUIDE, ["database", "openai"], 3),
        (SPRING, ["db", "diskSpace", "broker.primary"], 5),
        (RFC, ["db", "uptime"], 3),
        (MICROPROFILE, ["db"], 2),
        (ASP_NET, ["db"], 2),
        (TERMINUS, ["db"], 2),
        ({"status": "ok", "database": "ok", "cache": True}, ["database", "cache"], 3),
        ({"ok": True, "services": {"db": "up", "mq": {"healthy": True}}}, ["db", "mq"], 3),
    ],
    ids=["guide", "spring", "rfc", "microprofile", "asp.net", "terminus", "words", "booleans"],
)
def test_healthy_document_of_every_shape_passes(document: Any, components: list[str], examined: int) -> None:
    outcome = asked(json_reply(document), components=components)
    assert outcome.status == "passed", outcome
    assert outcome.examined == examined
    assert outcome.findings == ()
    assert outcome.evidence[0].sha256
    missing = asked(json_reply(document), components=[*components, "queue"])
    assert missing.status == "failed"
    assert "the component queue is missing; there are: " in missing.summary


def test_latency_is_measured_as_a_whole_and_by_component() -> None:
    limits = {"database": {"max_ms": 100}, "openai": {"max_ms": 2000}}
    outcome = asked(json_reply(GUIDE), components=limits, max_ms=20_000)
    assert outcome.status == "passed"
    assert [(each.name, each.threshold) for each in outcome.measurements] == [
        ("latency", 20_000),
        ("database", 100),
        ("openai", 2000),
    ]
    slow = asked(json_reply(GUIDE), components={"openai": {"max_ms": 300}})
    assert slow.status == "failed"
    assert "openai: 340.0 ms; 300 are allowed" in slow.summary
    seconds = asked(json_reply(RFC), components={"db": {"max_ms": 249}})
    assert len(seconds.findings) == 1
    assert "250.0 ms; 249 are allowed" in seconds.summary
    assert asked(Reply(200, (), json.dumps(GUIDE).encode(), delay=0.1), max_ms=50).status == "failed"


@pytest.mark.parametrize("value", [None, "12", True, -1, 1e300])
def test_component_that_does_not_say_how_long_it_took_is_an_error_where_that_is_asked(value: Any) -> None:
    document = changed(database={"status": "healthy", "response_time_ms": value})
    outcome = asked(json_reply(document), components={"database": {"max_ms": 100}})
    assert outcome.status == "error"
    assert "does not say how long it took" in outcome.summary


@pytest.mark.parametrize("word", ["unhealthy", "DOWN", "fail", "degraded", "warn", "OUT_OF_SERVICE", False])
def test_component_that_is_not_well_fails_whether_asked_for_or_not(word: Any) -> None:
    document = changed(openai={"status": word, "error": "quota exceeded"})
    for components in ([], ["database"], ["openai"]):
        outcome = asked(json_reply(document), components=components)
        assert outcome.status == "failed"
        assert "the component openai is " in outcome.summary
        assert "quota exceeded" in outcome.summary


def test_nested_component_and_one_of_several_observations_that_fail_are_found() -> None:
    broker = {"status": "UP", "components": {"primary": {"status": "DOWN"}}}
    nested = {**SPRING, "components": {"broker": broker}}
    assert "the component broker.primary is DOWN" in asked(json_reply(nested)).summary
    several = {"status": "pass", "checks": {"db:connections": [{"status": "pass"}, {"status": "fail"}]}}
    assert "the component db:connections is fail" in asked(json_reply(several)).summary


@pytest.mark.parametrize("word", ["unhealthy", "degraded", "fail", "DOWN"])
def test_overall_status_that_is_not_good_fails(word: str) -> None:
    outcome = asked(json_reply(changed(status=word)))
    assert outcome.status == "failed"
    assert f"the service says that it is {word}" in outcome.summary


def test_degraded_counts_only_where_it_is_accepted() -> None:
    document = changed(status="degraded", openai={"status": "degraded"})
    assert asked(json_reply(document), accept=["degraded"]).status == "passed"
    assert asked(json_reply(document), components={"openai": {"status": ["degraded"]}}).status == "failed"
    only = changed(openai={"status": "standby"})
    assert asked(json_reply(only), components={"openai": {"status": ["standby"]}}).status == "passed"
    assert asked(json_reply(GUIDE), components={"openai": {"status": ["standby"]}}).status == "failed"


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (changed(status="splendid"), "the status `splendid` is not known"),
        (changed(openai={"status": "splendid"}), "the status `splendid` of openai is not known"),
        ({"order": {"status": "running"}}, "no overall status"),
        ({"id": 5, "name": "Ada", "online": True}, "no overall status"),
        ({}, "no overall status"),
        ({"status": 200}, "no overall status"),
        ({"status": None, "database": {"status": "healthy"}}, "no overall status"),
        ([], "JSON that is no object"),
        (True, "JSON that is no object"),
    ],
)
def test_word_that_is_not_known_or_missing_is_an_error(document: Any, words: str) -> None:
    outcome = asked(json_reply(document))
    assert outcome.status == "error"
    assert words in outcome.summary


def test_component_without_a_status_is_an_error_where_it_is_asked_for() -> None:
    assert asked(json_reply(GUIDE), components=["system"]).status == "error"
    assert asked(json_reply(GUIDE)).status == "passed"


@pytest.mark.parametrize("body", [b"OK", b"healthy\n", b'"UP"', b"Healthy"])
def test_mere_word_passes_only_where_no_component_is_asked_for(body: bytes) -> None:
    outcome = asked(Reply(200, {"Content-Type": "text/plain"}, body))
    assert (outcome.status, outcome.examined) == ("passed", 1)
    assert asked(Reply(200, (), body), components=["db"]).status == "failed"


@pytest.mark.parametrize(
    ("reply", "status", "words"),
    [
        (html("<!doctype html><div id=root></div>"), "error", "no health document but text/html"),
        (Reply(200), "error", "empty body"),
        (Reply(204), "error", "empty body"),
        (Reply(200, (), b" \n"), "error", "empty body"),
        (Reply(200, (), b'{"status": "healthy"'), "error", "no sound health document"),
        (Reply(200, (), b'{"status": "healthy", "x": NaN}'), "error", "no sound health document"),
        (Reply(200, (), b"DOWN"), "failed", "says that it is down"),
        (Reply(302, {"Location": "/login"}), "error", "redirects to /login"),
        (Reply(404, (), b"OK"), "error", "answers 404"),
        (Reply(401, (), b'{"status": "UP"}'), "error", "answers 401"),
        (Reply(500, (), b"<html>oops"), "failed", "says that it is fail"),
        (json_reply(GUIDE, 503), "failed", "the service answers 503"),
        (json_reply(changed(status="unhealthy", database={"status": "unhealthy"}), 503), "failed", "and 1 more"),
    ],
)
def test_answer_that_is_no_good_health_document_never_passes(reply: Reply, status: str, words: str) -> None:
    outcome = asked(reply)
    assert outcome.status == status, outcome
    assert words in outcome.summary


def test_answer_that_is_too_old_is_an_error() -> None:
    late = NOW + timedelta(minutes=6)
    outcome = asked(json_reply(GUIDE), now=late)
    assert outcome.status == "error"
    assert "has no offset and was read as UTC: too old to tell" in outcome.summary
    assert asked(json_reply(GUIDE), now=late, max_age="10m").status == "passed"
    epoch = changed(timestamp=(NOW - timedelta(hours=1)).timestamp() * 1000)
    assert "too old" in asked(json_reply(epoch)).summary
    cached = json_reply(changed(timestamp=None), 200, {"Age": "301"})
    assert "a cache has kept the answer for 301 s" in asked(cached).summary
    ages = json_reply(changed(timestamp=None), 200, {"Age": "3" * 5000})
    assert "a cache has kept the answer for 333333333333 s" in asked(ages).summary


@pytest.mark.parametrize("time", ["yesterday", 1e300, True, ""])
def test_time_that_cannot_be_read_is_left_aside(time: Any) -> None:
    assert asked(json_reply(changed(timestamp=time))).status == "passed"


def test_time_in_the_future_is_warned_of() -> None:
    outcome = asked(json_reply(GUIDE), now=NOW - timedelta(hours=8))
    assert outcome.status == "passed"
    assert outcome.findings[0].level == "warning"


def test_version_has_to_be_the_one_that_is_asked_for() -> None:
    assert asked(json_reply(GUIDE), version="3.0.0").status == "passed"
    assert asked(json_reply(RFC), version="1.2.2").status == "passed"
    assert "3.0.0 answers, not 3.1.0" in asked(json_reply(GUIDE), version="3.1.0").summary
    assert "no version answers, not 3.1.0" in asked(json_reply(SPRING), version="3.1.0").summary


def test_defect_is_not_hidden_by_something_unknown() -> None:
    document = changed(database={"status": "down"}, openai={"status": "splendid"})
    outcome = asked(json_reply(document))
    assert outcome.status == "failed"
    assert len(outcome.findings) == 2


def test_hostile_text_is_kept_short_and_on_one_line() -> None:
    document = changed(**{"bad\n::error::" + "x" * 5000: {"status": "down", "output": "a\r\nb" * 5000}})
    outcome = asked(json_reply(document))
    assert outcome.status == "failed"
    assert "\n" not in outcome.summary
    assert len(outcome.summary) < 600


def test_flood_of_components_is_cut_with_the_defects_first() -> None:
    parts = {f"c{number}": {"status": "up", "response_time_ms": 1} for number in range(3000)}
    document = {"status": "up", "components": {**parts, "last": {"status": "down", "response_time_ms": 9}}}
    outcome = asked(json_reply(document), components={"last": {"max_ms": 5}})
    assert outcome.status == "failed"
    assert outcome.examined == 3002
    assert len(outcome.measurements) == 200
    assert outcome.measurements[0].name == "last"
    assert len(outcome.findings) == 2


def test_service_that_is_down_is_an_error() -> None:
    port = servers.free_port()
    outcome = asked_at(f"http://127.0.0.1:{port}/health", now=datetime.now(UTC))
    assert outcome.status == "error"
    assert outcome.summary == f"127.0.0.1:{port} refused the connection"


@pytest.mark.parametrize(
    "params", [{"url": "/health"}, {"components": {"db": {"status": []}}}, {"max_ms": -1}, {"max_age": "5"}]
)
def test_wrong_parameters_are_refused(tmp_path: Path, params: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        evaluate(Health, tmp_path, **{"url": "https://example.com", **params})


@pytest.mark.parametrize("word", ["disconnected", "down", "Unreachable"])
def test_a_bad_word_beside_the_status_fails_though_nobody_asked_for_it(word: str) -> None:
    outcome = asked(json_reply({"status": "ok", "database": word, "log_level": "error", "debug": False}))
    assert outcome.status == "failed"
    assert "database" in outcome.summary


@pytest.mark.parametrize("data", [{"status": "ok", "healthy": False}, {"status": "ok", "state": "degraded"}])
def test_of_several_statuses_the_bad_one_counts(data: dict[str, Any]) -> None:
    assert asked(json_reply(data)).status == "failed"


def test_a_key_that_is_there_twice_is_an_error() -> None:
    reply = Reply(200, (("Content-Type", "application/json"),), b'{"status": "down", "status": "ok"}')
    outcome = asked(reply)
    assert outcome.status == "error"
    assert "twice" in outcome.summary


@pytest.mark.parametrize(
    "components",
    ["database", {"database": None}, {"database": "healthy"}, {"database": {"status": "healthy", "max_ms": "1s"}}],
)
def test_components_may_be_written_shortly(components: Any) -> None:
    assert asked(json_reply(GUIDE), components=components).status == "passed"
    assert asked(json_reply(changed(database={"status": "down"})), components=components).status == "failed"


def test_a_usual_word_for_a_connection_is_known() -> None:
    assert asked(json_reply({"status": "ok", "database": "connected"}), components="database").status == "passed"
