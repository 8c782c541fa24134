"""Recognises values that are right on a developer's machine, and wrong in production."""

import ipaddress
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

_NOT_PRODUCTION = (
    "dev|devel|develop|development|local|test|tests|testing|ci|qa|e2e|uat|preview|review|sandbox|stage|staging"
)
_OTHERWISE = re.compile(rf"(^|[._-])({_NOT_PRODUCTION})($|[._-])", re.IGNORECASE)
"""Parts of names of files and environments that are not those of production."""
_PRODUCTION = re.compile(r"(^|[._-])(prod|production|live)($|[._-])", re.IGNORECASE)
_TRUE = frozenset({"1", "true", "t", "yes", "y", "on"})
_DEBUG = re.compile(r"(^|_)(DEBUG|DEBUG_MODE)$", re.IGNORECASE)
_ENVIRONMENT = re.compile(r"(^|_)(ENV|ENVIRONMENT|PROFILES_ACTIVE|DEPLOY_STAGE)$|^PAYPAL_MODE$", re.IGNORECASE)
_SETTINGS_MODULE = re.compile(r"\.(local|dev|develop|development|test|testing)$")
_ORIGINS = re.compile(r"CORS|ALLOW(ED)?_ORIGIN", re.IGNORECASE)
_NO_ORIGINS = re.compile(r"HEADERS|METHODS|EXPOSE|CREDENTIALS|MAX_AGE", re.IGNORECASE)
_ALL_ORIGINS = re.compile(r"ALLOW_ALL(_ORIGINS)?$", re.IGNORECASE)

_ADDRESSED = re.compile(
    r"(^|_)(URL|URI|DSN|HOST|HOSTS|HOSTNAME|SERVER|SERVERS|ADDR|ADDRESS|ENDPOINT|ORIGIN|ORIGINS|DOMAIN|BROKER|BROKERS)$",
    re.IGNORECASE,
)
"""Names whose value is an address, also without a scheme."""
_LISTENS = re.compile(
    r"^((APP|SERVER|HTTP|WEB|API|GRPC|UVICORN|GUNICORN|FLASK_RUN|SOCKET|ROCKET|NITRO|NUXT)_)?"
    r"(HOST|HOSTNAME|ADDR|ADDRESS)$|(^|_)HTTP_ADDR$",
    re.IGNORECASE,
)
"""Names of addresses on which the application itself listens."""
_LISTENS_ANYHOW = re.compile(r"^(?!.*ADVERTISED)(.*_)?(BIND|LISTEN|LISTENERS?|INTERFACE)(_|$)", re.IGNORECASE)
"""Names that say so also of an address with a scheme."""
_SOCKET = re.compile(r"[?&](host|socket|unix_sock(et)?)=(/|%2f)", re.IGNORECASE)
"""The database is reached at a file: clients do not look at the host before it (libpq, Prisma, Cloud SQL)."""
_BESIDE = re.compile(
    r"(^|_)(HEALTH\w*|PROBE|NO_PROXY|TRUSTED\w*|ALLOWED_HOSTS|AGENT|SIDECAR|COLLECTOR|EXPORTER|OTEL|OTLP|DD|DATADOG"
    r"|STATSD|METRICS|JAEGER|ZIPKIN|XRAY|DAEMON|FLUENTD|FLUENTBIT|SYSLOG|LOGSTASH|PROXY|PROXIES)(_|$)|^ASPNETCORE_URLS$"
    r"|^NEXTAUTH_URL_INTERNAL$",
    re.IGNORECASE,
)
"""Names of addresses that are on the same machine in production, too: agents, proxies, probes."""
_SEPARATED = re.compile(r"""[\s,;"']+""")
_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)+//(?:[^/?#]*@)?", re.IGNORECASE)
_KEYWORD = re.compile(r"^(?:host|hostaddr|server|data source|source|address)=(?:tcp:)?", re.IGNORECASE)
_LOCAL_NAMES = re.compile(
    r"(^|\.)localhost$|^localhost\.localdomain$|\.test$|^host\.docker\.internal$|^\(localdb\)|(^|\.)lvh\.me$"
    r"|\.(ngrok\.io|ngrok\.app|ngrok-free\.app|ngrok\.dev|loca\.lt)$|^(mailhog|mailpit|mailcatcher|maildev)$"
    r"|\.mailtrap\.io$",
    re.IGNORECASE,
)
"""This machine and the top level for tests (RFC 6761), tunnels to a developer's machine, servers that catch mail."""
_TEST_KEYS: tuple[tuple[str, re.Pattern[str]], ...] = (
    # Stripe, "API keys"; Clerk and Paystack spell theirs the same way
    ("it is a key for tests (`…_test_…`)", re.compile(r"^(?:sk|pk|rk)_test_[A-Za-z0-9]{8,}")),
    # Razorpay, "API Keys"; Checkout.com, "API keys"; Square, "Sandbox"; Flutterwave, "API Keys"; Mollie, "Test mode"
    ("it is a key for tests", re.compile(r"^(?:rzp_test_|(?:sk|pk)_sbox_|sandbox-sq0|FLW(?:SEC|PUB)K_TEST-)\w{6,}")),
    ("it is a key for tests", re.compile(r"^test_[A-Za-z0-9]{30,}$")),
    # reCAPTCHA FAQ; hCaptcha, "Integration testing"; Cloudflare Turnstile, "Testing"
    ("it is a key that lets everybody through, for tests", re.compile(r"^6LeIxAcTAAAAA[JG]")),
    (
        "it is a key that lets everybody through, for tests",
        re.compile(r"^(?:[1-3]0000000-ffff-ffff-ffff-00000000000[1-3]|0x0{40}|[123]x0{20,}[A-F]{2})$"),
    ),
)

