"""Settings of the tools that judge JavaScript and TypeScript."""

from readiness.evidence.configuration.tools import LINES, PACKAGE, Rule, Source, Tool

_SCRIPT = r"\.(?:config\.)?[cm]?[jt]s"
_COVERAGE = r"(?:.*\.)?(?:coverage)?thresholds?\.(?:.*\.)?"

ESLINT = Tool(
    "eslint",
    (
        Source(r"\.eslintrc(?:\.json|\.ya?ml|\.c?js)?|eslint\.config\.[cm]?[jt]s|\.?oxlintrc\.json"),
        Source(PACKAGE, r"eslintconfig\."),
    ),
    (
        Rule(r"off_in\..*", "grows", "rule-disabled"),
        Rule(r"(?:.*\.)?rules\.[^.]+", "severity", "rule-disabled"),
        Rule(r"(?:.*\.)?rules\.[^.]+\.\*\.max\w*", "limit", "threshold-lowered"),
        Rule(r"(?:.*\.)?rules\.[^.]+\.\*\.(?:allow|ignore|except|exempt)\w*", "hides", "rule-disabled"),
        Rule(r"(?:.*\.)?(?:ignorepatterns|ignores|excludedfiles)", "ignores", "rule-disabled"),
        Rule(r"(?:.*\.)?categories\.\w+", "severity", "rule-disabled"),
        Rule(r"(?:overrides\..*\.)?extends", "fewer", "rule-disabled"),
        Rule(r"(?:.*\.)?reportunuseddisabledirectives", "strict", "rule-disabled"),
    ),
    needs_configuration=True,
)
BIOME = Tool(
    "biome",
    (Source(r"\.?biome\.jsonc?"),),
    (
        Rule(r"(?:.*\.)?linter\.rules\..*\.options\.max\w*", "limit", "threshold-lowered"),
        Rule(r"(?:.*\.)?linter\.rules\..*\.(?!level$)\w+(?:\.level)?", "severity", "rule-disabled"),
        Rule(r"(?:.*\.)?linter\.(?:enabled|rules\.recommended)", "strict", "rule-disabled", default=True),
        Rule(r"(?:.*\.)?(?:files|linter)\.ignore", "ignores", "rule-disabled"),
    ),
    needs_configuration=True,
)
_STRICT = (
    "strict|noimplicitany|strictnullchecks|strictfunctiontypes|strictbindcallapply|strictpropertyinitialization"
    "|noimplicitthis|alwaysstrict|useunknownincatchvariables|nounusedlocals|nounusedparameters|noimplicitreturns"
    "|nofallthroughcasesinswitch|nouncheckedindexedaccess|noimplicitoverride|exactoptionalpropertytypes|checkjs"
    "|nopropertyaccessfromindexsignature|strictbuiltiniteratorreturn|noemitonerror"
)
TYPESCRIPT = Tool(
    "typescript",
    (Source(r"(?:ts|js)config(?:\.[\w-]+)?\.json"),),
    (
        Rule(rf"compileroptions\.(?:{_STRICT})", "strict", "rule-disabled"),
        Rule(r"compileroptions\.(?:skiplibcheck|suppress\w+|allowunreachablecode|allowunusedlabels|nocheck)", "loose",
             "rule-disabled"),
        Rule("exclude", "ignores", "rule-disabled",
         free=r".*(?:node_modules|dist|build|\.git|coverage|out|lib)/?(?:\*\*/?\*?)?"),
        Rule("include|files", "selects", "rule-disabled"),
    ),
    needs_configuration=True,
)  # fmt: skip
JEST = Tool(
    "jest",
    (Source(rf"jest(?:\.\w+)*{_SCRIPT}|jest\.config\.json"), Source(PACKAGE, r"jest\.")),
    (
        Rule(_COVERAGE + r"\w+", "at_least", "threshold-lowered"),
        Rule(r"(?:.*\.)?(?:testpathignorepatterns|modulepathignorepatterns)", "ignores", "runs-fewer-tests",
             free=r".*(?:node_modules|dist|build|lib)/?.*"),
        Rule(r"(?:.*\.)?(?:coveragepathignorepatterns)", "ignores", "coverage-omits-more", free=r".*node_modules.*"),
        Rule(r"(?:.*\.)?collectcoveragefrom", "globs", "coverage-omits-more"),
        Rule(r"(?:.*\.)?(?:testmatch|testregex|roots|projects)", "selects", "runs-fewer-tests"),
        Rule(r"(?:.*\.)?(?:passwithnotests|bail_off)", "loose", "step-ignores-failure"),
        Rule(r"(?:.*\.)?errorondeprecated|(?:.*\.)?collectcoverage", "strict", "rule-disabled"),
    ),
)  # fmt: skip
VITEST = Tool(
    "vitest",
    (Source(rf"(?:vitest|vite)(?:\.\w+)*{_SCRIPT}|vitest\.workspace\.[cm]?[jt]s"),),
    (
        Rule(r"(?:.*\.)?coverage\.thresholds?\.perfile", "strict", "threshold-lowered"),
        Rule(r"(?:.*\.)?coverage\.thresholds?\.(?:.*\.)?\w+", "at_least", "threshold-lowered"),
        Rule(r"(?:.*\.)?coverage\.(?:lines|branches|functions|statements)", "at_least", "threshold-lowered"),
        Rule(r"(?:.*\.)?coverage\.exclude", "ignores", "coverage-omits-more"),
        Rule(r"(?:.*\.)?coverage\.(?:include|all)", "selects", "coverage-omits-more"),
        Rule(r"(?:.*\.)?test\.exclude", "ignores", "runs-fewer-tests", free=r".*(?:node_modules|dist).*"),
        Rule(r"(?:.*\.)?test\.retry", "at_most", "step-ignores-failure", default=0),
        Rule(r"(?:.*\.)?test\.include", "selects", "runs-fewer-tests"),
        Rule(
            r"(?:.*\.)?(?:passwithnotests|dangerouslyignoreunhandlederrors|allowonly)", "loose", "step-ignores-failure"
        ),
    ),
)
NYC = Tool(
    "nyc",
    (Source(r"\.(?:nycrc|c8rc)(?:\.json|\.ya?ml)?|nyc\.config\.[cm]?js"), Source(PACKAGE, r"(?:nyc|c8)\.")),
    (
        Rule("check_coverage|all|per_file", "strict", "threshold-lowered"),
        Rule("lines|branches|functions|statements", "at_least", "threshold-lowered", default=0),
        Rule("exclude", "ignores", "coverage-omits-more", free=r".*(?:node_modules|coverage/|test|spec).*"),
        Rule("include", "selects", "coverage-omits-more"),
    ),
)
PLAYWRIGHT = Tool(
    "playwright",
    (
        Source(
            r"(?:playwright|cypress)\.config\.[cm]?[jt]s|\.mocharc(?:\.json|\.ya?ml|\.c?js)?|karma\.conf\.[cm]?[jt]s"
        ),
    ),
    (
        Rule(r"(?:.*\.)?(?:testignore|grepinvert|ignore|excludespecpattern)", "ignores", "runs-fewer-tests"),
        Rule(
            r"(?:.*\.)?(?:check|thresholds?)\.(?:.*\.)?(?:lines|branches|functions|statements)",
            "at_least",
            "threshold-lowered",
        ),
        Rule(r"(?:.*\.)?retries", "at_most", "step-ignores-failure", default=0),
        Rule(
            r"(?:.*\.)?(?:maxdiffpixels|maxdiffpixelratio|threshold|failurethreshold)", "at_most", "threshold-lowered"
        ),
        Rule(r"(?:.*\.)?(?:spec|specpattern)", "selects", "runs-fewer-tests"),
        Rule(r"(?:.*\.)?forbidonly|(?:.*\.)?forbid_only", "strict", "rule-disabled"),
        Rule(r"(?:.*\.)?(?:grep|invert|fgrep|testmatch)", "changed", "runs-fewer-tests"),
        Rule(r"(?:.*\.)?passwithnotests", "loose", "step-ignores-failure"),
    ),
)
SUPPRESSED = Tool(
    "eslint",
    (Source(r"eslint-suppressions\.json"),),
    (Rule(r".*\.count", "at_most", "rule-disabled", default=0),),
)
IGNORED = Tool(
    "ignore files",
    (Source(r"\.(?:eslint|stylelint|oxlint|semgrep|bandit|secret|markdownlint)ignore"),),
    (
        Rule(
            "lines",
            "ignores",
            "rule-disabled",
            split=LINES,
            free=r"!.*|.*(?:node_modules|dist|build|coverage|\.min\.).*",
        ),
    ),
)
JAVASCRIPT_TOOLS = (ESLINT, BIOME, TYPESCRIPT, JEST, VITEST, NYC, PLAYWRIGHT, SUPPRESSED, IGNORED)
