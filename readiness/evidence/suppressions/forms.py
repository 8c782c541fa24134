"""How a suppression is written: its parts, the forms that every language shares, and the two names of one rule."""

import re
from typing import NamedTuple

LINE, BLOCK, FILE = 0, 1, 2
"""How far a suppression reaches."""


class Form(NamedTuple):
    """One way to write a suppression, as the tool itself reads it."""

    hint: str
    """In lower case; a file without it has no such suppression."""
    tool: str
    pattern: str
    """Searched in a comment or annotation. The group `rules`, where there is one, names what is suppressed."""
    languages: str = ""
    """Names of `language_of` and of `comments.STYLES`, separated by blanks; empty: all."""
    scope: int = LINE
    """`LINE`, `BLOCK` or `FILE`. A `LINE` form that stands at the top of a file may be more: see `at_top`."""
    rule: str = r"[^\s,;]+"
    """Finds each rule in the group `rules`."""
    rank: int = 0
    """Of two suppressions of one tool, the one of higher rank hides more."""
    security: bool = False
    """Whether it hides findings of a security scanner."""
    where: str = "comment"
    """`comment`, `annotation`, or `text`: any line, because the tool does not look for comments."""
    at_top: int = LINE
    """Its scope above the first line of code."""
    alone: int = LINE
    """Its scope on a line without code."""
    flags: int = 0
    end: str = ""
    """What ends a block of it."""

    def compiled(self) -> "re.Pattern[str]":
        """The pattern; `re` caches it."""
        return re.compile(self.pattern, self.flags)


_NOT_WORD = r"(?![\w-])"
_ID = r"[\w./:@-]+"

SHARED = (
    Form("nosem", "semgrep", rf"(?:^|[\s#/*;-])nosem(?:grep)?{_NOT_WORD}(?:[:=]\s?(?P<rules>{_ID}(?:[,\s]+{_ID})*))?",
         security=True, flags=re.IGNORECASE, rule=r"(?=\S*[.-]|\w+$)[^\s,*-][^\s,]*"),
    Form("nosonar", "sonar", r"\bNOSONAR\b(?:\((?P<rules>[^)]*)\))?", security=True),
    Form("lgtm", "codeql", r"\blgtm\b(?:\s*\[(?P<rules>[^\]]*)\])?(?=\s*(?:$|\*/|[\[#/]|\]))", security=True,
         flags=re.IGNORECASE),
    Form("codeql", "codeql", r"\bcodeql\s*\[(?P<rules>[^\]]+)\]", security=True, flags=re.IGNORECASE),
    Form("gitleaks:allow", "gitleaks", r"gitleaks:allow", security=True, where="text"),
    Form("trufflehog:ignore", "trufflehog", r"trufflehog:ignore", security=True, where="text"),
    Form("pragma:", "detect-secrets",
         r"(?:#|//|/\*|'|--|<!--[# \t]*?) *pragma: ?(?:allow|white)list(?:[ -]nextline)?[ -]secret",
         security=True, where="text"),
    Form("ggignore", "ggshield", r"\bggignore(?:-start)?\b", security=True),
    Form("bearer:disable", "bearer", r"\bbearer:disable\s+(?P<rules>[\w, ]+)", security=True),
    Form("deepcode ignore", "snyk", r"\bdeepcode ignore\s+(?P<rules>[\w~/.-]+)", security=True, flags=re.IGNORECASE),
    Form("devskim", "devskim", r"\bDevSkim:\s*ignore\s+(?P<rules>[\w,]+)", security=True, flags=re.IGNORECASE),
    Form("#nohorus", "horusec", r"#nohorus\b", security=True),
    Form("skipcq", "deepsource", r"\bskipcq\b(?::\s*(?P<rules>[\w-]+(?:\s*,\s*[\w-]+)*))?"),
    Form("sourcery skip", "sourcery", r"#\s*sourcery skip\b(?::\s*(?P<rules>[\w, -]+))?", "python"),
    Form("noinspection", "inspection", r"^(?:#|//|/\*|<!--|--)[\s*]*noinspection\s+(?P<rules>\w+(?:\s*,\s*\w+)*)"),
    Form("checkstyle", "checkstyle", r"\bCHECKSTYLE[:.]\s*(?:OFF|SUPPRESS|IGNORE)\b(?:\s*:?\s*(?P<rules>\w+))?",
         "java kotlin c markup", scope=BLOCK, end=r"\bCHECKSTYLE[:.]\s*ON\b"),
    Form("nopmd", "pmd", r"\bNOPMD\b", "java kotlin c php javascript typescript tsx"),
    Form("checkov:skip", "checkov", r"checkov:skip=\s*(?P<rules>[A-Z_\d]+)", security=True),
    Form("bridgecrew:skip", "checkov", r"(?:bridgecrew|cortex):skip=\s*(?P<rules>[A-Z_\d]+)", security=True),
    Form("tfsec:ignore", "trivy", r"\btfsec:ignore:(?P<rules>[\w*.-]+)", "hash c", security=True, rule=r"[^\s*]+"),
    Form("trivy:ignore", "trivy", r"\btrivy:ignore:(?P<rules>[\w*.-]+)", security=True, rule=r"[^\s*]+"),
    Form("ts:skip", "terrascan", r"#\s*ts:skip=(?P<rules>[\w.-]+)", "hash", security=True),
    Form("kics-scan", "kics", r"\bkics-scan\s+(?:ignore(?:-line|-block)?|disable=(?P<rules>[\w, -]+))", security=True),
    Form("hadolint", "hadolint", r"#\s*hadolint\s+ignore\s*=\s*(?P<rules>\w+(?:\s*,\s*\w+)*)", "docker"),
    Form("hadolint", "hadolint", r"#\s*hadolint\s+global\s+ignore\s*=\s*(?P<rules>\w+(?:\s*,\s*\w+)*)", "docker",
         scope=FILE),
    Form("shellcheck", "shellcheck", r"#\s*shellcheck\s[^#]*?\bdisable=(?P<rules>\w+(?:[,-]\w+)*)", "shell hash docker",
         at_top=FILE, rule=r"(?!all\b)[^\s,]+"),
    Form("yamllint", "yamllint", r"^#\s*yamllint disable(?:-line)?(?=\s|$)(?P<rules>(?:\s+rule:\S+)*)", "hash",
         alone=BLOCK, rule=r"rule:(\S+)", end=r"^#\s*yamllint enable(?=\s|$)"),
    Form("yamllint", "yamllint", r"^#\s*yamllint disable-file", "hash", scope=FILE),
    Form("zizmor", "zizmor", r"#\s*zizmor:\s*ignore\[(?P<rules>[^\]]*)\]", "hash", security=True),
    Form("noqa", "ansible-lint", r"#\s*noqa\b:?\s*(?P<rules>[\w\[\]-]+(?:[ ,]+[\w\[\]-]+)*)?", "yaml",
         flags=re.IGNORECASE),
    Form("noqa", "sqlfluff", r"(?:--|/\*)\s*noqa\b(?::\s*(?P<rules>[\w=, .-]+))?", "sql", flags=re.IGNORECASE),
    Form("checkov.io/skip", "checkov", r"checkov\.io/skip\d*[\"']?\s*:\s*[\"']?(?P<rules>CKV\w+)", "yaml",
         security=True, where="text"),
    Form("rules_to_suppress", "cfn-nag", r"[\"']?rules_to_suppress[\"']?\s*:", "yaml c", security=True, where="text"),
    Form("ignore-check.kube", "kube-linter", r"ignore-check\.kube-linter\.io/(?P<rules>[\w-]+)", "yaml", security=True,
         where="text"),
    Form("check=", "buildkit", r"^#\s*check=.*?\bskip=(?P<rules>[\w,]+)", "docker", scope=FILE, rule=r"(?!all\b)\w+"),
)  # fmt: skip


