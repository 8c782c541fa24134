"""The words by which services say how they are."""

import re

GOOD = frozenset(
    {"healthy", "ok", "okay", "up", "pass", "passed", "passing", "green", "alive", "available", "ready"}
    | {"connected", "running", "online", "operational", "serving", "reachable"}
)
DEGRADED = frozenset({"degraded", "warn", "warning", "yellow", "partial", "amber"})
BAD = frozenset(
    {"unhealthy", "down", "fail", "failed", "failing", "failure", "error", "red", "critical", "dead", "unavailable"}
    | {"out_of_service", "offline", "stopped", "outage"}
    | {"disconnected", "unreachable", "timeout", "not_serving", "not ready", "not_ready", "not connected", "crashed"}
)
_SETTING = re.compile(
    r"level|log|severity|verbosity|colou?r|theme|mode|type|kind|policy|strategy|action|message|name|title|on_?(error|fail)",
    re.IGNORECASE,
)
"""Names under which a word such as `error` or `red` says nothing about health."""
_SERVICES = (
    *("db", "database", "sql", "postgres", "postgresql", "mysql", "mariadb", "mongo", "mongodb", "oracle", "cassandra"),
    *("dynamodb", "redis", "cache", "memcache", "memcached", "queue", "kafka", "rabbit", "rabbitmq", "amqp", "nats"),
    *("broker", "celery", "worker", "scheduler", "storage", "s3", "minio", "disk", "search", "elastic"),
    *("elasticsearch", "opensearch", "solr", "mail", "smtp", "ldap", "api", "backend", "upstream", "network", "dns"),
)
_ADJECTIVES = (
    *("ok", "okay", "up", "alive", "live", "healthy", "health", "ready", "connected", "reachable", "available"),
    *("online", "running", "operational"),
)
_COMPONENT = re.compile(
    rf"(?:^|[._ -])(?:(?:{'|'.join(_SERVICES)})s?|{'|'.join(_ADJECTIVES)})$"
    rf"|(?-i:[a-z](?:{'|'.join(word.capitalize() for word in _ADJECTIVES)})$)",
    re.IGNORECASE,
)
"""Names under which `false` says that something is down; others are switches: `debug`, `maintenance`, `sealed`."""
SETTINGS = re.compile(
    r"^(features?|flags?|feature_?flags|toggles|config|configuration|settings|options|capabilities)$", re.IGNORECASE
)
"""Names of settings: `false` in them switches something off."""
PAST = re.compile(r"^(last|previous|recent)_?(error|failure|outage|incident)s?$|^(history|incidents)$", re.IGNORECASE)
"""Names of what was once, which does not say how anything is now."""
FAILURES = frozenset({"failures", "failed", "failing", "errors", "problems", "unhealthy", "down"})
"""What these hold has failed, when they hold anything but numbers."""


def is_service(name: str) -> bool:
    """Whether a name is that of something that can be down."""
    return _COMPONENT.search(name) is not None


def is_down(name: str, value: str | bool, *, switches: bool = False) -> bool:  # noqa: FBT001  a value of JSON
    """Whether a mere word or truth under a name says that something is not well; `false` among switches does not."""
    if isinstance(value, bool):
        return not value and not switches and is_service(name)
    return value.strip().casefold() in BAD | DEGRADED and not _SETTING.search(name)
