"""Values of a developer's machine in production: addresses, debugging, environments, origins, keys for tests."""

from pathlib import Path
from typing import Any

import pytest

from readiness.outcome import Outcome
from readiness.report import Subject
from readiness.testing import context, evaluate
from readiness_checks.env import Env
from readiness_checks.env.production import is_production, of_development
from support.made_up import PASSWORD

TEST_KEY = "sk" + "_test_" + "4kQ2mN8xW1pL6vR3"


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("API_URL", "http://localhost:8000", "local-address"),
        ("API_URL", "http://127.0.0.1", "local-address"),
        ("API_URL", "https://[::1]:8443/v1", "local-address"),
        ("API_URL", "http://0.0.0.0:3000", "local-address"),
        ("API_URL", "http://shop.test", "local-address"),
        ("VITE_BACKEND", "http://api.localhost:8000/graphql", "local-address"),
        ("CALLBACK_URL", "https://ab12cd.ngrok-free.app/hook", "local-address"),
        ("DATABASE_URL", f"postgresql+psycopg://app:{PASSWORD}@127.0.0.1:5432/app", "local-address"),
        ("SPRING_DATASOURCE_URL", "jdbc:mysql://localhost:3306/shop", "local-address"),
        ("DB_DSN", "host=localhost port=5432 dbname=shop", "local-address"),
        ("CONNECTION_STRING", "Server=localhost;Database=Shop;User Id=shop", "local-address"),
        ("CELERY_BROKER_URL", "redis://host.docker.internal:6379/0", "local-address"),
        ("REDIS_HOST", "localhost", "local-address"),
        ("KAFKA_BROKERS", "127.0.0.1:9092,127.0.0.1:9093", "local-address"),
        ("SMTP_HOST", "mailhog", "local-address"),
        ("KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://localhost:9092", "local-address"),
        ("DATABASE_URL", f"postgresql://app:{PASSWORD}@localhost/app?host=localhost", "local-address"),
        ("CORS_ORIGINS", "https://shop.deedpro.io,http://localhost:3000", "local-address"),
        ("DEBUG", "true", "debug"),
        ("DJANGO_DEBUG", "True", "debug"),
        ("APP_DEBUG", "1", "debug"),
        ("APP_ENV", "local", "development"),
        ("NODE_ENV", "development", "development"),
        ("ASPNETCORE_ENVIRONMENT", "Development", "development"),
        ("SPRING_PROFILES_ACTIVE", "postgres,dev", "development"),
        ("PLAID_ENV", "sandbox", "development"),
        ("DJANGO_SETTINGS_MODULE", "shop.settings.local", "development"),
        ("CORS_ORIGINS", "*", "any-origin"),
        ("BACKEND_CORS_ORIGINS", '["*"]', "any-origin"),
        ("CORS_ALLOW_ALL_ORIGINS", "True", "any-origin"),
        ("STRIPE_SECRET_KEY", TEST_KEY, "test-key"),
        ("NEXT_PUBLIC_STRIPE_KEY", TEST_KEY.replace("sk", "pk", 1), "test-key"),
        ("RAZORPAY_KEY_ID", "rzp" + "_test_" + "1DP5mmOlF5G5ag", "test-key"),
        ("RECAPTCHA_SITE_KEY", "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI", "test-key"),
        ("TURNSTILE_SECRET", "1x0000000000000000000000000000000AA", "test-key"),
        ("HCAPTCHA_SITE_KEY", "10000000-ffff-ffff-ffff-000000000001", "test-key"),
    ],
)
def test_a_value_of_a_developers_machine_is_told(name: str, value: str, rule: str) -> None:
    told = list(of_development(name, value))
    assert [kind for kind, _, _ in told] == [rule]
    assert not [text for _, message, remedy in told for text in (message, remedy) if len(value) > 4 and value in text]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("API_URL", "https://api.deedpro.io"),
        ("API_URL", "http://backend:8000"),
        ("DATABASE_URL", f"postgresql://app:{PASSWORD}@db.internal:5432/app"),
        ("DATABASE_URL", "postgresql:///app?host=/var/run/postgresql"),
        ("HOST", "127.0.0.1"),
        ("APP_HOST", "0.0.0.0"),  # noqa: S104  a value, nothing listens there
        ("BIND", "127.0.0.1:8000"),
        ("REDIS_HOST", "0.0.0.0"),  # noqa: S104  a value, nothing listens there
        ("ROCKET_ADDRESS", "127.0.0.1"),
        ("CONSUL_HTTP_ADDR", "127.0.0.1:8500"),
        ("LISTEN_URL", "http://0.0.0.0:8080"),
        ("KAFKA_LISTENERS", "PLAINTEXT://0.0.0.0:9092"),
        ("AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:2000"),
        ("SYSLOG_HOST", "localhost"),
        ("NEXTAUTH_URL_INTERNAL", "http://localhost:3000"),
        ("DATABASE_URL", f"postgresql://app:{PASSWORD}@localhost/app?host=/cloudsql/shop:eu:db"),
        ("DATABASE_URL", f"mysql://app:{PASSWORD}@localhost/app?ssl=0&socket=%2Frun%2Fmysqld.sock"),
        ("HEALTHCHECK_URL", "http://localhost:8000/health"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317"),
        ("DD_AGENT_HOST", "localhost"),
        ("NO_PROXY", "localhost,127.0.0.1"),
        ("ALLOWED_HOSTS", "shop.deedpro.io,localhost"),
        ("GREETING", "no place like localhost"),
        ("DOCS_URL", "https://deedpro.io/localhost/setup"),
        ("REDIRECT", "https://deedpro.io/?next=localhost"),
        ("DEBUG", "false"),
        ("DEBUG", ""),
        ("DEBUG_EMAIL", "true"),
        ("DEBUG", "express:*"),
        ("NODE_ENV", "production"),
        ("APP_ENV", "prod"),
        ("TEST_ENVIRONMENT_NAME", "blue"),
        ("CORS_ORIGINS", "https://*.deedpro.io"),
        ("CORS_ALLOW_HEADERS", "*"),
        ("CRON", "* * * * *"),
        ("STRIPE_SECRET_KEY", "sk" + "_live_" + "4kQ2mN8xW1pL6vR3"),
        ("DJANGO_SETTINGS_MODULE", "shop.settings.production"),
    ],
)
def test_an_honest_value_of_production_is_left_alone(name: str, value: str) -> None:
    assert list(of_development(name, value)) == []


