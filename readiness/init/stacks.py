"""Knows how the tools of each language test, measure, audit and lint a project, by its manifest.

Commands are those of the vendors' own pages; what a tool of the stack cannot do is left empty, and `init` says so.
"""

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
    """Exits with another code than 0 where a dependency has a known vulnerability, or the configuration is insecure."""
    answers: str = ""
    """Regular expression of what the audit prints whenever it did its work, whatever it found."""
    lock: str = ""
    """File beside the manifest that the audit reads."""
    judges: str = "dependencies"
    """What the audit is about."""
    lint: str = ""
    tested: bool = True
    """Whether its projects have tests of their own; what only describes machines has none."""
    judged_by: tuple[str, ...] = ()
    """Lock files that the check `dependencies` judges: a project with one has an item already."""
    tools: str = ""
    """Pattern of the commands that work on its projects."""


def _evidence(command: str, path: str) -> Evidence:
    return Evidence(command=command, path=path)


_NUGET_AUDIT = (
    "dotnet restore -p:NuGetAudit=true -p:NuGetAuditMode=all '-warnaserror:NU1900;NU1901;NU1902;NU1903;NU1904;NU1905'"
)
"""`dotnet list package --vulnerable` exits with 0 whatever it finds. NU1900 and NU1905: no advisories were had."""
MINITEST = _evidence("bundle exec rake test, with minitest-reporters", "test/reports/TEST-*.xml")
FLUTTER_TESTS = _evidence("flutter test --machine > dart-test.json", "dart-test.json")
FLUTTER_COVERAGE = _evidence("flutter test --coverage", "coverage/lcov.info")
TESTING_PLATFORM_TESTS = _evidence("dotnet test --report-trx", f"{ANYWHERE}TestResults/**/*.trx")
TESTING_PLATFORM_COVERAGE = _evidence(
    "dotnet test --coverage --coverage-output-format cobertura --coverage-output coverage.cobertura.xml",
    f"{ANYWHERE}TestResults/**/coverage.cobertura.xml",
)
"""For projects whose global.json says that Microsoft.Testing.Platform runs their tests."""
SCAN = "osv-scanner scan source --lockfile %s"
SCANNED = r"found [1-9]\d* packages?"
"""What osv-scanner prints of a lock file that it read: google/osv-scanner 2.5.0, pkg/osvscanner/stats.go."""
_CONFIGURATION = "trivy config --exit-code 1 --severity HIGH,CRITICAL ."
_CONFIGURED = r"Detected config files\D*[1-9]"
"""aquasecurity/trivy 0.74.0, pkg/scan/local/service.go. Its "Report Summary" is printed of no file at all, too."""
STACKS = (
    Stack(
        name="Go",
        manifest=r"(^|/)go\.mod$",
        tests=_evidence("go test -json ./... > go-test.json", "go-test.json"),
        coverage=_evidence("go test -coverprofile=coverage.out ./...", "coverage.out"),
        audit="govulncheck ./...",
        # golang/vuln 1.6.0, internal/scan/text.go
        answers=r"No vulnerabilities found|Your code is affected|=== \w+ Results",
        lint="go vet ./...",
        tools=r"\b(go|gotestsum|govulncheck|golangci-lint)\b",
    ),
    Stack(
        name="Rust",
        manifest=r"(^|/)Cargo\.toml$",
        tests=_evidence(
            'cargo nextest run --profile ci, with `[profile.ci.junit] path = "junit.xml"` in .config/nextest.toml',
            "target/nextest/ci/junit.xml",
        ),
        coverage=_evidence("cargo llvm-cov --lcov --output-path lcov.info", "lcov.info"),
        audit="cargo audit",
        answers=r"Scanning .*Cargo\.lock for vulnerabilities",  # rustsec/rustsec, cargo-audit 0.22.2, src/presenter.rs
        lint="cargo clippy --all-targets -- -D warnings",
        tools=r"\bcargo\b",
    ),
    Stack(
        name="Maven",
        manifest=r"(^|/)pom\.xml$",
        tests=_evidence("mvn -B verify", f"{ANYWHERE}target/surefire-reports/TEST-*.xml"),
        coverage=_evidence("mvn -B verify, with JaCoCo's report", f"{ANYWHERE}target/site/jacoco/jacoco.xml"),
        audit="mvn -B org.owasp:dependency-check-maven:check -DfailBuildOnCVSS=7",
        # dependency-check/DependencyCheck, Engine.java and BaseDependencyCheckMojo.java. `BUILD SUCCESS` says nothing:
        # a build that skips the analysis succeeds, too.
        answers=r"Analysis Complete \(|identified with vulnerabilities",
        tools=r"\bmvnw?\b",
    ),
    Stack(
        name="Gradle",
        manifest=r"(^|/)(settings|build)\.gradle(\.kts)?$",
        tests=_evidence("./gradlew test", f"{ANYWHERE}build/test-results/**/TEST-*.xml"),
        coverage=_evidence(
            "./gradlew test jacocoTestReport, with the plugin jacoco",
            f"{ANYWHERE}build/reports/jacoco/test/jacocoTestReport.xml"
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
        # As public logs of `dotnet restore` show it: "Restored X (in 1 sec)." or "up-to-date for restore".
        answers=r"Restored |up-to-date for restore|NU190[1-4]",
        lint="dotnet format --verify-no-changes",
        tools=r"\bdotnet\b",
    ),
    Stack(
        name="Ruby",
        manifest=r"(^|/)Gemfile$",
        tests=_evidence("bundle exec rspec --format RspecJunitFormatter --out rspec.xml", "rspec.xml"),
        coverage=_evidence("SimpleCov writes it with the tests", "coverage/.resultset.json"),
        audit="bundle exec bundle-audit check --update",
        answers="ulnerabilities found",  # rubysec/bundler-audit 0.9.3, lib/bundler/audit/cli/formats/text.rb
        lock="Gemfile.lock",
        tools=r"\b(bundle|rake|rspec|rails)\b",
    ),
    Stack(
        name="PHP",
        manifest=r"(^|/)composer\.json$",
        tests=_evidence("vendor/bin/phpunit --log-junit junit.xml", "junit.xml"),
        coverage=_evidence("vendor/bin/phpunit --coverage-cobertura cobertura.xml", "cobertura.xml"),
        audit="composer audit --locked",
        answers="security vulnerability advisor",  # composer/composer 2.9.8, src/Composer/Advisory/Auditor.php
        lock="composer.lock",
        lint="composer validate --strict",
        tools=r"\b(composer|phpunit|pest|phpstan)\b",
    ),
    Stack(
        name="Elixir",
        manifest=r"(^|/)mix\.exs$",
        tests=_evidence(
            "mix test --formatter JUnitFormatter, with junit_formatter", "_build/test/lib/*/test-junit-report.xml"
        ),
        coverage=_evidence("mix coveralls.lcov, with excoveralls", "cover/lcov.info"),
        audit="mix deps.audit",
        answers="ulnerabilities found",  # mirego/mix_audit 2.1.5, lib/mix_audit/formatting/human.ex
        lock="mix.lock",
        lint="mix format --check-formatted",
        tools=r"\bmix\b",
    ),
    Stack(
        name="Dart",
        manifest=r"(^|/)pubspec\.yaml$",
        tests=_evidence("dart test --reporter json > dart-test.json", "dart-test.json"),
        coverage=_evidence("dart run coverage:test_with_coverage", "coverage/lcov.info"),
        audit=SCAN % "pubspec.lock",
        answers=SCANNED,
        lock="pubspec.lock",
        lint="dart analyze --fatal-infos",
        tools=r"\b(dart|flutter)\b",
    ),
    Stack(
        name="Swift",
        manifest=r"(^|/)Package\.swift$",
        tests=_evidence("swift test --xunit-output junit.xml", "junit.xml"),
        audit=SCAN % "Package.resolved",
        answers=SCANNED,
        lock="Package.resolved",
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
        audit=_CONFIGURATION,
        answers=_CONFIGURED,
        judges="configuration",
        lint="terraform fmt -check -recursive",
        tested=False,
        tools=r"\b(terraform|tofu|tflint|trivy|checkov)\b",
    ),
    Stack(
        name="Helm",
        manifest=r"(^|/)Chart\.yaml$",
        audit=_CONFIGURATION,
        answers=_CONFIGURED,
        judges="configuration",
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
