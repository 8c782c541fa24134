"""Settings of many smaller tools, understood by their names: what they leave out, demand, allow and switch off.

Their makers follow one another: `ignore`, `exclude` and `skip` list what is not judged, `min…` and `max…` are bounds,
and `fail…`, `strict` and `enabled` are switches.
"""

from readiness.evidence.configuration.tools import PACKAGE, PYPROJECT, Rule, Source, Tool

_WORDS = r"(?:.*\.)?(?:\w+_)?"
_NOTE = (
    r"reasons?|comments?|justification|expir\w*|until|description|notes?|statement|title|authors?|created|date|issue"
)

_HIDES = (
    r"(?:ignor\w*|exclu\w*|skip\w*|allow_?list\w*|allowed\w*|white_?list\w*|suppress\w*|disabled?\w*|except\w*"
    r"|baselines?|warn_list|opt_out)"
)
_SEVERE = r"\w*rules?|errors|lints?|assertions|\w*severit(?:y|ies)|categories|overrides"

MEANINGS = (
    Rule(r"(?:.*\.)?(?:default_filter|filter|grep|grep_invert|only|focus)", "narrows", "runs-fewer-tests"),
    Rule(r"(?:.*\.)?(?:checks|warningsaserrors)", "signed", "rule-disabled"),
    Rule(
        rf"(?:.*\.)?(?:{_SEVERE})\.(?!(?:.*\.)?(?:exclude|ignore|include)\w*$)[^.]+"
        r"(?:\.(?:level|severity|enabled|status|\*))?",
        "severity",
        "rule-disabled",
    ),
    Rule(r"(?:.*\.)?severity", "severity", "rule-disabled"),
    Rule(rf"{_WORDS}{_HIDES}\..*(?:{_NOTE})", "appears", "rule-disabled"),
    Rule(
        rf"{_WORDS}{_HIDES}(?:\..+)?",
        "hides",
        "rule-disabled",
        free=r".*(?:node_modules|\bdist\b|\bbuild\b|\.git\b|coverage/|\.min\.|__pycache__|\.venv).*",
    ),
    Rule(rf"{_WORDS}(?:select\w*|enable_?\w*|opt_in\w*|only_rules|linters|contracts)", "takes_in", "rule-disabled"),
    Rule(
        rf"{_WORDS}(?:(?!fail_?fast)fail(?!_under|_below)\w*|strict\w*|error_on\w*|warn(?=\w*_as_err)\w*+|forbid\w*|deny\w*"
        r"|require\w*|block\w*|abort\w*|type|queries|(?:\w+_)?level)",
        "firm",
        "rule-disabled",
    ),
    Rule(
        rf"{_WORDS}(?:fail_under|fail_below|min\w*|minimum\w*|break|thresholds?(?:\.(?!max)\w+)?|score|coverage)",
        "at_least",
        "threshold-lowered",
    ),
    Rule(rf"{_WORDS}(?:max\w*|limits?|budgets?|ceiling|tolerance)", "at_most", "threshold-lowered"),
    Rule(
        r"(?:.*\.)?\w*(?:length|complexity|depth|nesting|count)(?:\.(?:warning|error))?", "limit", "threshold-lowered"
    ),
    Rule(rf"{_WORDS}(?:enabled|active|recommended)", "strict", "rule-disabled", default=True),
)

