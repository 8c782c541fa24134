"""Finds the release that a project says it is, in the file of its language."""

import re
from collections.abc import Iterator
from typing import Any

from readiness.init.tree import Tree

_VERSION = re.compile(r"v?[0-9]+(\.[0-9A-Za-z]+)*([-+][0-9A-Za-z.+-]+)?")
_MOST = 100
_TEXTS = (
    (r"^pom\.xml$", r"<project\b(?:(?!<(?:parent|dependencies|build)\b)[\s\S])*?<version>\s*([^<\s]+)\s*</version>"),
    (r"^pom\.xml$", r"</parent>(?:(?!<(?:dependencies|build)\b)[\s\S])*?<version>\s*([^<\s]+)\s*</version>"),
    (r"^build\.gradle(\.kts)?$", r"(?m)^\s*version\s*=?\s*[\"']([^\"'$]+)[\"']"),
    (r"^gradle\.properties$", r"(?m)^\s*version\s*[=:]\s*(\S+)"),
    (r"^(setup\.cfg)$", r"(?m)^\s*version\s*=\s*([0-9][^\s#;]*)"),
    (r"^setup\.py$", r"\bversion\s*=\s*[\"']([^\"']+)[\"']"),
    (r"^mix\.exs$", r"\bversion:\s*\"([^\"]+)\""),
    (r"^[^/]+\.gemspec$", r"\.version\s*=\s*[\"']([^\"']+)[\"']"),
    (r"^([^/]+\.csproj|Directory\.Build\.props)$", r"<Version(?:Prefix)?>\s*([^<\s$]+)\s*<"),
    (r"^pubspec\.yaml$", r"(?m)^version:\s*[\"']?([^\s\"'#]+)"),
    (r"^Chart\.yaml$", r"(?m)^(?:appVersion|version):\s*[\"']?([^\s\"'#]+)"),
    (r"^CMakeLists\.txt$", r"(?is)\bproject\s*\([^)]*\bVERSION\s+([0-9.]+)"),
    (r"^(VERSION|version\.txt)$", r"\A\s*(\S+)\s*\Z"),
)
"""Files, and where each says its version; the first group that is given is the version."""


def find_release(tree: Tree) -> str:
    """The version of the project at the root; empty where none of its files says one."""
    return next(filter(_is_version, _versions(tree)), "")


def _versions(tree: Tree) -> Iterator[str]:
    pyproject, cargo = tree.toml("pyproject.toml"), tree.toml("Cargo.toml")
    yield _at(pyproject, "project", "version")
    yield _at(pyproject, "tool", "poetry", "version")
    yield _at(cargo, "package", "version")
    yield _at(cargo, "workspace", "package", "version")
    for name in ("package.json", "composer.json", "deno.json"):
        yield _at(tree.json(name), "version")
    for pattern, version in _TEXTS:
        for name in tree.named(pattern):
            match = re.search(version, tree.text(name))
            yield match[1] if match is not None else ""


def _is_version(text: str) -> bool:
    return len(text) <= _MOST and _VERSION.fullmatch(text) is not None


def _at(document: dict[str, Any], *keys: str) -> str:
    node: Any = document
    for key in keys:
        node = node.get(key) if isinstance(node, dict) else None
    return node if isinstance(node, str) else ""
