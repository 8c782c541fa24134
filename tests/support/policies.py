"""A checklist that uses every part of the format, and policies made of it."""

from collections.abc import Mapping
from copy import deepcopy
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from readiness.loading.as_written import Resolved, read_resolved
from readiness.plugins import BUILT_IN, Description, describe, installed, load_check
from readiness.policy.weakening import ComparedPolicy, compare
from readiness.report import PolicyChange

Written = dict[str, Any]


@cache
def built_in_checks() -> Mapping[str, Description]:
    """What the built-in checks say about themselves, as it comes from a worker."""
    plugins = (plugin for plugin in installed("readiness.checks").values() if plugin.distribution == BUILT_IN)
    sent = {plugin.name: describe(load_check(plugin)).model_dump_json() for plugin in plugins}
    return {name: Description.model_validate_json(text) for name, text in sent.items()}


def full() -> Written:
    """A checklist as YAML has it."""
    return deepcopy(_FULL)


def items(written: Written) -> dict[str, Written]:
    """Its items by id."""
    return {item["id"]: item for section in written["sections"] for item in section["items"]}


def resolved(written: Written) -> Resolved:
    """Read it, as the program does."""
    return _read(yaml.dump(written, Dumper=yaml.CSafeDumper, sort_keys=False))


@lru_cache(maxsize=64)
def _read(text: str) -> Resolved:
    return read_resolved(Path("readiness.yaml"), content=text.encode())


def changes(before: Written, after: Written) -> tuple[PolicyChange, ...]:
    """What changes from one to the other."""
    return compare(ComparedPolicy(resolved(before)), ComparedPolicy(resolved(after)), built_in_checks())


def kinds(found: tuple[PolicyChange, ...]) -> set[str]:
    return {change.kind for change in found}


_FULL: Written = {
    "version": 1,
    "project": "deedpro",
    "release": "3.0.0",
    "environments": {
        "staging": {"minimum": 80, "url": "https://staging.example.com", "unused": "a"},
        "production": {"minimum": 95, "url": "https://app.example.com", "unused": "b"},
    },
    "roles": {
        "legal": ["counsel@example.com", "deputy@example.com"],
        "security": ["security@example.com"],
        "release": ["release@example.com"],
    },
    "people": {"counsel@example.com": ["counsel@home.example.com"]},
    "policy": {
        "owners": "security",
        "ahead": "5m",
        "behind": "7d",
        "waivers": {"longest": {"blocker": "14d", "warning": "30d"}, "by": {"release": ["cov*"], "security": ["tls"]}},
    },
    "services": {"app": {"run": "serve", "ready": "${url}/health", "cwd": ".", "env": {"PORT": "80"}, "timeout": 20}},
    "sections": [
        {
            "title": "Quality",
            "items": [
                {
                    "id": "coverage",
                    "title": "Tests cover the code",
                    "check": "coverage",
                    "severity": "warning",
                    "phase": "pre-deploy",
                    "owner": "qa",
                    "controls": ["SOC2:CC8.1", "ISO:A.8.32"],
                    "timeout": 60,
                    "with": {
                        "sources": [
                            {"path": "unit.xml", "metric": "lines", "minimum": "${minimum}", "files": ["src/**"]},
                            {"path": "web.json", "metric": "branches", "minimum": 70},
                        ],
                        "max_age": "2d",
                    },
                },
                {
                    "id": "tests",
                    "title": "Tests pass",
                    "check": "junit",
                    "needs": ["coverage"],
                    "with": {
                        "paths": ["junit.xml"],
                        "minimum_tests": 10,
                        "max_skipped": 3,
                        "require": ["smoke", "e2e"],
                    },
                },
                {"id": "lint", "title": "Lint", "check": "command", "with": {"run": "lint", "expect_exit": [0, 3]}},
            ],
        },
        {
            "title": "Security",
            "items": [
                {
                    "id": "tls",
                    "title": "Certificates",
                    "check": "tls",
                    "phase": "post-deploy",
                    "with": {"hosts": ["${url}"], "min_days": 14, "min_version": "1.3", "ca_file": "ca.pem"},
                },
                {
                    "id": "bandit",
                    "title": "No insecure code",
                    "check": "bandit",
                    "with": {"paths": ["src"], "exclude": ["tests"], "min_severity": "medium", "nosec": False},
                },
                {
                    "id": "secrets",
                    "title": "No secrets",
                    "check": "secrets",
                    "with": {"history": True, "allow": [{"path": "docs/**", "reason": "examples"}]},
                },
                {
                    "id": "packages",
                    "title": "No known vulnerability",
                    "check": "dependencies",
                    "with": {
                        "requirements": ["requirements.txt"],
                        "ignore": [{"id": "CVE-2026-1", "reason": "unused", "until": "2026-12-01"}],
                    },
                },
                {
                    "id": "variables",
                    "title": "Variables are set",
                    "check": "env",
                    "with": {
                        "required": {
                            "TOKEN": {"secret": True, "min_length": 20},
                            "PORT": "port",
                            "MODE": {"one_of": ["a", "b"]},
                        }
                    },
                },
                {
                    "id": "headers",
                    "title": "Headers",
                    "check": "headers",
                    "with": {"urls": ["${url}/"], "require": {"X-One": "1", "X-Two": None}, "baseline": "recommended"},
                },
            ],
        },
        {
            "title": "People",
            "items": [
                {
                    "id": "templates",
                    "title": "Templates reviewed",
                    "check": "signoff",
                    "with": {
                        "role": "legal",
                        "quorum": 2,
                        "covers": ["templates/**", "terms.md"],
                        "valid_for": "180d",
                        "each": ["buyer", "seller"],
                        "not_by": "authors",
                    },
                },
                {
                    "id": "policy-page",
                    "title": "Privacy policy",
                    "check": "document",
                    "with": {"paths": ["privacy.md"], "sections": ["Contact", "Cookies"], "changed_since": "180d"},
                },
                {
                    "id": "api",
                    "title": "API answers",
                    "check": "http",
                    "severity": "info",
                    "with": {
                        "url": "${url}/api",
                        "expect": {
                            "status": [200, 204],
                            "max_ms": 800,
                            "headers": {"x-limit": ">= 100"},
                            "json": {"ok": True},
                        },
                    },
                },
                {
                    "id": "health",
                    "title": "Healthy",
                    "check": "health",
                    "with": {
                        "url": "${url}/health",
                        "components": ["db", "queue"],
                        "accept": ["warm"],
                        "max_age": "2m",
                    },
                },
            ],
        },
    ],
}
