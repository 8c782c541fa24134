"""Every manifest becomes items, or `init` says that nothing judges it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from readiness.cli import main
from readiness.init import compose, survey
from readiness.init.own_commands import own_command
from readiness.init.stacks import STACKS, Stack
from readiness.init.tree import Tree
from readiness.loading import validate
from readiness.testing import evaluate
from readiness_checks.command import Command
from support.signing import git
from support.system import need

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


def params(item: dict[str, object]) -> dict[str, object]:
    held = item["with"]
    assert isinstance(held, dict)
    return held


def run(item: dict[str, object]) -> object:
    return params(item)["run"]


@pytest.mark.parametrize("stack", STACKS, ids=lambda stack: stack.name)
def test_each_manifest_is_named_with_what_judges_it(tmp_path: Path, stack: object) -> None:
    name = getattr(stack, "name", "")
    text, found = checklist(tmp_path, MANIFESTS[name])
    (said,) = [line for line in text.splitlines() if line.startswith(f"#   {MANIFESTS[name]} ({name}): ")]
    aspects = {
        "tests": "tests", "coverage": "coverage", "dependencies": f"dependencies-{name.lower().strip('.')}",
        "configuration": f"configuration-{name.lower()}", "lint": "lint-",
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
    audits = {name: item for name, item in found.items() if name.startswith("dependencies")}
    assert set(audits) == {
        "dependencies-rust", "dependencies-go-go-mod", "dependencies-go-tools-go-mod", "dependencies-net",
    }  # fmt: skip
    of_tools = audits["dependencies-go-tools-go-mod"]
    assert (run(of_tools), params(of_tools)["cwd"]) == ("govulncheck ./...", "tools")


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
        ("yarn.lock", (".yarnrc.yml",), "yarn npm audit --all --recursive --environment production --severity high"),
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
    assert "#   main.tf (Terraform): configuration, lint\n" in text
    assert found["configuration-terraform"]["title"] == "main.tf (Terraform) has no insecure configuration"
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


@pytest.mark.parametrize("stack", [stack for stack in STACKS if stack.audit], ids=lambda stack: stack.name)
def test_every_audit_tells_an_answer_from_none(tmp_path: Path, stack: Stack) -> None:
    name = MANIFESTS[stack.name]
    text, found = checklist(tmp_path, name)
    (item,) = [each for identifier, each in found.items() if identifier.startswith(stack.judges)]
    pattern = re.compile(str(params(item)["must_print"]))
    assert pattern.search(ANSWERS[stack.name])
    assert not pattern.search(NO_ANSWERS.get(stack.name, "error: could not resolve host"))
    assert ("which is not there: commit it" in text) == bool(stack.lock)
    (tmp_path / name).with_name(stack.lock or "other").write_text("", encoding="utf-8")
    assert "which is not there" not in compose(survey(tmp_path))


ANSWERS = {
    "Go": "No vulnerabilities found.",
    "Rust": "    Scanning Cargo.lock for vulnerabilities (61 crate dependencies)",
    "Maven": "[INFO] Analysis Complete (7 seconds)",
    ".NET": "  Restored /src/Shop/Shop.csproj (in 1.2 sec).",
    "Ruby": "Vulnerabilities found!",
    "PHP": "Found 2 security vulnerability advisories affecting 1 package:",
    "Elixir": "No vulnerabilities found.",
    "Dart": "Scanned /app/pubspec.lock file and found 41 packages",
    "Swift": "Scanned /app/Package.resolved file and found 1 package",
    "Terraform": "2026-03-13T08:43:05Z\tINFO\tDetected config files\tnum=6",
    "Helm": "INFO\tDetected config files\tnum=12",
}
NO_ANSWERS = {
    "Maven": "[INFO] Skipping dependency-check\n[INFO] BUILD SUCCESS",
    "Helm": "INFO\tDetected config files\tnum=0\n\nReport Summary\n",
    "Go": 'govulncheck: fetching vulnerabilities: Get "https://vuln.example/index/db.json.gz": dial tcp: no such host',
    "Rust": "error: couldn't fetch advisory database: git operation failed",
    "PHP": "The following exception is caused by a lack of memory: curl error 6 (/api/security-advisories/)",
    ".NET": "error NU1900: Error occurred while getting package vulnerability data",
    "Dart": "Scanned /app/pubspec.lock file and found 0 packages",
    "Terraform": "INFO\tDetected config files\tnum=0",
    "Ruby": "Failed updating ruby-advisory-db!",
}


@pytest.mark.parametrize("present", [False, True])
def test_what_npm_says_without_a_lock_file_or_registry_is_no_vulnerability(tmp_path: Path, *, present: bool) -> None:
    need("npm")
    files = {"package.json": '{"name": "shop", "version": "1.0.0", "dependencies": {"left-pad": "1.3.0"}}'}
    if present:
        files["package-lock.json"] = json.dumps({
            "name": "shop", "version": "1.0.0", "lockfileVersion": 3, "packages": {
                "": {"name": "shop", "version": "1.0.0", "dependencies": {"left-pad": "1.3.0"}},
                "node_modules/left-pad": {"version": "1.3.0"},
            },
        })  # fmt: skip
    text, found = checklist(tmp_path, *files, **files)
    assert ("It reads package-lock.json, which is not there" in text) is not present
    item: dict[str, Any] = params(found["dependencies-npm"])
    closed = {"npm_config_registry": "http://127.0.0.1:9/", "npm_config_fetch_retries": "0"}
    outcome = evaluate(Command, tmp_path, **item, env=closed)
    assert (outcome.status, "exited with 1 " in outcome.summary) == ("error", True), outcome.summary
    assert "printed nothing that `must_print` finds" in outcome.summary


def test_many_projects_of_one_stack_are_judged_by_one_item(tmp_path: Path) -> None:
    charts = [f"charts/c{number}/Chart.yaml" for number in range(9)]
    modules = [f"m{number}/go.mod" for number in range(9)]
    text, found = checklist(tmp_path, *charts, *modules, "charts/${odd} name/Chart.yaml")
    assert [name for name in found if name.startswith(("lint", "configuration", "dependencies"))] == [
        "lint-go", "lint-helm", "dependencies-go", "configuration-helm",
    ]  # fmt: skip
    lines = str(run(found["lint-helm"])).splitlines()
    assert lines[1:3] == ["(cd charts/c0; helm lint .)", "(cd charts/c1; helm lint .)"]
    assert lines[0] == "(cd 'charts/$${odd} name'; helm lint .)"
    assert len(lines) == 10
    assert found["configuration-helm"]["title"] == "10 Helm projects have no insecure configuration"
    assert "Needs `trivy` where readiness runs" in text
    paths = params(found["tests"])["paths"]
    assert isinstance(paths, list)
    assert len(paths) == 9


def test_the_script_of_one_build_tool_does_not_run_another(tmp_path: Path) -> None:
    text, found = checklist(tmp_path, "a/mvnw", "a/build.gradle", "b/gradlew", "b/pom.xml")
    assert "gradle test" in text
    assert "./mvnw" not in text
    assert str(run(found["dependencies-maven"])).startswith("mvn ")


def test_two_build_tools_of_one_project_are_asked_for_one_run_of_tests(tmp_path: Path) -> None:
    text, found = checklist(tmp_path, "pom.xml", "mvnw", "build.gradle", "gradlew")
    assert params(found["tests"])["paths"] == ["**/target/surefire-reports/TEST-*.xml"]
    assert "#   build.gradle (Gradle): builds the same as pom.xml, whose items judge it\n" in text


def test_the_folders_of_platforms_are_tested_by_the_tools_of_the_app(tmp_path: Path) -> None:
    pubspec = "name: app\ndependencies:\n  flutter:\n    sdk: flutter\n"
    text, found = checklist(
        tmp_path, "pubspec.yaml", "android/build.gradle", "linux/CMakeLists.txt", "ios/Podfile",
        **{"pubspec.yaml": pubspec},
    )  # fmt: skip
    assert params(found["tests"])["paths"] == ["dart-test.json"]
    assert "flutter test --machine > dart-test.json" in text
    assert "android/build.gradle (Gradle): no item judges it" in text
    _, plain = checklist(tmp_path / "plain", "pubspec.yaml")
    assert "dart run coverage:test_with_coverage" in (tmp_path / "plain/readiness.yaml").read_text()
    assert "coverage" in plain


def test_the_runner_that_a_solution_names_says_how_results_are_written(tmp_path: Path) -> None:
    text, _ = checklist(
        tmp_path, "Shop.sln", "global.json",
        **{"global.json": '{"test": {"runner": "Microsoft.Testing.Platform"}}'},
    )  # fmt: skip
    assert "dotnet test --report-trx" in text
    assert "--logger" not in text


@pytest.mark.parametrize(
    ("requirements", "writer"),
    [
        ("Django==5.2\n", "python manage.py test --testrunner"),
        ("Django\npytest-django\n", "pytest --junitxml=junit.xml"),
    ],
)
def test_tests_of_django_are_run_by_its_runner_where_nothing_names_pytest(
    tmp_path: Path, requirements: str, writer: str
) -> None:
    files = {"manage.py": "import django\n", "requirements.txt": requirements, "shop/tests/test_a.py": ""}
    text, _ = checklist(tmp_path, *files, **files)
    assert f"#   {writer}" in text
    assert ("coverage run manage.py test" in text) == ("manage.py" in writer)


def test_packages_of_examples_and_of_tests_are_not_shipped(tmp_path: Path) -> None:
    text, _ = checklist(tmp_path, "pkgs/a/pubspec.yaml", "pkgs/a_example/pubspec.yaml", "pkgs/conformance_tests/go.mod",
                        "pkgs/contest/go.mod", "hack/Gemfile", "app/Gemfile")  # fmt: skip
    assert "a_example" not in text
    assert "hack" not in text
    assert "pkgs/contest/go.mod (Go): " in text
    assert "conformance_tests" not in text


def test_what_cannot_be_read_is_named_with_its_place(tmp_path: Path) -> None:
    text, _ = checklist(
        tmp_path, "package.json", "pyproject.toml", "composer.json", "web/package.json",
        **{"package.json": '{"name": "shop",\n "scripts": {"test": }}', "pyproject.toml": "[project]\nname = shop\n",
           "composer.json": "[]", "web/package.json": '{"name": "web"}'},
    )  # fmt: skip
    found = [line for line in text.splitlines() if line.startswith("# CANNOT BE READ")]
    told = [line.split("judges it: ")[1].split(": ")[0] for line in found]
    assert sorted(told) == ["composer.json", "package.json:2:22", "pyproject.toml:2:8"]
    said = CliRunner().invoke(main, ["init", str(tmp_path), "--force"])
    assert said.exit_code == 0
    assert "warning: package.json:2:22: Expecting value" in said.output
    assert "composer.json: it holds no object" in said.output


def test_what_is_whole_is_not_called_unreadable(tmp_path: Path) -> None:
    checklist(tmp_path, "package.json", "go.mod", **{"package.json": '\ufeff{"name": "shop"}'})
    assert survey(tmp_path).unreadable == ()


def test_a_sign_off_of_a_module_of_terraform_is_bound_to_its_files(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    for name in ("main.tf", "modules/a/main.tf", "README.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    git(tmp_path, "add", "-A")
    text, found = checklist(tmp_path)
    assert params(found["release-approval"])["covers"] == ["modules/**", "main.tf"]
    assert "It holds for the content of these files.\n" in text
    (tmp_path / "bare").mkdir()
    text, _ = checklist(tmp_path / "bare")
    assert "It holds for" not in text


def test_every_package_of_a_workspace_is_looked_at_up_to_a_bound_that_is_told(tmp_path: Path) -> None:
    names = [f"packages/p{number:03}/package.json" for number in range(104)]
    package = '{"name": "p", "scripts": {"lint": "eslint ."}, "devDependencies": {"vitest": "3"}}'
    text, found = checklist(tmp_path, *names[:30], **dict.fromkeys(names, package))
    paths = found["tests"]["with"]["paths"]  # type: ignore[index]  # a mapping of YAML
    assert paths == [name.replace("package.json", "junit.xml") for name in names[:30]]
    assert "finds nothing in 30 folders" in str(found["lint-npm"]["title"])
    assert "and 22 more of the kind" in text
    assert "not looked at" not in text
    text, _ = checklist(tmp_path, *names, **dict.fromkeys(names, package))
    assert "4 more package.json were not looked at: nothing below judges them" in text
