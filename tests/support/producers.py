"""Keys that sign evidence, rosters that name them, and statements that say what a test wants them to say."""

import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from readiness.attestation.envelope import Envelope, sign, write_envelope
from readiness.attestation.keys import SigningKey, trusted
from readiness.attestation.signed_evidence import EvidenceStatement, evidence_statement
from readiness.check import ENVELOPE_SUFFIX
from readiness.records.storage.allowed_signers import EVIDENCE_NAMESPACE

CI, OTHER = "ci@example.com", "other-ci@example.com"


@cache
def producer_key(name: str) -> SigningKey:  # noqa: ARG001 - each name has a key of its own
    """The key of a producer, made once in a test session."""
    private = ec.generate_private_key(ec.SECP256R1())
    return SigningKey(trusted(private.public_key()), private)


def producer_line(
    principal: str = CI,
    *,
    by: str = "",
    namespace: str = EVIDENCE_NAMESPACE,
    after: str = "20200101Z",
    before: str = "20350101Z",
) -> str:
    """A line of `allowed_signers` for the key of a producer."""
    options = f'namespaces="{namespace}",valid-after="{after}",valid-before="{before}"'
    return f"{principal} {options} {producer_key(by or principal).trusted.ssh.line}\n"


def signed(said: EvidenceStatement | bytes, by: str = CI) -> Envelope:
    """A statement, or any payload, in an envelope."""
    return sign(said if isinstance(said, bytes) else said.encode(), producer_key(by))


def sign_file(
    root: Path, name: str, commit: str, *, by: str = CI, sha256: str = "", called: str = "", at: datetime | None = None
) -> Path:
    """Sign a file as its producer does, or with something else than the truth; the statement beside it."""
    digest = sha256 or hashlib.sha256((root / name).read_bytes()).hexdigest()
    moment = (at or datetime.now(UTC) - timedelta(minutes=1)).replace(microsecond=0)
    path = root / (name + ENVELOPE_SUFFIX)
    path.write_bytes(write_envelope(signed(evidence_statement(called or name, digest, commit, moment), by)))
    return path
