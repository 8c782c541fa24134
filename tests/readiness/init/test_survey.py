"""`init` sees what is there, and only that."""

import subprocess
from pathlib import Path

from readiness.init import survey


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def repository(root: Path, files: dict[str, str]) -> Path:
    subprocess.run(["git", "init", "--quiet", str(root)], check=True)
    write(root, files)
    subprocess.run(["git", "-C", str(root), "add", "--all"], check=True)
    return root


def test_an_empty_folder_has_nothing(tmp_path: Path) -> None:
    found = survey(tmp_path)
    assert not found.git
    assert found.project == tmp_path.name
    assert found.model_dump(exclude={"project", "email"}, exclude_defaults=True) == {"git": False}


def test_names_come_from_the_manifest(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": '[project]\nname = "Ünicode app!"\nversion = "2.1"\n'})
    found = survey(tmp_path)
    assert (found.project, found.release) == ("nicode-app", "2.1")


def test_names_come_from_npm_when_there_is_no_python(tmp_path: Path) -> None:
    write(tmp_path, {"package.json": '{"name": "@scope/web", "version": "3.0.0"}'})
    assert (survey(tmp_path).project, survey(tmp_path).release) == ("scope-web", "3.0.0")


def test_outputs_are_told_by_content(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "out/results.xml": '<?xml version="1.0"?><testsuites><testsuite/></testsuites>',
            "out/pom.xml": "<project/>",
            "web/coverage/lcov.info": "TN:\nSF:a.js\nend_of_record\n",
            "web/readme.info": "nothing",
            "coverage.json": '{"meta": {"version": "7"}, "files": {}}',
        },
    )
    found = survey(tmp_path)
    assert found.junit == ("out/results.xml",)
    assert found.coverage == ("coverage.json", "web/coverage/lcov.info")


def test_vendored_folders_are_left_out(tmp_path: Path) -> None:
    write(
        tmp_path, {"node_modules/x/package.json": "{}", ".venv/lib/a.py": "", "app/main.py": "", "tests/test_a.py": ""}
    )
    found = survey(tmp_path)
    assert found.packages == ()
    assert found.python == ("app",)
    assert found.tests


def test_env_files_are_tracked_or_not_and_templates_or_not(tmp_path: Path) -> None:
    repository(tmp_path, {".env": "SECRET_KEY=changethis\nDEBUG=1\n", "web/.env.example": "A=\n"})
    write(tmp_path, {".env.local": "B=2\n"})
    files = {file.path: file for file in survey(tmp_path).env_files}
    assert files[".env"].names == ("SECRET_KEY", "DEBUG")
    assert files[".env"].tracked
    assert not files[".env.local"].tracked
    assert files["web/.env.example"].template


def test_deployment_files_tell_where_health_is(tmp_path: Path) -> None:
    write(tmp_path, {"render.yaml": 'services:\n  - healthCheckPath: "/healthz"\n', "vercel.json": "{}"})
    found = survey(tmp_path)
    assert found.deployment == ("render.yaml", "vercel.json")
    assert found.health_path == "/healthz"


def test_broken_manifests_are_no_crash(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "[project", "package.json": "[" * 100_000, ".env": "'"})
    assert survey(tmp_path).project == tmp_path.name
