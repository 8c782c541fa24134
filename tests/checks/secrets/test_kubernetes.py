"""The values of a Secret of Kubernetes are searched whatever their keys say."""

import base64

import pytest

from readiness_checks.secrets.verdict import Verdict
from support.made_up import PASSWORD, run_of
from support.searching import scan, secrets_in

KEY = base64.b64encode(bytes(range(200, 232))).decode()


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def secret(kind: str, *entries: str, head: str = "kind: Secret") -> str:
    return "\n".join(
        ["apiVersion: v1", head, "metadata:", "  name: app", f"{kind}:", *(f"  {entry}" for entry in entries)]
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (secret("data", f"one: {encoded(PASSWORD)}"), encoded(PASSWORD)),
        (secret("data", f'one: "{encoded(PASSWORD)}"  # new'), encoded(PASSWORD)),
        (secret("data", f"one: {KEY}"), KEY),
        (secret("data", "a: eA==", "", f"app.env: {encoded(f'A=1{chr(10)}DB_PASSWORD={PASSWORD}')}"), None),
        (secret("stringData", f"one: {PASSWORD}"), PASSWORD),
        (secret("stringData", f"one: '{PASSWORD}'", head='kind: "Secret"'), PASSWORD),
        ("kind: ConfigMap\ndata:\n  a: b\n---\n" + secret("stringData", f"one: {PASSWORD}"), PASSWORD),
        (f'{{\n "kind": "Secret",\n "data": {{\n  "one": "{encoded(PASSWORD)}"\n }}\n}}', encoded(PASSWORD)),
    ],
)
def test_a_value_under_a_key_that_tells_nothing_is_found(text: str, found: str | None) -> None:
    assert len(secrets_in(text, "deploy/app.yaml")) == 1
    assert found is None or secrets_in(text, "deploy/app.yaml") == [found]


@pytest.mark.parametrize(
    "text",
    [
        secret("data", f"user: {encoded('shop-reader-2')}", f"note: {encoded('the words of a note')}"),
        secret("data", "one: {{ .Values.one | b64enc }}", "two: ${TWO}"),
        secret("data", f"tls.crt: {KEY}"),
        secret("stringData", "host: db-7f3k2.shop.internal", "mode: verify-full", "level: info"),
        secret("data", f"one: {encoded(PASSWORD)}", head="kind: SealedSecret"),
        secret("data", f"one: {PASSWORD}", head="kind: ConfigMap"),
        secret("stringData", "a: b") + f"\n---\nkind: ConfigMap\ndata:\n  one: {PASSWORD}",
        secret("stringData", "a: b") + f"\nimmutable: true\nother:\n  one: {PASSWORD}",
    ],
)
def test_names_blanks_certificates_and_other_kinds_are_no_secrets(text: str) -> None:
    assert secrets_in(text, "deploy/app.yaml") == []


def test_a_value_in_an_example_is_a_warning() -> None:
    text = secret("data", f"one: {encoded(run_of(20))}")
    assert [hit.verdict for hit in scan(text, "examples/app.yaml")] == [Verdict.ASIDE]
