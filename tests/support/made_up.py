"""Made-up secrets, put together at run time, so that neither this repository nor its host mistakes them for real."""

import base64
import hashlib
import json

B62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def run_of(length: int, *, alphabet: str = B62, seed: str = "seed") -> str:
    """Characters that look random and are the same in every run."""
    digits = b"".join(hashlib.sha256(f"{seed}{i}".encode()).digest() for i in range(length // 32 + 1))
    return "".join(alphabet[byte % len(alphabet)] for byte in digits[:length])


HEX = "0123456789abcdef"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def _jwt() -> str:
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256"}, {"sub": "17", "name": "someone"})]
    encoded = [base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, run_of(44)])


TOKENS = {
    "aws": "AKIA" + run_of(16, alphabet=UPPER),
    "github": "ghp_" + run_of(36),
    "github fine-grained": "github_pat_" + run_of(82),
    "gitlab": "glpat-" + run_of(20),
    "slack": "xoxb-" + "123456789012-123456789012-" + run_of(24),
    "slack hook": "https://hooks.slack.com/services/" + "T" + run_of(8) + "/B" + run_of(8) + "/" + run_of(24),
    "stripe": "sk_live_" + run_of(24),
    "openai": "sk-proj-" + run_of(74),
    "anthropic": "sk-ant-" + "api03-" + run_of(93),
    "sendgrid": "SG." + run_of(22) + "." + run_of(43, seed="b"),
    "google": "AIza" + run_of(35),
    "npm": "npm_" + run_of(36),
    "pypi": "pypi-" + "AgEIcHlwaS5vcmc" + run_of(60),
    "jwt": _jwt(),
    "twilio": "SK" + run_of(32, alphabet=HEX),
}
PASSWORD = run_of(20, seed="password")
"""A strong password."""


def private_key(kind: str = "RSA ") -> str:
    """Text that looks like a private key in PEM."""
    lines = [run_of(64, seed=f"k{i}") for i in range(6)]
    return "\n".join([f"-----BEGIN {kind}PRIVATE " + "KEY-----", *lines, f"-----END {kind}PRIVATE " + "KEY-----", ""])
