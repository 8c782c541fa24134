"""What kind of file a path names: code, settings or prose; what runs in production, or something else."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from pathlib import PurePosixPath


class Syntax(Enum):
    """How values stand in a file."""

    CODE = auto()
    """Values are quoted; a bare word is a name."""
    LINES = auto()
    """A value goes to the end of its line: settings."""
    SHELL = auto()
    """A value ends at white space."""
    TEXT = auto()
    """Prose, markup and all else."""


@dataclass(frozen=True)
class Place:
    """What a path says about a file."""

    syntax: Syntax
    code: bool = False
    """Source code; settings whose values stand in quotes are none (JSON, TOML, `config/app.php`)."""
    production: bool = False
    """Settings that say by their name or folder that a running system has them."""
    shown: bool = False
    """Tests, examples, documentation by its name or folder, and what others wrote: samples are at home here."""
    readme: bool = False
    """What a repository says of itself in files of usual names."""
    aside: bool = False
    """Nothing of it runs in production: what is shown, prose, texts in languages, and what programs wrote."""
    throwaway: bool = False
    """Workflows of CI, and settings for the machine of a developer, which make up what their services need."""
    composed: bool = False
    """Containers started together: on the machine of a developer, or in production."""
    language: bool = False
    """Texts in the languages of people."""
    digests: bool = False
    """Full of digests and of code that others wrote: values without a telling name say nothing."""
    spaced: bool = False
    """A name and its value may stand apart by white space alone."""
    packed: bool = False
    """Programs put such files together in long lines, in which a name says little."""
    words: frozenset[str] = frozenset()
    """Words of its folders and its name, in small letters: the names of products and projects."""
    checklist: bool = False
    """Whether `readiness` reads it."""


_CODE = {
    "py", "pyi", "js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts", "vue", "svelte", "go", "rs", "java", "kt",
    "kts", "swift", "cs", "fs", "vb", "rb", "php", "c", "h", "cc", "cpp", "hpp", "m", "mm", "scala", "groovy",
    "gradle", "dart", "lua", "pl", "pm", "r", "ex", "exs", "erl", "hrl", "clj", "cljs", "el", "hs", "ml", "pas", "jl",
    "nim", "zig", "sol", "sql", "tf", "hcl", "bzl", "proto", "json", "json5", "jsonc", "ipynb", "toml", "lisp", "tcl",
    "cr", "v", "d", "f90", "cshtml", "razor", "erb", "haml", "slim", "twig", "blade", "jsp", "ejs", "hbs", "css",
    "scss", "less", "graphql", "tmpl", "tpl", "snap", "map", "jinja", "j2",
}  # fmt: skip
_SETTINGS = re.compile(
    r"(?i)\.(json[5c]?|toml|tf|hcl)$|(^|/)((config|conf|settings|environments)/([^/]+/)?[^/]+|(settings|config)[^/]*)\.(py|rb|php|[cm]?[jt]s|exs?)$"
)
_LINES = {
    "env", "properties", "ini", "cfg", "conf", "cnf", "yaml", "yml", "npmrc", "pypirc", "s3cfg", "tfvars", "config",
    "netrc", "authinfo", "pgpass", "my", "service", "prefs", "desktop", "inf", "reg", "credentials", "envrc",
    "runsettings", "mk", "make",
}  # fmt: skip
_SHELL = {"sh", "bash", "zsh", "fish", "csh", "ksh", "bat", "cmd", "ps1", "psm1", "dockerfile", "containerfile"}
_SHELL_NAMES = re.compile(r"(?i)^(dockerfile|containerfile|procfile|justfile|\.bashrc|\.profile|\.zshrc)")
_LINE_NAMES = re.compile(
    r"(?i)^(\.?env([._-].*)?|.*\.env(\..*)?|\.?npmrc|\.pypirc|[._]netrc|\.pgpass|\.?my\.cnf|credentials|hosts|inventory|(gnu)?makefile|\.s3cfg|\.boto)$"
)
_TESTS = re.compile(
    r"(?i)(^|/)(t|tests?|__tests__|specs?|(?<!src/)(?<!app/)(?<!lib/)(?<!pkg/)(?<!internal/)(unit|integration|stories|perf)"
    r"|([\w.-]*[-_.])?(fixtures?|e2e)|behat|playwright|_?(test|sample)[-_]?(data|resources?)"
    r"|_*(fakes?|mocks?|stubs?)_*|[\w.-]*[-_]testing([-_][\w.-]+)?|testing|([\w.-]*[-_])?test[-_]?(utils?|cases|kits?|beds?|suites?|support|helpers?|servers?)|conformance|certification|suites|\.?_*snapshots_*|cypress"
    r"|playground|bench(marks?)?|molecule|[\w.-]*(?<!la)(?<!con)(?<!grea)(?<!fas)tests?|[\w-]+\.tests?(\.\w+)+|tests?[-_][\w.-]+)/"
    r"|(^|/)(test_[^/]*|[^/]*[._-](test|tests|testing|spec|stories|fixtures?|mocks?|stubs?|fakes?))(\.[^/]+)?$"
    r"|(^|/)(conftest\.py|phpunit\.xml[^/]*|testing\.(go|py|rs|[jt]s)|(tests?|mocks?|stubs?|fixtures?|fakes?)\.[^/]+|(test|mock|fake|stub)[A-Z]\w*\.[jt]sx?)$"
    r"|(^|/)[^/]*(?-i:Tests?|Spec|IT|Facts|Mocks?|Fakes?|Stubs?|Fixtures?)\.(java|kt|cs|scala|groovy|swift|php|[jt]sx?)$|\.snap$"
)
"""Tests and what they use: fixtures, snapshots, stubs, mocks, benchmarks."""
_SHOWN = re.compile(
    r"(?i)(^|/)(([\w.-]+[-_])?((docs?|documentation)([-_](site|web|website|assets|src|app))?|examples?|samples?|demos?|sandbox(es)?|tutorials?|quick-?starts?|guides?|getting[-_]?started|howtos?)"
    r"|[\w-]+\.(examples?|samples?|demos?)(\.\w+)*|changelogs?|snippets|src/site)/"
    r"|(^|/)(examples?|samples?|demos?)(data|apps?|sites?|projects?|conf(ig)?|db)?(?-i:(?![a-z]))[^/]*$|[._-](examples?|samples?|demo|dist|template|tpl)(\.[^/]*)?$|\.(rst|adoc|1|po)$"
    r"|(^|/)(openapi|swagger)([._-][^/]*)?$"
    r"|\.(postman_collection\.json|http|rest|bru)$|(^|/)(postman|insomnia|bruno)[^/]*(/|\.json$)"
)
"""Documentation and examples, descriptions of interfaces, collections of requests."""
_PACKAGES = re.compile(r"(?<=/src/main/)(?:java|kotlin|scala|groovy)/(?:[^/]+/)*")
"""Folders of packages (`com.example.demo`) where Maven and Gradle have the sources of production."""
_README = re.compile(r"(?i)(^|/)(readme|changes|changelog|contributing|news|upgrading|security)([._-][^/]*)?$")
_PROSE = re.compile(r"(?i)\.(md|mdx|rst|adoc|asciidoc|markdown|1)(\.(j2|jinja2?|tmpl|tpl|gotmpl|erb|in))?$")
_CI = re.compile(
    r"(?i)(^|/)\.(github|gitlab|circleci|ci|buildkite|woodpecker)/|(^|/)\.(gitlab-ci|travis|drone|cirrus|woodpecker)[^/]*$|(^|/)ci/"
    r"|(^|/)(appveyor[^/]*|tox\.ini|noxfile\.py|azure-pipelines[^/]*|bitbucket-pipelines[^/]*)$"
)
_DEVELOPMENT = re.compile(
    r"(?i)(^|/)(\.devcontainer|\.?vagrant|(local|dev)([-_](env(ironment)?|setup|tools?|stack|cluster))?|hack)/"
    r"|(^|/)[^/]*[._-](dev|development|local|ci)([._-][^/]*)?$|(^|/)seeds?\.\w+$"
)
_COMPOSED = re.compile(r"(?i)(^|/)(\.?docker|docker-compose)/|(^|/)(docker-)?compose[^/]*\.ya?ml$")
_PRODUCTION = re.compile(
    r"(?i)^\.?env[._-](prod|production|live|staging)|[._-](prod|production|live)\.(env|ya?ml|json|toml|ini|properties|tfvars|config|conf)$"
    r"|^(prod|production|live)\.(env|ya?ml|json|toml|ini|properties|tfvars|config|conf)$"
)
"""Settings of a running system, in whatever folder they lie."""
_PRODUCTION_FOLDER = re.compile(
    r"(?i)(^|/)(prod|production|live)/([^/]+/)*(\.?env|[^/]+\.(env|ya?ml|json|toml|ini|properties|tfvars|tf|config|conf))$"
    r"|(^|/)(settings|config|environments)/(prod|production)\.(py|rb|php|[cm]?js|ts)$"
)
"""Settings that their folder gives to a running system."""
_LANGUAGE = re.compile(
    r"(?i)(^|/)(lang|locales?|i18n|l10n|translations?)/|(^|/)(languages?|messages)/[^/]+\.(json|ya?ml|properties|php|xml)$"
    r"|\.(po|pot|xlf|xliff|resx|strings|arb|lproj)$|(^|/)(messages|strings|translations?)([._-]\w+([.-]\w+)*)?\.(properties|json|ya?ml|xml)$"
)
_ANDROID = "strings.xml"
"""Texts of an app of Android, and its keys: https://developer.android.com/guide/topics/resources/string-resource"""
_WRITTEN = re.compile(
    r"(?i)\.lock(\.json|\.hcl|b)?$|(^|/)(package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|go\.sum|packages\.lock\.json"
    r"|package\.resolved|cartfile\.resolved|gradle\.lockfile|cabal\.project\.freeze)$|[.-]min\.(js|css)$|\.(map|svg|pem|crt|cer)$"
    r"|\.designer\.(cs|vb)$|[._]pb2?\.(go|py|cs|rb)$|_pb2_grpc\.py$|\.(g|generated)\.\w+$|(^|/)(generated|__generated__)/"
    r"|(^|/)dist/|(^|/)\.vs/|(^|/)(public|static|wwwroot)/([^/]+/)*[^/]+\.(js|css|html?)$"
    r"|\.(csv|tsv|geojson|har|ndjson|jsonl)$|(^|/)requirements[^/]*\.txt$|\.snap$"
)
"""Written by programs: lock files, bundles, generated code, data."""
_PACKED = re.compile(r"(?i)\.(?:[cm]?js|css|html?|map|svg)$")
_VENDORED = re.compile(r"(?i)(^|/)(node_modules|\.yarn|vendor|third[-_]?party|bower_components|wwwroot/lib)/")
"""Code that others wrote: its words and samples are theirs."""
_SPACED = re.compile(r"(?i)(^|/)([._]?netrc|\.?authinfo)[^/]*$")
_CHECKLIST = re.compile(r"readiness[\w.-]*\.ya?ml")


