"""Finds files of environment variables, and proposes a rule for each variable that is known by its name."""

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import PurePosixPath
from typing import Any

from readiness.init.python_projects import ASIDE
from readiness.init.tree import Tree
from readiness.outcome import Value
from readiness.redaction import looks_secret

_FILE = r"(^|/)\.env(\.[A-Za-z0-9_.-]+)?$"
_EXAMPLE = re.compile(
    r"\.(?:[\w-]+(?:\.[\w-]+)*[._-])?(examples?|samples?|templates?|tpl|dist|defaults?)([._-][\w.-]+)?$", re.IGNORECASE
)
_ELSEWHERE = re.compile(r"\.(test|tests|testing|ci|dev|development)(\.|$)")
"""Values that never reach production."""
_ASIDE = re.compile(r"(^|/)(e2e|playwright|cypress|__tests__|specs?|integration|\.?ci)/", re.IGNORECASE)
"""Folders of what only tests read."""
_BEFORE = re.compile(r"\.(local|stage|staging|qa|e2e|uat|preview|review|sandbox)(\.|$)", re.IGNORECASE)
"""Values of machines that people use before production: what is right there is not asked of them."""
_DEBUG = re.compile(r"(^|_)DEBUG$")
_ENVIRONMENT = re.compile(
    r"^(NODE|APP|RAILS|RACK|FLASK|DJANGO|SENTRY|DEPLOY|VITE|NEXT_PUBLIC)_ENV(IRONMENT)?$|^ENVIRONMENT$"
)
_SECRET = frozenset({"APP_KEY"})
"""Secrets whose names do not say it: Laravel encrypts with this one."""
_FALSE = ("false", "0", "no", "off")
_PRODUCTION = ("production", "prod", "live")
_HERE = re.compile(r"^http://(localhost|127\.\d+\.\d+\.\d+|\[::1\])(?=[:/]|$)", re.IGNORECASE)
_BESIDE = re.compile(r"(^|_)(HEALTH\w*|OTEL|OTLP|AGENT|PROXY|METRICS)(_|$)")


class EnvFile(Value):
    """A file of environment variables."""

    path: str
    names: tuple[str, ...]
    tracked: bool
    template: bool
    """Whether its name says that it is an example."""
    rules: dict[str, dict[str, Any]] = {}
    """By variable: the rule of the check `env`; empty where any real value will do."""


def env_files(tree: Tree, tracked: frozenset[str]) -> Iterator[EnvFile]:
    """Read .env files that name variables; those for tests, examples and development are left out."""
    from dotenv.parser import parse_stream

    for path in tree.named(_FILE):
        if ASIDE.search(path) or _ASIDE.search(path):
            continue
        read = {b.key: b.value or "" for b in parse_stream(StringIO(tree.text(path))) if b.key and not b.error}
        values = {name: value for name, value in read.items() if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name)}
        name = PurePosixPath(path).name
        template = _EXAMPLE.search(name) is not None
        if values and (template or not _ELSEWHERE.search(name)):
            before = not template and _BEFORE.search(name) is not None
            rules = {
                variable: {"secret": True}
                if looks_secret(variable) or variable in _SECRET
                else {}
                if before
                else rule(variable, value)
                for variable, value in values.items()
            }
            yield EnvFile(path=path, names=tuple(values), tracked=path in tracked, template=template, rules=rules)


def rule(name: str, value: str = "") -> dict[str, Any]:
    """The rule that a variable should have in production.

    Args:
        name: Of the variable.
        value: What a file sets it to; it chooses among spellings, and does not excuse one of a developer's machine.
    """
    known = value.strip().lower()
    if looks_secret(name) or name in _SECRET:
        return {"secret": True}
    if _DEBUG.search(name):
        return {"one_of": [value.strip() if known in _FALSE else "false"]}
    if _ENVIRONMENT.search(name):
        return {"one_of": [value.strip() if known in _PRODUCTION else "production"]}
    if known.startswith("https://") or (_HERE.search(known) and not _BESIDE.search(name)):
        return {"format": "https_url"}
    return {"format": "url"} if known.startswith("http://") and name.endswith(("_URL", "_URI")) else {}
