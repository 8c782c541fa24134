"""Weak secrets are named with the reason; random ones pass."""

import base64
import secrets

import pytest

from readiness_checks.secret_values import SHORTEST, guessable, weak


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("short", "5 characters"),
        ("password", "first that is tried"),
        ("P@ssw0rd!2024", "first that is tried"),
        ("postgres", "first that is tried"),
        ("jwt-secret-key", "first that is tried"),
        ("123456789", "first that is tried"),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", "repeats itself"),
        ("abcabcabcabcabcabcabcabc", "repeats itself"),
        ("abcdefghijklmnopqrst", "row of the alphabet"),
        ("zyxwvutsrqponmlkji", "row of the alphabet"),
        ("aabbaabbaaabbbaabbabab", "too few different"),
        ("postgresql://app:@db/app", "empty password"),
        ("postgresql://app:postgres@db/app", "first that is tried"),
        ("postgresql://app:x7Qk@db/app", "4 characters, 8 are needed"),
    ],
)
def test_a_weak_secret_is_named_with_its_reason(value: str, reason: str) -> None:
    assert reason in weak(value, shortest=SHORTEST)


def test_random_secrets_pass() -> None:
    for _ in range(300):
        assert weak(secrets.token_hex(16), shortest=SHORTEST) == ""
        assert weak(base64.b64encode(secrets.token_bytes(24)).decode(), shortest=32) == ""
        assert weak(f"postgresql://app:{secrets.token_urlsafe(12)}@db/app", shortest=SHORTEST) == ""


def test_a_long_phrase_passes_and_a_long_address_without_a_password_is_judged_whole() -> None:
    assert weak("correct horse battery staple", shortest=SHORTEST) == ""
    assert weak("https://4f3c2b1a9d@o12.ingest.sentry.io/42", shortest=SHORTEST) == ""


def test_length_does_not_make_a_value_guessable() -> None:
    assert guessable("x7Qk") == ""
    assert guessable("") == ""
    assert guessable("postgres")
