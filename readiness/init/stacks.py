"""Knows the manifest of each language, and how its own tools test, measure, audit and lint a project.

Commands are those of the vendors' own pages; what a tool of the stack cannot do is left empty, and `init` says so.
"""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from readiness.init.python_projects import ASIDE
from readiness.init.tree import Tree
from readiness.outcome import Value

ANYWHERE = "**/"
"""How a glob begins that finds the files of every module."""


class Evidence(Value):
    """A file that the tools of a stack write."""

    command: str
    """What writes it."""
    path: str
    """Path or glob, relative to the project, or from the root where it begins with `**/`."""


class Stack(Value):
    """A language with its package manager."""

    name: str
    manifest: str
    """Pattern of the path of its manifest."""
    tests: Evidence | None = None
    coverage: Evidence | None = None
    audit: str = ""
    """Exits with another code than 0 where a dependency has a known vulnerability."""
    lint: str = ""
    tested: bool = True
    """Whether its projects have tests of their own; what only describes machines has none."""
    judged_by: tuple[str, ...] = ()
    """Lock files that the check `dependencies` judges: a project with one has an item already."""
    tools: str = ""
    """Pattern of the commands that work on its projects."""


class Project(Value):
    """A project of a stack, at its outermost manifest."""

    path: str
    """Of the manifest."""
    stack: str
    wrapper: str = ""
    """The build tool's script beside it: `./mvnw`."""
    tests: Evidence | None = None
    """The results that its runner of tests writes."""

    @property
    def folder(self) -> str:
        """Where its commands run."""
        return PurePosixPath(self.path).parent.as_posix()

    def runs(self, command: str) -> str:
        """A command of the stack, run by the project's own wrapper where it has one."""
        program, _, rest = command.partition(" ")
        return f"{self.wrapper} {rest}" if self.wrapper and program in _WRAPPERS else command

    @property
    def said(self) -> str:
        """What the items that `init` writes judge of it, and what they do not."""
        stack = BY_NAME[self.stack]
        aspects = {"tests": self.tests, "coverage": stack.coverage, "dependencies": stack.audit, "lint": stack.lint}
        judged = [name for name, value in aspects.items() if value]
        unjudged = [
            name for name in ("tests", "dependencies") if not aspects[name] and (stack.tested or name != "tests")
        ]
        name = f"{self.path} ({self.stack})"
        if not judged:
            return f"{name}: no item judges it; add its own tests and audit as `check: command`"
        more = f"; nothing judges its {' and '.join(unjudged)}: add the project's own as `check: command`"
        return f"{name}: {', '.join(judged)}{more if unjudged else ''}"


def _evidence(command: str, path: str) -> Evidence:
    return Evidence(command=command, path=path)


