"""Every manifest becomes items, or `init` says that nothing judges it."""

from pathlib import Path

import pytest
import yaml

from readiness.init import compose, survey
from readiness.init.own_commands import own_command
from readiness.init.stacks import STACKS
from readiness.init.tree import Tree
from readiness.loading import validate

MANIFESTS = {
    "Go": "go.mod", "Rust": "Cargo.toml", "Maven": "pom.xml", "Gradle": "build.gradle.kts", ".NET": "Shop.sln",
    "Ruby": "Gemfile", "PHP": "composer.json", "Elixir": "mix.exs", "Dart": "pubspec.yaml", "Swift": "Package.swift",
    "sbt": "build.sbt", "CMake": "CMakeLists.txt", "Terraform": "main.tf", "Helm": "charts/a/Chart.yaml",
    "Deno": "deno.json", "Pipenv": "Pipfile", "Conda": "environment.yml", "Bazel": "MODULE.bazel",
    "Haskell": "app.cabal", "Clojure": "deps.edn", "Erlang": "rebar.config", "OCaml": "dune-project",
    "Perl": "cpanfile", "R": "DESCRIPTION", "Julia": "Project.toml", "Zig": "build.zig", "Crystal": "shard.yml",
    "CocoaPods": "Podfile", "Conan": "conanfile.txt", "vcpkg": "vcpkg.json",
}  # fmt: skip


def checklist(root: Path, *names: str, **contents: str) -> tuple[str, dict[str, dict[str, object]]]:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(contents.get(name, ""), encoding="utf-8")
    text = compose(survey(root))
    (root / "readiness.yaml").write_text(text, encoding="utf-8")
    assert validate(root / "readiness.yaml") == []
    data = yaml.safe_load(text)
    return text, {item["id"]: item for section in data["sections"] for item in section["items"]}


def run(item: dict[str, object]) -> object:
    params = item["with"]
    assert isinstance(params, dict)
    return params["run"]


@pytest.mark.parametrize("stack", STACKS, ids=lambda stack: stack.name)
def test_each_manifest_is_named_with_what_judges_it(tmp_path: Path, stack: object) -> None:
    name = getattr(stack, "name", "")
    text, found = checklist(tmp_path, MANIFESTS[name])
    (said,) = [line for line in text.splitlines() if line.startswith(f"#   {MANIFESTS[name]} ({name}): ")]
    aspects = {
        "tests": "tests", "coverage": "coverage", "dependencies": f"dependencies-{name.lower().strip('.')}",
        "lint": "lint-",
    }  # fmt: skip
    judged = said.split(": ", 1)[1].split(";")[0]
    for word, identifier in aspects.items():
        assert (word in judged.split(", ")) == any(each.startswith(identifier) for each in found), word
    if not getattr(stack, "audit", ""):  # the audit of every stack that has none is told
        assert "no item judges it" in said or "nothing judges its" in said


def test_modules_of_one_build_are_one_project_and_modules_of_go_are_several(tmp_path: Path) -> None:
    _, found = checklist(
        tmp_path, "Cargo.toml", "crates/a/Cargo.toml", "go.mod", "tools/go.mod", "Shop.sln", "src/Shop.csproj",
        "examples/x/go.mod",
    )  # fmt: skip
    audits = {name: item["with"] for name, item in found.items() if name.startswith("dependencies")}
    assert set(audits) == {
        "dependencies-rust", "dependencies-go-go-mod", "dependencies-go-tools-go-mod", "dependencies-net",
    }  # fmt: skip
    assert audits["dependencies-go-tools-go-mod"] == {"run": "govulncheck ./...", "cwd": "tools"}


def test_a_project_of_examples_alone_is_found(tmp_path: Path) -> None:
    _, found = checklist(tmp_path, "examples/x/go.mod")
    assert "dependencies-go" in found


@pytest.mark.parametrize(
    ("files", "program"),
    [(["pom.xml"], "mvn"), (["pom.xml", "mvnw"], "./mvnw")],
)
def test_the_build_tool_of_the_project_runs_its_commands(tmp_path: Path, files: list[str], program: str) -> None:
    _, found = checklist(tmp_path, *files)
    assert str(run(found["dependencies-maven"])).split()[0] == program


