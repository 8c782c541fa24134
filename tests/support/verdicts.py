"""Attested verdicts for tests: made from reports, signed with keys that openssl made."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from readiness.attestation import envelope as files
from readiness.attestation.compose import compose
from readiness.attestation.demand import Demand
from readiness.attestation.envelope import Envelope, sign
from readiness.attestation.keys import SigningKey, TrustedKey, load_signing_key, read_trusted_keys
from readiness.attestation.verification import Examination, examine
from readiness.report import PolicyFact, Report
from support.report_values import COMMIT, STARTED, digest, failed, passed, report, result, signed, waiver
from support.verdict_keys import private, public

DAY = timedelta(days=1)
ARTIFACTS = {"dist/deedpro.whl": digest("deedpro.whl")}


def go(**subject: Any) -> Report:
    """A run that may go to production."""
    return report(
        [
            result("coverage", "Tests cover the code", "coverage", "Quality", passed("95 %", 120, "files")),
            result("templates-reviewed", "Templates reviewed", "signoff", "Legal", signed("legal", ("a.html",))),
        ],
        **subject,
    )


def governed_go(ref: str = "origin/main") -> Report:
    """A run that a policy ref judged."""
    fact = PolicyFact(ref=ref, commit="c" * 40, merge_base="d" * 40, checklist_sha256=digest("theirs"))
    return go().model_copy(update={"policy": fact})


def conditional() -> Report:
    """A run that may, while a waiver holds."""
    return report(
        [
            result("coverage", "Tests cover the code", "coverage", "Quality", passed("95 %", 120, "files")),
            result(
                "tls",
                "Certificates last",
                "tls",
                "Network",
                failed("5 days are left", "renew it"),
                waiver=waiver("tls").model_copy(update={"used": True}),
            ),
        ]
    )


def key(name: str = "first") -> SigningKey:
    return load_signing_key(private(name=name))


def trusted(*names: str) -> tuple[TrustedKey, ...]:
    """Public keys, by name."""
    return tuple(one for name in names or ("first",) for one in read_trusted_keys(public(name=name).read_bytes(), name))


def envelope(run: Report | None = None, *, by: str = "first", folder: str = "") -> Envelope:
    said = compose(run or go(), report_sha256=digest("report"), artifacts=ARTIFACTS, folder=folder)
    return sign(said.encode(), key(by))


def altered(change: Callable[[dict[str, Any]], object], *, resign: bool, run: Report | None = None) -> Envelope:
    """An envelope whose statement was changed after it was signed, or before."""
    genuine = envelope(run)
    said = json.loads(genuine.payload)
    change(said)
    payload = json.dumps(said).encode()
    return sign(payload, key()) if resign else Envelope(payload, genuine.payload_type, genuine.signatures)


def write(path: Path, signed_envelope: Envelope, *, bundle: bool = False) -> Path:
    path.write_bytes((files.write_bundle if bundle else files.write_envelope)(signed_envelope))
    return path


def statement(path: Path) -> dict[str, Any]:
    """What a file says, read without the code that is tested."""
    said = json.loads(path.read_text("utf-8"))
    found: dict[str, Any] = json.loads(base64.b64decode(said.get("dsseEnvelope", said)["payload"]))
    return found


def look(signed: Envelope, *, after: timedelta = timedelta(hours=1), by: str = "first", **asked: Any) -> Examination:
    """Examine a verdict some time after its run, with a demand that it meets but for what is asked otherwise."""
    demand = Demand(**{"commit": COMMIT, "max_age": DAY, **asked})
    return examine(signed, trusted(by), demand, STARTED + after)


def codes(found: Examination) -> list[str]:
    return [objection.code for objection in found.objections]