_PYLINT = {
    "C0103": "invalid-name", "C0114": "missing-module-docstring", "C0115": "missing-class-docstring",
    "C0116": "missing-function-docstring", "C0200": "consider-using-enumerate", "C0301": "line-too-long",
    "C0302": "too-many-lines", "C0411": "wrong-import-order", "C0412": "ungrouped-imports",
    "C0413": "wrong-import-position", "C0415": "import-outside-toplevel", "C3001": "unnecessary-lambda-assignment",
    "E0401": "import-error", "E0602": "undefined-variable", "E0611": "no-name-in-module", "E1101": "no-member",
    "E1102": "not-callable", "E1120": "no-value-for-parameter", "E1121": "too-many-function-args",
    "E1123": "unexpected-keyword-arg", "E1136": "unsubscriptable-object", "R0401": "cyclic-import",
    "R0801": "duplicate-code", "R0901": "too-many-ancestors", "R0902": "too-many-instance-attributes",
    "R0903": "too-few-public-methods", "R0904": "too-many-public-methods", "R0911": "too-many-return-statements",
    "R0912": "too-many-branches", "R0913": "too-many-arguments", "R0914": "too-many-locals",
    "R0915": "too-many-statements", "R1705": "no-else-return", "R1720": "no-else-raise", "R1732": "consider-using-with",
    "W0102": "dangerous-default-value", "W0105": "pointless-string-statement", "W0106": "expression-not-assigned",
    "W0107": "unnecessary-pass", "W0108": "unnecessary-lambda", "W0122": "exec-used", "W0123": "eval-used",
    "W0201": "attribute-defined-outside-init", "W0212": "protected-access", "W0221": "arguments-differ",
    "W0231": "super-init-not-called", "W0401": "wildcard-import", "W0511": "fixme",
    "W0601": "global-variable-undefined",
    "W0602": "global-variable-not-assigned", "W0603": "global-statement", "W0611": "unused-import",
    "W0612": "unused-variable", "W0613": "unused-argument", "W0614": "unused-wildcard-import",
    "W0621": "redefined-outer-name", "W0622": "redefined-builtin", "W0631": "undefined-loop-variable",
    "W0640": "cell-var-from-loop", "W0702": "bare-except", "W0703": "broad-except", "W0707": "raise-missing-from",
    "W0718": "broad-exception-caught", "W0719": "broad-exception-raised", "W1203": "logging-fstring-interpolation",
    "W1201": "logging-not-lazy", "W1202": "logging-format-interpolation", "W1510": "subprocess-run-check",
    "W1514": "unspecified-encoding",
}  # fmt: skip
"""Messages of pylint that are met most, by code; others have two spellings here."""


def one_spelling(tool: str, rule: str) -> str:
    """The spelling by which a rule is compared."""
    return _PYLINT.get(rule.upper(), rule) if tool == "pylint" else rule
