"""Finds the path under which a service answers its health, where a file that deploys it says so."""

import re
from collections.abc import Iterable, Iterator

from readiness.evidence.yaml import YamlProblem, load_yaml
from readiness.init.python_projects import ASIDE
from readiness.init.tree import Tree

_PATH = r"/[\w.~%/-]*(?:\?[\w=&.-]+)?"
_URL = re.compile(
    rf"https?://(?:[\w.$[{{}}:-]+?|\[::1?\])(?::(?:\d+|\$\{{?\w+(?::-\d+)?\}}?))?({_PATH})(?=[\s\"'`,|;)\]]|$)"
)
"""A URL in a command such as `curl -f http://localhost:8000/health || exit 1`."""
_LINE = r"(?:[ \t][^\n]*\n)"
_FIELDS = (
    (r"(^|/)(render\.ya?ml|railway\.(json|toml))$", rf"health[cC]heckPath[\"']?\s*[:=]\s*[\"']?({_PATH})"),
    (r"(^|/)fly(\.[\w-]+)?\.toml$", rf"(?m)^\s*path\s*=\s*[\"']({_PATH})[\"']"),
    *(
        (r"(^|/)app\.ya?ml$", rf"{kind}_check:[ \t]*\n{_LINE}{{0,8}}?[ \t]+path:[ \t]*[\"']?({_PATH})")
        for kind in ("readiness", "liveness")
    ),
    *(
        (
            r"\.ya?ml$",
            (
                rf"{kind}Probe:[ \t]*\n{_LINE}{{0,4}}?[ \t]+httpGet:[ \t]*\n"
                rf"{_LINE}{{0,4}}?[ \t]+path:[ \t]*[\"']?({_PATH})"
            ),
        )
        for kind in ("readiness", "liveness", "startup")
    ),
    (r"\.ya?ml$", rf"(?:healthcheck|health_check|alb)\.?(?:path|-path)[\"']?\s*:\s*[\"']?({_PATH})"),
)
"""Files, and the field of each that names the path; whether it can serve comes before whether it lives."""
_LIVENESS = re.compile(r"(?i)live|alive|startup|ping")
_COMPOSE = r"(^|/)(docker-)?compose[\w.-]*\.ya?ml$"
_DOCKERFILE = r"(^|/)(Dockerfile|Containerfile)(\.[\w.-]+)?$|\.[dD]ockerfile$"
_PROCFILE = r"(^|/)Procfile(\.[\w.-]+)?$"


def health_path(tree: Tree) -> str:
    """The path, as the service that the repository builds answers it; empty where no file says one."""
    return next(_paths(tree), "")


def _paths(tree: Tree) -> Iterator[str]:
    for names, field in _FIELDS:
        for name in _shipped(tree, names):
            yield from _readiness_first(match[1] for match in re.finditer(field, tree.text(name)) if match[1] != "/")
    for name in _shipped(tree, _COMPOSE):
        yield from _of_compose(tree.text(name))
    for name in _shipped(tree, _DOCKERFILE):
        text = re.sub(r"\\\s*\n", " ", tree.text(name))
        for line in re.findall(r"(?mi)^[ \t]*HEALTHCHECK\b(.*)$", text):
            yield from _of_command(line)
    for name in _shipped(tree, _PROCFILE):
        yield from _of_command(tree.text(name))


def _readiness_first(paths: Iterable[str]) -> list[str]:
    """Those that only say that the process lives at the end: `/readyz` before `/livez`."""
    return sorted(paths, key=lambda path: _LIVENESS.search(path) is not None)


def _shipped(tree: Tree, names: str) -> list[str]:
    """Those nearest to the root first; no examples."""
    found = [name for name in tree.named(names) if not ASIDE.search(name)]
    return sorted(found, key=lambda name: (name.count("/"), name))


def _of_compose(text: str) -> Iterator[str]:
    """The health check of a service that is built here; after these, of any other."""
    try:
        document = load_yaml(text)
    except YamlProblem:
        return
    services = document.get("services") if isinstance(document, dict) else None
    described = [one for one in services.values() if isinstance(one, dict)] if isinstance(services, dict) else []
    for service in sorted(described, key=lambda one: "build" not in one):
        check = service.get("healthcheck")
        test = check.get("test") if isinstance(check, dict) else None
        yield from _of_command(" ".join(map(str, test)) if isinstance(test, list) else str(test or ""))


def _of_command(text: str) -> Iterator[str]:
    yield from _readiness_first(match[1] for match in _URL.finditer(text) if match[1] != "/")