@lru_cache(maxsize=4096)
def place_of(path: str) -> Place:
    """Judge a path."""
    name = PurePosixPath(path).name
    named = _PRODUCTION.search(name) is not None and not _SHOWN.search(name)
    judged = name if named else _PACKAGES.sub("", f"/{path}")[1:]  # the folder says nothing of such a file
    production = named or (_PRODUCTION_FOLDER.search(path) is not None and not _SHOWN.search(name))
    shown = any(pattern.search(judged) for pattern in (_TESTS, _SHOWN, _VENDORED))
    syntax = _syntax(name)
    readme = syntax is Syntax.TEXT and _README.search(name) is not None
    language, written = _LANGUAGE.search(path) is not None, _WRITTEN.search(path) is not None
    return Place(
        syntax=syntax,
        code=syntax is Syntax.CODE and not _SETTINGS.search(path),
        production=production,
        shown=shown,
        readme=readme,
        aside=shown or readme or written or _PROSE.search(judged) is not None or (language and name != _ANDROID),
        throwaway=any(pattern.search(judged) for pattern in (_CI, _DEVELOPMENT)) and not production,
        composed=_COMPOSED.search(path) is not None and not production,
        language=language,
        digests=written or _VENDORED.search(path) is not None,
        spaced=_SPACED.search(path) is not None,
        packed=_PACKED.search(path) is not None,
        words=frozenset(re.findall(r"[a-z]{4,}", path.lower())),
        checklist=_CHECKLIST.fullmatch(name) is not None,
    )


def _syntax(name: str) -> Syntax:
    ending = name.rpartition(".")[2].lower()
    if ending in _CODE and not name.startswith("."):
        return Syntax.CODE
    if _LINE_NAMES.match(name):
        return Syntax.LINES
    if _SHELL_NAMES.match(name) or ending in _SHELL:
        return Syntax.SHELL
    if ending in _LINES:
        return Syntax.LINES
    return Syntax.CODE if ending in _CODE else Syntax.TEXT
