"""What is known of tools that judge: where their settings are, which way is looser, which stand in for each other."""

import re
from functools import cache
from typing import NamedTuple

from readiness.evidence.configuration.documents import Data

LIST = r"[\n,]+"
WORDS = r"[\s,]+"
LINES = r"\n+"


class Rule(NamedTuple):
    """One setting, and which way is looser."""

    setting: str
    """Regular expression for the whole dotted name, in lower case and with `_` for `-`."""
    way: str
    """`ignores`: each entry more is looser. `selects`: each entry fewer is. `at_least`, `at_most`: a number below, or
    above, is. `strict`: what is switched off is. `loose`: what is switched on is. `severity`: off < warn < error.
    `options`: of a command line. `kept`: what is gone is. `changed`: any other value may be. `alternatives`: each part
    more of a regular expression is. `globs`: `!` leaves out, anything else takes in. `modes`: off < basic < standard <
    strict. `manual`: what runs only on demand. `targets`: a percentage below.
    `any_true`, `all_true`: one value more is. `fewer`: a shorter list is. `warnings`: of
    what is an error, less is. `exact`: any other value, and none, is. `narrows`: any value is, but the one before.
    `appears`: a first value is. `limit`: a number above is, the highest of several; one that is gone may be written
    otherwise.
    `hides`: `loose` of a switch, `ignores` of a list. `firm`: `strict` of a switch, a higher level of a text.
    `grows`: `ignores` of a list that was there.
    `takes_in`: `strict` of a switch, `selects` of a list. `signed`: one more with `-` is, and one fewer without."""
    code: str = "configuration-changed"
    default: Data = None
    """What the tool does without the setting."""
    split: str = LIST
    """Where a text is cut into entries."""
    prefixes: bool = False
    """Whether an entry stands for all that begin with it, as the codes of flake8 do."""
    free: str = ""
    """Regular expression for entries that are free, because they are the tool's default or hide nothing."""


_KINDS = {
    "python style": "ruff black isort flake8 pylint pyupgrade pycodestyle pydocstyle autoflake pyflakes autopep8 yapf "
    "add-trailing-comma debug-statements double-quote-string-fixer end-of-file-fixer trailing-whitespace",
    "python security": "ruff bandit",
    "python types": "mypy pyright basedpyright pytype pyre pyrefly ty",
    "python tests": "pytest tox detox nox unittest nose nosetests hatch coverage",
    "javascript style": "eslint biome oxlint prettier standard xo tslint jshint stylelint dprint",
    "javascript types": "tsc vue-tsc tsd flow svelte-check",
    "javascript tests": "jest vitest mocha ava jasmine karma tap node bun",
    "browser tests": "cypress playwright nightwatch wdio puppeteer testcafe",
    "rust": "cargo cross nextest",
    "go style": "golangci-lint golangci staticcheck gofmt goimports govet revive golint vet lint",
    "java build": "mvn mvnw gradle gradlew maven",
    "php tests": "phpunit pest simple-phpunit paratest",
    "php style": "phpcs php-cs-fixer pint ecs phpmd",
    "php types": "phpstan psalm phan",
    "ruby tests": "rspec rake minitest",
    "ruby style": "rubocop standardrb standard",
    "security": "semgrep opengrep codeql snyk sonar-scanner bearer horusec scorecard brakeman gosec",
    "secrets": "gitleaks detect-secrets trufflehog ggshield talisman secretlint",
    "dependencies": "pip-audit safety osv-scanner snyk trivy grype audit dependency-review cargo-deny cargo-audit",
    "infrastructure": "checkov tfsec trivy terrascan kics tflint terraform_tflint terraform_tfsec terraform_trivy",
    "spelling": "codespell typos cspell misspell",
    "yaml": "yamllint actionlint zizmor check-yaml prettier",
    "shell style": "shellcheck bashate",
    "container style": "hadolint dockle dockerfilelint",
    "c style": "clang-tidy cppcheck cpplint clang-format include-what-you-use",
    "c tests": "ctest gtest catch2",
    "go dependencies": "govulncheck nancy",
    "elixir style": "credo dialyzer dialyxir sobelow",
    "kotlin style": "ktlint detekt",
    "swift style": "swiftlint swiftformat",
    "manifests": "kubeconform kubeval kube-linter kube-score conftest polaris helm-unittest",
    "contracts": "spectral redocly buf oasdiff dredd schemathesis",
    "mutants": "mutmut stryker infection pitest cargo-mutants cosmic-ray",
    "load and shell tests": "bats k6 newman",
    "unused": "knip vulture deptry depcheck ts-prune",
    "sizes": "size-limit bundlesize bundlewatch lighthouse lhci",
    "coverage": "codecov coveralls codacy coverage sonarcloud sonarqube",
}

FORMATTERS = frozenset({"prettier", "black", "isort", "yapf", "autopep8", "gofmt", "goimports", "rustfmt", "dprint",
                        "shfmt", "pyupgrade", "add-trailing-comma", "trailing-whitespace", "end-of-file-fixer", "pint",
                        "php-cs-fixer", "clang-format", "standard"})  # fmt: skip
"""Tools that only write code in another form; none of them stands in for one that judges it."""
_MANY = {"cargo", "cross",
         "gradle", "gradlew", "mvn", "mvnw", "maven", "node", "bun", "tap", "rake", "prettier", "standard",
         "lint", "vet", "audit", "tsc", "flow", "ty", "task", "hatch", "safety", "make", "ecs", "pint"}  # fmt: skip
JUDGING_TOOLS = "|".join(
    sorted((re.escape(tool) for tools in _KINDS.values() for tool in tools.split() if tool not in _MANY), key=len)[::-1]
)
"""The names of tools that do nothing but judge, as alternatives of a regular expression."""


@cache
def kind_of_tool(name: str) -> frozenset[str]:
    """What a tool is there for; its own first word where that is not known."""
    words = {name, *re.split(r"[^a-z0-9]+", name.lower().replace("_", "-"))}
    dashed = name.lower().replace("_", "-")
    kinds = {kind for kind, tools in _KINDS.items() if words & set(tools.split()) or dashed in tools.split()}
    return frozenset(kinds or {name.lower()})


class Source(NamedTuple):
    """One kind of file with settings of a tool."""

    file: str
    """Regular expression for the whole file name; with a `/`, for the whole path."""
    root: str = ""
    """Regular expression for what stands before the name of a setting."""


class Tool(NamedTuple):
    """A tool that judges, and its settings."""

    name: str
    sources: tuple[Source, ...]
    rules: tuple[Rule, ...]
    needs_configuration: bool = False
    """Whether it judges nothing without its configuration: a first one loosens nothing."""
    exclusive: bool = False
    """Whether it reads nothing but a file of its first source where there is one."""
    aliases: tuple[tuple[str, str], ...] = ()
    """Regular expressions for names of settings, and the name by which they are known here."""


PYPROJECT = r"pyproject\.toml"
PACKAGE = r"package\.json"