@pytest.mark.parametrize(
    ("path", "environment", "expected"),
    [
        (".env.production", "", True),
        ("deploy/production.env", "staging", True),
        (".env.prod", "", True),
        (".env", "", True),
        ("frontend/.env", "production", True),
        (".env", "staging", False),
        (".env.local", "", False),
        (".env.development", "production", False),
        ("test.env", "", False),
        ("latest.env", "", True),
        ("deploy/staging/.env", "", False),
        ("tests/fixtures/.env", "production", False),
        ("staging/production/.env", "", True),
        ("production/staging/.env", "", False),
        ("deploy/test/.env.production", "", True),
        ("deploy/production/.env", "staging", True),
        ("local-shop/.env", "", True),
        ("", "", False),
        ("", "production", True),
        ("", "eu-live", True),
        ("", "qa", False),
    ],
)
def test_names_say_what_is_production(path: str, environment: str, expected: bool) -> None:  # noqa: FBT001
    assert is_production(path, environment) is expected


def judged(root: Path, text: str, *, name: str = ".env.production", **params: Any) -> list[tuple[str, int | None]]:
    (root / name).write_text(text)
    outcome: Outcome = evaluate(Env, root, **{"files": [name], **params})
    return [(finding.rule, finding.line) for finding in outcome.findings if finding.level == "error"]


LAPTOP = "API_URL=http://localhost:8000\nDEBUG=true\n"


def test_a_production_file_with_values_of_a_laptop_fails_with_each_line(tmp_path: Path) -> None:
    assert judged(tmp_path, LAPTOP) == [("local-address", 1), ("debug", 2)]


def test_a_listed_variable_is_judged_too_unless_its_rule_allows_the_value(tmp_path: Path) -> None:
    assert judged(tmp_path, LAPTOP, required={"API_URL": "url"}) == [("local-address", 1), ("debug", 2)]
    allowed = {"API_URL": {"one_of": ["http://localhost:8000"]}}
    assert judged(tmp_path, LAPTOP, required=allowed) == [("debug", 2)]


@pytest.mark.parametrize("name", [".env.example.sail", ".env.sample.docker", ".env.defaults", ".env.local"])
def test_examples_and_files_of_developers_are_left_alone(tmp_path: Path, name: str) -> None:
    assert judged(tmp_path, LAPTOP, name=name) == []


def test_the_checklist_may_say_whether_values_are_those_of_production(tmp_path: Path) -> None:
    assert judged(tmp_path, LAPTOP, production=False) == []
    assert judged(tmp_path, LAPTOP, name=".env.local", production=True) == [("local-address", 1), ("debug", 2)]


def test_the_last_file_that_sets_a_variable_counts(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(LAPTOP)
    assert judged(tmp_path, "API_URL=https://api.deedpro.io\n", files=[".env", ".env.production"]) == [("debug", 2)]


def test_variables_of_the_process_are_judged_where_the_environment_is_production(tmp_path: Path) -> None:
    def rules(environment: str) -> list[str]:
        subject = Subject(project="shop", environment=environment)
        using = context(tmp_path, environ={"API_URL": "http://localhost:8000"}, subject=subject)
        return [finding.rule for finding in evaluate(Env, tmp_path, using=using, required=["API_URL"]).findings]

    assert rules("production") == ["local-address"]
    assert rules("staging") == []