_NUGET_AUDIT = (
    "dotnet restore -p:NuGetAudit=true -p:NuGetAuditMode=all '-warnaserror:NU1901;NU1902;NU1903;NU1904;NU1905'"
)
"""`dotnet list package --vulnerable` exits with 0 whatever it finds."""
_MINITEST = _evidence("bundle exec rake test, with minitest-reporters", "test/reports/TEST-*.xml")
_SCAN = "osv-scanner scan source --lockfile %s"
CONFIGURATION = "trivy config --exit-code 1 --severity HIGH,CRITICAL ."
STACKS = (
    Stack(
        name="Go",
        manifest=r"(^|/)go\.mod$",
        tests=_evidence("go test -json ./... > go-test.json", "go-test.json"),
        coverage=_evidence("go test -coverprofile=coverage.out ./...", "coverage.out"),
        audit="govulncheck ./...",
        lint="go vet ./...",
        tools=r"\b(go|gotestsum|govulncheck|golangci-lint)\b",
    ),
    Stack(
        name="Rust",
        manifest=r"(^|/)Cargo\.toml$",
        tests=_evidence("cargo nextest run --profile ci", "target/nextest/ci/junit.xml"),
        coverage=_evidence("cargo llvm-cov --lcov --output-path lcov.info", "lcov.info"),
        audit="cargo audit",
        lint="cargo clippy --all-targets -- -D warnings",
        tools=r"\bcargo\b",
    ),
    Stack(
        name="Maven",
        manifest=r"(^|/)pom\.xml$",
        tests=_evidence("mvn -B verify", f"{ANYWHERE}target/surefire-reports/TEST-*.xml"),
        coverage=_evidence("mvn -B verify, with JaCoCo's report", f"{ANYWHERE}target/site/jacoco/jacoco.xml"),
        audit="mvn -B org.owasp:dependency-check-maven:check -DfailBuildOnCVSS=7",
        tools=r"\bmvnw?\b",
    ),
    Stack(
        name="Gradle",
        manifest=r"(^|/)(settings|build)\.gradle(\.kts)?$",
        tests=_evidence("./gradlew test", f"{ANYWHERE}build/test-results/**/TEST-*.xml"),
        coverage=_evidence(
            "./gradlew test jacocoTestReport", f"{ANYWHERE}build/reports/jacoco/test/jacocoTestReport.xml"
        ),
        tools=r"\bgradlew?\b",
    ),
    Stack(
        name=".NET",
        manifest=r"\.(sln|slnx|csproj|fsproj|vbproj)$",
        tests=_evidence("dotnet test --logger trx", f"{ANYWHERE}TestResults/**/*.trx"),
        coverage=_evidence(
            "dotnet test --collect 'XPlat Code Coverage'", f"{ANYWHERE}TestResults/**/coverage.cobertura.xml"
        ),
        audit=_NUGET_AUDIT,
        lint="dotnet format --verify-no-changes",
        tools=r"\bdotnet\b",
    ),
    Stack(
        name="Ruby",
        manifest=r"(^|/)Gemfile$",
        tests=_evidence("bundle exec rspec --format RspecJunitFormatter --out rspec.xml", "rspec.xml"),
        coverage=_evidence("SimpleCov writes it with the tests", "coverage/.resultset.json"),
        audit="bundle exec bundle-audit check --update",
        tools=r"\b(bundle|rake|rspec|rails)\b",
    ),
    Stack(
        name="PHP",
        manifest=r"(^|/)composer\.json$",
        tests=_evidence("vendor/bin/phpunit --log-junit junit.xml", "junit.xml"),
        coverage=_evidence("vendor/bin/phpunit --coverage-cobertura cobertura.xml", "cobertura.xml"),
        audit="composer audit --locked",
        lint="composer validate --strict",
        tools=r"\b(composer|phpunit|pest|phpstan)\b",
    ),
    Stack(
        name="Elixir",
        manifest=r"(^|/)mix\.exs$",
        tests=_evidence("mix test --formatter JUnitFormatter", "_build/test/lib/*/test-junit-report.xml"),
        coverage=_evidence("mix coveralls.lcov", "cover/lcov.info"),
        audit="mix deps.audit",
        lint="mix format --check-formatted",
        tools=r"\bmix\b",
    ),
    Stack(
        name="Dart",
        manifest=r"(^|/)pubspec\.yaml$",
        tests=_evidence("dart test --reporter json > dart-test.json", "dart-test.json"),
        coverage=_evidence("flutter test --coverage", "coverage/lcov.info"),
        audit=_SCAN % "pubspec.lock",
        lint="dart analyze --fatal-infos",
        tools=r"\b(dart|flutter)\b",
    ),
    Stack(
        name="Swift",
        manifest=r"(^|/)Package\.swift$",
        tests=_evidence("swift test --xunit-output junit.xml", "junit.xml"),
        audit=_SCAN % "Package.resolved",
        tools=r"\b(swift|xcodebuild)\b",
    ),
    Stack(
        name="sbt",
        manifest=r"(^|/)build\.sbt$",
        tests=_evidence("sbt test", f"{ANYWHERE}target/test-reports/TEST-*.xml"),
        tools=r"\bsbt\b",
    ),
    Stack(
        name="CMake",
        manifest=r"(^|/)CMakeLists\.txt$",
        tests=_evidence("ctest --test-dir build --output-junit junit.xml", "build/junit.xml"),
        tools=r"\b(cmake|ctest)\b",
    ),
    Stack(
        name="Terraform",
        manifest=r"\.tf$",
        audit=CONFIGURATION,
        lint="terraform fmt -check -recursive",
        tested=False,
        tools=r"\b(terraform|tofu|tflint|trivy|checkov)\b",
    ),
    Stack(
        name="Helm",
        manifest=r"(^|/)Chart\.yaml$",
        audit=CONFIGURATION,
        lint="helm lint .",
        tested=False,
        tools=r"\bhelm\b",
    ),
    Stack(name="Deno", manifest=r"(^|/)deno\.jsonc?$", lint="deno lint", tools=r"\bdeno\b",
          tests=_evidence("deno test --junit-path=junit.xml", "junit.xml")),
    Stack(name="Pipenv", manifest=r"(^|/)Pipfile$", judged_by=("Pipfile.lock",), tools=r"\bpipenv\b"),
    Stack(name="Conda", manifest=r"(^|/)environment\.ya?ml$", tools=r"\b(conda|mamba)\b",
          judged_by=("conda-lock.yml", "pixi.lock")),
    Stack(name="Bazel", manifest=r"(^|/)(MODULE\.bazel|WORKSPACE(\.bazel)?)$", tools=r"\bbazel(isk)?\b"),
    Stack(name="Haskell", manifest=r"(\.cabal|(^|/)(stack|cabal)\.(yaml|project))$", tools=r"\b(cabal|stack)\b"),
    Stack(name="Clojure", manifest=r"(^|/)(project\.clj|deps\.edn)$", tools=r"\b(lein|clj|clojure)\b"),
    Stack(name="Erlang", manifest=r"(^|/)rebar\.config$", tools=r"\brebar3\b"),
    Stack(name="OCaml", manifest=r"(\.opam|(^|/)dune-project)$", tools=r"\b(dune|opam)\b"),
    Stack(name="Perl", manifest=r"(^|/)(cpanfile|Makefile\.PL|Build\.PL)$", tools=r"\bprove\b"),
    Stack(name="R", manifest=r"(^|/)DESCRIPTION$", tools=r"\bR(script)?\b"),
    Stack(name="Julia", manifest=r"(^|/)Project\.toml$", tools=r"\bjulia\b"),
    Stack(name="Zig", manifest=r"(^|/)build\.zig$", tools=r"\bzig\b"),
    Stack(name="Crystal", manifest=r"(^|/)shard\.yml$", tools=r"\b(crystal|shards)\b"),
    Stack(name="CocoaPods", manifest=r"(^|/)Podfile$", tools=r"\bpod\b"),
    Stack(name="Conan", manifest=r"(^|/)conanfile\.(py|txt)$", tools=r"\bconan\b"),
    Stack(name="vcpkg", manifest=r"(^|/)vcpkg\.json$", tools=r"\bvcpkg\b"),
)  # fmt: skip
"""Every stack that has a manifest, except Python and npm, which have modules of their own."""
BY_NAME = {stack.name: stack for stack in STACKS}
_FIRST = (".sln", ".slnx", "main.tf")
_WRAPPERS = {"mvn": "mvnw", "./gradlew": "gradlew"}
"""By program: the script that a project keeps of it."""
_MODULES = frozenset({"Go"})
"""Each module is tested by itself, also one below another."""


