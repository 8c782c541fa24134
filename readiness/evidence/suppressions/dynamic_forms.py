"""How suppressions are written in Python, JavaScript, TypeScript, Ruby and PHP."""

import re

from readiness.evidence.suppressions.forms import BLOCK, FILE, Form

_CODES = r"[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*"
_MYPY_OFF = r"ignore[-_]errors|ignore[-_]missing[-_]imports|allow[-_]\w+|no[-_](?:strict|disallow|warn|check)[\w-]*"
_JS = "javascript typescript tsx"
_UP_TO_REASON = r"(?P<rules>(?:(?!\s--\s|\*/|-->)[^\n])*)"
_OPEN = r"^(?://+|/\*+|<!--)\s*"
_COPS = r"(?P<rules>[A-Za-z]\w*(?:/\w+)*(?:\s*,\s*[A-Za-z]\w*(?:/\w+)*)*)"
_DIRECTIVE = r"^(?!#\s*#\s*(?:rubocop|standard)\b).*?#\s*(?:rubocop|standard)\s*:\s*"
_WORD_END = r"(?![\w-])"

PYTHON = (
    # bandit/core/manager.py: no word has to end after `nosec`
    Form("nosec", "bandit", r"#\s*nosec:?\s*(?P<rules>[^#]+)?", "python", security=True,
         rule=r"\bB\d{3}\b|\b[a-z\d]+(?:_[a-z\d]+)+\b"),
    # flake8/defaults.py, and the blanks that ruff accepts
    Form("noqa", "noqa", rf"#\s*noqa(?::?\s*(?P<rules>{_CODES}))?", "python", rule=r"[^\s,]+", flags=re.IGNORECASE),
    Form("noqa", "noqa", rf"#\s*(?:ruff|flake8)\s*[:=]\s*noqa(?::\s*(?P<rules>{_CODES}))?", "python", scope=FILE,
         flags=re.IGNORECASE),
    Form("ruff", "noqa", r"#\s*ruff\s*:\s*(?:ignore|disable)\s*\[(?P<rules>[^\]]*)\]", "python", alone=BLOCK),
    Form("ruff", "noqa", r"#\s*ruff\s*:\s*file-ignore\s*\[(?P<rules>[^\]]*)\]", "python", scope=FILE),
    Form("ignore", "type: ignore", r"#\s*type:\s*ignore(?![a-zA-Z0-9_-])(?:\s*\[(?P<rules>[^\]]*)\])?", "python",
         at_top=FILE),
    Form("pyright", "pyright", r"#\s*pyright:\s*ignore\b(?:\s*\[(?P<rules>[^\]]*)\])?", "python", at_top=FILE),
    Form("pyright", "pyright", r"^#\s*pyright:\s*(?:[\w=]+\s*,\s*)*(?:basic|off)\b", "python", scope=FILE),
    Form("pyright", "pyright", r"^#\s*pyright:.*?(?P<rules>\breport\w+\s*=\s*(?:false|none|warning|information)\b.*)",
         "python", scope=FILE, rule=r"report\w+(?=\s*=\s*(?:false|none|warning|information))"),
    Form("mypy", "mypy", rf"^#\s*mypy:\s*.*?(?P<rules>\b(?:{_MYPY_OFF})\b(?!\s*=\s*False).*)", "python", scope=FILE,
         rule=rf"(?:{_MYPY_OFF})", flags=re.IGNORECASE),
    Form("mypy", "mypy", r"^#\s*mypy:.*?\bdisable[-_]error[-_]code\s*=\s*(?P<rules>.*)", "python", scope=FILE,
         rule=r"[\w-]+"),
    Form("mypy", "mypy", r"^#\s*mypy:.*?(?P<rules>\b(?:disallow|warn|check|strict)[-_]?[\w-]*\s*=\s*False\b.*)",
         "python",
         scope=FILE, rule=r"(?:disallow|warn|check|strict)[\w-]*"),
    Form("pyre", "pyre", r"#\s*pyre-(?:ignore|fixme)(?:-all-errors)?(?:\s*\[(?P<rules>[\d, ]*)\])?", "python"),
    Form("pyrefly", "pyrefly", r"#\s*pyrefly:\s*ignore\b(?:\s*\[(?P<rules>[^\]]*)\])?", "python"),
    Form("ty:", "ty", r"#\s*ty:\s*ignore\b(?:\s*\[(?P<rules>[^\]]*)\])?", "python", at_top=FILE),
    Form("pytype", "pytype", r"#\s*pytype:\s*(?:disable=(?P<rules>[\w, -]+)|skip-file)", "python", alone=BLOCK),
    Form("no_type_check", "type checkers", r"^@\s*(?:\w+\.)*no_type_check\b", "python", where="annotation"),
    Form("pylint", "pylint", r"#.*?\bpylint:\s*disable(?:-msg|-next)?\s*=\s*(?P<rules>[^;#\n]+)", "python", alone=BLOCK,
         rule=r"(?!all\b)[\w-]+"),
    Form("pylint", "pylint", r"#.*?\bpylint:\s*(?:skip-file|disable-all)\b", "python", scope=FILE),
    # coverage/config.py: DEFAULT_EXCLUDE, DEFAULT_PARTIAL
    Form("pragma", "coverage", r"#\s*(?:pragma|PRAGMA)[:\s]?\s*(?:no|NO)\s*(?:cover|COVER)", "python", rank=1),
    Form("pragma", "coverage", r"#\s*(?:pragma|PRAGMA)[:\s]?\s*(?:no|NO)\s*(?:branch|BRANCH)", "python"),
    Form("no mutate", "mutmut", r"#\s*pragma:\s*no mutate\b", "python"),
)  # fmt: skip