@pytest.mark.parametrize(
    ("lock", "more", "audit"),
    [
        ("package-lock.json", (), "npm audit --omit=dev --audit-level=high"),
        ("pnpm-lock.yaml", (), "pnpm audit --prod --audit-level high"),
        ("yarn.lock", (), "osv-scanner scan source --lockfile yarn.lock"),
        ("yarn.lock", (".yarnrc.yml",), "yarn npm audit --environment production --severity high"),
        ("bun.lock", (), "bun audit"),
    ],
)
def test_npm_packages_are_linted_and_audited_by_who_installs_them(
    tmp_path: Path, lock: str, more: tuple[str, ...], audit: str
) -> None:
    package = '{"scripts": {"lint": "eslint ."}, "devDependencies": {"vitest": "1"}}'
    _, found = checklist(tmp_path, "web/package.json", f"web/{lock}", *(f"web/{name}" for name in more),
                         **{"web/package.json": package})  # fmt: skip
    manager = lock.split("-", maxsplit=1)[0].split(".", maxsplit=1)[0].replace("package", "npm")
    assert run(found[f"dependencies-{manager}"]) == audit
    assert run(found[f"lint-{manager}"]) == f"{manager} run lint"
    assert found["tests"]["with"] == {"paths": ["web/junit.xml"]}
    assert "web/coverage/lcov.info" in str(found["coverage"]["with"])