VALUES = (
    r"localhost|(?<![0-9.])127\.\d|::|0\.0\.0\.0|\.test(?![\w.-])|host\.docker|lvh\.me|\.ngrok|\.loca\.lt|\(localdb\)",
    r"(^|[/@,;=\s])(mailhog|mailpit|mailcatcher|maildev)(?![\w.-])|mailtrap\.io",
    r"^(1|true|t|yes|y|on)$",
    rf"(^|[.,\s])({_NOT_PRODUCTION})($|[,\s])",
    r"(^|[\s,;\"'])\*($|[\s,;\"'])",
    *(pattern.pattern for _, pattern in _TEST_KEYS),
)
"""Regular expressions, in any case, that find every value which is refused in production under some name."""


def is_production(path: str, environment: str) -> bool:
    """Whether the values of a file are those of production, as its name, its folders and the chosen environment say.

    Args:
        path: The file; empty for the process.
        environment: The environment that is judged; empty when none was chosen.
    """
    name, *folders = reversed(PurePosixPath(path).parts or ("",))
    if _PRODUCTION.search(name):
        return True
    if _OTHERWISE.search(name):
        return False
    for folder in folders:
        if _PRODUCTION.fullmatch(folder):
            return True
        if _OTHERWISE.fullmatch(folder):
            return False
    if _OTHERWISE.search(environment):
        return False
    return bool(name) or _PRODUCTION.search(environment) is not None


def of_development(name: str, value: str) -> Iterator[tuple[str, str, str]]:
    """Say why a value belongs to a developer's machine; yields rule, message and remedy, none of which holds it."""
    text = value.strip()
    if _DEBUG.search(name) and text.lower() in _TRUE:
        yield "debug", f"{name} switches debugging on", f"set {name} to false"
    if _says_another(name, text):
        yield "development", f"{name} names an environment that is not production", f"set {name} to that of production"
    if _any_origin(name, text):
        yield "any-origin", f"{name} lets pages of every site in (`*`)", f"name the sites in {name}"
    reason = next((reason for reason, pattern in _TEST_KEYS if pattern.search(text)), "")
    if reason:
        yield "test-key", f"{name} is no key of production: {reason}", f"set {name} to the key of production"
    if _local(name, text):
        message = f"{name} leads to a developer's machine, not to a server"
        yield "local-address", message, f"set {name} to the address in production"


def _says_another(name: str, text: str) -> bool:
    if name.upper() == "DJANGO_SETTINGS_MODULE":
        return _SETTINGS_MODULE.search(text) is not None
    return _ENVIRONMENT.search(name) is not None and any(
        _OTHERWISE.fullmatch(one) is not None for one in re.split(r"[\s,]+", text)
    )


def _any_origin(name: str, text: str) -> bool:
    if not _ORIGINS.search(name) or _NO_ORIGINS.search(name):
        return False
    return "*" in _SEPARATED.split(text) or (_ALL_ORIGINS.search(name) is not None and text.lower() in _TRUE)


def _local(name: str, text: str) -> bool:
    """Whether a value leads to this machine, where the name does not say that it should."""
    if _BESIDE.search(name) or _LISTENS_ANYHOW.search(name):
        return False
    bare = _ADDRESSED.search(name) is not None and _LISTENS.search(name) is None
    for part in _SEPARATED.split(text):
        start = _SCHEME.match(part) or _KEYWORD.match(part)
        if start or bare:
            host = _host(part[start.end() :] if start else part)
            if _SOCKET.search(part):
                continue
            if _LOCAL_NAMES.search(host) or _is_loopback(host, unspecified=start is not None):
                return True
    return False


def _host(address: str) -> str:
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return re.split(r"[:/?#]", address, maxsplit=1)[0]


def _is_loopback(host: str, *, unspecified: bool) -> bool:
    """Whether a host is an address of this machine; `0.0.0.0` is one only where something is to be reached there."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or (unspecified and address.is_unspecified)
