"""Formats accept what they name and refuse what only resembles it."""

import pytest

from readiness_checks.env.formats import malformed, validate

GOOD = {
    "url": ["http://localhost:8000", "https://api.deedpro.io/v1?x=1", "http://[::1]:80/"],
    "https_url": ["https://api.deedpro.io"],
    "email": ["ops@deedpro.io", "a+b@mail.deedpro.io"],
    "hostname": ["localhost", "db", "api.deedpro.io", "10.0.0.1", "::1"],
    "port": ["1", "8080", "65535"],
    "integer": ["0", "-5"],
    "int": ["7"],
    "number": ["1", "100.00", "1e3", ".5"],
    "boolean": ["true", "False", "0", "on"],
    "uuid": ["123e4567-e89b-12d3-a456-426614174000"],
    "hex": ["00ffAA"],
    "base64": ["aGVsbG8=", "aGVsbG8"],
    "json": ["{}", '["a"]', "1"],
    "semver": ["3.0.0", "v1.2.3-rc.1+5"],
    "dsn": ["https://abc123@o1.ingest.sentry.io/42"],
    "database_url": ["postgresql+psycopg://a:b@db:5432/app", "sqlite:///app.db", "mysql://a@db/app"],
    "postgres_url": ["postgres://a:b@db/app"],
    "redis_url": ["rediss://:secret@cache:6379/0"],
    "/^G-[A-Z0-9]{10}$/": ["G-4F8K2M9QX1"],
    "regex: [ab]+": ["abba"],
}
BAD = {
    "url": [
        "api.deedpro.io",
        "ftp://x",
        "https://",
        "https://a b",
        "https://a:99999",
        "javascript:alert(1)",
        "https://[::1",
    ],
    "https_url": ["http://api.deedpro.io"],
    "email": ["ops", "ops@", "@x", "a b@c", "a@b c"],
    "hostname": ["-a", "a..b", "a b", "https://x", ""],
    "port": ["0", "65536", "80a", "-1", "٣"],
    "integer": ["1.0", "", "ten", "1_000"],
    "number": ["NaN", "1,5", "inf"],
    "boolean": ["maybe", ""],
    "uuid": ["123e4567", "{123e4567-e89b-12d3-a456-426614174000}"],
    "hex": ["xyz", "0x10"],
    "base64": ["a", "###", ""],
    "json": ["{", "'a'", "[" * 100_000],
    "semver": ["3.0", "3", "1.2.3.4", "01.2.3"],
    "dsn": ["https://o1.ingest.sentry.io/42", "https://abc@host/", "abc"],
    "database_url": ["postgresql://db", "https://db/app", "app.db"],
    "postgres_url": ["mysql://a@db/app"],
    "redis_url": ["http://cache", "redis://"],
    "/^G-[A-Z0-9]{10}$/": ["UA-1", "G-4F8K2M9QX1\n"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in GOOD.items() for value in values])
def test_a_value_of_the_format_is_accepted(name: str, value: str) -> None:
    assert malformed(validate(name), value) == ""


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_a_value_of_another_format_is_refused_with_what_was_wanted(name: str, value: str) -> None:
    assert malformed(validate(name), value)


@pytest.mark.parametrize("name", ["", "//", "uri", "URL", "/(/", "regex:(", "/a"])
def test_an_unknown_format_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"unknown format|regular expression"):
        validate(name)
