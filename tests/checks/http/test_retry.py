"""A request is sent again only where `retry` says so, and every try is told."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from readiness.checklist import Item
from readiness.outcome import Level, Outcome
from readiness.testing import context, evaluate
from readiness_checks.http import Http
from support.certificates import Authority, issue, write
from support.servers import Reply, Request, free_port, serve, server_context


def asked(url: str, *, timeout: float = 30, **params: Any) -> Outcome:
    item = Item(id="http", title="HTTP", check="http", timeout=timeout)
    return evaluate(Http, Path("/"), using=context(Path("/"), now=datetime.now(UTC), item=item), url=url, **params)


def in_turn(*replies: Reply) -> Callable[[Request], Reply]:
    rest: Iterator[Reply] = iter(replies)
    return lambda _: next(rest, replies[-1])


DOWN, UP = Reply(503, (), b"starting"), Reply(200, (), b"ready")


def tries(outcome: Outcome) -> list[float]:
    return [float(each.value or 0) for each in outcome.measurements if each.name == "tries"]


def test_without_retry_one_answer_counts() -> None:
    with serve(in_turn(DOWN, UP)) as server:
        outcome = asked(server.url)
    assert outcome.status == "failed"
    assert len(server.requests) == 1
    assert tries(outcome) == []


def test_every_try_is_in_the_report() -> None:
    with serve(in_turn(DOWN, Reply(502), UP)) as server:
        outcome = asked(server.url, retry={"times": 3, "on": [502, 503], "wait": 1})
    assert outcome.status == "passed", outcome
    assert outcome.summary.endswith("as expected, at try 3")
    assert tries(outcome) == [3]
    assert [(each.rule, each.level) for each in outcome.findings] == [("retried", Level.NOTE)] * 2
    assert outcome.findings[0].message == "try 1 of up to 4: it answered 503"
    assert outcome.findings[1].message == "try 2 of up to 4: it answered 502"


def test_the_last_answer_is_judged_when_no_try_is_left() -> None:
    with serve(in_turn(DOWN)) as server:
        outcome = asked(server.url, retry={"times": 2, "on": "5xx", "wait": 1})
    assert outcome.status == "failed"
    assert len(server.requests) == 3
    assert "the service fails: 503" in outcome.summary
    assert outcome.summary.endswith("at try 3")
    assert outcome.remedy == "look into its log"


@pytest.mark.parametrize(
    ("reply", "params"),
    [
        (Reply(500), {"retry": {"times": 2, "on": [503], "wait": 1}}),
        (Reply(429), {"retry": {"times": 2, "wait": 1}}),
        (DOWN, {"retry": {"times": 2, "on": ["no-answer"], "wait": 1}}),
        (DOWN, {"expect": 503, "retry": {"times": 2, "wait": 1}}),
        (UP, {"expect": {"body": "absent"}, "retry": {"times": 2, "wait": 1}}),
    ],
)
def test_what_is_not_named_and_what_is_expected_is_not_tried_again(reply: Reply, params: dict[str, Any]) -> None:
    with serve(reply) as server:
        asked(server.url, **params)
    assert len(server.requests) == 1


def test_no_answer_is_tried_again_and_stays_an_error() -> None:
    outcome = asked(f"http://127.0.0.1:{free_port()}", retry={"times": 2, "wait": 1})
    assert outcome.status == "error"
    assert outcome.summary.endswith("refused the connection, at the last of 3 tries")
    assert [each.message.partition(":")[0] for each in outcome.findings] == ["try 1 of up to 3", "try 2 of up to 3"]


def test_a_certificate_that_is_not_accepted_is_no_accident(tmp_path: Path) -> None:
    authority = Authority.make(tmp_path)
    tls = server_context(write(tmp_path, issue("localhost")))
    with serve(UP, tls) as server:
        outcome = asked(server.url, ca_file=str(authority.ca_file), retry={"times": 2, "wait": 1})
    assert outcome.status == "error"
    assert outcome.findings == ()


def test_a_server_that_asks_to_wait_longer_than_there_is_time_ends_it() -> None:
    with serve(Reply(503, {"Retry-After": "3600"})) as server:
        outcome = asked(server.url, timeout=10, retry={"times": 2})
    assert outcome.status == "failed"
    assert len(server.requests) == 1
    assert "no time is left for another try" in outcome.findings[-1].message
    assert next(each.value for each in outcome.measurements if each.name == "tries") == 1
    assert "try 2" not in outcome.summary


def test_a_request_that_may_act_twice_says_when() -> None:
    with pytest.raises(ValidationError, match="POST may act twice"):
        Http.model_validate({"url": "http://127.0.0.1/", "method": "post", "retry": 2})
    with serve(in_turn(DOWN, UP)) as server:
        assert asked(server.url, method="POST", retry={"times": 1, "on": 503, "wait": 1}).status == "passed"


@pytest.mark.parametrize(
    "retry",
    [
        0,
        11,
        True,
        {},
        {"on": [503]},
        {"times": 1, "on": []},
        {"times": 1, "on": "sometimes"},
        {"times": 1, "wait": "2m"},
    ],
)
def test_a_retry_that_says_nothing_is_refused(retry: Any) -> None:
    with pytest.raises(ValidationError):
        Http.model_validate({"url": "http://127.0.0.1/", "retry": retry})
