"""Settings of the tools that judge Python code."""

from readiness.evidence.configuration.tools import LINES, PYPROJECT, WORDS, Rule, Source, Tool

_CFG, _TOX = r"setup\.cfg", r"tox\.ini"

PYTEST = Tool(
    "pytest",
    (
        Source(r"\.?pytest\.(?:ini|toml)", r"pytest\."),
        Source(_TOX, r"pytest\."),
        Source(_CFG, r"tool:pytest\."),
        Source(PYPROJECT, r"tool\.pytest\.(?:ini_options\.)?"),
    ),
    (
        Rule("addopts", "options", "runs-fewer-tests"),
        Rule("testpaths", "selects", "runs-fewer-tests", split=WORDS),
        Rule("python_(?:files|classes|functions)", "selects", "runs-fewer-tests", split=WORDS),
        Rule("norecursedirs|collect_ignore(?:_glob)?", "ignores", "runs-fewer-tests", split=WORDS,
             free=r"\.?\*?\.egg.*|\.\*|_darcs|build|CVS|dist|node_modules|venv|\.\w+|\{arch\}|__pycache__"),
        Rule("strict", "strict", "rule-disabled"),
        Rule("filterwarnings", "warnings", "rule-disabled", split=LINES),
    ),
    aliases=((r"xfail_strict|strict_xfail", "strict"),),
    exclusive=True,
)  # fmt: skip
COVERAGE = Tool(
    "coverage",
    (
        Source(r"\.coveragerc(?:\.toml)?", r"(?:tool\.coverage\.)?"),
        Source(_TOX + "|" + _CFG, r"coverage:"),
        Source(PYPROJECT, r"tool\.coverage\."),
    ),
    (
        Rule(r"(?:run|report|html|xml)\.omit", "ignores", "coverage-omits-more"),
        Rule(r"report\.exclude", "ignores", "coverage-omits-more", split=LINES,
             free=r".*pragma:? ?\(?.?no.?cover.*|.*pragma\|PRAGMA.*"),
        Rule(r"report\.partial_(?:branches|also|branches_always)", "ignores", "coverage-omits-more", split=LINES,
             free=r".*pragma.*"),
        Rule(r"report\.fail_under", "at_least", "threshold-lowered"),
        Rule(r"run\.branch", "strict", "threshold-lowered"),
        Rule(r"run\.(?:source|source_pkgs|source_dirs)", "selects", "coverage-omits-more"),
        Rule(r"(?:run|report)\.include", "selects", "coverage-omits-more"),
        Rule(r"report\.ignore_errors", "loose", "step-ignores-failure"),
    ),
    aliases=((r"report\.exclude_(?:lines|also)", "report.exclude"),),
    exclusive=True,
)  # fmt: skip
RUFF = Tool(
    "ruff",
    (Source(r"\.?ruff\.toml", r"(?:lint\.)?(?:extend_)?"), Source(PYPROJECT, r"tool\.ruff\.(?:lint\.)?(?:extend_)?")),
    (
        Rule("ignore", "ignores", "rule-disabled", prefixes=True),
        Rule("select", "selects", "rule-disabled", prefixes=True, default=["E4", "E7", "E9", "F"]),
        Rule(r"per_file_ignores\..*", "ignores", "rule-disabled", prefixes=True),
        Rule("exclude", "ignores", "rule-disabled"),
        Rule(r"(?:pylint\.max_.*|mccabe\.max_complexity)", "at_most", "threshold-lowered"),
        Rule(r"pycodestyle\.max_\w+", "limit", "threshold-lowered"),
    ),
    exclusive=True,
)
FLAKE8 = Tool(
    "flake8",
    (
        Source(r"\.flake8|tox\.ini|setup\.cfg", r"flake8\.(?:extend_)?"),
        Source(PYPROJECT, r"tool\.flake8\.(?:extend_)?"),
    ),
    (
        Rule("ignore", "ignores", "rule-disabled", split=WORDS, prefixes=True,
             free=r"E121|E123|E126|E203|E226|E24|E704|W503|W504"),
        Rule("select", "selects", "rule-disabled", split=WORDS, prefixes=True, default="E,F,W,C90"),
        Rule("per_file_ignores", "ignores", "rule-disabled"),
        Rule("exclude", "ignores", "rule-disabled", free=r"\.\w+|\*?\.?\*?egg.*|build|dist|v?env|__pycache__|docs.*"),
        Rule("max_complexity", "at_most", "threshold-lowered"),
        Rule(r"max_(?:line|doc)_length", "limit", "threshold-lowered"),
        Rule("disable_noqa", "strict", "rule-disabled"),
    ),
)  # fmt: skip
PYLINT = Tool(
    "pylint",
    (
        Source(r"\.?pylintrc(?:\.toml)?", r"(?:.*\.)?"),
        Source(r"setup\.cfg|tox\.ini", r"pylint\..*?\."),
        Source(PYPROJECT, r"tool\.pylint\.(?:.*?\.)?"),
    ),
    (
        Rule("disable", "ignores", "rule-disabled", split=WORDS),
        Rule("enable", "selects", "rule-disabled", split=WORDS, default=[]),
        Rule("ignore(?:_paths|_patterns|d_modules)?", "ignores", "rule-disabled"),
        Rule("fail_under", "at_least", "threshold-lowered", default=10),
        Rule("max_(?!line_length|module_lines).*", "at_most", "threshold-lowered"),
        Rule("max_.*", "limit", "threshold-lowered"),
    ),
)
_MYPY_STRICT = (
    "disallow_untyped_calls|disallow_untyped_defs|disallow_incomplete_defs|check_untyped_defs|disallow_subclassing_any"
    "|disallow_untyped_decorators|disallow_any_generics|warn_redundant_casts|warn_unused_ignores|warn_return_any"
    "|warn_unused_configs|strict_equality|extra_checks|no_implicit_reexport|strict_concatenate|warn_no_return"
    "|disallow_any_\\w+|warn_unreachable|strict_optional|strict_bytes|no_implicit_optional|strict"
)
MYPY = Tool(
    "mypy",
    (
        Source(r"\.?mypy\.ini", r"mypy(?:\.|_(?=.*\.))"),
        Source(_CFG, r"mypy(?:\.|_(?=.*\.))"),
        Source(PYPROJECT, r"tool\.mypy\.(?:overrides\.)?"),
    ),
    (
        Rule(rf"(?:.*\.)?(?:{_MYPY_STRICT})", "strict", "rule-disabled"),
        Rule(
            r"(?:.*\.)?(?:ignore_errors|ignore_missing_imports|allow_\w+|disable_bytearray_promotion)",
            "loose",
            "rule-disabled",
        ),
        Rule(r"(?:.*\.)?disable_error_codes?", "ignores", "rule-disabled"),
        Rule(r"(?:.*\.)?enable_error_codes?", "selects", "rule-disabled", default=[]),
        Rule("exclude", "ignores", "rule-disabled"),
        Rule("files|packages|modules", "selects", "rule-disabled"),
        Rule(r"(?:.*\.)?follow_imports", "changed", "rule-disabled"),
    ),
    exclusive=True,
)
PYRIGHT = Tool(
    "pyright",
    (Source(r"pyrightconfig\.json"), Source(PYPROJECT, r"tool\.(?:based)?pyright\.")),
    (
        Rule(r"report\w+", "severity", "rule-disabled"),
        Rule("strict", "selects", "rule-disabled"),
        Rule("ignore|exclude", "ignores", "rule-disabled", free=r".*(?:node_modules|__pycache__|/\.\*).*"),
        Rule("include", "selects", "rule-disabled"),
        Rule(r"strict\w+", "strict", "rule-disabled"),
        Rule("typecheckingmode", "modes", "rule-disabled"),
    ),
)
BANDIT = Tool(
    "bandit",
    (Source(r"\.bandit", r"bandit\."), Source(r"\.?bandit\.ya?ml"), Source(PYPROJECT, r"tool\.bandit\.")),
    (
        Rule(r"skips|skip", "ignores", "rule-disabled"),
        Rule("tests", "selects", "rule-disabled"),
        Rule("exclude_dirs|exclude", "ignores", "rule-disabled"),
        Rule("targets", "selects", "rule-disabled"),
        Rule("(?:level|severity|confidence)", "changed", "threshold-lowered"),
        Rule(r".*\.skips", "ignores", "rule-disabled"),
    ),
)
INTERROGATE = Tool(
    "interrogate",
    (Source(PYPROJECT, r"tool\.interrogate\."),),
    (Rule("fail_under", "at_least", "threshold-lowered"), Rule("exclude|ignore_regex", "ignores", "rule-disabled")),
)
VULTURE = Tool(
    "vulture",
    (Source(PYPROJECT, r"tool\.vulture\."),),
    (
        Rule("exclude|ignore_names|ignore_decorators", "ignores", "rule-disabled"),
        Rule("min_confidence", "at_most", "threshold-lowered"),
    ),
)
TOX = Tool(
    "tox",
    (Source(_TOX, r"tox\."),),
    (Rule("env_?list", "selects", "step-dropped", split=WORDS, free=r"\{?(?:py|pypy|\d).*|.*\}"),),
)
PYTHON_TOOLS = (TOX, PYTEST, COVERAGE, RUFF, FLAKE8, PYLINT, MYPY, PYRIGHT, BANDIT, INTERROGATE, VULTURE)
