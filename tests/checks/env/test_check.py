"""The check `env`: missing, placeholder, malformed, weak, shared, duplicated, exposed, committed; never a value."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from readiness.outcome import Outcome
from readiness.testing import context, evaluate
from readiness_checks.env import Env

STRONG = "k3V9xq2LwZ8rT5mB7nYd"
OTHER = "Hf82kdQz71LmXp04TsWv"


def rules(outcome: Outcome, level: str = "error") -> list[str]:
    return [finding.rule for finding in outcome.findings if finding.level == level]


def process(root: Path, required: dict[str, Any], **environ: str) -> Outcome:
    return evaluate(Env, root, using=context(root, environ=environ), required=required)


def file(root: Path, text: str, **params: Any) -> Outcome:
    name = params.pop("name", ".env")
    (root / name).write_text(text)
    return evaluate(Env, root, files=[name], **params)


def git(root: Path, *args: str) -> None:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@localhost")
    subprocess.run(["git", *identity, *args], cwd=root, check=True, capture_output=True)


def test_variables_of_the_process_that_are_real_pass(tmp_path: Path) -> None:
    required = {
        "MODE": {"one_of": ["production"]},
        "API": {"format": "https_url"},
        "KEY": {"secret": True},
        "ANY": None,
    }
    required["ANY"] = None
    outcome = process(tmp_path, required, MODE="production", API="https://api.deedpro.io", KEY=STRONG, ANY="x")
    assert (outcome.status, outcome.examined, outcome.unit) == ("passed", 4, "variables")


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        (None, None, "missing"),
        ({}, "", "empty"),
        ({}, "  ", "empty"),
        ({}, "changethis", "placeholder"),
        ({"format": "port"}, "eighty", "malformed"),
        ({}, "x ", "malformed"),
        ({"one_of": ["a", "b"]}, "c", "malformed"),
        ({"secret": True}, "hunter2", "weak"),
        ({"secret": True, "min_length": 30}, STRONG, "weak"),
        ({"min_length": 5}, "abc", "weak"),
    ],
)
def test_each_defect_fails_by_its_own_name(tmp_path: Path, rule: Any, value: str | None, expected: str) -> None:
    outcome = process(tmp_path, {"NAME": rule}, **({} if value is None else {"NAME": value}))
    assert (outcome.status, rules(outcome)) == ("failed", [expected])
    assert "NAME" in outcome.findings[0].message
    assert outcome.findings[0].remedy


def test_two_secrets_with_the_same_value_are_found(tmp_path: Path) -> None:
    outcome = process(tmp_path, {"A": {"secret": True}, "B": {"secret": True}}, A=STRONG, B=STRONG)
    assert rules(outcome) == ["shared"]


def test_a_secret_that_a_build_publishes_is_found_even_when_it_is_strong(tmp_path: Path) -> None:
    outcome = process(tmp_path, {"VITE_API_SECRET": {"secret": True}}, VITE_API_SECRET=STRONG)
    assert rules(outcome) == ["exposed"]


def test_values_are_never_shown_and_secrets_are_registered_for_masking(tmp_path: Path) -> None:
    text = (
        f"API_SECRET={STRONG}\nAPI_SECRET={OTHER}\nDATABASE_PASSWORD=hunter2hunter3\nPORT=nonsense\nBAD LINE {STRONG}\n"
    )
    (tmp_path / ".env").write_text(text)
    using = context(tmp_path)
    required = {"API_SECRET": {"secret": True, "format": "uuid"}, "PORT": {"format": "port"}, "DATABASE_PASSWORD": None}
    outcome = Env.model_validate({"files": [".env"], "required": required}).run(using)
    assert outcome.status == "failed"
    raw = outcome.model_dump_json()
    for value in (STRONG, OTHER, "hunter2hunter3", "nonsense"):
        assert value not in raw
    assert {STRONG, OTHER, "hunter2hunter3"} <= using.redactor.values


@pytest.mark.parametrize("value", ["kJ3hx$HTZ91Q", "$ecret91kQ"])
def test_a_password_with_a_dollar_sign_is_masked_as_it_is_written(tmp_path: Path, value: str) -> None:
    using = context(tmp_path)
    (tmp_path / ".env").write_text(f"DB_PASSWORD={value}\n")
    evaluate(Env, tmp_path, using=using, files=[".env"])
    assert value in using.redactor.values


def test_a_file_is_the_source_where_files_are_given_and_the_last_one_counts(tmp_path: Path) -> None:
    (tmp_path / "base.env").write_text("PORT=abc\n")
    (tmp_path / "prod.env").write_text("PORT=8080\n")
    params: dict[str, Any] = {"files": ["base.env", "prod.env"], "required": {"PORT": {"format": "port"}}}
    assert evaluate(Env, tmp_path, using=context(tmp_path, environ={"PORT": "abc"}), **params).status == "passed"
    process_too = evaluate(Env, tmp_path, using=context(tmp_path, environ={"PORT": "x"}), **params, source="process")
    assert rules(process_too) == ["malformed"]


def test_a_finding_in_a_file_has_its_line(tmp_path: Path) -> None:
    outcome = file(tmp_path, "A=1\n\nKEY=short\n", required={"KEY": {"secret": True}})
    assert [finding.place for finding in outcome.findings] == [".env:3"]


def test_every_placeholder_of_a_deployment_guide_is_found(tmp_path: Path) -> None:
    outcome = file(
        tmp_path,
        "NEXT_PUBLIC_API_URL=https://your-backend.onrender.com\n"
        "NEXT_PUBLIC_MAPS_KEY=your_maps_key\n"
        "NEXT_PUBLIC_GA_ID=GA-XXXXXXXXX\n"
        "NEXT_PUBLIC_SENTRY_DSN=https://your-sentry-dsn\n"
        "NEXT_PUBLIC_VERSION=3.0.0\n"
        "NEXT_PUBLIC_FLAGS=assist:true,chain:true\n"
        "MODEL_API_KEY=sk-proj-your-model-key\n"
        "DATABASE_URL=postgresql://user:password@host:port/database\n"
        "REDIS_URL=redis://user:password@host:port\n"
        "ENVIRONMENT=production\n"
        "LOG_LEVEL=INFO\n"
        "CORS_ORIGINS=https://your-frontend.vercel.app\n"
        "JWT_SECRET=your-jwt-secret-key\n"
        "RATE_LIMIT=100.00\n",
    )
    lines = [finding.line for finding in outcome.findings if finding.rule == "placeholder"]
    assert (outcome.status, lines) == ("failed", [1, 2, 3, 4, 7, 8, 9, 12, 13])


def test_secrets_committed_in_the_style_of_a_project_template_are_found(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    text = "SECRET_KEY=changethis\nPOSTGRES_PASSWORD=changethis\nDATABASE_URL=postgresql://app:${POSTGRES_PASSWORD}@db/app\n"
    (tmp_path / ".env").write_text(text)
    git(tmp_path, "add", ".env")
    git(tmp_path, "commit", "-qm", "Begin")
    outcome = file(tmp_path, text)
    assert (outcome.status, rules(outcome)) == ("failed", ["placeholder", "placeholder", "placeholder", "committed"])
    assert "SECRET_KEY, POSTGRES_PASSWORD" in outcome.findings[-1].message


def test_an_ignored_file_passes_and_one_that_is_not_ignored_is_warned_of(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    open_to_add = file(tmp_path, f"API_KEY={STRONG}\n")
    assert (open_to_add.status, rules(open_to_add, "warning")) == ("passed", ["not-ignored"])
    (tmp_path / ".gitignore").write_text(".env\n")
    ignored = file(tmp_path, f"API_KEY={STRONG}\n")
    assert (ignored.status, ignored.findings) == ("passed", ())


def test_a_tracked_file_without_secrets_passes(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / ".env").write_text("LOG_LEVEL=INFO\nAPI_KEY=\n")
    git(tmp_path, "add", ".env")
    assert file(tmp_path, "LOG_LEVEL=INFO\nAPI_KEY=\n").status == "passed"


def test_a_tracked_template_may_hold_placeholders_but_no_real_secret(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / ".env.example").write_text("API_KEY=changethis\n")
    git(tmp_path, "add", ".env.example")
    assert file(tmp_path, "API_KEY=changethis\n", name=".env.example").status == "passed"
    real = file(tmp_path, f"API_KEY={STRONG}\n", name=".env.example")
    assert (real.status, rules(real)) == ("failed", ["committed"])


def test_a_guessable_secret_that_nobody_listed_is_found(tmp_path: Path) -> None:
    assert rules(file(tmp_path, "POSTGRES_PASSWORD=postgres\n")) == ["weak"]


def test_a_listed_value_may_be_what_otherwise_looks_like_a_placeholder(tmp_path: Path) -> None:
    outcome = file(tmp_path, "MAIL=info@example.com\n", required={"MAIL": {"one_of": ["info@example.com"]}})
    assert outcome.status == "passed"


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n"])
def test_a_file_without_variables_is_an_error_not_a_pass(tmp_path: Path, text: str) -> None:
    assert file(tmp_path, text).status == "error"


def test_a_file_that_is_missing_a_folder_or_binary_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "binary").write_bytes(b"\x7fELF\0\0")
    for name in ("missing", "folder", "binary"):
        assert evaluate(Env, tmp_path, files=[name], required={"A": None}).status == "error"


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"required": {}},
        {"required": {"A": {}}, "source": "file"},
        {"required": {"A B": {}}},
        {"required": {"A": {"format": "uri"}}},
        {"required": {"A": {"format": "/(/"}}},
        {"required": {"A": {"min_length": 0}}},
        {"required": {"A": {"one_of": []}}},
        {"required": {"A": {"scret": True}}},
        {"files": [""]},
        {"required": {"A": {}}, "source": "cloud"},
    ],
)
def test_parameters_that_make_no_sense_are_refused(tmp_path: Path, params: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        evaluate(Env, tmp_path, **params)


@pytest.mark.parametrize(
    "line",
    [
        "ACCESS_TOKEN_EXPIRE_MINUTES=11520",
        "PASSWORD_MIN_LENGTH=12",
        "OPENAI_MAX_TOKENS=4096",
        "AUTH_ENABLED=true",
        "TOKEN_URL=https://auth.deedpro.io/token",
        "SECRET_NAME=prod/db",
        "TOKENIZERS_PARALLELISM=false",
    ],
)
def test_a_variable_that_only_speaks_about_a_secret_is_no_weak_one(tmp_path: Path, line: str) -> None:
    assert file(tmp_path, line + "\n").status == "passed"


@pytest.mark.parametrize(
    "line",
    [
        "DATABASE_URL=postgresql://deed:postgres@db.deedpro.io/app",
        "DB_PASS=hunter2",
        "SECRET_KEY=dev-secret-key",
        "ADMIN_PASSWORD=null",
        "API_KEY=abc123",
        "ACCESS_TOKEN_EXPIRE_MINUTES=qwerty",
        "PASSWORD=123456",
    ],
)
def test_a_password_that_is_tried_first_is_weak_though_nobody_listed_the_variable(tmp_path: Path, line: str) -> None:
    assert rules(file(tmp_path, line + "\n")) == ["weak"]


def test_laravel_s_null_is_no_value(tmp_path: Path) -> None:
    key = "APP_KEY=base64:q1vU2m8Yb0n6k4PzZr3tXw9sLhGfDdCcAaEeIiOoUu8=\n"
    assert file(tmp_path, key + "REDIS_PASSWORD=null\nMAIL_PASSWORD=(empty)\n").status == "passed"
    assert rules(file(tmp_path, "REDIS_PASSWORD=null\n")) == ["weak"]


def test_the_secret_of_a_popular_template_is_a_placeholder(tmp_path: Path) -> None:
    line = "JWT_SECRET=super-secret-jwt-token-with-at-least-32-characters-long\n"
    assert rules(file(tmp_path, line)) == ["placeholder"]


def test_a_tracked_file_with_a_password_in_an_address_is_committed(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / ".env").write_text(f"DATABASE_URL=postgresql://deed:{STRONG}@db.deedpro.io/app\n")
    git(tmp_path, "add", ".env")
    using = context(tmp_path)
    outcome = Env.model_validate({"files": ".env", "required": {"DATABASE_URL": "postgres_url"}}).run(using)
    assert rules(outcome) == ["committed"]
    assert STRONG not in outcome.model_dump_json()
    assert STRONG in using.redactor.values


def test_required_variables_may_be_a_list_or_have_a_word_for_a_rule(tmp_path: Path) -> None:
    words = {"API": "https_url", "KEY": "secret"}
    assert process(tmp_path, words, API="https://api.deedpro.io", KEY=STRONG).status == "passed"
    assert rules(process(tmp_path, words, API="http://api.deedpro.io", KEY="short")) == ["malformed", "weak"]
    listed = evaluate(Env, tmp_path, using=context(tmp_path, environ={"A": "1"}), required=["A", "B"])
    assert rules(listed) == ["missing"]
    for mistaken in (["A", "A"], ["A-B"], {"A": "nonsense"}, [1]):
        with pytest.raises(ValidationError):
            Env.model_validate({"required": mistaken})
