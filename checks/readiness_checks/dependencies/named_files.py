"""Tells by its name which lock file a file is, and reads it; names those of other languages and what judges them."""

import re
from collections.abc import Mapping
from pathlib import Path

from readiness.check import Context
from readiness.outcome import CheckError
from readiness_checks.dependencies import conda, lock_files, pipenv
from readiness_checks.dependencies.packages import Collection

_LIMIT = 64 * 2**20
_EXPLICIT = re.compile(r"conda-[a-z0-9-]+\.lock|[^/]*explicit[^/]*\.txt")
_YAML = re.compile(r"([^/]*-)?conda-lock\.ya?ml|pixi\.lock|environment[^/]*\.ya?ml")
_NPM = ("npm (JavaScript)", "`npm audit --audit-level=high`")
_YARN = ("yarn (JavaScript)", "`yarn npm audit --severity high`")
_SCANNER = "osv-scanner (`osv-scanner scan --lockfile`)"
_OTHERS: Mapping[str, tuple[str, str]] = {
    "package-lock.json": _NPM, "npm-shrinkwrap.json": _NPM, "package.json": _NPM, "yarn.lock": _YARN,
    "pnpm-lock.yaml": ("pnpm (JavaScript)", "`pnpm audit --audit-level high`"),
    "bun.lock": ("Bun (JavaScript)", "`bun audit`"), "bun.lockb": ("Bun (JavaScript)", "`bun audit`"),
    "deno.lock": ("Deno (JavaScript)", _SCANNER),
    "go.sum": ("Go", "`govulncheck ./...`"), "go.mod": ("Go", "`govulncheck ./...`"),
    "Cargo.lock": ("Cargo (Rust)", "`cargo audit`"), "Cargo.toml": ("Cargo (Rust)", "`cargo audit`"),
    "Gemfile.lock": ("Bundler (Ruby)", "`bundle-audit check --update`"),
    "gems.locked": ("Bundler (Ruby)", "`bundle-audit check --update`"),
    "composer.lock": ("Composer (PHP)", "`composer audit --locked`"),
    "packages.lock.json": ("NuGet (.NET)", "`dotnet list package --vulnerable --include-transitive`"),
    "paket.lock": ("Paket (.NET)", _SCANNER),
    "gradle.lockfile": ("Gradle (JVM)", "OWASP dependency-check or osv-scanner"),
    "buildscript-gradle.lockfile": ("Gradle (JVM)", "OWASP dependency-check or osv-scanner"),
    "pom.xml": ("Maven (JVM)", "OWASP dependency-check (`mvn dependency-check:check`)"),
    "mix.lock": ("Mix (Elixir)", "`mix deps.audit` or `mix hex.audit`"),
    "rebar.lock": ("rebar3 (Erlang)", _SCANNER),
    "pubspec.lock": ("pub (Dart)", _SCANNER),
    "Package.resolved": ("Swift", _SCANNER), "Podfile.lock": ("CocoaPods (Swift)", _SCANNER),
    "renv.lock": ("renv (R)", _SCANNER), "conan.lock": ("Conan (C++)", _SCANNER),
    "vcpkg.json": ("vcpkg (C++)", _SCANNER),
    "cabal.project.freeze": ("cabal (Haskell)", _SCANNER), "stack.yaml.lock": ("Stack (Haskell)", _SCANNER),
    "Manifest.toml": ("Julia", _SCANNER), "flake.lock": ("Nix", "vulnix"),
    ".terraform.lock.hcl": ("Terraform", "a scanner of infrastructure such as Trivy"),
}  # fmt: skip
"""Files of other languages: what they belong to, and what judges them."""


def read(context: Context, path: Path) -> Collection | None:
    """Read a lock file; None where the name is of none.

    Raises:
        CheckError: It cannot be read, or it is one of another language.
    """
    require_python(context, path)
    shown, name = context.name(path), path.name
    if lock_files.is_lock(name):
        return lock_files.read(shown, context.read(path, limit=_LIMIT), None)
    if name == "Pipfile.lock":
        beside = path.with_name("Pipfile")
        pipfile = (context.name(beside), context.read(beside)) if beside.is_file() else None
        return pipenv.read(shown, context.read(path, limit=_LIMIT), pipfile)
    if _EXPLICIT.fullmatch(name):
        return conda.read_explicit(shown, context.read(path, limit=_LIMIT))
    if _YAML.fullmatch(name):
        return conda.read_yaml(shown, context.read(path, limit=_LIMIT))
    return None


def require_python(context: Context, path: Path) -> None:
    """Refuse a file of another language, and say which it is.

    Raises:
        CheckError: It is one.
    """
    if path.name in _OTHERS:
        what, instead = _OTHERS[path.name]
        raise CheckError(
            f"{context.name(path)} is a file of {what}, and this check judges packages of Python",
            f"use {instead}, in an item with the check `command`",
        )
