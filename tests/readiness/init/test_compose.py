"""What `init` writes loads without a mistake, and says nothing that is not there."""

from pathlib import Path

import pytest
import yaml

from readiness.init import compose, survey, write
from readiness.init.survey import EnvFile, Survey


def items(text: str) -> dict[str, dict[str, object]]:
    data = yaml.safe_load(text)
    return {item["id"]: item for section in data["sections"] for item in section["items"]}


FULL = Survey(
    project="app",
    release="1.2.3",
    email="dev@example.com",
    git=True,
    python=("backend", "odd ${name}"),
    tests=True,
    requirements=("requirements.txt", "backend/requirements-dev.txt"),
    pyprojects=("pyproject.toml",),
    packages=("package.json",),
    alembic=("backend/alembic.ini",),
    junit=("junit.xml",),
    coverage=("coverage.xml",),
    deployment=("vercel.json", "render.yaml"),
    env_files=(
        EnvFile(path=".env", names=("SECRET_KEY", "DEBUG"), tracked=True, template=False),
        EnvFile(path=".env.example", names=("SECRET_KEY",), tracked=True, template=True),
    ),
    policies=("docs/privacy: odd.md",),
    workflows=(".github/workflows/ci.yml",),
    health_path="/healthz",
)


def test_every_tool_becomes_an_item() -> None:
    found = items(compose(FULL))
    assert {str(item["check"]) for item in found.values()} == {
        "junit", "coverage", "bandit", "secrets", "dependencies", "env", "command", "document", "signoff",
    }  # fmt: skip


def test_ids_are_unique() -> None:
    text = compose(FULL)
    assert len(items(text)) == text.count("- id: ")


def test_secrets_are_marked_by_their_names() -> None:
    assert items(compose(FULL))["environment"]["with"] == {
        "source": "file",
        "files": [".env"],
        "required": {"SECRET_KEY": {"secret": True}, "DEBUG": {}},
    }


def test_odd_names_do_not_become_references() -> None:
    assert items(compose(FULL))["static-analysis"]["with"] == {
        "paths": ["backend", "odd $${name}"],
        "min_severity": "medium",
    }


def test_an_empty_folder_still_has_its_approval(tmp_path: Path) -> None:
    assert list(items(compose(survey(tmp_path)))) == ["release-approval"]


@pytest.mark.parametrize("name", ["on", "1.0", "null", "a: b", "'quoted'", "- x"])
def test_names_stay_text(name: str) -> None:
    assert yaml.safe_load(compose(Survey(project=name, git=False)))["project"] == name


def test_a_checklist_that_is_there_is_kept(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError):
        write(tmp_path)
    assert path.read_text(encoding="utf-8") == "mine"
    write(tmp_path, force=True)
    assert "release-approval" in path.read_text(encoding="utf-8")
