"""A passkey in a real browser signs a record, and both verifiers take its assertion as it is."""

import base64
import hashlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from playwright.sync_api import Page

from readiness.records.ssh.public_key import SK_ECDSA, parse_key
from readiness.records.ssh.sshsig import SignatureRefusedError, verify
from readiness.records.storage.allowed_signers import parse_roster
from support.authenticator import curve_blob, envelope, to_be_signed, wrapped
from support.chromium import chromium
from support.sshsig import MESSAGE, NAMESPACE, PERSON, stock

MAKE = """async () => {
  const made = await navigator.credentials.create({publicKey: {
    challenge: new Uint8Array(32), rp: {id: "localhost", name: "Sign-offs"},
    user: {id: new Uint8Array([1]), name: "jo@example.com", displayName: "Jo"},
    pubKeyCredParams: [{type: "public-key", alg: -7}],
    authenticatorSelection: {userVerification: "preferred"}}});
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return {id: text(made.rawId), key: text(made.response.getPublicKey())};
}"""
SIGN = """async ([id, challenge]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
  const {response} = await navigator.credentials.get({publicKey: {
    challenge: bytes(challenge), rpId: "localhost", userVerification: "preferred",
    allowCredentials: [{type: "public-key", id: bytes(id)}]}});
  const {clientDataJSON, authenticatorData, signature} = response;
  return {client: text(clientDataJSON), data: text(authenticatorData), signature: text(signature)};
}"""


class Blank(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Sign</title>")

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def page() -> Iterator[Page]:
    """A page of its own origin; a bare address has no passkeys, so it is `localhost`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Blank)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with chromium() as browser:
            shown = browser.new_page()
            shown.goto(f"http://localhost:{server.server_address[1]}/")
            yield shown
    finally:
        server.shutdown()
        server.server_close()


def authenticator(shown: Page, *, verified: bool) -> None:
    """Give the browser an authenticator that is touched, and whose owner shows a finger or does not."""
    session = shown.context.new_cdp_session(shown)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": verified,
        "isUserVerified": verified,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def decoded(answer: dict[str, str]) -> dict[str, bytes]:
    return {name: base64.b64decode(text) for name, text in answer.items()}


def ssh_key(der: bytes) -> bytes:
    """The public key of a passkey in OpenSSH's encoding."""
    public = load_der_public_key(der)
    assert isinstance(public, ec.EllipticCurvePublicKey)
    numbers = public.public_numbers()
    x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
    return curve_blob(SK_ECDSA, x, y, b"localhost")


def ssh_signature(blob: bytes, assertion: dict[str, bytes], origin: bytes) -> bytes:
    """The assertion as a `.sig` file: nothing but repacked."""
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    from readiness.records.ssh.wire import mpint

    data = assertion["data"]
    assert data[:32] == hashlib.sha256(b"localhost").digest()
    r, s = decode_dss_signature(assertion["signature"])
    return envelope(blob, wrapped(mpint(r) + mpint(s), data[32], data[33:37], origin, assertion["client"], data[37:]))


def asserted(*, verified: bool) -> tuple[dict[str, str], bytes, dict[str, bytes]]:
    """A passkey, the origin that it belongs to, and what it says of the message."""
    with page() as shown:
        authenticator(shown, verified=verified)
        made = shown.evaluate(MAKE)
        origin = shown.evaluate("location.origin").encode()
        challenge = base64.b64encode(to_be_signed(MESSAGE)).decode()
        return made, origin, decoded(shown.evaluate(SIGN, [made["id"], challenge]))


@pytest.mark.parametrize("verified", [True, False])
def test_a_passkey_signs_what_both_verifiers_accept(
    *, verified: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("passkey")
    # in a thread of its own: a browser that other tests of this process keep open holds the loop of theirs
    with ThreadPoolExecutor(1) as thread:
        made, origin, assertion = thread.submit(asserted, verified=verified).result()
    blob = ssh_key(base64.b64decode(made["key"]))
    signature = ssh_signature(blob, assertion, origin)
    line = parse_key(blob).line
    assert stock(signature, line, folder)
    found = verify(MESSAGE, signature)
    assert (found.key.blob, found.user_verified) == (blob, verified)
    enrolled = parse_roster(f'{PERSON} namespaces="{NAMESPACE}",valid-before="20300101Z" {line}\n'.encode())
    assert enrolled.find(found.key) is not None
    with pytest.raises(SignatureRefusedError, match="did not sign these bytes"):
        verify(MESSAGE + b" ", signature)
    assert not stock(signature, line, folder, MESSAGE + b" ")
    with pytest.raises(SignatureRefusedError, match="did not sign these bytes"):
        verify(MESSAGE, ssh_signature(blob, assertion, b"http://evil.example.com"))