JAVASCRIPT = (
    Form("eslint-disable", "eslint", rf"^(?:/\*|<!--)\s*eslint-disable{_WORD_END}{_UP_TO_REASON}", f"{_JS} markup",
         scope=BLOCK,
         end=r"^(?:/\*|<!--)\s*eslint-enable"),
    Form("eslint-disable-", "eslint", rf"{_OPEN}eslint-disable-(?:next-)?line{_WORD_END}{_UP_TO_REASON}",
         f"{_JS} markup"),
    Form("eslint", "eslint",
         r"^/\*\s*eslint\s(?P<rules>[^*]*?[\"']?[\w@/-]+[\"']?\s*:\s*\[?\s*(?:0\b|[\"']?off\b)[^*]*)", _JS,
         scope=FILE, rule=r"([\w@/-]+)[\"']?\s*:\s*\[?\s*(?:0\b|[\"']?off\b)"),
    Form("oxlint-disable", "eslint", rf"{_OPEN}oxlint-disable-(?:next-)?line{_WORD_END}{_UP_TO_REASON}",
         f"{_JS} markup"),
    Form("oxlint-disable", "eslint", rf"^/\*\s*oxlint-disable{_WORD_END}{_UP_TO_REASON}", _JS, scope=BLOCK,
         end=r"^/\*\s*oxlint-enable"),
    Form("biome-ignore", "biome", rf"{_OPEN}biome-ignore(?:-start)?{_WORD_END}\s+(?P<rules>[\w/]+)", "", rank=0),
    Form("biome-ignore-all", "biome", rf"{_OPEN}biome-ignore-all\s+(?P<rules>[\w/]+)", "", scope=FILE),
    Form("rome-ignore", "biome", rf"{_OPEN}rome-ignore\s+(?P<rules>[\w/]+)", ""),
    Form("tslint:disable", "tslint", rf"{_OPEN}tslint:disable{_WORD_END}:?(?P<rules>[\w ,-]*)", _JS, scope=BLOCK,
         end=rf"{_OPEN}tslint:enable"),
    Form("tslint:disable-", "tslint", rf"{_OPEN}tslint:disable-(?:next-)?line\b:?(?P<rules>[\w ,-]*)", _JS),
    Form("@ts-ignore", "typescript", r"(?:^///?|(?:^|\n)[\s/*]*)\s*@ts-ignore", f"{_JS} markup", rank=1),
    Form("@ts-expect-error", "typescript", r"(?:^///?|(?:^|\n)[\s/*]*)\s*@ts-expect-error", f"{_JS} markup"),
    Form("@ts-nocheck", "typescript", r"^(?:///?|/\*+)\s*@ts-nocheck", _JS, scope=FILE),
    Form("$flow", "flow", r"\$Flow(?:FixMe|Issue|IgnoreMe|ExpectedError)\b(?:\[(?P<rules>[\w-]+)\])?", _JS,
         flags=re.IGNORECASE),
    Form("istanbul", "istanbul", r"^/[/*]+\s*istanbul\s+ignore\s+(?:if|else|next|start)(?=\W|$)", _JS),
    Form("istanbul", "istanbul", r"^/[/*]+\s*istanbul\s+ignore\s+file(?=\W|$)", _JS, scope=FILE),
    Form("ignore", "v8 coverage", r"^/\*\s*(?:[cv]8|node:coverage)\s+(?:ignore\s+(?:next|if|else|start)|disable)\b",
         _JS),
    Form("ignore", "v8 coverage", r"^/\*\s*(?:[cv]8|node:coverage)\s+ignore\s+file\b", _JS, scope=FILE),
    Form("deno-", "deno", rf"{_OPEN}deno-(?:lint|coverage)-ignore\s*(?P<rules>[\w\s/,-]*)", _JS),
    Form("deno-", "deno", rf"{_OPEN}deno-(?:lint|coverage)-ignore-file\s*(?P<rules>[\w\s/,-]*)", _JS, scope=FILE),
    Form("jshint", "jshint", r"^/[/*]\s*jshint\s+(?:ignore:(?:line|start)|-W\d+)", _JS),
    Form("stryker", "stryker", rf"{_OPEN}Stryker disable\b(?P<rules>[\w ,]*)", f"{_JS} c_sharp c", alone=BLOCK),
    Form("stylelint-disable", "stylelint", rf"^/[/*]\s*stylelint-disable(?:-(?:next-)?line)?{_WORD_END}{_UP_TO_REASON}",
         "css c markup"),
)  # fmt: skip

