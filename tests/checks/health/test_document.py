"""Components that say they are down are seen at any depth and in any of the usual shapes; settings are none."""

from typing import Any

import pytest

from readiness_checks.health.document import read
from readiness_checks.health.words import BAD, DEGRADED


def down(data: dict[str, Any]) -> list[str]:
    return [part.name for part in read({"status": "ok", **data}).parts if part.status.casefold() in BAD | DEGRADED]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ({"redis": False}, "redis"),
        ({"databaseConnected": False}, "databaseConnected"),
        ({"db_ok": False}, "db_ok"),
        ({"mail": "error"}, "mail"),
        ({"queue": "offline"}, "queue"),
        ({"search": "degraded"}, "search"),
        ({"results": {"sql": {"status": "Unhealthy"}}}, "results.sql"),
        ({"data": {"stores": {"orders": {"status": "down"}}}}, "data.stores.orders"),
        ({"data": {"services": {"orders": "down"}}}, "data.orders"),
        ({"indicators": {"kafka": "timeout"}}, "indicators.kafka"),
        ({"cache_check": [{"status": "ok"}, {"status": "failed", "message": "no route"}]}, "cache_check"),
        ({"failures": {"kafka": "refused"}}, "failures.kafka"),
        ({"errors": ["ldap"]}, "errors.ldap"),
        ({"errors": [{"name": "ldap", "message": "refused"}]}, "errors.ldap"),
        ({"db": {"status": "ok", "replica": "down"}}, "db.replica"),
        ({"components": {"db": {"status": "UP", "replicas": {"eu": {"status": "DOWN"}}}}}, "db.replicas.eu"),
        ({"components": {"db": {"status": "UP", "connected": False}}}, "db.connected"),
        ({"services": [{"service": "db", "status": "down"}]}, "db"),
        ({"services": [{"status": "ok"}, {"status": "down"}]}, "services.1"),
        ({"services": [{"db": "down"}]}, "db"),
        ({"checks": [{"Name": "disk", "Status": "critical"}]}, "disk"),
        ({"checkResults": [{"name": "UsedDiskSpace", "status": "crashed"}]}, "checkResults.UsedDiskSpace"),
        ({"health": {"db": {"status": "DOWN"}}}, "health.db"),
        ({"state": {"db": "down"}}, "state.db"),
        ({"results": {"etcd": {"health": "false"}}}, "results.etcd"),
        ({"config": {"status": "DOWN"}}, "config"),
        ({"features": {"search": {"status": "down"}}}, "features.search"),
        ({"config": "unreachable"}, "config"),
        ({"problems": {"db": True}}, "problems.db"),
        ({"db": {"error": "connection refused"}}, "db"),
    ],
)
def test_what_is_down_is_seen_wherever_it_stands(data: dict[str, Any], name: str) -> None:
    assert down(data) == [name]


@pytest.mark.parametrize(
    "data",
    [
        {"debug": False, "maintenance": False, "sealed": False, "standby": False, "readOnly": False},
        {"log_level": "error", "level": "warning", "color": "red", "restartPolicy": "fail"},
        {"failures": {}, "errors": [], "failed": 0, "unhealthy": None, "down": "0"},
        {"requests": {"ok": 12, "failed": 3}},
        {"system": {"cpu": 0.4, "load": [0.1, 0.2]}, "uptime": 12},
        {"info": {"app": {"name": "shop", "state": "beta"}}},
        {"breaker": {"inner": {"state": "closed"}}},
        {"message": "error", "title": "down"},
        {"features": {"beta": False, "dark_mode": False, "search": False, "mail": False}},
        {
            "db": {"error": ""},
            "redis": {"error": None},
            "links": {"error": "/errors"},
            "mail": {"status": "up", "error": "-"},
        },
        {"config": {"cache": False, "redis": False}},
        {"last_error": "timeout", "lastFailure": {"status": "failed"}, "history": [{"state": "down"}]},
        {"errors": {"db": [], "total": 0, "24h": 3, "mail": None}, "problems": {"db": False}},
        {"health": {"db": {"status": "UP"}}, "state": {"code": "leader"}},
        {"components": {"disk": {"status": "UP", "details": {"exists": True, "threshold": 10}}}},
    ],
)
def test_switches_settings_and_numbers_are_no_components(data: dict[str, Any]) -> None:
    assert down(data) == []


def test_what_is_said_about_a_failure_is_kept() -> None:
    parts = read({"status": "ok", "failures": {"db": "connection refused", "mq": {"message": "closed"}}}).parts
    assert [(part.name, part.output) for part in parts] == [
        ("failures.db", "connection refused"),
        ("failures.mq", "closed"),
    ]


def test_a_truth_that_is_spelt_as_a_text_is_one() -> None:
    assert [read({"health": word}).status for word in ("true", "False")] == ["ok", "fail"]
