"""Values are judged by themselves: placeholders and weak secrets are named with the reason, real ones pass."""

import base64
import secrets

import pytest

from readiness_checks.secret_values import SHORTEST, guessable, placeholder, weak
from support.made_up import PASSWORD


@pytest.mark.parametrize(
    "value",
    [
        "changethis",
        "ChangeMe123!",
        "change-me",
        "your_google_maps_key",
        "your-signing-key",
        "sk-proj-your-model-key",
        "https://your-dsn",
        "https://your-app.onrender.com",
        "yourdomain.com",
        "my-secret",
        "secure_password_here",
        "GA-XXXXXXXXX",
        "G-XXXXXXXXXX",
        "UA-00000000-0",
        "xxx",
        "sk_live_xxxxxxxxxxxx",
        "<api key>",
        "{{ api_key }}",
        "https://<host>/api",
        "postgresql://user:password@host:port/database",
        "redis://username:pass@db.internal/0",
        "postgresql://app:s3cretvalue@host/db",
        "PLACEHOLDER_VALUE",
        "AKIAIOSFODNN7EXAMPLE",
        "https://examplePublicKey@o1.ingest.sentry.io/1",
        "admin@example.com",
        "https://api.example.org/v1",
        "smtp.mail.invalid",
        "TODO",
        "tbd",
        "...",
        "replace_me",
        "INSERT_YOUR_KEY",
    ],
)
def test_a_placeholder_is_recognised_with_a_reason(value: str) -> None:
    assert placeholder(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "production",
        "3.0.0",
        "https://api.deedpro.io",
        f"postgresql://app:{PASSWORD}@db.internal:5432/app",
        "ai_assistance:true,chain_of_title:true",
        "G-4F8K2M9QX1",
        "https://4f3c2b1a@o12345.ingest.sentry.io/42",
        "localhost",
        "example.company.io",
        "yourself",
        "max",
        "INFO",
        '{"a": 1}',
        "[1, 2]",
        "admin@testexample.com",
    ],
)
def test_a_real_value_is_left_alone(value: str) -> None:
    assert placeholder(value) == ""


def test_random_secrets_are_no_placeholders() -> None:
    values = [secrets.token_hex(32) for _ in range(500)]
    values += [base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(500)]
    assert [value for value in values if placeholder(value)] == []


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


@pytest.mark.parametrize(
    "value",
    [
        "django-insecure-2k#9x_8w7v6u5t4s3r2q1p0o",
        "your-512-bit-secret",
        "generate-a-random-value",
        "generate_with_openssl",
        "get_the_key_from_the_console",
        "this-key-is-insecure",
        "INSECURE_LOCAL_KEY_2024",
        "dev only, do not use",
        "this_must_be_replaced_before_launch",
        "encryption key of 32 characters",
        "some-64-byte-value",
        "mysupersecretpassword1",
        "my_jwt_secret_key",
    ],
)
def test_a_secret_that_says_what_it_is_is_weak(value: str) -> None:
    assert weak(value, shortest=8)
    assert guessable(value)


@pytest.mark.parametrize(
    "value",
    ["myriad-copper-lantern-9241", "secure-harbour-lantern-88-quartz", "tWinsecureX9qq8f7Kd", "x32bytesQ8k2mN9w1Lp"],
)
def test_words_within_a_real_secret_say_nothing(value: str) -> None:
    assert weak(value, shortest=8) == ""


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
