"""What `init` writes loads without a mistake, and says nothing that is not there."""

import subprocess
from pathlib import Path

import pytest
import yaml

from readiness.init import compose, survey, write
from readiness.init.npm import Package
from readiness.init.python_projects import Manifest
from readiness.init.survey import Survey
from readiness.init.variables import EnvFile, rule
from readiness.loading import load


def items(text: str) -> dict[str, dict[str, object]]:
    data = yaml.safe_load(text)
    return {item["id"]: item for section in data["sections"] for item in section["items"]}


def env_file(path: str, *names: str) -> EnvFile:
    rules = {name: rule(name) for name in names}
    return EnvFile(path=path, names=names, tracked=True, template=path.endswith("example"), rules=rules)


FULL = Survey(
    project="app",
    release="1.2.3",
    email="dev@example.com",
    git=True,
    python=("backend", "odd ${name}"),
    tests=("backend",),
    requirements=("requirements.txt", "backend/requirements.txt"),
    projects=(Manifest(path="pyproject.toml"),),
    packages=(
        Package(path="web/package.json", manager="pnpm", scripts=("lint", "a:check"), report="vitest run"),
        Package(path="${odd}/web: 1/package.json", scripts=("lint",)),
    ),
    alembic=("backend/alembic.ini",),
    django=("site/manage.py",),
    junit=("junit.xml",),
    coverage=("coverage.xml",),
    deployment=("vercel.json", "render.yaml"),
    env_files=(
        env_file(".env", "SECRET_KEY", "DEBUG"),
        env_file(".env.example", "SECRET_KEY", "API_URL"),
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


def test_what_is_written_loads(tmp_path: Path) -> None:
    path = tmp_path / "readiness.yaml"
    path.write_text(compose(FULL), encoding="utf-8")
    assert [item.id for item in load(path).items] == list(items(compose(FULL)))


def test_what_is_commented_out_loads_when_it_is_wanted(tmp_path: Path) -> None:
    text = compose(FULL)
    start = text.index("  # Scripts of package.json")
    wanted = [line.replace("  # ", "  ", 1) for line in text[start:].splitlines() if "  # Scripts" not in line]
    wanted = [line for line in wanted if "Probes of the running service" not in line]
    text = text[:start] + "\n".join(wanted) + "\n"
    text = text.replace("# environments:\n#   production", "environments:\n  production")
    path = tmp_path / "readiness.yaml"
    path.write_text(text, encoding="utf-8")
    ids = [item.id for item in load(path, environment="production").items]
    assert ids[-4:] == ["a-check-web", "tls", "headers", "health"]


def test_ids_are_unique() -> None:
    twice = FULL.model_copy(update={"deployment": ("a/b.json", "a-b.json", "é", "ü")})
    text = compose(twice)
    assert len(items(text)) == text.count("- id: ")


def test_long_lists_are_cut_and_counted() -> None:
    many = FULL.model_copy(update={"deployment": tuple(f"{n}/vercel.json" for n in range(30))})
    text = compose(many)
    assert sum(name.startswith("deployment") for name in items(text)) == 8
    assert "# 30 deployment files were found; the first 8 became items." in text


def test_secrets_are_marked_by_their_names_and_the_example_adds_names() -> None:
    assert items(compose(FULL))["environment"]["with"] == {
        "source": "file",
        "files": [".env"],
        "required": {"SECRET_KEY": {"secret": True}, "DEBUG": {"one_of": ["false"]}, "API_URL": {}},
    }


def test_an_example_alone_asks_the_process() -> None:
    alone = FULL.model_copy(update={"env_files": FULL.env_files[1:]})
    assert items(compose(alone))["environment"]["with"] == {
        "source": "process",
        "required": {"SECRET_KEY": {"secret": True}, "API_URL": {}},
    }


def test_outputs_are_expected_where_the_tests_run() -> None:
    found = items(compose(FULL.model_copy(update={"junit": (), "coverage": ()})))
    assert found["tests"]["with"] == {"paths": ["backend/junit.xml", "web/junit.xml"]}
    assert found["coverage"]["with"] == {
        "sources": [{"path": "backend/coverage.json", "metric": "lines", "minimum": 80}]
    }


def test_odd_names_do_not_become_references() -> None:
    found = items(compose(FULL))["static-analysis"]["with"]
    assert isinstance(found, dict)
    assert found["paths"] == ["backend", "odd $${name}"]


def test_an_empty_folder_still_has_its_approval(tmp_path: Path) -> None:
    assert list(items(compose(survey(tmp_path)))) == ["release-approval"]


@pytest.mark.parametrize("name", ["on", "1.0", "null", "a: b", "'quoted'", "- x"])
def test_names_stay_text(name: str) -> None:
    assert yaml.safe_load(compose(Survey(project=name, git=False)))["project"] == name


@pytest.mark.parametrize(
    ("item", "program", "expected"),
    [
        ("migrations-backend-alembic-ini", "echo '1a31 (head)'", 0),
        ("migrations-backend-alembic-ini", "echo '1a31 (head)'; echo '2b42 (head)'", 1),
        ("migrations-backend-alembic-ini", "exit 0", 1),
        ("migrations-backend-alembic-ini", "echo '1a31 (head)'; exit 255", 255),
        ("migrations-backend-alembic-ini", "echo 'No module named sqlmodel' >&2; exit 1", 127),
        ("migrations-site-manage-py", "echo 'No changes detected'", 0),
        ("migrations-site-manage-py", "echo \"Migrations for 'shop'\"; exit 1", 1),
        ("migrations-site-manage-py", "exit 0", 1),
        ("migrations-site-manage-py", "echo 'No module named django' >&2; exit 1", 127),
    ],
)
def test_migrations_are_judged_by_what_was_said(tmp_path: Path, item: str, program: str, expected: int) -> None:
    written = items(compose(FULL))[item]["with"]
    assert isinstance(written, dict)
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{program}\n", encoding="utf-8")
    python.chmod(0o755)
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", written["run"]],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == expected


def test_a_checklist_that_is_there_is_kept(tmp_path: Path) -> None:
    path = write(tmp_path).path
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError):
        write(tmp_path)
    assert path.read_text(encoding="utf-8") == "mine"
    write(tmp_path, force=True)
    assert "release-approval" in path.read_text(encoding="utf-8")


def test_a_checklist_of_the_other_name_is_kept_too(tmp_path: Path) -> None:
    other = tmp_path / "readiness.yml"
    other.write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError):
        write(tmp_path)
    assert write(tmp_path, force=True).path == other
    assert [path.name for path in tmp_path.iterdir()] == ["readiness.yml"]


def test_the_same_folder_gives_the_same_text(tmp_path: Path) -> None:
    for name in ("b/.env", "a/.env", "c/vercel.json", "a/test_x.py", "b/test_x.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("A=1\n", encoding="utf-8")
    assert compose(survey(tmp_path)) == compose(survey(tmp_path))
