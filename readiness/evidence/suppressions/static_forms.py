"""How suppressions are written in Go, Rust, Java, Kotlin, C#, and languages that are read line by line."""

import re

from readiness.evidence.suppressions.forms import BLOCK, FILE, Form

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
