"""What kind of file a path names: code, settings or prose; made for tests and readers, or for production."""

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
    sample: bool
    """Tests and prose: words that are written there are mostly made up."""
    prose: bool
    shown: bool
    """Documentation and examples: so is what looks random."""
    development: bool
    """Settings for the machine of a developer or of a build."""
    language: bool
    """Texts in the languages of people."""
    digests: bool
    """Full of digests and of code that others wrote: values without a telling name say nothing."""
    spaced: bool
    """A name and its value may stand apart by white space alone."""
    packed: bool
    """Programs put such files together in long lines, in which a name says little."""
    workflow: bool = False
    """A workflow of CI, which starts services of its own."""
    production: bool = False
    """Settings of a running system."""
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
_SAMPLE = re.compile(
    r"(?i)(^|/)(t|tests?|__tests__|specs?|unit|integration|__mocks__|([\w.-]*[-_.])?(fixtures?|e2e)|behat|playwright|_?(test|sample)[-_]?(data|resources?)|fakes?|[\w.-]*[-_]testing([-_][\w.-]+)?|mocks?|testing|testutils?"
    r"|testcases|suites|stubs?|\.?_*snapshots_*|stories|cypress|playground|benchmarks?|molecule|[\w.-]*(?<!la)(?<!con)(?<!grea)(?<!fas)tests?|[\w-]+\.tests?(\.\w+)+|tests?[-_][\w.-]+)/"
    r"|(^|/)(test_[^/]*|[^/]*[._-](test|tests|spec|stories|example|sample|dist|template|tpl))(\.[^/]+)?$|(^|/)(conftest\.py|phpunit\.xml|testing\.(go|py|rs|[jt]s)|tests?\.[^/]+|test[A-Z]\w*\.[jt]sx?)$"
    r"|(^|/)[^/]*(Tests?|Spec|IT)\.(java|kt|cs|scala|groovy|swift|php)$|\.(snap|po)$"
    r"|(^|/)(example|sample)[^/]*$|\.(example|sample|dist|template)(\.[^/]*)?$|(^|/)[\w.-]*\.(example|sample)\.[^/]+$"
)
_PROSE = re.compile(r"(?i)\.(md|mdx|rst|adoc|asciidoc|markdown|1|txt)(\.(j2|jinja2?|tmpl|tpl|gotmpl|erb|in))?$")
_SHOWN = re.compile(
    r"(?i)(^|/)(([\w.-]+[-_])?(docs?|documentation|examples?|samples?|demos?|tutorials?|quickstarts?|guides?)|[\w-]+\.(examples?|samples?|demos?)(\.\w+)*|docs_src|changelogs?|snippets)/"
    r"|(^|/)(example|sample)[^/]*$|[._-](examples?|samples?|dist|template|tpl)(\.[^/]*)?$|\.(rst|adoc|1|po)$"
)
_DEVELOPMENT = re.compile(
    r"(?i)(^|/)(\.github|\.gitlab|\.circleci|\.devcontainer|\.docker|docker|docker-compose|dev|\.?ci|hack|local|vagrant)/"
    r"|(^|/)(docker-)?compose[^/]*\.ya?ml$|(^|/)\.(gitlab-ci|travis|drone)[^/]*$|(^|/)(appveyor[^/]*|tox\.ini|noxfile\.py)$"
    r"|(^|/)[^/]*[._-](dev|development|local|test|testing|ci)([._-][^/]*)?$|(^|/)seeds?\.\w+$"
)
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
    r"(?i)(^|/)(lang|locales?|i18n|l10n|translations?|languages?|messages)/|\.(po|pot|xlf|xliff|resx|strings|arb|lproj)$"
    r"|(^|/)(messages|strings|translations?)([._-]\w+)*\.(properties|json|ya?ml|xml)$"
)
_DIGESTS = re.compile(
    r"(?i)\.lock(\.json|\.hcl|b)?$|(^|/)(package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|go\.sum|packages\.lock\.json"
    r"|package\.resolved|cartfile\.resolved|gradle\.lockfile|cabal\.project\.freeze)$|[.-]min\.(js|css)$|\.(map|svg|pem|crt|cer)$"
    r"|(^|/)(node_modules|\.yarn|vendor|third_party|dist)/|(^|/)requirements[^/]*\.txt$|\.snap$"
)
_PACKED = re.compile(r"(?i)\.(?:[cm]?js|css|html?|map|svg)$")
_VENDORED = re.compile(r"(?i)(^|/)(node_modules|\.yarn|vendor|third_party|bower_components)/")
"""Code that others wrote: its words and samples are theirs."""
_SPACED = re.compile(r"(?i)(^|/)([._]?netrc|\.?authinfo)[^/]*$")

_WORKFLOW = re.compile(r"(?i)^\.github/workflows/|(^|/)(\.gitlab-ci[^/]*|\.travis)\.ya?ml$|^\.circleci/")
_CHECKLIST = re.compile(r"readiness[\w.-]*\.ya?ml")


@lru_cache(maxsize=4096)
def place_of(path: str) -> Place:
    """Judge a path."""
    name = PurePosixPath(path).name
    named = _PRODUCTION.search(name) is not None
    judged = name if named else path  # the folder says nothing of such a file
    production = named or _PRODUCTION_FOLDER.search(path) is not None
    prose, vendored = _PROSE.search(path) is not None, _VENDORED.search(judged) is not None
    return Place(
        syntax=_syntax(name),
        sample=any(pattern.search(judged) for pattern in (_SAMPLE, _SHOWN, _PROSE, _VENDORED)),
        prose=prose,
        shown=_SHOWN.search(judged) is not None or (vendored and prose),
        development=_DEVELOPMENT.search(path) is not None and not production,
        language=_LANGUAGE.search(path) is not None,
        digests=_DIGESTS.search(path) is not None,
        spaced=_SPACED.search(path) is not None,
        packed=_PACKED.search(path) is not None,
        workflow=_WORKFLOW.search(path) is not None,
        production=production,
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
