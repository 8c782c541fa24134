"""Files of an attestation: the envelope alone, and the same envelope in a Sigstore bundle v0.3."""

import base64
import json
from pathlib import Path
from typing import Any

from readiness.attestation import envelope
from readiness.attestation.envelope import Envelope
from readiness.attestation.errors import AttestationError
from readiness.records.model import strict_json
from readiness.text import short

LIMIT = 16 * 2**20
"""Bytes; the verdict of ten thousand items has a quarter of that."""
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
_BUNDLE_FIELDS = {"mediaType", "verificationMaterial", "dsseEnvelope"}
_STATEMENT_SUFFIXES = (".intoto.json", ".dsse.json", ".json")
BUNDLE_SUFFIX = ".sigstore.json"


def bundle_path(path: Path) -> Path:
    """Where the bundle of an attestation goes: `verdict.intoto.json` has `verdict.sigstore.json` beside it."""
    suffix = next((s for s in _STATEMENT_SUFFIXES if path.name.endswith(s) and path.name != s), "")
    return path.with_name(path.name.removesuffix(suffix) + BUNDLE_SUFFIX)


def write_envelope(signed: Envelope) -> bytes:
    """The envelope as a file."""
    return _encode(signed.encode())


def write_bundle(signed: Envelope) -> bytes:
    """The envelope in a Sigstore bundle, for verifiers that hold the public key themselves.

    The hint names the key as cosign does: base64 of the SHA-256 of its DER form.
    """
    (only,) = signed.signatures
    hint = base64.b64encode(bytes.fromhex(only.keyid)).decode()
    return _encode(
        {
            "mediaType": BUNDLE,
            "verificationMaterial": {
                "publicKey": {"hint": hint},
                "tlogEntries": [],
                "timestampVerificationData": {"rfc3161Timestamps": []},
            },
            "dsseEnvelope": signed.encode(),
        }
    )


def _encode(value: Any) -> bytes:
    return (json.dumps(value, indent=2) + "\n").encode()


def read(path: Path) -> Envelope:
    """Read either form. Of a bundle, only the envelope counts: keys are trusted by whoever verifies.

    Raises:
        AttestationError: It cannot be read, or is neither.
    """
    return parse(read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """Read the file of an attestation.

    Raises:
        AttestationError: It cannot be read, or is too large.
    """
    name = short(str(path))
    try:
        with path.open("rb") as stream:
            data = stream.read(LIMIT + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is refused"
        raise AttestationError(
            f"`{name}` cannot be read: {why}", "name the file that `readiness check --attest` wrote"
        ) from error
    if len(data) > LIMIT:
        raise AttestationError(f"`{name}` is larger than {LIMIT} bytes: that is no verdict", "name another file")
    return data


def parse(data: bytes) -> Envelope:
    """Read either form from bytes.

    Raises:
        AttestationError: It is neither.
    """
    try:
        said = strict_json.parse(data)
    except ValueError as error:
        raise AttestationError(
            f"this is no attestation: {short(str(error))}", "name the file that `readiness check --attest` wrote"
        ) from error
    if isinstance(said, dict) and said.keys() & _BUNDLE_FIELDS:
        if said.get("mediaType") != BUNDLE or "payload" in said:
            raise AttestationError(
                "this is no Sigstore bundle of version 0.3", "name the file that `readiness check --attest` wrote"
            )
        said = said.get("dsseEnvelope")
    return envelope.decode(said)