@pytest.mark.parametrize(
    ("name", "content", "kind", "command"),
    [
        ("Makefile", "build:\n\tgo build\ntest: build\n\tgo test\n", "test", "make test"),
        ("Makefile", ".PHONY: test lint\ntest lint:\n\ttrue\n", "lint", "make lint"),
        ("Makefile", "TEST := 1\ntest_all:\n\ttrue\nlatest:\n\ttrue\ntest := 2\n", "test", ""),
        ("GNUmakefile", "check:\n\ttrue\n", "test", "make check"),
        ("justfile", "test *args:\n  cargo test\n", "test", "just test"),
        ("Taskfile.yml", "version: '3'\ntasks:\n  test:\n    cmds: [go test]\n", "test", "task test"),
        ("tox.ini", "[tox]\nenvlist = py\n", "test", "tox"),
        ("tox.ini", "[testenv:lint]\n", "lint", "tox -e lint"),
        ("noxfile.py", "import nox\n@nox.session\ndef tests(session):\n  pass\n", "test", "nox -s tests"),
        ("pyproject.toml", "[tool.hatch.envs.default.scripts]\ntest = 'pytest'\n", "test", "hatch run test"),
        ("pyproject.toml", "[tool.ruff]\n", "lint", "ruff check ."),
        (".pre-commit-config.yaml", "repos: []\n", "lint", "pre-commit run --all-files"),
        ("composer.json", '{"scripts": {"test": "pest"}}', "test", "composer test"),
        ("manage.py", "import django\n", "test", "python manage.py test"),
        ("Rakefile", "task default: :test\n", "test", "bundle exec rake"),
        (".rubocop.yml", "", "lint", "bundle exec rubocop"),
        ("README.md", "make test\n", "test", ""),
    ],
)
def test_the_own_command_is_the_one_that_the_project_names(
    tmp_path: Path, name: str, content: str, kind: str, command: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert own_command(Tree(tmp_path), kind) == command


def test_tools_of_python_run_in_the_locked_environment(tmp_path: Path) -> None:
    files = {"pyproject.toml": "[tool.ruff]\n", "uv.lock": "", "tests/test_a.py": "def test_a(): pass\n"}
    text, found = checklist(tmp_path, *files, **files)
    assert "uv run pytest --junitxml=junit.xml" in text
    assert run(found["lint"]) == "uv run ruff check ."


def test_what_builds_the_documentation_of_another_language_is_no_product(tmp_path: Path) -> None:
    files = {"docs/requirements.txt": "sphinx\n", "docs/conf.py": "project = 'a'\n"}
    _, alone = checklist(tmp_path, *files, **files)
    assert {"dependencies", "static-analysis"} <= set(alone)
    _, beside = checklist(tmp_path, "composer.json", **files)
    assert {"dependencies", "static-analysis"}.isdisjoint(beside)


def test_one_script_of_python_makes_no_project_of_python(tmp_path: Path) -> None:
    _, found = checklist(tmp_path, "Gemfile", "bin/profile.py")
    assert "static-analysis" not in found
    _, found = checklist(tmp_path, "tools/requirements.txt")
    assert "static-analysis" in found


@pytest.mark.parametrize(("folder", "results"), [("spec", "rspec.xml"), ("test", "test/reports/TEST-*.xml")])
def test_ruby_is_tested_by_the_runner_whose_folder_is_there(tmp_path: Path, folder: str, results: str) -> None:
    _, found = checklist(tmp_path, "Gemfile", f"{folder}/a.rb")
    assert found["tests"]["with"] == {"paths": [results]}


def test_tests_of_what_describes_machines_are_not_missed(tmp_path: Path) -> None:
    text, found = checklist(tmp_path, "main.tf", "a.tf", "test/go.mod")
    assert "#   main.tf (Terraform): dependencies, lint\n" in text
    assert found["dependencies-terraform"]["title"] == "main.tf (Terraform) has no insecure configuration"
    assert found["tests"]["with"] == {"paths": ["test/go-test.json"]}
    assert "coverage" not in found


@pytest.mark.parametrize(("manifest", "lock"), [("Pipfile", "Pipfile.lock"), ("environment.yml", "conda-lock.yml")])
def test_a_lock_file_that_a_check_reads_is_no_manifest_that_nothing_judges(
    tmp_path: Path, manifest: str, lock: str
) -> None:
    text, found = checklist(tmp_path, manifest, lock)
    assert found["dependencies"]["with"] == {"requirements": lock, "service": "pypi"}
    assert "no item judges it" not in text


@pytest.mark.parametrize(
    ("path", "content", "glob"),
    [
        ("coverage.out", "mode: atomic\nexample.com/a/a.go:1.2,3.4 1 1\n", "coverage.out"),
        ("target/site/jacoco/jacoco.xml", '<?xml version="1.0"?><report name="a">', "target/site/jacoco/jacoco.xml"),
        ("coverage/.resultset.json", '{"RSpec": {"coverage": {}}}', "coverage/.resultset.json"),
        ("clover.xml", '<?xml version="1.0"?><coverage generated="1">', "clover.xml"),
        ("TestResults/0f8fad5b-d9cb-469f-a165-70867728950e/coverage.cobertura.xml", "<coverage>",
         "TestResults/*/coverage.cobertura.xml"),
        ("notes-about-coverage.txt", "mode: of work\n", ""),
    ],
)  # fmt: skip
def test_reports_of_coverage_are_found_by_content_and_written_as_globs(
    tmp_path: Path, path: str, content: str, glob: str
) -> None:
    _, found = checklist(tmp_path, path, **{path: content})
    sources = [{"path": glob, "metric": "lines", "minimum": 80}]
    assert found.get("coverage", {}).get("with") == ({"sources": sources} if glob else None)


def test_where_no_results_are_known_the_own_command_is_judged(tmp_path: Path) -> None:
    files = {"Makefile": "test:\n\tsh test.sh\n", "build.zig": ""}
    text, found = checklist(tmp_path, *files, **files)
    assert (found["tests"]["check"], run(found["tests"])) == ("command", "make test")
    assert "build.zig (Zig): no item judges it" in text


def test_what_was_found_stays_and_what_another_folder_lacks_is_asked(tmp_path: Path) -> None:
    files = {"junit.xml": "<testsuites/>", "go.mod": "", "tools/go.mod": ""}
    text, found = checklist(tmp_path, *files, **files)
    assert found["tests"]["with"] == {"paths": ["junit.xml", "tools/go-test.json"]}
    assert "in tools: go test -json" in text
