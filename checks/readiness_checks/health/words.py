"""The words by which services say how they are."""

import re

GOOD = frozenset(
    {"healthy", "ok", "okay", "up", "pass", "passed", "passing", "green", "alive", "available", "ready"}
    | {"connected", "running", "online", "operational", "serving", "reachable", "working", "live"}
    | {"success", "successful", "succeeded"}
)
DEGRADED = frozenset({"degraded", "warn", "warning", "yellow", "partial", "amber", "partially available"})
BAD = frozenset(
    {"unhealthy", "down", "fail", "failed", "failing", "failure", "error", "red", "critical", "dead", "unavailable"}
    | {"out_of_service", "offline", "stopped", "outage"}
    | {"disconnected", "unreachable", "timeout", "not_serving", "not ready", "not_ready", "not connected", "crashed"}
    | {"service unavailable", "unknown error", "unexpected result", "sealed", "circuit_open"}
    | {"problem", "ko", "nok", "not ok", "not_ok", "broken", "not healthy", "not available", "not working"}
)
NOT_YET = frozenset(
    {"starting", "initializing", "initialising", "pending", "draining", "stopping", "shutting_down", "shutting down"}
    | {"maintenance", "maintenance_mode"}
)
"""As a status they say that something is not up; elsewhere they may tell of anything."""
HEALTHY = frozenset({"healthy", "ok", "okay", "up", "pass", "passed", "passing", "green", "alive", "ready", "working"})
"""Good words that are said of health alone; others are said of orders, jobs and people, too."""
KNOWN = GOOD | DEGRADED | BAD | NOT_YET
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
TRUTHS = ("ok", "okay", "up", "alive", "live", "healthy", "ready")
"""Names under which a truth says of a whole that it is well."""
ADJECTIVES = (
    *("ok", "okay", "up", "alive", "live", "healthy", "health", "ready", "connected", "reachable", "available"),
    *("online", "running", "operational"),
)
_FAILURE = re.compile(
    r"^(?:error|failed|failure|exception|fatal)\b|\berror:|exception:|traceback"
    r"|\b(?:refused|timed? ?out|unreachable|unavailable|unable to|could ?n[o']t|cannot|can't|no such|denied)\b",
    re.IGNORECASE,
)
"""Words by which a sentence tells of a failure."""
_COMPONENT = re.compile(
    rf"(?:^|[._ -])(?:(?:{'|'.join(_SERVICES)})s?|{'|'.join(ADJECTIVES)})$"
    rf"|(?-i:[a-z](?:{'|'.join(word.capitalize() for word in ADJECTIVES)})$)",
    re.IGNORECASE,
)
"""Names under which `false` says that something is down; others are switches: `debug`, `maintenance`, `sealed`."""
SETTINGS = re.compile(
    r"^(features?|flags?|feature_?flags|toggles|config|configuration|settings|options|capabilities)$", re.IGNORECASE
)
"""Names of settings: `false` in them switches something off."""
PAST = re.compile(r"^(last|previous|recent)_?(error|failure|outage|incident)s?$|^(history|incidents)$", re.IGNORECASE)
"""Names of what was once, which does not say how anything is now."""
FAILURES = re.compile(r"^(failures|failed|failing|errors|problems|unhealthy|down)(_[a-z]+)?$", re.IGNORECASE)
"""What these hold has failed, when they hold anything but numbers."""


def is_service(name: str) -> bool:
    """Whether a name is that of something that can be down."""
    return _COMPONENT.search(name) is not None


def standing(word: str) -> str:
    """A status as a known word in small letters; an explanation may follow a bad one: `unavailable: no route`."""
    plain = word.strip().casefold()
    first = plain.partition(":")[0].strip()
    return first if plain not in KNOWN and first in KNOWN - GOOD else plain


def is_down(name: str, value: str | bool, *, switches: bool = False, alone: bool = False) -> bool:  # noqa: FBT001  a value of JSON
    """Whether a mere word or truth under a name says that something is not well; `false` among switches does not.

    Args:
        name: The name.
        value: What stands under it.
        switches: Whether it stands among settings.
        alone: Whether such words are all that the document says, so that a sentence about a failure counts everywhere.
    """
    if isinstance(value, bool):
        if name.casefold() == "sealed":
            return value and alone
        return not value and not switches and (is_service(name) or (alone and name.casefold() == "initialized"))
    if _SETTING.search(name):
        return False
    if standing(value) in BAD | DEGRADED:
        return True
    return (alone or is_service(name)) and _FAILURE.search(value) is not None


def is_up(name: str, value: str | bool) -> bool:  # noqa: FBT001  a value of JSON
    """Whether a mere word or truth under a name says that something is well: `{"dbConnected": true}`, no `online`."""
    if not isinstance(value, bool):
        return value.strip().casefold() in GOOD and not _SETTING.search(name)
    plain = name.casefold()
    if plain == "sealed":
        return not value
    words = {word.casefold() for word in re.findall("[A-Z]?[a-z0-9]+|[A-Z]+", name)}
    return value and (plain in {*TRUTHS, "initialized"} or not words.isdisjoint(_SERVICES))
