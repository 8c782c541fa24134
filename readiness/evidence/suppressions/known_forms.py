"""How suppressions are written in each language."""

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
    Form("mypy", "mypy", rf"^#\s*mypy:\s*+.*?(?P<rules>\b(?:{_MYPY_OFF})\b(?!\s*=\s*False).*)", "python", scope=FILE,
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
         r"^/\*\s*eslint\s(?P<rules>[^*]*?(?<![\w@/-])"
         r"[\"']?[\w@/-]++[\"']?\s*+:\s*+(?:\[\s*+)?(?:0\b|[\"']?off\b)[^*]*)", _JS,
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
    Form("@ts-ignore", "typescript", r"(?:^///?|(?:^|\n)[\s/*]*+)\s*+@ts-ignore", f"{_JS} markup", rank=1),
    Form("@ts-expect-error", "typescript", r"(?:^///?|(?:^|\n)[\s/*]*+)\s*+@ts-expect-error", f"{_JS} markup"),
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


_NAMES = r"(?P<rules>[\w:-]+(?:\s*,\s*[\w:-]+)*)"
_STRINGS = r"[\"']([^\"']+)[\"']"

GO = (
    # golangci-lint, pkg/result/processors/nolint_filter.go
    Form("nolint", "golangci-lint", rf"^/[/ ]+nolint(?=[ :]|$)(?::\s*{_NAMES})?", "go", rule=r"(?!all\b)[\w-]+"),
    Form("#nosec", "gosec", r"#nosec\b(?P<rules>(?:[\s,:]*G\d{3})*)", "go", security=True, rule=r"G\d{3}"),
    Form("gosec:disable", "gosec", r"^//\s*gosec:disable\b(?P<rules>(?:[\s,]*G\d{3})*)", "go", security=True,
         rule=r"G\d{3}"),
    Form("lint:ignore", "staticcheck", r"^//lint:ignore\s+(?P<rules>[\w*,]+)\s+\S", "go"),
    Form("lint:file-ignore", "staticcheck", r"^//lint:file-ignore\s+(?P<rules>[\w*,]+)\s+\S", "go", scope=FILE),
    Form("revive:disable", "revive", r"^//\s*revive:disable(?:-next-line|-line)?(?::(?P<rules>[\w, -]+))?", "go",
         alone=BLOCK),
    Form("coverage-ignore", "coverage", r"^//\s*coverage-ignore\b", "go"),
)  # fmt: skip

RUST = (
    Form("allow", "rustc", r"^#\s*\[.*?\ballow\s*\((?P<rules>[^)]*)\)", "rust", rank=1, where="annotation",
         flags=re.DOTALL,
         rule=r"(?!reason\b)(?<![\"=])\b[\w]+(?:::\w+)*(?=\s*(?:,|$))"),
    Form("expect", "rustc", r"^#\s*\[.*?\bexpect\s*\((?P<rules>[^)]*)\)", "rust", where="annotation", flags=re.DOTALL,
         rule=r"\b[\w]+(?:::\w+)*(?=\s*(?:,|$))"),
    Form("allow", "rustc", r"^#\s*!\s*\[.*?\ballow\s*\((?P<rules>[^)]*)\)", "rust", scope=FILE, rank=1,
         where="annotation",
         flags=re.DOTALL, rule=r"\b[\w]+(?:::\w+)*(?=\s*(?:,|$))"),
    Form("expect", "rustc", r"^#\s*!\s*\[.*?\bexpect\s*\((?P<rules>[^)]*)\)", "rust", scope=FILE, where="annotation",
         flags=re.DOTALL, rule=r"\b[\w]+(?:::\w+)*(?=\s*(?:,|$))"),
    Form("coverage", "coverage", r"^#\s*!?\s*\[.*?(?:\bcoverage\s*\(\s*off\s*\)|\bno_coverage\b)", "rust",
         where="annotation",
         flags=re.DOTALL),
    Form("tarpaulin", "coverage",
         r"^#\s*!?\s*\[.*?\b(?:tarpaulin_include|tarpaulin\s*::\s*skip|not\s*\(\s*tarpaulin\s*\))",
         "rust", where="annotation", flags=re.DOTALL),
    Form("sanitize", "sanitizers", r"^#\s*\[.*?\b(?:no_sanitize\s*\(|sanitize\s*\([^)]*off)", "rust",
         where="annotation",
         flags=re.DOTALL, security=True),
    Form("mutants", "cargo-mutants", r"^#\s*\[.*?\bmutants\s*::\s*skip\b", "rust", where="annotation"),
)  # fmt: skip

JVM = (
    Form("suppresswarnings", "javac", r"^@(?:\w+\.)*SuppressWarnings\s*\((?P<rules>.*)\)", "java kotlin",
         where="annotation",
         rule=rf"{_STRINGS}|([A-Z]\w*\.?\w+)", flags=re.DOTALL),
    Form("suppressfbwarnings", "spotbugs", r"^@(?:\w+\.)*SuppressFBWarnings\b(?:\s*\((?P<rules>.*)\))?", "java kotlin",
         where="annotation", security=True, rule=r"\"([A-Z][A-Z0-9_]+)\"", flags=re.DOTALL),
    Form("suppress", "kotlinc", r"^@(?:(?!file\b)\w+\s*:\s*)?(?:\w+\.)*Suppress(?:Lint)?\s*\((?P<rules>.*)\)",
         "kotlin java", where="annotation", rule=_STRINGS, flags=re.DOTALL),
    Form("suppress", "kotlinc", r"^@file\s*:\s*(?:\[\s*)?(?:\w+\.)*Suppress\s*\((?P<rules>.*)\)", "kotlin", scope=FILE,
         where="annotation", rule=_STRINGS, flags=re.DOTALL),
    # JaCoCo leaves out what bears an annotation with `Generated` in its name (AnnotationGeneratedFilter)
    Form("generated", "jacoco", r"^@(?:file:)?(?:\w+\.)*(?!GeneratedValue\b)\w*Generated\w*", "java kotlin",
         where="annotation"),
)  # fmt: skip

CSHARP = (
    Form("#pragma", "c# compiler", r"^#\s*pragma\s+warning\s+disable\b(?P<rules>[^/\n]*)", "c_sharp", scope=BLOCK,
         where="annotation", end=r"^#\s*pragma\s+warning\s+restore\b"),
    Form("nullable", "c# compiler", r"^#\s*nullable\s+disable\b", "c_sharp", scope=BLOCK, where="annotation",
         end=r"^#\s*nullable\s+(?:restore|enable)\b"),
    Form("suppressmessage", "analyzers",
         r"^(?:\w+[.:]+)*(?:Unconditional)?SuppressMessage(?:Attribute)?\s*\((?P<rules>.*)\)",
         "c_sharp", where="annotation", rule=r"\"[^\"]*\"\s*,\s*\"([^\":]+)", flags=re.DOTALL),
    Form("excludefromcodecoverage", "coverage", r"^(?:\w+[.:]+)*ExcludeFromCodeCoverage(?:Attribute)?\b", "c_sharp",
         where="annotation"),
    Form("resharper", "resharper", r"^//\s*ReSharper disable(?: once)?\s+(?P<rules>[\w., ]+)", "c_sharp", alone=BLOCK),
)  # fmt: skip

OTHERS = (
    Form("nolint", "clang-tidy", r"\bNOLINT(?:NEXTLINE|BEGIN)?\b(?:\((?P<rules>[^)]*)\))?", "c"),
    Form("cppcheck-suppress", "cppcheck", r"\bcppcheck-suppress(?:-file|-begin|-macro)?\s*\[?(?P<rules>[\w, ]+)", "c"),
    Form("_excl_", "coverage", r"\b(?:LCOV|GCOV|GCOVR|GRCOV)_EXCL_(?:BR_)?(?:LINE|START)\b", "c rust",
         end=r"\b(?:LCOV|GCOV|GCOVR|GRCOV)_EXCL_(?:BR_)?STOP\b"),
    Form("swiftlint:disable", "swiftlint", r"\bswiftlint:disable(?::\w+)?\s+(?P<rules>[\w ]+)", "c", alone=BLOCK,
         rule=r"(?!all\b)\w+"),
    Form("ktlint-disable", "ktlint", r"\bktlint-disable\b(?P<rules>[\w: -]*)", "kotlin", alone=BLOCK),
    Form("scalastyle:off", "scalastyle", r"\bscalastyle:off\b(?P<rules>[\w. ]*)", "c", scope=BLOCK),
    Form("$coverage-off$", "scoverage", r"\$COVERAGE-OFF\$", "c", scope=BLOCK),
    Form("ignore", "dart analyzer", r"^//\s*ignore:\s*(?P<rules>[\w, ]+)", "c"),
    Form("ignore_for_file", "dart analyzer", r"^//\s*ignore_for_file:\s*(?P<rules>[\w, ]+)", "c", scope=FILE),
    Form("coverage:ignore", "dart coverage", r"^//\s*coverage:ignore-(?:line|start|file)", "c"),
    Form("credo:disable", "credo",
         r"#\s*credo:disable-for-(?:this-file|next-line|previous-line|lines:\S+)\s*(?P<rules>\S*)", "hash"),
    Form("coveralls-ignore", "excoveralls", r"#\s*coveralls-ignore-(?:start|next-line)", "hash"),
    Form("no critic", "perlcritic", r"##\s*no critic\b(?:\s*\(?(?P<rules>[\w:, ]+))?", "hash"),
    Form("luacheck", "luacheck", r"--\s*luacheck:\s*ignore\b(?P<rules>[\w ]*)", "sql"),
    Form("scalafix:o", "scalafix", r"\bscalafix:(?:ok|off)\b:?\s*(?P<rules>[\w., ]*)", "c", alone=BLOCK,
         end=r"\bscalafix:on\b"),
    Form("nowarn", "scala compiler", r"^@(?:annotation\.)?nowarn\b(?:\((?P<rules>[^)]*)\))?", "c", where="text"),
    Form("diagnostic", "c compiler",
         r"^\s*#\s*pragma\s+(?:GCC|clang)\s+diagnostic\s+ignored\s+\"(?P<rules>-W[\w=-]+)\"", "c",
         where="text", scope=BLOCK),
    Form("warning", "c compiler", r"^\s*#\s*pragma\s+warning\s*\(\s*(?:disable|suppress)\s*:\s*(?P<rules>[\d ]+)", "c",
         where="text", scope=BLOCK, rule=r"\d+"),
    Form("no_sanitize", "sanitizers",
         r"(?:__attribute__\s*\(\(|\[\[\s*(?:clang|gnu)::|\bATTRIBUTE_)\s*(?:__)?no_sanitize(?P<rules>[^)\n]*)", "c",
         where="text", security=True, rule=r"\w+", flags=re.IGNORECASE),
    Form("system_header", "c compiler", r"^\s*#\s*pragma\s+(?:GCC|clang)\s+system_header\b", "c", where="text",
         scope=FILE),
    Form("warning", "c compiler", r"^\s*#\s*pragma\s+warning\s*\(\s*push\s*,\s*0\s*\)", "c", where="text", scope=BLOCK),
    Form("no_thread_safety", "clang thread safety", r"\bno_thread_safety_analysis\b", "c", where="text",
         flags=re.IGNORECASE),
    Form("@unchecked", "swift concurrency", r"@unchecked\s+Sendable\b", "c", where="text"),
    Form("nonisolated(unsafe)", "swift concurrency", r"\bnonisolated\(unsafe\)", "c", where="text"),
    Form("go:norace", "go", r"^//go:norace\b", "go"),
    Form("squawk-ignore", "squawk", r"^--\s*squawk-ignore(?:-file)?\b(?P<rules>[\w ,-]*)", "sql", security=True),
    Form("solhint-disable", "solhint", r"\bsolhint-disable(?:-(?:next-)?line)?\b(?P<rules>[\w ,-]*)", "c", alone=BLOCK),
    Form("slither-disable", "slither", r"\bslither-disable-(?:next-line|start)\b(?P<rules>[\w ,-]*)", "c",
         security=True),
    Form("buf:lint:ignore", "buf", r"\bbuf:lint:ignore\s+(?P<rules>\w+)", "c"),
    Form("periphery:ignore", "periphery", r"\bperiphery:ignore\b", "c"),
    Form("codenarc-disable", "codenarc", r"\bcodenarc-disable(?:-line)?\b(?P<rules>[\w ,]*)", "c", alone=BLOCK),
    Form("tflint-ignore", "tflint", r"\btflint-ignore(?:-file)?:\s*(?P<rules>[\w, ]+)", "hash c"),
    Form("clj-kondo/ignore", "clj-kondo", r"#_\s*:clj-kondo/ignore\b", where="text"),
    Form("options_ghc", "ghc",
         r"\{-#\s*OPTIONS_GHC\s+(?P<rules>[^#]*-(?:Wno|fno-warn)[\w-]*[^#]*)#-\}", where="text", scope=FILE,
         rule=r"-(?:Wno|fno-warn)[\w-]*"),
    Form("hlint", "hlint", r"(?:HLINT|hlint:?)\s*[:]?\s*ignore\b(?P<rules>[^\n}]*)", flags=re.IGNORECASE),
    Form("nolint", "lintr", r"#\s*nolint\b(?::\s*(?P<rules>[\w, ]+))?", "hash"),
    Form("nocov", "covr", r"#\s*nocov\b(?: start)?", "hash"),
    Form("suppressmessage", "psscriptanalyzer", r"SuppressMessageAttribute\s*\(\s*(?P<rules>['\"][^)]*)\)",
         "powershell",
         where="text", flags=re.IGNORECASE, rule=r"^['\"](\w+)"),
)  # fmt: skip
