"""Says of a step or job of a pipeline under which conditions it runs, and whether its failure is ignored."""

import json
import re

from readiness.evidence.configuration.yaml import YamlMap

_IGNORING = (
    "continue-on-error",
    "continueOnError",
    "allow_failure",
    "ignore_error",
    "ignore_failure",
    "soft_fail",
    "allowFailure",
    "allow_failures",
    "allow-failure",
    "ignoreFailure",
)
_ASKED = re.compile(r"(?:\$\{\{)?\s*!?(?:matrix|inputs)\.[\w.-]+\s*(?:\|\|\s*false\s*)?(?:\}\})?")
"""An entry of the matrix that says of itself whether it may fail."""


def is_ignoring(node: YamlMap) -> bool:
    """Whether a failure of it is ignored, always or in cases that are written out."""
    if any(str(node.get(key, "")).lower() in {"ignore", "continue"} for key in ("failure", "on-failure", "onError")):
        return True
    for key in _IGNORING:
        value = node.get(key)
        if value is True or (isinstance(value, dict | list) and value):
            return True
        if isinstance(value, str) and value.strip().lower() != "false" and not _ASKED.fullmatch(value.strip()):
            return True
    return False


def is_lenient(node: YamlMap) -> bool:
    """Whether its shell goes on after a command that failed."""
    defaults = node.get("defaults")
    run = defaults.get("run") if isinstance(defaults, dict) else None
    shells = (node.get("shell"), run.get("shell") if isinstance(run, dict) else None)
    return any(isinstance(one, str) and re.match(r"(?:ba)?sh\b(?!.*\s-\w*e).*\{0\}", one) for one in shells)


def _is_never(rule: object) -> bool:
    """Whether a rule of GitLab says when a job does not run."""
    return isinstance(rule, dict) and rule.get("when") == "never"


def conditions_of(node: YamlMap) -> frozenset[str]:
    """The conditions under which it runs, each as a text."""
    found = set()
    for key in ("if", "condition", "when", "rules", "only", "except"):
        value = node.get(key)
        if value is None or (isinstance(value, dict) and {"steps", "condition"} & value.keys()):
            continue
        excluded = [one for one in value if _is_never(one)] if isinstance(value, list) else []
        if excluded and len(excluded) < len(value):
            found.add(f"unless {json.dumps(excluded, default=str, sort_keys=True)[:300]}")
            value = [one for one in value if one not in excluded]
        text = value if isinstance(value, str) else json.dumps(value, default=str, sort_keys=True)
        found.add(f"{f'{key} ' if key in {'only', 'except'} else ''}{' '.join(text.split())[:300]}")
        rules = value if isinstance(value, list) else []
        if rules and all(isinstance(one, dict) and one.get("when") in {"never", "manual"} for one in rules):
            found.add("never")
    if node.get("skip") is True or node.get("enabled") is False:
        found.add("never")
    filters = node.get("filters")
    if isinstance(filters, dict) and "branches" in filters:
        found.add(json.dumps(filters["branches"], default=str, sort_keys=True)[:300])
    return frozenset(found)