def projects(tree: Tree) -> Iterator[Project]:
    """The projects of all stacks, by their outermost manifests; those of examples and tests only where all are."""
    for stack in STACKS:
        names = tree.named(stack.manifest)
        shipped = [name for name in names if not ASIDE.search(name)] or list(names)
        if stack.name == "Terraform":
            shipped = [name for name in shipped if not name.endswith("_override.tf")]
        for name in _outermost(shipped, stack):
            folder = PurePosixPath(name).parent
            if any((tree.root / folder / lock).is_file() for lock in stack.judged_by):
                continue
            scripts = [script for script in _WRAPPERS.values() if (tree.root / folder / script).is_file()]
            wrapper = f"./{scripts[0]}" if scripts else "gradle" if stack.name == "Gradle" else ""
            minitest = stack.name == "Ruby" and not (tree.root / folder / "spec").is_dir()
            yield Project(path=name, stack=stack.name, wrapper=wrapper, tests=_MINITEST if minitest else stack.tests)


def _outermost(names: Iterable[str], stack: Stack) -> Iterator[str]:
    """One manifest for each folder, and none below another's: workspaces, solutions, modules of one build."""
    kept: list[PurePosixPath] = []
    ordered = sorted(names, key=lambda name: (name.count("/"), not name.endswith(_FIRST), name))
    for name in ordered:
        folder = PurePosixPath(name).parent
        above = {folder} if stack.name in _MODULES else {folder, *folder.parents}
        if above.isdisjoint(kept):
            kept.append(folder)
            yield name
