"""Looks up packages in an online service, by running pip-audit and reading its answer strictly."""

import json
import re
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from readiness.check import Context
from readiness.outcome import CheckError, Finding
from readiness.processes import Completed
from readiness_checks.dependencies.advisories import Vulnerability
from readiness_checks.dependencies.packages import Package

_HOST = re.compile(r"host='([^']+)', port=(\d+)")
_PARTIAL = re.compile(r"Unsupported OSV schema version|is missing 'affected'")
_OFFLINE = "open the network to it, or use `service: offline` with a local `database`"


def audit(
    context: Context, packages: list[Package], service: str, osv_url: str
) -> tuple[dict[tuple[str, Version], list[Vulnerability]], list[Finding]]:
    """Ask about exact versions.

    Returns:
        The vulnerabilities of every package that was answered for, and a finding for each that was skipped.

    Raises:
        CheckError: pip-audit is not installed, crashed, was cut off, or its answer is not about these packages.
    """
    if find_spec("pip_audit") is None:
        raise CheckError("pip-audit is not installed", "install `readiness[dependencies]`, or use `service: offline`")
    answers: dict[tuple[str, Version], list[Vulnerability]] = {}
    skipped: list[Finding] = []
    for batch in _batches(packages):
        expected = {package.name: package for package in batch}
        for entry in _run(context, batch, service, osv_url):
            package = expected.pop(canonicalize_name(str(entry.get("name"))), None)
            if package is None:
                raise CheckError("pip-audit answered about a package that it was not asked about", "report this")
            if "skip_reason" in entry:
                skipped.append(_skipped(package, str(entry["skip_reason"])))
            else:
                answers[package.name, package.version] = _vulnerabilities(entry, package)
        skipped.extend(_skipped(package, "no answer") for package in expected.values())
    return answers, skipped


def _batches(packages: list[Package]) -> Iterator[list[Package]]:
    """Split so that no batch has a package twice, which pip-audit refuses."""
    rest = packages
    while rest:
        batch: dict[str, Package] = {}
        later = []
        for package in rest:
            if package.name in batch:
                later.append(package)
            else:
                batch[package.name] = package
        yield list(batch.values())
        rest = later


def _run(context: Context, batch: list[Package], service: str, osv_url: str) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="readiness-") as scratch:
        folder = Path(scratch)
        (folder / "requirements.txt").write_text("".join(f"{p.name}=={p.version}\n" for p in batch), encoding="ascii")
        answer = folder / "answer.json"
        # Every option is given, so that no PIP_AUDIT_* variable decides; an empty cache, so that no old answer counts.
        done = context.run(
            [
                sys.executable, "-P", "-m", "pip_audit", "--requirement", "requirements.txt", "--no-deps",
                "--disable-pip", "--format", "json", "--output", str(answer), "--desc", "off", "--aliases", "on",
                "--progress-spinner", "off", "--cache-dir", str(folder / "cache"), "--vulnerability-service", service,
                "--osv-url", osv_url,
            ],
            cwd=folder,
            reads=True,
        )  # fmt: skip
        return _read(done, answer)


def _read(done: Completed, answer: Path) -> list[dict[str, Any]]:
    said = done.stderr.decode(errors="replace")
    if done.timed_out:
        raise CheckError(f"pip-audit did not finish within {done.duration:.0f} s", f"raise `timeout`, or {_OFFLINE}")
    try:
        document = json.loads(answer.read_bytes())
        entries = document["dependencies"]
        found = sum(len(entry.get("vulns", ())) for entry in entries)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        raise _failed(done, said) from None
    if done.exit_code != (1 if found else 0):
        raise _failed(done, said)
    if _PARTIAL.search(said):
        raise CheckError("pip-audit left out advisories that it could not read", _OFFLINE)
    return list(entries)


def _failed(done: Completed, said: str) -> CheckError:
    last = "".join(line.strip()[:200] for line in said.strip().splitlines()[-1:]) or "it said nothing"
    host = _HOST.search(said)
    if host:
        return CheckError(f"pip-audit could not reach {host[1]}:{host[2]}", _OFFLINE)
    return CheckError(f"pip-audit gave no answer (exit code {done.exit_code}): {last}", _OFFLINE)


def _skipped(package: Package, why: str) -> Finding:
    return Finding(
        message=f"{package.name} {package.version} was not audited: {why[:200]}",
        rule="skipped",
        path=package.path,
        line=package.line,
        remedy="correct the name or the version, or judge it by another service",
    )


def _vulnerabilities(entry: dict[str, Any], package: Package) -> list[Vulnerability]:
    try:
        if Version(entry["version"]) != package.version:
            raise CheckError(f"pip-audit answered about another version of {package.name}", "report this")
        return [
            Vulnerability(
                id=str(found["id"]),
                aliases=tuple(sorted(map(str, found.get("aliases", ())))),
                summary="",
                severity="",
                fixed=tuple(fix for fix in sorted(map(Version, found["fix_versions"])) if fix > package.version),
            )
            for found in entry["vulns"]
        ]
    except (LookupError, TypeError, InvalidVersion) as error:
        raise CheckError(f"pip-audit's answer about {package.name} cannot be read: {error}", _OFFLINE) from error