RUBY_AND_PHP = (
    # lib/rubocop/directive_comment.rb: one that stands in another comment, alone behind its `#`, is an example
    Form("disable", "rubocop", rf"{_DIRECTIVE}disable(?!-next)\s+{_COPS}",
         "ruby", alone=BLOCK, rule=r"(?!all\b)[\w/]+", end=rf"{_DIRECTIVE}enable\b"),
    Form("disable-next", "rubocop", rf"{_DIRECTIVE}disable-next\s+{_COPS}", "ruby", rule=r"(?!all\b)[\w/]+"),
    Form("todo", "rubocop", rf"{_DIRECTIVE}todo(?!-next)\s+{_COPS}", "ruby", alone=BLOCK, rule=r"(?!all\b)[\w/]+"),
    Form("todo-next", "rubocop", rf"{_DIRECTIVE}todo-next\s+{_COPS}", "ruby", rule=r"(?!all\b)[\w/]+"),
    Form("push", "rubocop", rf"{_DIRECTIVE}push\s+(?P<rules>(?:[+-][\w/]+\s*)*-[\w/]+.*)", "ruby", scope=BLOCK,
         rule=r"-([A-Za-z]\w*(?:/\w+)*)", end=rf"{_DIRECTIVE}pop\b"),
    Form(":nocov:", "simplecov", r"#\s*:nocov:", "ruby", scope=BLOCK, end=r"#\s*:nocov:"),
    Form("simplecov:disable", "simplecov", r"#\s*simplecov:disable\b", "ruby", alone=BLOCK),
    Form(":reek:", "reek", r":reek:(?P<rules>\w+)", "ruby"),
    Form("typed", "sorbet", r"^#\s*typed:\s*ignore\b", "ruby", scope=FILE),
    Form("steep:ignore", "steep", r"#\s*steep:ignore\b(?!:end)(?P<rules>[\w: ]*)", "ruby"),
    Form("@codecoverageignore", "phpunit", r"@codeCoverageIgnore(?:Start)?\b", "php"),
    Form("@phpstan-ignore", "phpstan",
         r"@phpstan-ignore(?:-(?:next-)?line)?(?![-\w])[ \t]*(?P<rules>[\w.]+(?:\s*,\s*[\w.]+)*)?", "php",
         rule=r"[a-z]\w*\.\w+"),
    Form("@psalm-suppress", "psalm", r"@psalm-suppress\s+(?P<rules>\w+(?:\s*,\s*\w+)*)", "php", rule=r"(?!all\b)\w+"),
    Form("@phan-", "phan", r"@phan-(?:file-)?suppress(?:-\w+)*\s+(?P<rules>\w+(?:\s*,\s*\w+)*)", "php"),
    Form("@suppresswarnings", "phpmd", r"@SuppressWarnings\s*\((?P<rules>[^)]*)\)", "php"),
    Form("phpcs:", "phpcs", r"(?:^|[\s*#/])@?phpcs:(?:ignore|disable)(?P<rules>[ \t]+[\w.]+(?:\s*,\s*[\w.]+)*)?",
         "php javascript markup css",
         alone=BLOCK, flags=re.IGNORECASE),
    Form("phpcs:ignorefile", "phpcs", r"@?phpcs:ignoreFile\b", "php javascript css", scope=FILE, flags=re.IGNORECASE),
    Form("@codingstandardsignore", "phpcs", r"@codingStandardsIgnore(?:Line|Start)", "php"),
    Form("@codingstandardsignorefile", "phpcs", r"@codingStandardsIgnoreFile", "php", scope=FILE),
    Form("@infection-ignore-all", "infection", r"@infection-ignore-all", "php"),
    Form("coverageignore", "phpunit", r"^(?:\\?\w+\\)*CodeCoverageIgnore\b", "php", where="annotation"),
)  # fmt: skip