_SMALL: dict[str, tuple[Source, ...]] = {
    **{
        name: (Source(PYPROJECT, rf"tool\.{name.replace('-', '_')}\."), *(Source(file) for file in files))
        for name, *files in (
            ("ty", r"ty\.toml"),
            ("pyrefly", r"pyrefly\.toml"),
            ("deptry",),
            ("refurb",),
            ("pydoclint",),
            ("pydocstyle", r"\.pydocstyle(?:\.ini)?"),
            ("docformatter",),
            ("codespell", r"\.codespellrc"),
            ("typos", r"[._]?typos\.toml"),
            ("slotscheck",),
            ("creosote",),
            ("xenon",),
            ("radon", r"radon\.cfg"),
            ("pylyzer",),
            ("sqlfluff", r"\.sqlfluff"),
            ("pip-audit",),
            ("mutmut",),
            ("cosmic-ray",),
            ("importlinter", r"\.?importlinter"),
            ("licensecheck",),
            ("semgrep", r"\.semgrep\.ya?ml"),
        )
    },
    "safety": (Source(r"\.safety-policy\.ya?ml"), Source(PYPROJECT, r"tool\.safety\.")),
    "deno": (Source(r"deno\.jsonc?", r"(?:lint|test|compileroptions|bench)\."),),
    "lighthouse": (Source(r"\.?lighthouserc\.(?:json|ya?ml|[cm]?js)"),),
    "size": (
        Source(r"\.size-limit\.(?:json|[cm]?js)|\.?bundlewatch\.config\.[cm]?js|\.bundlewatch\.config\.json"),
        Source(r"angular\.json", r".*\.budgets\."),
        Source(PACKAGE, r"(?:size_limit|bundlesize|bundlewatch)\."),
    ),
    "dependency-cruiser": (Source(r"\.dependency-cruiser\.(?:[cm]?js|json)"),),
    "knip": (Source(r"knip\.(?:jsonc?|[jt]s)|\.knip\.jsonc?"), Source(PACKAGE, r"knip\.")),
    "audit": (Source(r"\.?audit-ci\.jsonc?|\.npmrc|\.yarnrc\.ya?ml", r"(?=(?:npm)?audit)"),),
    "mutation tests": (Source(r"stryker\.conf(?:ig)?\.(?:json|[cm]?js)|stryker-config\.(?:json|ya?ml)"),),
    "markdownlint": (Source(r"\.markdownlint(?:-cli2)?\.(?:jsonc?|ya?ml)"),),
    "coverage of go": (Source(r"\.?testcoverage\.ya?ml"),),
    "nextest": (Source(r"(?:.*/)?\.config/nextest\.toml"),),
    "tarpaulin": (Source(r"\.?tarpaulin\.toml"),),
    "swiftlint": (Source(r"\.swiftlint\.ya?ml"),),
    "dart analyzer": (Source(r"analysis_options\.ya?ml"),),
    "clang-tidy": (Source(r"\.clang-tidy"),),
    "coverage of c": (Source(r"gcovr\.cfg|\.gcovr|\.?lcovrc"),),
    "coverage of elixir": (Source(r"coveralls\.json"),),
    "elixir": (Source(r"mix\.exs|\.credo\.exs"),),
    "sbt": (Source(r"[\w.-]+\.sbt|\.scalafix\.conf"),),
    "flags": (Source(r"CMakeLists\.txt|[\w.-]+\.cmake|CMakePresets\.json|meson\.build|\.bazelrc|configure\.ac"),),
    "ansible-lint": (Source(r"\.ansible-lint(?:\.ya?ml)?"),),
    "kube-linter": (Source(r"\.kube-linter\.ya?ml|kubeconform\.ya?ml|\.polaris\.ya?ml|polaris\.ya?ml"),),
    "spectral": (Source(r"\.spectral\.(?:ya?ml|json)|\.?redocly\.ya?ml|buf\.ya?ml|\.protolint\.ya?ml"),),
    "codeql": (Source(r"\.github/codeql/.*\.ya?ml|codeql-config\.ya?ml"),),
    "quality service": (Source(r"\.codeclimate\.ya?ml|\.deepsource\.toml|qodana\.ya?ml|\.codacy\.ya?ml"),),
    "megalinter": (Source(r"\.mega-linter\.ya?ml|\.github/(?:linters|super-linter)\.?\w*\.(?:ya?ml|env)"),),
    "gradle settings": (Source(r"gradle\.properties", r"(?=.*(?:test|lint|check|coverage|detekt|sonar))"),),
    "bundler-audit": (Source(r"\.bundler-audit\.ya?ml"),),
    "composer audit": (Source(r"composer\.json", r"config\.audit\."),),
}
BY_DEFAULT = {
    "ty", "pyrefly", "deptry", "codespell", "typos", "safety", "deno", "knip", "audit", "markdownlint", "swiftlint",
    "dart analyzer", "ansible-lint", "kube-linter", "bundler-audit", "composer audit", "nextest",
}  # fmt: skip
"""Tools that judge without a configuration of theirs: the first one may make them judge less."""
MEANT_TOOLS = tuple(
    Tool(name, sources, MEANINGS, needs_configuration=name not in BY_DEFAULT) for name, sources in _SMALL.items()
)
