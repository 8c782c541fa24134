"""Settings of builds in XML and Gradle, of coverage that is set up in code, and of who has to review."""

from readiness.evidence.configuration.tools import LINES, Rule, Source, Tool

_TESTS = r".*(?:surefire|failsafe)[^/]*\]/(?:.*/)?"
_PLUGINS = "surefire|failsafe|jacoco|checkstyle|pmd|spotbugs|findbugs|dependency_check|enforcer|errorprone"
_JUDGING = rf".*(?:{_PLUGINS})[^/]*\]/(?:.*/)?"
_STRICT = "treatwarningsaserrors|codeanalysistreatwarningsaserrors|enforcecodestyleinbuild"
_SEMICOLONS = r"[\s;,]+"

MAVEN = Tool(
    "maven",
    (Source(r"pom\.xml"),),
    (
        Rule(_TESTS + r"(?:exclude|excludedgroups|excludesfile)", "ignores", "runs-fewer-tests"),
        Rule(_TESTS + r"(?:include|groups)", "selects", "runs-fewer-tests"),
        Rule(_TESTS + r"rerunfailingtestscount", "at_most", "step-ignores-failure", default=0),
        Rule(_TESTS + r"testfailureignore", "loose", "step-ignores-failure"),
        Rule(_JUDGING + r"goals/goal", "selects", "runs-fewer-tests"),
        Rule(r".*jacoco[^/]*\]/(?:.*/)?exclude", "ignores", "coverage-omits-more"),
        Rule(r".*jacoco[^/]*\]/(?:.*/)?minimum", "at_least", "threshold-lowered"),
        Rule(r".*jacoco[^/]*\]/(?:.*/)?counter", "modes", "threshold-lowered"),
        Rule(_JUDGING + r"(?:skip|skiptests|skipits|skipexec|haltonfailure_off)", "loose", "rule-disabled"),
        Rule(_JUDGING + r"(?:failonerror|failsonerror|failonviolation|failonwarning|haltonfailure|fail)", "strict",
             "step-ignores-failure", default=True),
        Rule(_JUDGING + r"(?:threshold|violationseverity|failthreshold)", "firm", "threshold-lowered"),
        Rule(_JUDGING + r"failbuildoncvss", "at_most", "threshold-lowered"),
        Rule(r"project/(?:profiles/profile/)?modules/module", "selects", "runs-fewer-tests"),
        Rule(r"project/(?:.*/)?properties/(?:skiptests|skipits|maven\.test\.(?:skip|failure\.ignore)|\w+\.skip)",
         "loose",
             "runs-fewer-tests"),
        Rule(r"project/(?:.*/)?(?:plugin|compilerarg)s?/failonwarning", "strict", "rule-disabled"),
    ),
)  # fmt: skip
MAVEN_OPTIONS = Tool(
    "maven",
    (Source(r"(?:.*/)?\.mvn/maven\.config"),),
    (Rule("lines", "options", "command-looser", split=LINES, default="mvn"),),
)
GRADLE = Tool(
    "gradle",
    (Source(r"[\w.-]+\.gradle(?:\.kts)?"),),
    (
        Rule(r".*(?:^|\.)ignorefailures", "any_true", "step-ignores-failure"),
        Rule(r"include", "selects", "runs-fewer-tests"),
        Rule(r"flags", "selects", "rule-disabled", default=[]),
        Rule(r".*dependson", "selects", "step-dropped", default=[],
             free=r"(?!.*(?:[tT]est|[cC]heck|[lL]int|[cC]over|[vV]erif|[dD]etekt|[aA]udit|[sS]can|[kK]tlint)).*"),
        Rule(r".*(?:^|\.)(?:minimum|minbound|minvalue|mutationthreshold|coveragethreshold)", "at_least",
         "threshold-lowered"),
        Rule(r".*jacoco.*\.counter", "modes", "threshold-lowered"),
        Rule(r".*(?:jacoco|kover|coverage).*\.(?:exclude\w*|classes|annotatedby|packages)", "ignores",
         "coverage-omits-more"),
        Rule(r".*test.*\.(?:exclude\w*|filter\.exclude\w*)", "ignores", "runs-fewer-tests"),
        Rule(r".*(?:lint|detekt|checkstyle|pmd|spotbugs).*\.(?:disable|ignore|exclude\w*)", "ignores", "rule-disabled"),
        Rule(r".*(?:lint|detekt)\w*\.baseline", "ignores", "rule-disabled"),
        Rule(r".*(?:abortonerror|warningsaserrors|allwarningsaserrors|failonerror|failonviolation|failonwarning)",
         "strict",
             "step-ignores-failure"),
        Rule(r".*(?:test|check|lint|jacoco|detekt|spotbugs|pmd|ktlint)\w*\.enabled", "all_true", "rule-disabled"),
        Rule(r".*(?:test|check|lint|jacoco|kover|detekt|spotbugs|pmd)\w*\.onlyif", "narrows", "rule-disabled"),
        Rule(r".*spotbugs.*\.reportlevel", "firm", "threshold-lowered"),
        Rule(r".*(?:maxwarnings|maxerrors|maxissues|failbuildoncvss)", "at_most", "threshold-lowered"),
    ),
)  # fmt: skip
XML_RULES = Tool(
    "rule sets",
    (
        Source(r"[\w.-]*suppress[\w.-]*\.xml|[\w.-]*(?:spot|find)bugs[\w.-]*\.xml|[\w.-]*checkstyle[\w.-]*\.xml"),
        Source(
            r"[\w.-]*pmd[\w.-]*\.xml|[\w.-]*ruleset[\w.-]*\.xml|\.?phpcs\.xml|psalm(?:-baseline)?\.xml|[\w.-]*baseline[\w.-]*\.xml|lint\.xml"
        ),
        Source(r"(?:\.?phpcs|psalm)\.xml\.dist"),
    ),
    (
        Rule(r"suppressions/suppress(?:_xpath)?@", "ignores", "rule-disabled", split=LINES),
        Rule(r"suppressions/suppress/\w+", "ignores", "rule-disabled", split=LINES),
        Rule(r"findbugsfilter/match(?:/.*)?", "ignores", "rule-disabled", split=LINES),
        Rule(r"(?:module/)+module@name", "selects", "rule-disabled", split=LINES, default=[]),
        Rule(r"properties/.*/(?:max\w*|reportlevel)", "limit", "threshold-lowered"),
        Rule(r"properties/.*/severity", "severity", "rule-disabled", default="error"),
        Rule(r"ruleset/rule@ref", "selects", "rule-disabled", split=LINES, default=[]),
        Rule(r"ruleset/rule/exclude@name|ruleset/(?:rule/)?exclude_pattern", "ignores", "rule-disabled", split=LINES),
        Rule(r"psalm@errorlevel", "at_most", "threshold-lowered"),
        Rule(r"psalm@errorbaseline", "ignores", "rule-disabled"),
        Rule(r"psalm/.*ignorefiles/\w+@name", "ignores", "rule-disabled", split=LINES),
        Rule(r"psalm/issuehandlers/\w+@errorlevel", "severity", "rule-disabled"),
        Rule(
            r"files/file/\w+/code|smellbaseline/currentissues/id|issues/issue@", "ignores", "rule-disabled", split=LINES
        ),
        Rule(r"lint/issue@", "ignores", "rule-disabled", split=LINES, free=r".*severity=(?:error|fatal|warning).*"),
    ),
    needs_configuration=True,
)
PHPUNIT = Tool(
    "phpunit",
    (Source(r"phpunit\.xml(?:\.dist)?"), Source(r"phpunit\.dist\.xml")),
    (
        Rule(r"phpunit/testsuites/testsuite/(?:directory|file)", "selects", "runs-fewer-tests", split=LINES),
        Rule(
            r"phpunit/(?:testsuites/testsuite/exclude|groups/exclude/group)", "ignores", "runs-fewer-tests", split=LINES
        ),
        Rule(
            r"phpunit/(?:source|coverage|filter/whitelist)/exclude/\w+", "ignores", "coverage-omits-more", split=LINES
        ),
        Rule(r"phpunit/(?:source|coverage)/include/\w+", "selects", "coverage-omits-more", split=LINES),
        Rule(r"phpunit@(?:failon\w+|bestrict\w+)", "strict", "step-ignores-failure"),
    ),
    needs_configuration=True,
)
DOTNET = Tool(
    "dotnet",
    (Source(r"[\w.-]+\.(?:csproj|fsproj|vbproj|props|targets|runsettings)"),),
    (
        Rule(r"(?:.*/)?(?:nowarn|warningsnotaserrors)", "ignores", "rule-disabled", split=_SEMICOLONS,
         free=r"\$\(.*\)"),
        Rule(rf"(?:.*/)?(?:{_STRICT})", "strict",
             "rule-disabled"),
        Rule(r"(?:.*/)?(?:enablenetanalyzers|nugetaudit|runanalyzers|checkeol\w+)", "strict", "rule-disabled",
             default=True),
        Rule(r"(?:.*/)?runcodeanalysis", "all_true", "rule-disabled"),
        Rule(rf"(?:.*/)?(?:{_STRICT})@condition", "narrows", "rule-disabled"),
        Rule(r"(?:.*/)?nullable", "strict", "rule-disabled"),
        Rule(r"(?:.*/)?threshold", "at_least", "threshold-lowered"),
        Rule(r"(?:.*/)?(?:excludebyfile|excludebyattribute|coverletexclude|exclude)", "ignores", "coverage-omits-more",
             split=_SEMICOLONS, free=r"\$\(.*\)|%\w+.*"),
        Rule(r"(?:.*/)?nugetauditsuppress@include", "ignores", "rule-disabled"),
        Rule(r"(?:.*/)?(?:analysismode\w*|analysislevel)", "modes", "rule-disabled"),
        Rule(r"(?:.*/)?testcasefilter", "narrows", "runs-fewer-tests"),
        Rule(r"(?:.*/)?nugetauditlevel", "changed", "threshold-lowered"),
        Rule(r"(?:.*/)?(?:module|function|source)paths/exclude/\w+", "ignores", "coverage-omits-more"),
    ),
    needs_configuration=True,
)  # fmt: skip
DETEKT = Tool(
    "detekt",
    (Source(r"[\w.-]*detekt[\w.-]*\.ya?ml"),),
    (
        Rule(r".*\.active", "strict", "rule-disabled", default=True),
        Rule(r".*\.excludes", "ignores", "rule-disabled"),
        Rule(r"build\.maxissues", "at_most", "threshold-lowered", default=0),
        Rule(r".*threshold\w*|.*\.allowed\w+", "at_most", "threshold-lowered"),
    ),
    needs_configuration=True,
)
IN_CODE = Tool(
    "test setup",
    (Source(r"\.simplecov|(?:spec|rails|test)_helper\.rb|conftest\.py"),),
    (
        Rule(r"start_if", "narrows", "coverage-omits-more"),
        Rule(r"minimum_coverage\w*", "at_least", "threshold-lowered"),
        Rule(
            "add_filter|skip", "ignores", "coverage-omits-more", free=r"/?(?:spec|test|vendor|config|features|bin)/?.*"
        ),
        Rule("refuse_coverage_drop|enable_coverage", "kept", "threshold-lowered"),
        Rule("maximum_coverage_drop", "at_most", "threshold-lowered"),
        Rule(r"collect_ignore(?:_glob)?", "ignores", "runs-fewer-tests"),
    ),
)
REVIEW = Tool(
    "review",
    (Source(r"(?:\.github/|\.gitlab/|docs/|\./)?CODEOWNERS"), Source(r"CODEOWNERS")),
    (Rule("lines", "exact", "configuration-changed", split=LINES),),
)
BUILD_TOOLS = (MAVEN, MAVEN_OPTIONS, GRADLE, XML_RULES, PHPUNIT, DOTNET, DETEKT, IN_CODE, REVIEW)
