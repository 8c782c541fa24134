"""The signed envelope, DSSE 1.0: bytes, what kind of bytes they are, and signatures over both."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from readiness.attestation.errors import AttestationError

if TYPE_CHECKING:
    from readiness.attestation.keys import SigningKey, TrustedKey

PAYLOAD_TYPE = "application/vnd.in-toto+json"
MOST_SIGNATURES = 16
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

    def encode(self) -> dict[str, Any]:
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


def decode(said: Any) -> Envelope:
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


def _signature(said: Any) -> Signature:
    if not isinstance(said, Mapping):
        raise _malformed("a signature is no JSON object")
    keyid = said.get("keyid", "")
    if not isinstance(keyid, str):
        raise _malformed("`keyid` is no text")
    return Signature(keyid, _bytes(said.get("sig"), "sig"))


def _bytes(text: Any, name: str) -> bytes:
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
