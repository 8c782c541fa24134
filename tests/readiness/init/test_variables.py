"""Variables of a first checklist: which files are examples, and which rule a known name gets."""

from pathlib import Path
from typing import Any

import pytest

from readiness.init.tree import Tree
from readiness.init.variables import env_files, rule


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SESSION_TOKEN", "x", {"secret": True}),
        ("DEBUG", "true", {"one_of": ["false"]}),
        ("DJANGO_DEBUG", "False", {"one_of": ["False"]}),
        ("DEBUG", "0", {"one_of": ["0"]}),
        ("APP_ENV", "development", {"one_of": ["production"]}),
        ("NODE_ENV", "", {"one_of": ["production"]}),
        ("APP_ENV", "prod", {"one_of": ["prod"]}),
        ("API_URL", "http://localhost:8000", {"format": "https_url"}),
        ("API_URL", "https://api.deedpro.io", {"format": "https_url"}),
        ("BACKEND_URL", "http://backend:8000", {"format": "url"}),
        ("HEALTH_URL", "http://localhost:8000/health", {"format": "url"}),
        ("DATABASE_URL", "postgresql://db/app", {}),
        ("GREETING", "hello", {}),
    ],
)
def test_known_names_get_a_rule(name: str, value: str, expected: dict[str, Any]) -> None:
    assert rule(name, value) == expected


@pytest.mark.parametrize(
    ("name", "example"),
    [
        (".env.example", True),
        (".env.example.sail", True),
        (".env.sample.docker", True),
        (".env.template.web", True),
        (".env.dist.local", True),
        (".env.defaults", True),
        (".env.production.example", True),
        (".env.production-sample", True),
        (".env.production", False),
        (".env.distribution", False),
        (".env", False),
    ],
)
def test_a_name_with_a_part_that_says_so_is_an_example(tmp_path: Path, name: str, example: bool) -> None:  # noqa: FBT001
    (tmp_path / name).write_text("A=1\n")
    assert [file.template for file in env_files(Tree(tmp_path), frozenset())] == [example]


@pytest.mark.parametrize("name", [".env.staging", ".env.local", ".env.qa.local"])
def test_a_file_of_another_environment_is_asked_for_no_value_of_production(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("APP_ENV=staging\nDEBUG=true\nAPI_URL=http://localhost:1\nAPI_TOKEN=x\n")
    (file,) = env_files(Tree(tmp_path), frozenset())
    assert file.rules == {"APP_ENV": {}, "DEBUG": {}, "API_URL": {}, "API_TOKEN": {"secret": True}}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("playwright/.env.template", False), ("web/e2e/.env.example", False), ("tests/.env", False),
        ("examples/shop/.env.example", False), ("docker/.env.example", True), (".env.template", True),
        ("protests/.env", True),
    ],
)  # fmt: skip
def test_files_that_only_tests_and_examples_read_are_none_of_production(
    tmp_path: Path, path: str, *, found: bool
) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text("DOMAIN=localhost\n", encoding="utf-8")
    assert [file.path for file in env_files(Tree(tmp_path), frozenset())] == ([path] if found else [])


def test_the_key_of_laravel_is_a_secret() -> None:
    assert rule("APP_KEY", "base64:abc") == {"secret": True}
