"""The signed envelope (DSSE 1.0), and the two files it is kept in: alone, and in a Sigstore bundle v0.3."""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from readiness.attestation import AttestationError
from readiness.records.model import strict_json
from readiness.text import short

if TYPE_CHECKING:
    from readiness.attestation.keys import SigningKey, TrustedKey

PAYLOAD_TYPE = "application/vnd.in-toto+json"
MOST_SIGNATURES = 16
FILE_LIMIT = 16 * 2**20
"""Bytes; the verdict of ten thousand items has a quarter of that."""
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
_BUNDLE_FIELDS = {"mediaType", "verificationMaterial", "dsseEnvelope"}
_STATEMENT_SUFFIXES = (".intoto.json", ".dsse.json", ".json")
BUNDLE_SUFFIX = ".sigstore.json"
SIMPLE_SUFFIX = ".svr.json"
_OURS = "name the file that `readiness check --attest` wrote"
_AGAIN = "get the file again from the run that attested it"


@dataclass(frozen=True)
class Signature:
    """One signature."""

    keyid: str
    """A hint that nothing rests on."""
    sig: bytes


@dataclass(frozen=True)
class Envelope:
    """Bytes and their signatures, not yet verified."""

    payload: bytes
    payload_type: str
    signatures: tuple[Signature, ...]

    def signer(self, keys: "Iterable[TrustedKey]") -> "TrustedKey | None":
        """The first of these keys that has signed; None when none has. Hints are not believed."""
        signed = pae(self.payload_type, self.payload)
        return next((key for key in keys if any(key.accepts(one.sig, signed) for one in self.signatures)), None)

    def encode(self) -> dict[str, object]:
        """As JSON has it."""
        return {
            "payload": base64.b64encode(self.payload).decode(),
            "payloadType": self.payload_type,
            "signatures": [{"keyid": one.keyid, "sig": base64.b64encode(one.sig).decode()} for one in self.signatures],
        }


def pae(payload_type: str, payload: bytes) -> bytes:
    """The bytes that are signed (DSSE 1.0, "PAE"): both parts with their lengths, so that none can pass for another."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def sign(payload: bytes, key: "SigningKey") -> Envelope:
    """Sign a statement."""
    return Envelope(payload, PAYLOAD_TYPE, (Signature(key.trusted.id, key.sign(pae(PAYLOAD_TYPE, payload))),))


def decode(said: object) -> Envelope:
    """Read an envelope from what JSON holds; fields that DSSE does not know are passed over, as it asks.

    Raises:
        AttestationError: It is none.
    """
    if not isinstance(said, Mapping):
        raise _malformed("it is no JSON object")
    payload, kind, signatures = (said.get(name) for name in ("payload", "payloadType", "signatures"))
    if not isinstance(kind, str) or not kind:
        raise _malformed("`payloadType` is missing")
    if not isinstance(signatures, list) or not 0 < len(signatures) <= MOST_SIGNATURES:
        raise _malformed(f"`signatures` is no list of 1 to {MOST_SIGNATURES}")
    return Envelope(_bytes(payload, "payload"), kind, tuple(map(_signature, signatures)))


def _signature(said: object) -> Signature:
    if not isinstance(said, Mapping):
        raise _malformed("a signature is no JSON object")
    keyid = said.get("keyid", "")
    if not isinstance(keyid, str):
        raise _malformed("`keyid` is no text")
    return Signature(keyid, _bytes(said.get("sig"), "sig"))


def _bytes(text: object, name: str) -> bytes:
    """Read base64, of the standard or the URL-safe alphabet, in its one canonical form."""
    if not isinstance(text, str) or not text or not text.isascii():
        raise _malformed(f"`{name}` is no base64")
    safe = "-" in text or "_" in text
    try:
        data = base64.b64decode(text, altchars=b"-_" if safe else None, validate=True)
    except binascii.Error as error:
        raise _malformed(f"`{name}` is no base64") from error
    if base64.b64encode(data, altchars=b"-_" if safe else None).decode() != text:
        raise _malformed(f"`{name}` is no canonical base64")
    return data


def _malformed(why: str) -> AttestationError:
    return AttestationError(f"this is no DSSE envelope: {why}", _AGAIN)


def bundle_path(path: Path) -> Path:
    """Where the bundle of an attestation goes: `verdict.intoto.json` has `verdict.sigstore.json` beside it."""
    return _beside(path, BUNDLE_SUFFIX)


def simple_path(path: Path) -> Path:
    """Where its short form goes: `verdict.intoto.json` has `verdict.svr.json` beside it."""
    return _beside(path, SIMPLE_SUFFIX)


def _beside(path: Path, ending: str) -> Path:
    suffix = next((s for s in _STATEMENT_SUFFIXES if path.name.endswith(s) and path.name != s), "")
    return path.with_name(path.name.removesuffix(suffix) + ending)


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


def _encode(value: object) -> bytes:
    return (json.dumps(value, indent=2) + "\n").encode()


def read_file(path: Path) -> Envelope:
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
            data = stream.read(FILE_LIMIT + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is refused"
        raise AttestationError(f"`{name}` cannot be read: {why}", _OURS) from error
    if len(data) > FILE_LIMIT:
        raise AttestationError(f"`{name}` is larger than {FILE_LIMIT} bytes: that is no verdict", "name another file")
    return data


def parse(data: bytes) -> Envelope:
    """Read either form from bytes.

    Raises:
        AttestationError: It is neither.
    """
    try:
        said = strict_json.parse(data)
    except ValueError as error:
        raise AttestationError(f"this is no attestation: {short(str(error))}", _OURS) from error
    if isinstance(said, dict) and said.keys() & _BUNDLE_FIELDS:
        if said.get("mediaType") != BUNDLE or "payload" in said:
            raise AttestationError("this is no Sigstore bundle of version 0.3", _OURS)
        said = said.get("dsseEnvelope")
    return decode(said)
