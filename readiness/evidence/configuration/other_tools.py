"""Settings of scanners, of the tools that judge other languages, and of who has to review."""

from readiness.evidence.configuration.tools import LINES, Rule, Source, Tool

SCANNERS = Tool(
    "scanners",
    (
        Source(r"\.(?:(?:trivy|gitleaks|tfsec|checkov|dockle|nancy-)ignore|gitallowed)(?:\.ya?ml)?"),
        Source(r"osv-scanner\.toml"),
        Source(
            r"\.snyk|\.grype\.ya?ml|\.trivy\.ya?ml|trivy\.ya?ml|\.checkov\.ya?ml|\.?hadolint\.ya?ml|\.semgrep\.ya?ml"
            r"|\.?zizmor\.ya?ml|audit-ci\.jsonc?|\.nsprc|\.tflint\.hcl|\.kics\.\w+|\.talismanrc|\.yamllint(?:\.ya?ml)?"
        ),
        Source(r"\.?gitleaks\.toml"),
        Source(r"\.secrets\.baseline"),
        Source(r"deny\.toml|(?:.*/)?\.cargo/audit\.toml"),
    ),
    (
        Rule(r"(?:rule|plugin)_\w+\.enabled", "severity", "rule-disabled"),
        Rule(r"config\.call_module_type", "changed", "rule-disabled"),
        Rule(r"config\.(?:disabled_by_default|force)", "loose", "rule-disabled"),
        Rule(r"lines|vulnerabilities|misconfigurations|licenses|secrets", "ignores", "rule-disabled", split=LINES),
        Rule(r"ignoredvulns\..*\.?id|packageoverrides\..*\.(?:name|ignore)", "ignores", "rule-disabled"),
        Rule(r"(?:vulnerabilities|misconfigurations|secrets)\..*\.id", "ignores", "rule-disabled"),
        Rule(r"(?:.*\.)?rules\.\w+\.disabled?", "loose", "rule-disabled"),
        Rule(r"(?:.*\.)?ignore(?:\..*)?", "ignores", "rule-disabled"),
        Rule(
            r"ignored|(?:.*\.)?(?:skip_check|skip_path|skip_framework|allowlist|ignore_unfixed)",
            "ignores",
            "rule-disabled",
        ),
        Rule(r"(?:.*\.)?allowlists?\..*", "ignores", "rule-disabled", split=LINES),
        Rule(r"plugins_used\..*\.(?:limit|keyword_exclude)", "at_most", "threshold-lowered"),
        Rule(r"results\..*\.hashed_secret", "ignores", "rule-disabled"),
        Rule(r"(?:.*\.)?rules\.(?:.*\.)?id", "kept", "rule-disabled"),
        Rule(r"(?:.*\.)?rules\.[\w]+(?:\.level)?", "severity", "rule-disabled"),
        Rule(r"fail_on_severity|failure_threshold|severity", "changed", "threshold-lowered"),
        Rule(r"advisories\.(?:vulnerability|unmaintained|yanked|unsound|notice)", "severity", "rule-disabled"),
        Rule(
            r"(?:bans|licenses|sources)\.(?:multiple_versions|wildcards|unlicensed|copyleft|unknown_\w+)",
            "severity",
            "rule-disabled",
        ),
        Rule(
            r"(?:bans\.skip|bans\.skip_tree|licenses\.allow|licenses\.exceptions)(?:\..*)?", "ignores", "rule-disabled"
        ),
        Rule(r"soft_fail_on", "ignores", "step-ignores-failure"),
        Rule(r"hard_fail_on", "selects", "step-ignores-failure"),
        Rule(r"soft_fail|ignore_unfixed", "loose", "step-ignores-failure"),
    ),
)
SONAR = Tool(
    "sonar",
    (Source(r"sonar-project\.properties|\.sonarcloud\.properties"),),
    (
        Rule(r"sonar\.(?:coverage\.|cpd\.|test\.)?exclusions", "ignores", "coverage-omits-more"),
        Rule(r"sonar\.issue\.ignore\..*", "ignores", "rule-disabled"),
        Rule(r"sonar\.(?:sources|tests|inclusions|test\.inclusions)", "selects", "coverage-omits-more"),
        Rule(r"sonar\.qualitygate\.wait", "strict", "step-ignores-failure"),
    ),
)
CODECOV = Tool(
    "codecov",
    (Source(r"\.?codecov\.ya?ml"), Source(r"\.coveralls\.ya?ml")),
    (
        Rule(r"(?:coverage\.)?ignore", "ignores", "coverage-omits-more"),
        Rule(r"coverage\.status\..*\.target", "targets", "threshold-lowered"),
        Rule(r"coverage\.status\..*\.threshold", "at_most", "threshold-lowered", default=0),
        Rule(r"coverage\.status\..*\.informational", "loose", "step-ignores-failure"),
        Rule(r"coverage\.status\.(?:project|patch)", "strict", "threshold-lowered", default=True),
        Rule(r"codecov\.require_ci_to_pass", "strict", "step-ignores-failure", default=True),
    ),
)
GOLANGCI = Tool(
    "golangci-lint",
    (Source(r"\.golangci\.(?:ya?ml|toml|json)"),),
    (
        Rule(r"linters\.disable", "ignores", "rule-disabled"),
        Rule(r"linters\.enable", "selects", "rule-disabled", default=[]),
        Rule(r"linters\.(?:disable_all|fast)|issues\.new|run\.skip.*_default_off", "loose", "rule-disabled"),
        Rule(r"linters\.default", "modes", "rule-disabled"),
        Rule(r"linters\.exclusions\.generated", "modes", "rule-disabled", default="strict"),
        Rule(r"linters\.enable_all", "strict", "rule-disabled"),
        Rule(r"issues\.new_from_(?:rev|patch|merge_base)", "narrows", "rule-disabled"),
        Rule(r"run\.tests", "strict", "rule-disabled", default=True),
        Rule(r"run\.skip_(?:dirs|files)|issues\.exclude(?:_dirs|_files)?", "ignores", "rule-disabled"),
        Rule(r"issues\.exclude_rules\..*|linters\.exclusions\.(?:paths|presets|rules\..*)", "ignores", "rule-disabled"),
        Rule(r"linters(?:_|\.)settings\..*\.(?:disable|excludes|exclude_functions)", "ignores", "rule-disabled"),
        Rule(
            r"linters(?:_|\.)settings\..*\.(?:(?:min|max)_\w+|lines|statements|line_length|threshold)",
            "limit",
            "threshold-lowered",
        ),
        Rule(r"run\.issues_exit_code", "at_least", "step-ignores-failure", default=1),
    ),
)
RUST = Tool(
    "rust",
    (Source(r"Cargo\.toml"), Source(r"\.?clippy\.toml", r""), Source(r"(?:.*/)?\.cargo/config(?:\.toml)?")),
    (
        Rule(r"(?:build|target\..*)\.rustflags", "options", "command-looser", default="cargo"),
        Rule(r"lints\.workspace", "strict", "rule-disabled"),
        Rule(r"lints\.\w+\.\w+(?:\.level)?", "severity", "rule-disabled"),
        Rule(r"(?:.*_threshold|max_.*)", "at_most", "threshold-lowered"),
        Rule(r"allow_.*_in_tests", "loose", "rule-disabled"),
    ),
    aliases=((r"^workspace\.lints\.", "lints."),),
)
RUBY = Tool(
    "ruby",
    (Source(r"\.rubocop(?:_todo)?\.ya?ml"), Source(r"\.reek\.ya?ml"), Source(r"(?:.*/)?brakeman\.(?:yml|ignore)")),
    (
        Rule(r"(?:.*\.)?[a-z]\w*(?:/\w+)*\.enabled", "strict", "rule-disabled", default=True),
        Rule(r"[a-z]\w*(?:/\w+)*\.exclude", "ignores", "rule-disabled"),
        Rule(r"[a-z]\w*(?:/\w+)*\.allowed(?:methods|patterns)", "ignores", "rule-disabled"),
        Rule(r"metrics/\w+\.max", "at_most", "threshold-lowered"),
        Rule(r"[a-z]\w*(?:/\w+)*\.max", "limit", "threshold-lowered"),
        Rule(r"allcops\.disabledbydefault", "loose", "rule-disabled"),
        Rule(r"allcops\.newcops", "strict", "rule-disabled"),
        Rule(r"inherit_from", "ignores", "rule-disabled", free=r"(?!.*todo).*"),
        Rule(r"ignored_warnings\..*\.fingerprint", "ignores", "rule-disabled"),
    ),
)
PHP = Tool(
    "php",
    (Source(r"phpstan(?:[.-][\w-]+(?:\.[\w-]+)*)?\.neon(?:\.dist)?"), Source(r"infection\.json5?(?:\.dist)?")),
    (
        Rule(r"(?:.*\.)?level", "at_least", "threshold-lowered"),
        Rule(r"(?:.*\.)?ignoreerrors(?:\.(?!.*\.(?:count|path)$).*)?", "ignores", "rule-disabled", split=LINES),
        Rule(r"(?:.*\.)?(?:excludepaths(?:\.\w+)?|excludes_analyse)", "ignores", "rule-disabled"),
        Rule(r"parameters\.paths", "selects", "rule-disabled"),
        Rule(r"includes", "ignores", "rule-disabled", free=r"(?!.*baseline).*"),
        Rule(r"minmsi|mincoveredmsi", "at_least", "threshold-lowered"),
        Rule(r"mutators\.[^.]+", "strict", "rule-disabled", default=True),
        Rule(r"mutators\.(?:.*\.)?(?:global_)?ignore\w*", "ignores", "rule-disabled"),
        Rule(
            r"(?:.*\.)?(?:treatphpdoctypesascertain_off|reportunmatchedignorederrors)",
            "strict",
            "rule-disabled",
            default=True,
        ),
    ),
    needs_configuration=True,
)
PRE_COMMIT = Tool(
    "pre-commit",
    (Source(r"\.pre-commit-config\.ya?ml"),),
    (
        Rule(r"exclude|hooks\..*\.exclude", "alternatives", "rule-disabled"),
        Rule(r"hooks\..*\.id", "kept", "step-dropped"),
        Rule(r"hooks\..*\.args", "options", "command-looser"),
        Rule(r"hooks\..*\.stages", "manual", "step-dropped"),
        Rule(r"files|hooks\..*\.files", "changed", "rule-disabled"),
        Rule(r"ci\.skip", "ignores", "step-dropped"),
    ),
    needs_configuration=True,
    aliases=((r"repos\..*?\.hooks\.", "hooks."),),
)
UPDATES = Tool(
    "dependency updates",
    (Source(r"renovate\.json5?|\.renovaterc(?:\.json)?"), Source(r"\.github/dependabot\.ya?ml")),
    (
        Rule(r"(?:.*\.)?vulnerabilityalerts\.enabled|enabled", "strict", "rule-disabled", default=True),
        Rule(r"(?:.*\.)?ignoredeps|updates\..*\.ignore\..*dependency_name", "ignores", "rule-disabled"),
    ),
)
REPOSITORY = Tool(
    "repository settings",
    (Source(r"\.github/settings\.ya?ml"), Source(r"\.?mergify\.ya?ml|\.github/mergify\.ya?ml")),
    (
        Rule(r"(?:.*\.)?(?:contexts|(?:queue_|merge_)?conditions)", "fewer", "configuration-changed"),
        Rule(r"(?:.*\.)?required_approving_review_count", "at_least", "threshold-lowered"),
        Rule(r"(?:.*\.)?(?:enforce_admins|strict|dismiss_stale_reviews|require_code_owner_reviews)", "strict",
             "rule-disabled"),
    ),
)  # fmt: skip
EDITORCONFIG = Tool(
    "analyzers",
    (
        Source(r"\.editorconfig|\.globalconfig", r"(?:.*\.)?(?=dotnet_)"),
        Source(r"\.editorconfig", r"(?=.*generated_code$)"),
    ),
    (
        Rule(r".*\.generated_code", "loose", "rule-disabled"),
        Rule(r"dotnet_(?:diagnostic|analyzer_diagnostic)\..*severity", "severity", "rule-disabled"),
    ),
)
RSPEC = Tool(
    "rspec", (Source(r"\.rspec"),), (Rule("lines", "options", "runs-fewer-tests", split=LINES, default="rspec"),)
)
STYLELINT = Tool(
    "stylelint",
    (Source(r"\.stylelintrc(?:\.json|\.ya?ml)?|stylelint\.config\.[cm]?js"),),
    (
        Rule(r"(?:.*\.)?rules\.(?:[^.]*[_/])?max_[^.]+", "at_most", "threshold-lowered"),
        Rule(r"(?:.*\.)?rules\..+", "strict", "rule-disabled"),
        Rule(r"ignorefiles", "ignores", "rule-disabled"),
    ),
    needs_configuration=True,
)
OTHER_TOOLS = (
    RSPEC,
    SCANNERS,
    SONAR,
    CODECOV,
    GOLANGCI,
    RUST,
    RUBY,
    PHP,
    PRE_COMMIT,
    UPDATES,
    REPOSITORY,
    EDITORCONFIG,
    STYLELINT,
)
