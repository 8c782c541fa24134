"""`init` sees what is there, and only that."""

import os
import subprocess
from pathlib import Path

from readiness.init import survey
from readiness.init.tree import Tree


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
    assert found.tests == (".",)


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


def test_files_for_tests_and_development_are_no_variables_of_production(tmp_path: Path) -> None:
    write(tmp_path, {".env.test": "A=1\n", ".env.development": "A=1\n", ".env.production": "A=1\n", "empty/.env": ""})
    assert [file.path for file in survey(tmp_path).env_files] == [".env.production"]


def test_tests_run_where_their_project_is(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "backend/pyproject.toml": "",
            "backend/tests/api/test_users.py": "",
            "tools/test_tool.py": "",
            "backend/app/tests_pre_start.py": "",
        },
    )
    assert survey(tmp_path).tests == (".", "backend")


def test_one_lock_file_of_a_workspace_is_judged_once(tmp_path: Path) -> None:
    project = '[project]\nname = "a"\ndependencies = ["x"]\n'
    write(
        tmp_path,
        {"pyproject.toml": "", "uv.lock": "", "a/pyproject.toml": project, "b/pyproject.toml": project},
    )
    assert [(found.path, found.lock) for found in survey(tmp_path).projects] == [("a/pyproject.toml", "uv.lock")]


def test_poetry_projects_are_seen(tmp_path: Path) -> None:
    text = '[tool.poetry]\nname = "shop"\nversion = "3.1"\n[tool.poetry.dependencies]\npython = "^3.11"\nx = "1"\n'
    write(tmp_path, {"pyproject.toml": text, "poetry.lock": "", ".venv/pyvenv.cfg": ""})
    found = survey(tmp_path)
    assert (found.project, found.release) == ("shop", "3.1")
    assert [(p.path, p.lock, p.local) for p in found.projects] == [("pyproject.toml", "poetry.lock", ".venv")]


def test_requirements_that_others_include_are_not_asked_for_twice(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "requirements.txt": "-r requirements/production.txt\n",
            "requirements/production.txt": "-r base.txt\n",
            "requirements/base.txt": "x==1\n",
            "requirements/development.txt": "y==1\n",
            "docs/requirements.txt": "z==1\n",
        },
    )
    assert survey(tmp_path).requirements == ("requirements.txt",)


def test_requirements_that_include_each_other_stay(tmp_path: Path) -> None:
    write(tmp_path, {"requirements.txt": "-r requirements.txt\n-r ../../../etc/none\n"})
    assert survey(tmp_path).requirements == ("requirements.txt",)


def test_scripts_that_judge_are_told_from_those_that_write(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "bun.lock": "",
            "package.json": '{"scripts": {"lint": "bun run --filter web lint", "test": "bun run --filter web test"}}',
            "web/package.json": '{"scripts": {"lint": "biome check --write .", "test": "vitest", "build": "vite build",'
            ' "dev": "vite"}, "devDependencies": {"vitest": "1"}}',
            "other/package.json": '{"scripts": {"test": "echo \\"Error: no test specified\\" && exit 1"}}',
            "odd/package.json": '{"scripts": ["lint"], "devDependencies": "vitest"}',
        },
    )
    found = {package.path: package for package in survey(tmp_path).packages}
    assert found["package.json"].scripts == ("test",)
    assert found["web/package.json"].scripts == ("build",)
    assert found["web/package.json"].manager == "bun"
    assert found["web/package.json"].report.startswith("vitest run")
    assert found["other/package.json"].scripts == ()
    assert found["odd/package.json"].scripts == ()


def test_inputs_of_tests_are_no_outputs(tmp_path: Path) -> None:
    result = "<testsuites><testsuite/></testsuites>"
    repository(
        tmp_path, {"tests/data/sample.xml": result, "phpunit.xml": "<phpunit><testsuites></testsuites></phpunit>"}
    )
    write(tmp_path, {"tests/junit.xml": result})
    assert survey(tmp_path).junit == ("tests/junit.xml",)


def test_a_folder_inside_of_a_repository_is_seen_like_its_root(tmp_path: Path) -> None:
    repository(tmp_path, {"apps/web/app.py": "", "apps/web/.env": "A=1\n"})
    found = survey(tmp_path / "apps" / "web")
    assert found.python == ("app.py",)
    assert found.env_files[0].tracked


def test_nothing_strange_stops_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".env")
    (tmp_path / "package.json").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "pyproject.toml").symlink_to("pyproject.toml")
    (tmp_path / "coverage.xml").symlink_to("/dev/zero")
    (tmp_path / "line\nbreak.env").write_text("", encoding="utf-8")
    write(tmp_path, {"line\nbreak/package.json": "{}", "tab\there/go.mod": "module x\n", "nel\x85/app.py": ""})
    with (tmp_path / ".env.local").open("wb") as stream:
        stream.write(b"\xff\xfeA=1\0\nB-\xe9=2\n")
    (tmp_path.parent / "outside.env").write_text("SECRET=1\n", encoding="utf-8")
    (tmp_path / ".env.production").symlink_to(tmp_path.parent / "outside.env")
    found = survey(tmp_path)
    assert (found.packages, found.projects_of_stacks, found.python) == ((), (), ())
    assert [file.path for file in found.env_files] in ([], [".env.local"])
    assert found.coverage == ()


def test_a_file_that_cannot_be_read_is_no_crash(tmp_path: Path) -> None:
    write(tmp_path, {"package.json": "{}", ".env": "A=1\n"})
    (tmp_path / ".env").chmod(0)
    assert len(survey(tmp_path).packages) == 1


def test_huge_folders_are_cut_and_it_is_said(tmp_path: Path) -> None:
    write(tmp_path, {f"{n}/a.txt": "" for n in range(20)})
    assert Tree(tmp_path, most=10).cut
    assert len(Tree(tmp_path, most=10).names) == 10
    assert not Tree(tmp_path, most=20).cut
